"""Help: the keys of the present screen, and what the symbols mean."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from screens.modals import Dialog
from screens.paint import heading, line, lines
from screens.widgets.line_list import LineList
from screens.words import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.screen import Screen

EVERYWHERE = (
    ("tab", "next part; shift+tab the one before"),
    ("?", "this help (F1 in text fields)"),
    ("ctrl+p", "command palette"),
    ("ctrl+t", "light or dark"),
    ("ctrl+q", "leave: calls in flight are finished, the session is kept"),
)

MORE = {
    "approve": "let the selected item write, after showing its calls",
    "approve_section": "approve all items of the section",
    "approve_all": "approve all items, later ones too",
    "edit": "answer what the item asks, or its inputs again",
    "attest": "open the pause: confirm, or settle a lost call",
    "retry": "try again; for a wait, look at once",
    "skip": "skip the item, with a reason",
    "mark": "mark it done by hand, with a note",
    "pause": "start no new call; again to go on",
    "finish": "summary, open points and export",
    "dry_run": "show what would be done; changes nothing",
    "abort": "end the session for good (typed)",
    "copy": "copy the AWS CLI commands or the policy shown",
    "log": "show or hide the log of all calls",
    "next": "next item that wants you; again to open it",
    "compare": "the whole region beside the reference region",
    "refresh": "compare everything now, by a dry run: it only reads",
    "accept": "let the field differ, with a reason that the report shows",
    "show": "everything, what is not the same, or only what differs",
    "view": "all members, failed ones, those that want you, under way, changed",
    "find": "members with a part of a name",
    "open": "open it; a click on it does the same",
    "deed('retry')": "try this member again",
    "deed('retry_all')": "try all members that failed again",
    "deed('skip')": "skip this member, with a reason",
    "deed('mark')": "mark this member done by hand, with a note",
    "back": "back",
    "quit": "leave; the session can be resumed",
}


def keys_of(bindings: "Iterable[BindingType]") -> Content:
    """Each key with what it does."""
    rows: list[Content] = []
    for binding in bindings:
        if isinstance(binding, Binding):
            key = binding.key_display or binding.key
            said = MORE.get(binding.action, binding.description)
            rows.append(line((f"  {key:<12}", "bold $accent"), said))
    return lines(rows)


class Help(Dialog[None]):
    """Made for the screen that was asked from."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,question_mark", "close", "Close")]

    def __init__(self, screen: "Screen[Any]") -> None:
        rows = [
            heading("On this screen"),
            keys_of(screen.BINDINGS),
            Content(""),
            heading("Everywhere"),
        ]
        rows += [line((f"  {key:<12}", "bold $accent"), said) for key, said in EVERYWHERE]
        if isinstance(screen.focused, LineList):
            here = [*type(screen.focused).BINDINGS, *LineList.BINDINGS]
            rows = [heading("In this list"), keys_of(here), Content(""), *rows]
        if screen.id == "run":
            rows += [Content(""), heading("What the symbols say")]
            looks = list(LOOKS.items())
            rows += [
                line(*(part for name, look in looks[at : at + 2] for part in _legend(name, look)))
                for at in range(0, len(looks), 2)
            ]
        super().__init__("Keys", lines(rows))


def _legend(name: str, look: tuple[str, str, str]) -> tuple[tuple[str, str], ...]:
    symbol, word, style = look
    return ((f"  {symbol} {word:<10}", style), (f"{name:<18}", "$muted"))
