"""What came of reading an assertion again. Pure: the step says what is wrong, the record what was.

A field is drift when the step's own `differences` says that it is wrong, and when it is other
than it was recorded at the item's end, unless the step names it `volatile`.
"""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from wizard.effects import Facts, Json
from wizard.engine.normalise import same
from wizard.errors import CallError, DeniedError, WizardError
from wizard.session.rechecks import Drifted, Rechecked, Verdict
from wizard.session.state import ItemState, Status
from wizard.step import Differences, Probe

NOT_RECORDED = "right either way, but not as it was recorded"
NEW = "It was not there when the session ran"


def judged(
    name: str, step: Probe, before: ItemState | None, found: Facts | None, wrong: Differences
) -> Rechecked:
    """The verdict on what was `found` now; `before` is None for a member that is new."""
    # What was seen before somebody mended it by hand is no record of how they left it.
    by_hand = before is None or before.status is Status.MARKED
    recorded = before.found if before is not None and not by_hand else None
    drifted = tuple(_drifted(step, recorded, found, wrong))
    verdict, why = Verdict.MATCH, ""
    if found is None and (recorded is not None or wrong):
        verdict = Verdict.GONE if recorded is not None else Verdict.DRIFT
    elif drifted:
        verdict = Verdict.DRIFT
    elif before is not None and (before.attestation is not None or before.how == "attested"):
        verdict, why = Verdict.ATTESTED, "What can be seen of it is as it was."
    if before is None:
        why = f"{NEW}."
    elif before.status is Status.MARKED:
        why = "It was marked as done by hand; now it was looked at."
    return Rechecked(
        item=name,
        verdict=verdict,
        why=why,
        recorded_at=before.observed_at if before is not None else "",
        drifted=drifted,
    )


def unasserted(before: ItemState) -> str:
    """Why there is nothing to hold the account to; empty when there is."""
    match before.status:
        case Status.DONE | Status.MARKED:
            return ""
        case Status.SKIPPED:
            return f"It was skipped: {before.note}"
        case Status.NOT_APPLICABLE:
            return f"It did not apply: {before.note}"
        case Status.FAILED:
            return "It failed, so nothing was asserted."
        case _:
            return "The session did not come to its end."


def unread(name: str, before: ItemState | None, error: BaseException) -> Rechecked:
    """The verdict when the look itself failed."""
    recorded_at = before.observed_at if before is not None else ""
    verdict = Verdict.UNREADABLE
    match error:
        case DeniedError():
            verdict = Verdict.DENIED
            why = f"{error.where}: {error.what} It needs {error.action}."
        case CallError(code="SecretMissing"):
            verdict = Verdict.NOT_COMPARABLE
            why = f"It cannot be read without a secret. {error.what} {error.todo}"
        case WizardError():
            why = str(error)
        case _:
            why = f"The step broke on what is there: {type(error).__name__}: {error}"
    return Rechecked(item=name, verdict=verdict, why=why.strip(), recorded_at=recorded_at)


def _drifted(
    step: Probe, recorded: Facts | None, found: Facts | None, wrong: Differences
) -> list[Drifted]:
    then: Facts = recorded or {}
    fields = [
        Drifted(
            field=one.field,
            then=then.get(one.field),
            now=one.found,
            wanted=one.wanted,
            wrong=True,
            reason=one.reason,
        )
        for one in wrong
    ]
    if recorded is None or found is None:
        return fields
    told = {one.field for one in wrong}
    fields += [
        Drifted(
            field=path,
            then=before,
            now=now,
            wrong=False,
            reason="not as it was recorded" if wrong else NOT_RECORDED,
        )
        for path, before, now in _changed(_open(recorded), _open(found), "")
        if not _is_among(path, (*step.volatile, *told))
    ]
    return fields


def _changed(then: Json, now: Json, path: str) -> Iterator[tuple[str, Json, Json]]:
    """What is other, as deep down as it can be told: `listener.certificate`, `rules.2.to`."""
    match then, now:
        case Mapping(), Mapping():
            for name in dict.fromkeys((*then, *now)):
                below = f"{path}.{name}" if path else str(name)
                # An older version did not look at it: what is empty now is no news.
                if name in then or now[name]:
                    yield from _changed(then.get(name), now.get(name), below)
        case [*old], [*new] if len(old) == len(new) and not same(old, new):
            for place, (one, other) in enumerate(zip(old, new, strict=True)):
                yield from _changed(one, other, f"{path}.{place}")
        case _:
            if not same(then, now):
                yield path, then, now


def _is_among(path: str, patterns: Iterable[str]) -> bool:
    """Whether the field, or what it is a part of, is named; `*` stands for any name."""
    parts = path.split(".")
    wholes = [".".join(parts[: end + 1]) for end in range(len(parts))]
    return any(fnmatchcase(whole, pattern) for whole in wholes for pattern in patterns)


def _open(value: Json) -> Json:
    """Without the commitments to redacted values, which each session makes with a key of its
    own."""
    match value:
        case Mapping():
            redacted = "$redacted" in value or "$secret" in value
            return {
                key: _open(part)
                for key, part in value.items()
                if not (redacted and key == "commit")
            }
        case list() | tuple():
            return [_open(part) for part in value]
        case _:
            return value
