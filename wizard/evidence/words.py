"""How the report says things: states, times, durations and values, in words and symbols."""

import json
from datetime import datetime

import msgspec

from wizard.effects import Facts, Json
from wizard.session.base import Actor
from wizard.session.rechecks import Verdict
from wizard.session.state import ItemState, SessionState, Status
from wizard.session.verdicts import counted, worst


class Standing(msgspec.Struct, frozen=True):
    """A state as the report shows it: never by its colour alone."""

    symbol: str
    word: str
    tone: str
    """`good`, `note`, `open` or `bad`: the style's class."""


_STANDINGS = {
    Status.DONE: Standing("✓", "Done", "good"),
    Status.MARKED: Standing("✎", "Marked done by hand, not verified", "note"),
    Status.SKIPPED: Standing("»", "Skipped", "note"),
    Status.NOT_APPLICABLE: Standing("–", "Not applicable", "note"),
    Status.FAILED: Standing("✗", "Failed", "bad"),
    Status.IN_DOUBT: Standing("?", "A call is in doubt", "bad"),
}

_VERDICTS = {
    Verdict.MATCH: Standing("✓", "Match", "good"),
    Verdict.ATTESTED: Standing("✎", "Attested only", "note"),
    Verdict.NOT_COMPARABLE: Standing("–", "Not comparable", "note"),
    Verdict.DRIFT: Standing("✗", "Drift", "bad"),
    Verdict.GONE: Standing("✗", "Gone", "bad"),
    Verdict.DENIED: Standing("?", "Denied", "bad"),
    Verdict.UNREADABLE: Standing("?", "Could not be read", "bad"),
}

_HOWS = {
    "already": "was already right; nothing was changed",
    "changed": "changed by the wizard and verified",
    "observed": "done by a person or by time, and seen",
    "attested": "attested by a person",
}


def standing(item: ItemState) -> Standing:
    """The item's state; done on a person's word alone is told apart from what was seen."""
    if item.recheck is not None:
        return verdict_standing(item.recheck.verdict)
    if item.status is Status.DONE and item.how == "attested":
        return Standing("✓", "Done, attested by a person", "good")
    return _STANDINGS.get(item.status) or Standing("○", f"Open: {item.status.value}", "open")


def verdict_standing(verdict: Verdict) -> Standing:
    """The verdict of a recheck."""
    return _VERDICTS[verdict]


def session_standing(state: SessionState) -> Standing:
    """The session's state, as it stands on top of the report."""
    if state.aborted:
        return Standing("✗", "Aborted", "bad")
    if not state.finished_at:
        return Standing("○", "Incomplete", "open")
    if state.rechecks is not None:
        return verdict_standing(worst(counted(state.items)))
    return Standing("✓", "Complete", "good")


def how(item: ItemState) -> str:
    """In what way the item was done."""
    return _HOWS.get(item.how, item.how) if item.status is Status.DONE else ""


def when(at: str) -> str:
    """`2026-11-22T17:04:05.123456Z` as `2026-11-22 17:04:05 UTC`."""
    return f"{at[:10]} {at[11:19]} UTC" if at else "–"


def lasted(since: str, until: str) -> str:
    """The time between two instants of the journal, as `2 h 3 min` or `12 s`."""
    if not since or not until:
        return "–"
    whole = datetime.fromisoformat(until) - datetime.fromisoformat(since)
    return spoken(int(whole.total_seconds()))


def spoken(seconds: float) -> str:
    """Seconds as `2 days 3 h`, `2 h 3 min`, `12 s` or `0.2 s`."""
    if 0 < seconds < 1:
        return f"{max(seconds, 0.1):.1f} s"
    minutes, left = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    two = [
        f"{count} {unit}"
        for count, unit in ((days, "days"), (hours, "h"), (minutes, "min"), (left, "s"))
    ]
    first = next((index for index, part in enumerate((days, hours, minutes, left)) if part), 3)
    told = [two[first]]
    if first < 3 and (days, hours, minutes, left)[first + 1]:
        told.append(two[first + 1])
    return " ".join(told).replace("1 days", "1 day") if days == 1 else " ".join(told)


def who(actor: Actor | None) -> str:
    """`user@host, as arn:aws:…`."""
    return f"{actor.user}@{actor.host}, as {actor.caller_arn}" if actor else "–"


def params(of_call: Facts) -> str:
    """A call's parameters, one a line: `Names: ["acme-prod"]`."""
    return "\n".join(
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in of_call.items()
    )


def shown(value: Json) -> str:
    """A value as a person reads it; lists and objects as indented JSON."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case str():
            return value if value else "(empty)"
        case {"$redacted": name, **rest} if not rest.keys() - {"commit"}:
            return f"(secret: {name})"
        case {"$secret": "secret", "name": name}:
            return f"(secret: {name})"
        case {"$secret": name, **rest} if not rest.keys() - {"commit"}:
            return f"(secret: {name})"
        case list() | tuple() if all(isinstance(part, str | int | float) for part in value):
            return "\n".join(shown(part) for part in value) if value else "(none)"
        case list() | tuple() | dict():
            return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
        case _:
            return str(value)
