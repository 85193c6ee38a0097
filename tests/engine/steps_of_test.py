"""Steps for engine tests, over the small world."""

from collections.abc import Mapping
from typing import ClassVar

from tests.engine.steps_of_pauses import PAUSES
from wizard.effects import Again, Facts, Json, Made, Now, Read, Request, Write
from wizard.step import (
    Action,
    Attest,
    Difference,
    Differences,
    Option,
    Options,
    Patience,
    Probe,
    Reads,
    Registry,
    Writes,
    compare,
)


class Thing(Action, frozen=True, kw_only=True):
    """A thing of that name is to have that value."""

    name: str
    value: str = "right"
    guard: str = ""

    def lock(self) -> str | None:
        return self.guard or None

    def observe(self) -> Reads[Facts | None]:
        found = yield Read("things", "GetThing", {"Name": self.name}, absent=("NoSuchThing",))
        return None if found is None else {"value": found["Value"], "id": f"id-{self.name}"}

    def differences(self, found: Facts | None) -> Differences:
        return compare({"value": self.value}, found)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write(
            "things",
            "PutThing",
            {"Name": self.name, "Value": self.value},
            title=f"Put {self.name}",
        )


class Promising(Thing, frozen=True, kw_only=True):
    """Says before it is there what it will be called."""

    def promised(self, found: Facts | None) -> Facts:
        return {"id": f"id-{self.name}"}


class Halves(Action, frozen=True, kw_only=True):
    """Code, and settings that are refused as long as the code is being changed: as functions."""

    name: str

    def observe(self) -> Reads[Facts | None]:
        found = yield Read("things", "GetThing", {"Name": self.name})
        return dict(found["Value"])

    def differences(self, found: Facts | None) -> Differences:
        return compare({"code": "new", "settings": "new"}, found)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        one = differences[0].field
        value = {**(found or {}), one: "new"}
        yield Write("things", "PutThing", {"Name": self.name, "Value": value}, title=f"Put {one}")


class Stubborn(Halves, frozen=True, kw_only=True):
    """Writes, and nothing changes."""

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write("things", "PutThing", {"Name": self.name, "Value": found}, title="Put it")


class Grown(Probe, frozen=True, kw_only=True):
    """Time has passed since `since`: settles by itself."""

    patience: ClassVar[Patience] = Patience(every=15, limit=600)
    seconds: float
    since: float

    def observe(self) -> Reads[Facts | None]:
        now = yield Now()
        return {"elapsed": now - self.since}

    def differences(self, found: Facts | None) -> Differences:
        elapsed = found["elapsed"] if found else 0
        if elapsed >= self.seconds:
            return ()
        return (Difference("elapsed", elapsed, self.seconds, settles=True),)

    def waiting_for(self, found: Facts | None) -> str:
        return f"{self.seconds:g} seconds to pass"


class Seen(Probe, frozen=True, kw_only=True):
    """A person puts the thing there."""

    name: str

    def observe(self) -> Reads[Facts | None]:
        found = yield Read("things", "GetThing", {"Name": self.name}, absent=("NoSuchThing",))
        return found if found is None else {"value": found["Value"]}

    def differences(self, found: Facts | None) -> Differences:
        return compare({"value": "right"}, found)

    def instructions(self, found: Facts | None) -> str:
        return f"Put {self.name} there."


class Moved(Action, frozen=True, kw_only=True):
    """Wants writing only once a minute has passed since the epoch of the test."""

    since: float

    def observe(self) -> Reads[Facts | None]:
        now = yield Now()
        made = yield Made()
        return {"waited": now - self.since >= 60, "made": len(made)}

    def differences(self, found: Facts | None) -> Differences:
        if found is None or not found["waited"]:
            return (Difference("waited", found, True, settles=True),)
        return compare({"made": 1}, found)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write("things", "PutThing", {"Name": "moved", "Value": "right"}, title="Move")


