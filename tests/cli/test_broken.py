"""What the wizard shows of itself when it breaks: where, and nothing of what it held."""

import json
import threading

import pytest

from wizard import cli
from wizard.cli import main as commands
from wizard.cli.broken import report, report_threads
from wizard.cli.printed import print_json
from wizard.engine.failures import failed

CANARY = "canary-0123456789"
EVIL = f"\x1b]0;owned\x07\x9b31m\u202e{CANARY}"


def broken(password: str = CANARY) -> Exception:
    try:
        try:
            int(EVIL)
        except ValueError as error:
            raise KeyError(password) from error
    except KeyError as error:
        return error
    raise AssertionError


def harmless(text: str) -> bool:
    return not any(char in text for char in "\x1b\x07\x9b\u202e\x00") and CANARY not in text


def test_a_report_says_where_and_nothing_else() -> None:
    told = report(broken())
    assert "builtins.KeyError" in told
    assert "builtins.ValueError" in told
    assert "test_broken.py" in told
    assert "in broken" in told
    assert harmless(told)


def test_a_command_that_breaks_shows_no_text_of_python(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise broken()

    monkeypatch.setattr(commands.cli, "main", breaks)
    assert cli.run(["sessions"]) == cli.FAILED
    shown = capsys.readouterr()
    assert "st-wizard broke" in shown.err
    assert harmless(shown.out + shown.err)


def test_a_thread_that_breaks_shows_none_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    report_threads()

    def breaks() -> None:
        raise broken()

    thread = threading.Thread(target=breaks)
    thread.start()
    thread.join()
    shown = capsys.readouterr().err
    assert "st-wizard broke" in shown
    assert harmless(shown)


def test_what_breaks_in_a_step_is_journaled_by_its_place_alone() -> None:
    event = failed("lb.tg", broken())
    assert event.what.startswith("The step broke: KeyError in broken, test_broken.py, line ")
    assert harmless(event.what)


@pytest.mark.parametrize(
    "words", [["\x1b]0;x\x07"], ["sessions", "--\x1b[2Jx"], ["run"], ["resume", "\x9b\u202e"]]
)
def test_what_was_typed_wrongly_is_repeated_harmlessly(
    words: list[str], capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    assert cli.run([*words, "--home", str(tmp_path)] if words[0] == "resume" else words) == 2
    shown = capsys.readouterr()
    assert shown.err
    assert harmless(shown.out + shown.err)


def test_json_means_the_same_and_obeys_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"na\u202eme": EVIL + "\u2028\U000e0041ü😀\x7f", "list": [1, None, True]}
    print_json(value)
    out = capsys.readouterr().out
    assert json.loads(out) == value
    assert not any(char in out for char in "\x1b\x07\x9b\u202e\x7f\u2028\U000e0041")
    assert "ü😀" in out


def test_half_a_character_is_printed_as_one_that_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"a": ["\ud800x"]})
    assert json.loads(capsys.readouterr().out) == {"a": ["\ufffdx"]}
