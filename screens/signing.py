"""After the export: sign the evidence with a key of one's own, or not."""

from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from screens.counter import the_desk
from screens.modals import Message
from screens.paint import block, problem_text
from screens.widgets.picker import Picker
from wizard.engine.desk import Dropdown
from wizard.errors import LockedKeyError, WizardError
from wizard.step import Option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screens.app import WizardApp
    from wizard.engine.desk import Evidence, SigningKey


def offer_signing(app: "WizardApp", evidence: "Evidence", keys: "Sequence[SigningKey]") -> None:
    """Let a key be chosen, or none, and say what became of it."""
    if not keys:
        unsigned = "Not signed: no SSH key in the agent or in ~/.ssh."
        exported(app, evidence, evidence.signed or unsigned)
        return
    options = (
        Option(value="", label="Do not sign"),
        *(Option(value=key.name, label=key.label, detail=key.where) for key in keys),
    )

    def chosen(picked: "tuple[Option, ...] | None") -> None:
        if picked and picked[0].value:
            app.run_worker(_sign(app, evidence, str(picked[0].value)), group="flow", exclusive=True)
        else:
            exported(app, evidence, evidence.signed or "Not signed.")

    found = Dropdown(options=options, source="the agent and ~/.ssh", read_at="")
    app.push_screen(Picker("Sign the evidence with your key?", found, (), several=False), chosen)


def exported(app: "WizardApp", evidence: "Evidence", signed: str) -> None:
    """Where the evidence is, and who stands for it."""
    says = "\n".join((signed, *evidence.besides))
    app.push_screen(
        Message(
            "Exported",
            block(
                ("✓ ", "bold $success"),
                "The evidence is in\n",
                (str(evidence.folder), "bold $accent"),
                f"\n{says}\nOpen report.html in a browser; README-VERIFY.txt says how to check it.",
            ),
        )
    )


async def _sign(app: "WizardApp", evidence: "Evidence", key: str) -> None:
    from screens.flow import attempt  # noqa: PLC0415  flow opens this

    locked: list[WizardError] = []
    by = await attempt(
        app,
        "Signing",
        lambda: the_desk(app).sign(evidence.folder, key, terminal=False),
        locked.append,
    )
    if locked and isinstance(locked[0], LockedKeyError):
        by = _on_the_terminal(app, evidence, key, locked)
    if by is not None:
        exported(app, evidence, f"Signed with {by}")
    else:
        exported(app, evidence, evidence.signed or "Not signed.")
        app.push_screen(Message("This did not work", problem_text(locked[-1])))


def _on_the_terminal(
    app: "WizardApp", evidence: "Evidence", key: str, locked: list[WizardError]
) -> str | None:
    """The wizard steps aside, so that ssh-keygen itself asks for the passphrase."""
    try:
        with app.suspend():
            print("ssh-keygen asks for the passphrase of your key; the wizard never sees it.")  # noqa: T201
            return the_desk(app).sign(evidence.folder, key, terminal=True)
    except SuspendNotSupported:
        pass  # no terminal that could be given away: what was refused is shown
    except WizardError as error:
        locked.append(error)
    return None