class Switched(Action, frozen=True, kw_only=True):
    """Waits 400 seconds, writes, and waits 400 seconds more: each within the limit of 600."""

    patience: ClassVar[Patience] = Patience(every=15, limit=600)
    since: float

    def observe(self) -> Reads[Facts | None]:
        now = yield Now()
        made = yield Made()
        return {"waited": now - self.since, "since": now - made[-1]["at"] if made else None}

    def differences(self, found: Facts | None) -> Differences:
        if found is None or found["waited"] < 400:
            return (Difference("waited", None, 400, settles=True),)
        if found["since"] is None:
            return (Difference("switched", None, "yes"),)
        if found["since"] < 400:
            return (Difference("since", None, 400, settles=True),)
        return ()

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write("things", "PutThing", {"Name": "switch", "Value": "on"}, title="Switch")


class Started(Action, frozen=True, kw_only=True):
    """Something is started over HTTP that cannot be found by looking."""

    def observe(self) -> Reads[Facts | None]:
        made = yield Made()
        return {"started_at": made[-1]["at"]} if made else None

    def differences(self, found: Facts | None) -> Differences:
        return () if found else (Difference("started", None, "yes"),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Request(
            "POST", "https://scale.test/", {}, mutating=True, title="Start", again=Again.ASK
        )


class Document(Action, frozen=True, kw_only=True):
    """A list that is replaced whole has one line of ours, and keeps those of others."""

    name: str
    line: str

    def observe(self) -> Reads[Facts | None]:
        found = yield Read("things", "GetThing", {"Name": self.name}, absent=("NoSuchThing",))
        return {"lines": list(found["Value"]) if found else []}

    def differences(self, found: Facts | None) -> Differences:
        lines = found["lines"] if found else []
        return () if self.line in lines else (Difference("lines", lines, self.line),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        lines = found["lines"] if found else []
        yield Write(
            "things",
            "PutThing",
            {"Name": self.name, "Value": [*lines, self.line]},
            title=f"Add {self.line}",
        )


class Said(Attest, frozen=True, kw_only=True):
    """A person says so."""


def names() -> Options:
    found = yield Read("things", "GetThing", {"Name": "names"})
    return [Option(value=name, label=f"The {name}", suggested=True) for name in found["Value"]]


def names_of(list: str) -> Options:  # noqa: A002  the checklist's word
    found = yield Read("things", "GetThing", {"Name": list})
    return [Option(value=name, label=name) for name in found["Value"]]


class Listed(Action, frozen=True, kw_only=True):
    """One entry of a thing that is listed whole, as log groups are."""

    name: str
    value: str = "right"

    def observe(self) -> Reads[Facts | None]:
        found = yield Read("logs", "GetThing", {"Name": "all"})
        return {"value": found["Value"].get(self.name)}

    def differences(self, found: Facts | None) -> Differences:
        return compare({"value": self.value}, found)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write(
            "logs",
            "PutEntry",
            {"Name": self.name, "Value": self.value},
            title=f"Put {self.name}",
        )


def some() -> Options:
    found = yield Read("things", "GetThing", {"Name": "some"})
    return [Option(value=one, label=str(one), disabled=_disabled(one)) for one in found["Value"]]


def _disabled(entry: Json) -> str:
    return str(entry.get("disabled", "")) if isinstance(entry, Mapping) else ""


STEPS: Mapping[str, type] = {
    "test.thing": Thing,
    "test.promising": Promising,
    "test.halves": Halves,
    "test.stubborn": Stubborn,
    "test.grown": Grown,
    "test.seen": Seen,
    "test.started": Started,
    "test.moved": Moved,
    "test.document": Document,
    "test.switched": Switched,
    "test.said": Said,
    "test.listed": Listed,
    **PAUSES,
}
REGISTRY = Registry(STEPS, {"test.names": names, "test.of": names_of, "test.some": some})
