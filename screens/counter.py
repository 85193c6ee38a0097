"""Where screens find the desk."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.engine.desk import Desk


def the_desk(app: "WizardApp") -> "Desk":
    """The desk; screens that need it exist only once it is there."""
    if app.desk is None:
        raise LookupError("the desk is not there yet")
    return app.desk
