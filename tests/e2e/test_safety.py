"""What is refused before anything is called, and what scripts are told by the exit code."""

import socket
from pathlib import Path

import pytest

from tests.e2e.account import SECRET, Account
from tests.e2e.command import CHECKLIST, st_wizard

RUN = ("run", CHECKLIST, "--defaults", "--yes")


@pytest.fixture
def way_out() -> socket.socket:
    """Stands where every call to the outside must pass: a proxy that only takes note."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0)
    return listener


def proxied(listener: socket.socket) -> dict[str, str]:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    return {"HTTPS_PROXY": address, "HTTP_PROXY": address, "AWS_MAX_ATTEMPTS": "1"}


@pytest.mark.parametrize("command", [RUN, ("plan", CHECKLIST), ("answers", CHECKLIST)])
def test_a_real_account_must_be_named(
    command: tuple[str, ...], home: Path, way_out: socket.socket
) -> None:
    with way_out:
        done = st_wizard(*command, home=home, env=proxied(way_out))
        assert (done.code, done.out) == (4, "")
        assert "--account" in done.err
        with pytest.raises(BlockingIOError):
            way_out.accept()


def test_an_endpoint_elsewhere_is_as_real_as_aws(home: Path, way_out: socket.socket) -> None:
    with way_out:
        done = st_wizard(
            *RUN, "--endpoint-url", "https://aws.example.com", home=home, env=proxied(way_out)
        )
        assert (done.code, done.out) == (4, "")
        with pytest.raises(BlockingIOError):
            way_out.accept()


@pytest.mark.parametrize("command", ["run", "plan"])
def test_another_account_than_the_named_one_is_refused(
    command: str, account: Account, home: Path
) -> None:
    account.forget()
    done = st_wizard(
        command,
        CHECKLIST,
        *(("--yes", "--defaults") if command == "run" else ()),
        "--account",
        "111122223333",
        "--endpoint-url",
        account.ready.endpoint_url,
        home=home,
        env=SECRET,
    )
    assert (done.code, done.out) == (4, "")
    assert "111122223333" in done.err
    assert account.ready.account_id in done.err
    asked = {(call["service"], call["operation"]) for call in account.calls()}
    assert asked <= {("sts", "GetCallerIdentity"), ("iam", "ListAccountAliases")}
    assert st_wizard("sessions", "--json", home=home).out == "[]\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no_such_question: 1\n", "no_such_question"),
        ("app_id: two words\n", "app_id: An app id has letters"),
        ("scale_to: many\n", "scale_to: many is not a whole number"),
        ("scale_to: 1\n", "scale_to: At least 2 is needed"),
        ("tls_policy: x\ntls_policy: y\n", "tls_policy"),
        ("- a list\n", "mapping"),
        ("database_url: postgresql+psycopg://me:hunter2@db/x\n", "database_url"),
    ],
)
def test_a_wrong_answer_is_told_before_any_call(
    content: str, said: str, account: Account, home: Path, tmp_path: Path
) -> None:
    answers = tmp_path / "wrong.yaml"
    answers.write_text(content)
    account.forget()
    where = ("--endpoint-url", account.ready.endpoint_url)
    done = st_wizard(*RUN, "--answers", answers, *where, home=home)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "wrong.yaml" in done.err
    assert "hunter2" not in done.err
    assert account.calls() == []


def test_answers_that_are_no_text_are_told(home: Path, tmp_path: Path) -> None:
    answers = tmp_path / "wrong.yaml"
    answers.write_bytes(b"\xff\xfe")
    done = st_wizard(*RUN, "--answers", answers, home=home)
    assert (done.code, "wrong.yaml" in done.err) == (2, True)
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "add-everything", "--yes"), CHECKLIST),
        (("plan", "add-everything"), CHECKLIST),
        (("run",), "CHECKLIST"),
        (("run", CHECKLIST, "--no-such-option"), "--no-such-option"),
        (("no-such-command",), "no-such-command"),
        (("demo", "--speed", "0"), "--speed"),
        (("run", CHECKLIST, "--answers", "/nowhere/at-all.yaml"), "at-all.yaml"),
        (("export", "7"), "--to"),
        (("export", "7", "--to", "out"), "No session is called 7"),
        (("resume", "7"), "No session is called 7"),
        (("resume",), "no session to resume"),
        ((), "needs a terminal"),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...], said: str, home: Path) -> None:
    done = st_wizard(*arguments, home=home)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_home_that_cannot_be_is_told() -> None:
    done = st_wizard("sessions", "--home", "/dev/null/home")
    assert (done.code, done.out) == (1, "")
    assert "--home" in done.err
    assert "Traceback" not in done.err


def test_a_journal_that_is_none_is_told_and_left_as_it_is(home: Path) -> None:
    home.mkdir()
    (home / "journal.db").write_text("not a journal " * 100)
    done = st_wizard("sessions", home=home)
    assert (done.code, done.out) == (1, "")
    assert "journal.db" in done.err
    assert "Traceback" not in done.err
    assert (home / "journal.db").read_text().startswith("not a journal")
