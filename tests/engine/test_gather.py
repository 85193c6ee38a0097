"""Reads of no checklist: side by side, each page under the pace of its operation."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.engine.world import PIN, JumpingClock, World
from wizard.effects import Effect, Json, Read, Write
from wizard.engine.event_history import changes
from wizard.engine.gather import gather
from wizard.errors import CallError, CredentialsError
from wizard.gateway.protocol import Answer
from wizard.step import Reads

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class History(World):
    """A CloudTrail with so many pages."""

    def __init__(self, clock: JumpingClock, pages: int) -> None:
        super().__init__(clock)
        self.pages = pages
        self.asked: list[tuple[float, Mapping[str, Json]]] = []

    def call(self, effect: Effect) -> Answer:
        assert isinstance(effect, Read)
        self.asked.append((self.clock.monotonic(), effect.params))
        page = int(str(effect.params.get("NextToken", "0")))
        answer: dict[str, Any] = {"Events": [{"EventId": f"e{page}"}]}
        if page + 1 < self.pages:
            answer["NextToken"] = str(page + 1)
        return Answer(value=answer)


def test_every_page_is_read_two_a_second() -> None:
    clock = JumpingClock()
    world = History(clock, pages=45)
    told: list[tuple[str, int]] = []
    until = BEGAN + timedelta(hours=1)
    work = {"r": changes("eu-west-1", BEGAN, until, lambda *so_far: told.append(so_far))}
    found = gather(work, gateway=world, clock=clock, pin=PIN)
    assert found == {"r": [{"EventId": f"e{page}"} for page in range(45)]}
    assert told == [("eu-west-1", 20), ("eu-west-1", 40)]
    times = [at for at, _ in world.asked]
    # Two may leave at once, the others one each half second.
    assert times[-1] == pytest.approx((len(times) - 2) / 2, abs=0.6)
    first = world.asked[0][1]
    assert first["LookupAttributes"] == [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
    assert (first["StartTime"], first["EndTime"]) == (
        "2025-12-31T23:58:00+00:00",
        "2026-01-01T01:02:00+00:00",
    )


def reading(name: str) -> Reads[Json]:
    answer = yield Read("things", "GetThing", {"Name": name})
    return answer["Value"]


def test_one_that_fails_stops_no_other_and_nobody_waits_for_a_log_in() -> None:
    clock = JumpingClock()
    world = World(clock)
    world.things = {"a": 1, "b": 2}

    def fault(effect: Effect) -> None:
        if isinstance(effect, Read) and effect.params["Name"] == "b":
            raise CredentialsError("expired", code="ExpiredToken")

    world.before.append(fault)
    ended: list[str] = []
    work = {"a": reading("a"), "b": reading("b")}
    found = gather(work, gateway=world, clock=clock, pin=PIN, ended=ended.append)
    assert found["a"] == 1
    assert isinstance(found["b"], CallError)
    assert sorted(ended) == ["a", "b"]


def test_a_write_among_them_is_a_defect() -> None:
    def writing() -> Reads[Json]:
        return (yield Write("things", "PutThing", {"Name": "a", "Value": 1}))

    clock = JumpingClock()
    world = World(clock)
    with pytest.raises(TypeError, match="only may look"):
        gather({"w": writing()}, gateway=world, clock=clock, pin=PIN)
    assert world.calls == []
