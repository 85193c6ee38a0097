"""The end of a session, or of this sitting: what was done, what departs from the letter."""

from collections import Counter
from pathlib import Path

from wizard.checklist.pinned import Pinned
from wizard.console.plain.asker import Asker, Choice
from wizard.console.plain.paper import Paper
from wizard.console.plain.words import LOOKS, count, value_text
from wizard.engine.desk import Desk
from wizard.errors import WizardError
from wizard.session.state import SessionState


def summary(state: SessionState, pinned: Pinned, paper: Paper) -> None:
    """Items by state, calls, and every deviation with its reason."""
    checklist = pinned.checklist
    paper.title(f"Session {state.number}: {checklist.title}")
    counted = Counter(state.item(item.id).status for item in checklist.items)
    for status, (symbol, word, style) in LOOKS.items():
        if counted[status]:
            paper.line((f"{symbol} ", style), f"{counted[status]:>4}  {word}", indent=2)
    paper.line(
        f"{count(state.calls, 'call')}, {count(state.writes, 'change')} among them", indent=2
    )
    if not state.deviations:
        paper.line("No deviation from the letter by choice.", indent=2)
        return
    paper.line((count(len(state.deviations), "deviation") + " from the letter", "bold"), indent=2)
    for one in state.deviations.values():
        asked = checklist.inputs.get(one.input)
        paper.line(
            f"{one.advice}  {asked.label if asked is not None else one.input}: ",
            (value_text(one.letter), "dim"), " → ", value_text(one.chosen),
            indent=4,
        )  # fmt: skip
        paper.line((one.reason, "dim"), indent=8)


def offer_export(desk: Desk, state: SessionState, paper: Paper, ask: Asker) -> None:
    """The evidence as a folder, where the operator wants it. Ctrl-C declines."""
    try:
        _export(desk, state, paper, ask)
    except KeyboardInterrupt:
        paper.line(f"Later: `st-wizard export {state.number} --to DIR`")


def _export(desk: Desk, state: SessionState, paper: Paper, ask: Asker) -> None:
    if not ask.confirm("Export the evidence folder now?", default=True):
        paper.line(f"Later: `st-wizard export {state.number} --to DIR`")
        return
    folder = ask.text("Below which folder?", default=str(Path.cwd()))
    try:
        exported = desk.export(state.session, Path(folder).expanduser())
        paper.line(("✓ ", "green"), "Exported to:")
        paper.command(str(exported.folder), indent=2)
        for line in (exported.signed, *exported.besides):
            if line:
                paper.line(line)
        _sign(desk, exported.folder, paper, ask)
    except WizardError as error:
        paper.problem(error)
    except OSError as error:
        paper.line(("✗ ", "red"), f"{error.strerror or error}: {folder}. ")
        paper.line(f"Again: `st-wizard export {state.number} --to DIR`")


def _sign(desk: Desk, folder: Path, paper: Paper, ask: Asker) -> None:
    """With a key of the operator's, if there is one and they want to."""
    keys = desk.signing_keys()
    if not keys:
        return
    choices = [
        Choice("", "Do not sign"),
        *(Choice(key.name, key.label, detail=key.where) for key in keys),
    ]
    chosen = ask.select("Sign it with your key?", choices)
    if chosen:
        by = desk.sign(folder, str(chosen), terminal=True)
        paper.line(("✓ ", "green"), f"Signed with {by}")
