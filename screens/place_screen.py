"""The keys of one item, on whatever screen it stands: the run, or a member by itself."""

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import Screen

from screens import approvals, deeds
from screens.compare import accept
from screens.widgets.compare_list import CompareList
from screens.widgets.detail import Detail

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.checklist.model import Item
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot
    from wizard.session.state import ItemState

ITEM_KEYS: tuple[BindingType, ...] = (
    Binding("a", "approve", "Approve"),
    Binding("e", "edit", "Answer"),
    Binding("t", "attest", "Tell"),
    Binding("r", "retry", "Retry"),
    Binding("k", "skip", "Skip"),
    Binding("m", "mark", "By hand"),
)


class PlaceScreen(Screen[None]):
    """A screen with one item that deeds are done to: a `Place`.

    Textual has a metaclass of its own, so it is mypy that sees that a subclass says what is
    abstract here.
    """

    BINDINGS: ClassVar[list[BindingType]] = []
    app: "WizardApp"
    running: "Running"
    snapshot: "Snapshot"
    preview: bool
    _possible: frozenset[str] = frozenset()

    @property
    @abstractmethod
    def item(self) -> "Item | None":
        """The item meant."""

    @property
    @abstractmethod
    def now(self) -> "ItemState | None":
        """Where it stands."""

    def offer(self, possible: frozenset[str]) -> None:
        """Offer the keys of these deeds, and of no others."""
        if possible != self._possible:
            self._possible = possible
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Keys that can do nothing now are not offered."""
        return action in self._possible if action in deeds.DEEDS else True

    def action_approve(self) -> None:
        approvals.approve_item(self)

    def action_edit(self) -> None:
        deeds.edit(self)

    def action_attest(self) -> None:
        deeds.tell(self)

    def action_retry(self) -> None:
        deeds.retry(self)

    def action_skip(self) -> None:
        deeds.skip(self)

    def action_mark(self) -> None:
        deeds.mark(self)

    def action_copy(self) -> None:
        text, what = self.query_one(Detail).copyable()
        if text:
            self.app.copy(text, what)
        else:
            self.app.notify("There is no command here to copy.", markup=False)

    @on(CompareList.Accept)
    def _accept(self) -> None:
        accept(self.app, self.running, self.query_one(CompareList).entry)
