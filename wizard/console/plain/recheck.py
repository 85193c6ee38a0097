"""A session read again on plain paper, as the command `recheck` does it."""

from rich.text import Text

from wizard.console.plain.asker import Asker
from wizard.console.plain.finish import offer_export
from wizard.console.plain.paper import Paper
from wizard.console.rechecked import exit_code, read_again, verdict_lines
from wizard.engine.desk import Desk


def recheck(desk: Desk, session: str, paper: Paper, ask: Asker) -> int:
    """Read it again to the end, say what came of it, and offer its evidence; the exit code is
    that of the command."""
    paper.line(("Asking AWS whether this is still the account …", "dim"))
    running = desk.recheck(session)

    def tell(text: Text) -> None:
        shown = text.plain.lstrip()
        paper.line((shown, str(text.style)), indent=len(text.plain) - len(shown))

    try:
        state = read_again(running, tell)
    except KeyboardInterrupt:
        state = running.snapshot.state
    paper.title(f"Session {state.number}: {running.pinned.checklist.title}, read again")
    for line in verdict_lines(running.pinned, state):
        tell(line)
    if state.aborted:
        paper.line(("✗ ", "red"), f"It did not come to its end: {state.aborted}")
    offer_export(desk, state, paper, ask)
    return exit_code(state)
