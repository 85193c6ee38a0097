"""The wizard in a terminal of 80×24, from the home screen to the exported evidence."""

from pathlib import Path

from tests.e2e.account import Account
from tests.e2e.command import ITEMS, st_wizard
from tests.e2e.evidence import contents, events, holds_no_secret
from tests.e2e.operator import NOTE, answer_targets, attest_all, begin, run_and_approve
from tests.e2e.terminal import Terminal


def test_the_whole_checklist_by_keyboard(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "evidence"
    with Terminal(["demo", "--speed", "300"], home, HOME=str(tmp_path)) as terminal:
        begin(terminal)
        run_and_approve(terminal)
        answer_targets(terminal)
        summary = attest_all(terminal)
        assert f"{ITEMS}  ✓ done" in summary
        # At 24 rows it is drawn line by line: what comes last may not be there yet.
        terminal.until("Deviations from the letter: 7")
        terminal.press("e")
        terminal.until("Folder")
        terminal.press("ctrl+u")
        terminal.until(lambda text: "st-wizard-evidence" not in text)
        terminal.press(str(to))
        terminal.until(lambda text: str(to)[-30:] in text)
        terminal.press("enter")
        terminal.until("Exported")
        terminal.press("escape")
        terminal.until(lambda text: "Exported" not in text)
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.restored()
    (folder,) = to.iterdir()
    found = events(folder)
    assert found[-1]["event"] == "session_finished"
    assert {event["note"] for event in found if event["event"] == "attested"} == {NOTE}
    assert NOTE in contents(folder)["report.html"].decode()
    assert holds_no_secret(folder)
    assert holds_no_secret(home)


def test_leaving_the_home_screen_leaves_no_session(account: Account, home: Path) -> None:
    with Terminal(["--endpoint-url", account.ready.endpoint_url], home) as terminal:
        terminal.until("SIMULATED")
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.restored()
    assert st_wizard("sessions", "--json", home=home).out == "[]\n"
