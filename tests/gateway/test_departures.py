"""Keys that change in the middle: nothing leaves with those of another account or caller."""

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from wizard.effects import Read, Write
from wizard.engine.account import changed_pin
from wizard.errors import CredentialsError, UnreachableError
from wizard.gateway.backoff import Backoff
from wizard.gateway.departures import LEAVES_WITHIN, Departures
from wizard.gateway.world import WorldGateway
from wizard.session.base import Pin
from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready

TOPIC = Write("sns", "CreateTopic", {"Name": "must-not-be"})
OPEN_TO_ALL = {("sts", "GetCallerIdentity"), ("iam", "ListAccountAliases")}


@pytest.fixture(scope="module")
def ready() -> Iterator[Ready]:
    with Simulator(speed=120) as running:
        yield running.ready


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A profile whose keys the SDK reads anew before each request; sets what it reads."""
    file = tmp_path / "keys.json"
    config = tmp_path / "config"
    show = f"import sys; print(open({str(file)!r}).read())"
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(show)}"
    config.write_text(f"[profile work]\nregion = us-east-1\ncredential_process = {command}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    def have(key: str, secret: str = "x", token: str = "") -> None:  # noqa: S107  opens nothing
        found = {
            "Version": 1,
            "AccessKeyId": key,
            "SecretAccessKey": secret,
            "SessionToken": token,
            # So soon that the SDK renews them before each request.
            "Expiration": _soon(),
        }
        file.write_text(json.dumps({name: value for name, value in found.items() if value}))

    return have


def _soon() -> str:

    return (datetime.now(UTC) + timedelta(seconds=60)).isoformat()


@pytest.fixture
def gateway(ready: Ready, keys: Callable[..., None]) -> Iterator[WorldGateway]:
    """Identified and pinned, as the desk does it."""
    keys("AKIAOPERATORSIMULATE")
    made = WorldGateway(
        profile="work", endpoint_url=ready.endpoint_url, backoff=Backoff(sleep=lambda _: None)
    )
    made.pin_to(made.identity(), changed_pin)
    httpx.delete(f"{ready.endpoint_url}/_st-wizard/calls").raise_for_status()
    yield made
    made.close()


def called(ready: Ready) -> list[tuple[str, str]]:
    log = httpx.get(f"{ready.endpoint_url}/_st-wizard/calls").raise_for_status().json()
    return [(call["service"], call["operation"]) for call in log]


def assumed(role: str, gateway: WorldGateway) -> tuple[str, str, str]:
    """Keys of a session of that role."""
    who = {"RoleArn": f"arn:aws:iam::{role}", "RoleSessionName": "demo"}
    found = gateway.call(Write("sts", "AssumeRole", who)).value["Credentials"]
    return found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]


OTHERS = {
    "111122223333:role/Operator": "of account 111122223333",
    "727772838801:role/Other": "assumed-role/Other",
}


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("effect", [TOPIC, Read("ec2", "DescribeVpcs")])
def test_nothing_leaves_with_keys_of_somebody_else(
    gateway: WorldGateway,
    keys: Callable[..., None],
    ready: Ready,
    role: str,
    effect: Read | Write,
) -> None:
    keys(*assumed(role, gateway))
    httpx.delete(f"{ready.endpoint_url}/_st-wizard/calls").raise_for_status()
    for _ in range(2):
        with pytest.raises(CredentialsError, match=OTHERS[role]):
            gateway.call(effect)
    assert set(called(ready)) <= OPEN_TO_ALL
    assert len(called(ready)) == 1  # asked once: keys never change hands
    # After a new log-in as before, it goes on.
    keys("AKIAOPERATORSIMULATE")
    gateway.reset_credentials()
    assert gateway.call(Read("sns", "ListTopics", pages="Topics")).value


def test_renewed_keys_of_the_same_caller_are_asked_about_once(
    gateway: WorldGateway, keys: Callable[..., None], ready: Ready
) -> None:
    keys("AKIARENEWEDSIMULATED")
    for _ in range(3):
        gateway.call(Read("ec2", "DescribeVpcs"))
    assert called(ready).count(("sts", "GetCallerIdentity")) == 1


def test_keys_that_were_confirmed_are_not_asked_about_again(
    gateway: WorldGateway, ready: Ready
) -> None:
    gateway.call(Read("sns", "ListTopics", pages="Topics"))
    assert ("sts", "GetCallerIdentity") not in called(ready)


class Signed:
    """A request as botocore is about to send it."""

    def __init__(self, key: str = "AKIA1") -> None:
        self.headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20261122/x".encode()}


def pin(account: str) -> Pin:
    return Pin(account_id=account, partition="aws", caller_arn="a:b:c:d:e:user/a", region="r")


@pytest.mark.parametrize("mutating", [True, False])
def test_a_write_that_a_sleeping_machine_kept_is_not_sent(mutating: bool) -> None:
    """A lid that was closed between intent and call: somebody else may have gone on since."""
    seconds = [0.0]
    here = Departures(lambda: seconds[0])
    here.begin(mutating=mutating)
    seconds[0] = LEAVES_WITHIN + 1
    if mutating:
        with pytest.raises(UnreachableError, match="not sent"):
            here.leaves(Signed(), "before-send.sns.CreateTopic")
    else:
        here.leaves(Signed(), "before-send.sns.ListTopics")
    assert here.here.sent is not mutating


def test_asking_whose_the_keys_are_takes_of_the_time_that_a_write_has() -> None:
    seconds = [0.0]
    here = Departures(lambda: seconds[0])

    def identify() -> None:
        here.begin(mutating=False)
        seconds[0] += LEAVES_WITHIN + 1
        here.leaves(Signed(), "before-send.sts.GetCallerIdentity")
        here.identified(pin("1"))

    here.pin_to(pin("1"), changed_pin, identify)
    here.begin(mutating=True)
    with pytest.raises(UnreachableError, match="not sent"):
        here.leaves(Signed(), "before-send.sns.CreateTopic")
    assert not here.here.sent


def test_keys_that_are_renewed_while_they_are_asked_about_get_nothing_out() -> None:
    here = Departures(lambda: 0.0)

    def identify() -> None:
        here.leaves(Signed("AKIA2"), "before-send.sts.GetCallerIdentity")
        here.identified(pin("1"))

    here.pin_to(pin("1"), changed_pin, identify)
    here.begin(mutating=True)
    with pytest.raises(CredentialsError, match="renewed again"):
        here.leaves(Signed(), "before-send.sns.CreateTopic")
    assert not here.here.sent
