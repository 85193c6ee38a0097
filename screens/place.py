"""What the deeds of an operator need of the screen they are done from."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.checklist.model import Item
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot
    from wizard.session.state import ItemState


class Place(Protocol):
    """The run with the selected item, or a member of an item by itself."""

    running: "Running"
    snapshot: "Snapshot"
    preview: bool

    @property
    def app(self) -> "WizardApp": ...

    @property
    def item(self) -> "Item | None":
        """The item meant; a member reads as an item whose id is `item[key]`."""
        ...

    @property
    def now(self) -> "ItemState | None":
        """Where it stands."""
        ...
