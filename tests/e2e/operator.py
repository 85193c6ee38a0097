"""What an operator does in the wizard, by keyboard only."""

from tests.e2e.command import ATTESTED
from tests.e2e.terminal import Terminal

NOTE = "Seen in channel 7, message of today."


def begin(terminal: Terminal) -> None:
    """From the home screen over profile, region and account to the inputs, all proposed."""
    home = terminal.until("SIMULATED")
    assert "Start a checklist" in home
    assert "Adding Load Balancer for production deployment" in home
    terminal.press("enter")
    assert "type to filter" in terminal.until("In which region is the work done?")
    terminal.press("enter")
    account = terminal.until("Nothing in a real account can change.")
    assert "Is this the account?" in account
    assert "supertokens-demo" in account
    terminal.press("enter")
    terminal.until("34 of 34 answered")


def run_and_approve(terminal: Terminal) -> None:
    """From the inputs to the run, and everything approved."""
    terminal.press("ctrl+s")
    terminal.until("n Next")
    terminal.press("A")
    terminal.until("Approve the whole checklist?")
    terminal.press("A")
    terminal.until(lambda text: "Approve the whole checklist?" not in text)


def answer_targets(terminal: Terminal) -> None:
    """The one question that can be answered in the middle of the run only."""
    terminal.until("? asks you  Add instances")
    terminal.press("n")
    terminal.until("e Answer")
    terminal.press("e")
    terminal.until(lambda text: "Answer (ctrl+s)" in text and "port 3567" in text)
    terminal.press("ctrl+s")
    terminal.until("✓ done      Add instances")


def attest_all(terminal: Terminal) -> str:
    """Confirms each point that wants a person; returns the summary that follows by itself."""
    for left in range(len(ATTESTED), 0, -1):
        terminal.until(f"⚑ {left} want")
        terminal.until(lambda text: "t Tell" not in text)
        terminal.press("n")
        terminal.until("t Tell")
        terminal.press("t")
        terminal.until("I confirm it")
        terminal.press(NOTE)
        terminal.until(NOTE)
        terminal.press("enter")
        terminal.until(lambda text: "I confirm it" not in text)
    return terminal.until("Finished: every item has its end")
