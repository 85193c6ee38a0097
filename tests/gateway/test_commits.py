"""What is left out of a journaled call leaves a commit behind; nothing else changes by it."""

from collections.abc import Iterator

import msgspec
import pytest

from tests.gateway.scripted import http, serving
from wizard.effects import Effect, Insert, Json, NewSecret, Read, Request, Secret, Write
from wizard.gateway.redact import hash_of, redact
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.session.seal import Seal, commit, committed, marks

SEAL = Seal(bytes(32))
HELD = "held-0123456789"
VARIABLES = {"A": "one", "B": "two"}
CALLS = [
    (Write("rds", "CreateDBCluster", {"MasterUserPassword": "hunter2"}), "hunter2"),
    (Write("rds", "CreateDBCluster", {"MasterUserPassword": Secret("held")}), HELD),
    (
        Write("lambda", "CreateFunction", {"Environment": {"Variables": VARIABLES}}),
        VARIABLES,
    ),
    (Write("ssm", "PutParameter", {"Name": "DB_PASSWORD", "Value": "hunter2"}), "hunter2"),
    (Request("POST", "https://x.test/", {"password": Secret("held")}, mutating=True), HELD),
    (Request("POST", "https://x.test/", {"api_key": "hunter2"}, mutating=True), "hunter2"),
    (Request("POST", "https://x.test/", [Secret("held", text="?t={}")], mutating=True), HELD),
    (Insert("sqlite:///x", "apps", {"apiKey": "hunter2"}), "hunter2"),
    (Read("ssm", "GetParameter", {"Token": "hunter2"}), "hunter2"),
]


@pytest.fixture
def world() -> Iterator[WorldGateway]:
    gateway = WorldGateway(secrets=Secrets({}, keyring=object()))
    gateway.hold("held", HELD)
    yield gateway
    gateway.close()


@pytest.mark.parametrize(("effect", "value"), CALLS)
def test_what_is_left_out_is_committed_to(world: WorldGateway, effect: Effect, value: Json) -> None:
    plain = world.describe(effect)
    assert plain.journaled == plain.params
    world.seal_with(SEAL)
    described = world.describe(effect)
    [mark] = marks(described.journaled)
    content = committed(value)
    assert mark.commit == commit(SEAL.salt(mark.name, content), content)
    # What is shown, consented to, pasted, and known again at a resume is as without it.
    assert msgspec.structs.replace(described, sealed=None) == plain
    assert list(marks(described.params)) == []


def test_a_word_that_was_made_up_is_committed_to(world: WorldGateway) -> None:
    world.seal_with(SEAL)
    word = world.call(NewSecret("word")).value
    told = Write("cloudwatch", "SetAlarmState", {"StateReason": Secret(word.name, text="Word {}.")})
    [mark] = marks(world.describe(told).journaled)
    assert mark.commit == SEAL.commit("word", committed(world.secrets.get("word")))


def test_a_secret_that_is_nowhere_has_no_commit(world: WorldGateway) -> None:
    world.seal_with(SEAL)
    told = world.describe(Write("rds", "CreateDBCluster", {"MasterUserPassword": Secret("other")}))
    assert told.journaled == {"MasterUserPassword": {"$secret": "other"}}


def test_answers_are_committed_to_and_hashed_as_they_are_written_down(world: WorldGateway) -> None:
    world.seal_with(SEAL)
    with serving(http(200, '{"token": "1234"}')) as server:
        answer = world.call(Request("POST", server.url, {}, mutating=True))
    assert answer.value["body"] == {"token": "1234"}
    assert answer.redacted["body"] == {
        "token": {"$redacted": "token", "commit": SEAL.commit("token", b"1234")}
    }
    assert answer.response_sha256 == hash_of(answer.redacted)


def test_the_hash_of_an_answer_lets_nobody_guess_what_is_left_out() -> None:
    hashes = {hash_of(redact({"status": 200, "token": token})) for token in ("1234", "4321")}
    assert len(hashes) == 1
