"""A session goes on where it began, as who began it, by the checklist that it began with."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from wizard.checklist.load import bundled_advice, load_bundled
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Settings
from wizard.cli.unattended import run_checklist
from wizard.clock import SystemClock
from wizard.errors import RefusedError
from wizard.gateway.world import WorldGateway
from wizard.session.base import Actor, Pin
from wizard.session.journal import Journal
from wizard.session.stores import FileStore

CHECKLIST = "add-load-balancer"
PINNED = Pin(
    account_id="111122223333",
    partition="aws",
    caller_arn="arn:aws:sts::111122223333:assumed-role/Operator/ada",
    alias="acme-prod",
    region="us-east-1",
)
ADA = Actor(caller_arn=PINNED.caller_arn, host="laptop", user="ada")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Callable[[Pin], list[object]]:
    """Says whose the credentials are; gives the calls that were made besides asking that."""
    made: list[object] = []

    def become(pin: Pin) -> list[object]:
        monkeypatch.setattr(WorldGateway, "identity", lambda _: pin)
        monkeypatch.setattr(WorldGateway, "call", lambda _, effect: made.append(effect))
        return made

    return become


def begun(home: Path, *, text: str = "") -> Journal:
    """A session of that account; nothing of it is done."""
    pinned = load_bundled(CHECKLIST)
    journal = Journal(FileStore(home), SystemClock())
    journal.create(
        session="s1",
        checklist_id=CHECKLIST,
        checklist_text=text or pinned.text,
        advice_text=bundled_advice(),
        checklist_sha256="",
        tool_version="0",
        pin=PINNED,
        actor=ADA,
    ).close()
    return journal


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (replace(PINNED, account_id="999988887777"), "of account 999988887777, not 111122223333"),
        (replace(PINNED, partition="aws-cn"), "partition aws-cn, not aws"),
        (replace(PINNED, endpoint_url="https://aws.example.com"), "aws.example.com, not AWS"),
        (replace(PINNED, endpoint_url="http://127.0.0.1:5000"), "127.0.0.1:5000, not AWS"),
        (
            replace(PINNED, caller_arn="arn:aws:sts::111122223333:assumed-role/Admin/ada"),
            "caller is assumed-role/Admin, not assumed-role/Operator",
        ),
        (
            replace(PINNED, caller_arn="arn:aws:iam::111122223333:user/ada"),
            "caller is user/ada, not assumed-role/Operator",
        ),
        (replace(PINNED, caller_arn="arn:aws:iam::111122223333:root"), "caller is root"),
    ],
)
def test_elsewhere_or_as_somebody_else_it_is_refused_before_any_call(
    tmp_path: Path, here: Callable[[Pin], list[object]], changed: Pin, said: str
) -> None:
    journal = begun(tmp_path)
    before = journal.lines("s1")
    made = here(changed)
    desk = WizardDesk(Settings(home=tmp_path))
    with pytest.raises(RefusedError, match="Not the account that was confirmed") as caught:
        desk.resume("1")
    assert said in str(caught.value)
    with pytest.raises(RefusedError, match="Not the account that was confirmed"):
        desk.resume("1", take_over="ada")
    assert made == []
    assert journal.lines("s1") == before
    assert journal.holder("s1") is None


def test_another_session_of_the_same_role_goes_on(
    tmp_path: Path, here: Callable[[Pin], list[object]]
) -> None:
    journal = begun(tmp_path)
    here(replace(PINNED, caller_arn="arn:aws:sts::111122223333:assumed-role/Operator/bob"))
    running = WizardDesk(Settings(home=tmp_path)).resume("1")
    assert journal.holder("s1") is not None
    running._record.close()
    running._scheduler.close()


def test_the_copy_that_it_began_with_goes_on(
    tmp_path: Path, here: Callable[[Pin], list[object]]
) -> None:
    """The installed checklist may have changed meanwhile."""
    pinned = load_bundled(CHECKLIST)
    title = pinned.checklist.title
    begun(tmp_path, text=pinned.text.replace(title, "As it was then"))
    here(PINNED)
    running = WizardDesk(Settings(home=tmp_path)).resume("1")
    assert running.pinned.checklist.title == "As it was then"
    assert running.pinned.checklist.title != load_bundled(CHECKLIST).checklist.title
    running._record.close()
    running._scheduler.close()


@pytest.mark.parametrize("account", [None, "999988887777"])
def test_without_a_screen_its_account_must_be_named(
    tmp_path: Path, here: Callable[[Pin], list[object]], account: str | None
) -> None:
    begun(tmp_path)
    made = here(PINNED)
    with pytest.raises(RefusedError, match=r"must be named|not 999988887777"):
        run_checklist(
            Settings(home=tmp_path),
            checklist=None,
            resume="1",
            answers=None,
            defaults=True,
            yes=True,
            account=account,
        )
    assert made == []
