"""The checklist as a tree: symbol, word and title of each item; repainted where it changed."""

from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from screens.member_text import count_text
from screens.words import LOOKS
from wizard.safe import safe_line

if TYPE_CHECKING:
    from wizard.checklist.model import Checklist
    from wizard.session.state import SessionState

KINDS = {
    "$muted": "muted",
    "$primary": "active",
    "bold $primary": "active",
    "$success": "good",
    "bold $warning": "wants",
    "bold $error": "bad",
}


class ItemTree(Tree[str]):
    """A node's data is an item's id; of a section, its place as `#0`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"item-tree--{kind}" for kind in ("muted", "active", "good", "wants", "bad")
    }
    DEFAULT_CSS = """
    ItemTree { background: $background; padding: 0 1; overflow-x: hidden; }
    ItemTree:focus { background-tint: $background 0%; }
    ItemTree .item-tree--muted { color: $muted; }
    ItemTree .item-tree--active { color: $primary; text-style: bold; }
    ItemTree .item-tree--good { color: $success; }
    ItemTree .item-tree--wants { color: $warning; text-style: bold; }
    ItemTree .item-tree--bad { color: $error; text-style: bold; }
    """

    def __init__(self, checklist: "Checklist") -> None:
        self._by_key: dict[str, TreeNode[str]] = {}
        self._shown: dict[str, tuple[str, str, str]] = {}
        self._titles: dict[str, str] = {}
        self._checklist = checklist
        super().__init__("", id="tree")
        for place, section in enumerate(checklist.sections):
            node = self.root.add(Text(safe_line(section.title)), data=f"#{place}", expand=True)
            self._by_key[f"#{place}"] = node
            self._titles[f"#{place}"] = safe_line(section.title)
            for item in section.items:
                self._titles[item.id] = safe_line(item.title)
                self._by_key[item.id] = node.add_leaf(Text(safe_line(item.title)), data=item.id)

    def on_mount(self) -> None:
        """Styles are there from now on, and labels need them."""
        self.show_root = False
        self.guide_depth = 2
        self.auto_expand = False

    def show_state(self, state: "SessionState") -> None:
        """Repaint the lines of items whose status or note changed, and their sections."""
        for place, section in enumerate(self._checklist.sections):
            ended = 0
            for item in section.items:
                now = state.item(item.id)
                ended += now.status.ended
                note = now.wait.waiting_for if now.wait is not None else ""
                if now.problem is not None:
                    note = now.problem.what
                tally = count_text(now) if now.members else ""
                self._put(item.id, now.status.value, safe_line(note), tally)
            self._put(f"#{place}", "", f"{ended}/{len(section.items)}")

    def _put(self, key: str, status: str, note: str, tally: str = "") -> None:
        if self._shown.get(key) != (status, note, tally):
            self._shown[key] = (status, note, tally)
            self._by_key[key].refresh()

    def render_label(self, node: TreeNode[str], base_style: Style, style: Style) -> Text:
        """`✓ done      Create target group`, in columns."""
        key = node.data or ""
        status, note, tally = self._shown.get(key, ("waiting", "", ""))
        muted = self.get_component_rich_style("item-tree--muted", partial=True)
        if key.startswith("#"):
            arrow = "▾ " if node.is_expanded else "▸ "
            label = Text.assemble((arrow, muted), (self._titles[key], Style(bold=True)))
            label.append(f"  {note}", muted)
        else:
            symbol, word, look = LOOKS[status]
            kind = self.get_component_rich_style(f"item-tree--{KINDS[look]}", partial=True)
            title = Text(self._titles.get(key, ""))
            if tally:
                # The count says more than the end of a title.
                title.truncate(max(8, self.size.width - 21 - len(tally)), overflow="ellipsis")
            label = Text.assemble((f"{symbol} {word:<9} ", kind), title)
            if tally:
                how_far, failed, _ = tally.partition(" failed")
                kind = self.get_component_rich_style("item-tree--bad", partial=True)
                bar, _, number = how_far.rpartition(" ") if failed else (how_far, "", "")
                label.append(f"  {bar}", muted)
                label.append(f"  ✗ {number} failed" if failed else "", kind)
            if note and self.size.width >= 70:
                label.append(f"  {note}", muted)
        label.stylize_before(base_style)
        label.stylize(style)
        label.no_wrap = True
        label.truncate(max(8, self.size.width - 4), overflow="ellipsis")
        return label

    @property
    def present(self) -> str:
        """Id of the item under the cursor; empty on a section."""
        data = self.cursor_node.data if self.cursor_node is not None else None
        return data if data is not None and not data.startswith("#") else ""

    @property
    def section(self) -> int:
        """Place of the section under the cursor."""
        node = self.cursor_node
        while node is not None and not (node.data or "").startswith("#"):
            node = node.parent
        return int((node.data or "#0")[1:]) if node is not None else 0

    def go_to(self, item: str) -> None:
        """Put the cursor on an item."""
        node = self._by_key[item]
        if node.parent is not None:
            node.parent.expand()
        self.move_cursor(node)
        self.scroll_to_node(node, animate=False)
