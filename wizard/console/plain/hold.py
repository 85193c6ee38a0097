"""A session that holds, as when credentials have expired: say why, and go on when it may."""

from wizard.console.plain.asker import Asker, Choice
from wizard.console.plain.paper import Paper
from wizard.console.plain.watch import Leave, Watch
from wizard.engine.commands import Continue


def go_on(watch: Watch, paper: Paper, ask: Asker) -> None:
    """Returns when the session goes on; raises `Leave` when the operator leaves instead."""
    while watch.state.paused:
        paper.title("The session is paused: no call starts.")
        paper.block(watch.state.paused, indent=2)
        choices = [Choice("go on", "Go on"), Choice("leave", "Leave; resume later")]
        if ask.select("When the cause is gone", choices) == "leave":
            raise Leave
        notice = watch.tell(Continue(), lambda state: not state.paused)
        if notice:
            paper.line(("✗ ", "red"), notice)
