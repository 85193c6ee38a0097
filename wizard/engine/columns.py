"""Three columns for one item: the letter, the reference region, and here. Pure."""

import json
from collections.abc import Iterator, Mapping

import msgspec

from wizard.checklist.expressions import references
from wizard.checklist.model import Checklist, Item
from wizard.effects import UNKNOWN, Facts, Json, has_unknown
from wizard.engine.normalise import Place, normalise, opened, same
from wizard.session.base import ComparedField
from wizard.session.events import DeviationRecorded
from wizard.step import Differences, Probe

Path = tuple[str, ...]

REGIONAL = "names this region"
OWN_ID = "an id or time of its own"
NOT_YET = "known once it is made"


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator has decided so far."""

    accepted: Mapping[str, str]
    """Fields of this item that may differ, each with the reason."""
    deviations: tuple[DeviationRecorded, ...]


class Columns:
    """Compares one item here with its counterpart in the reference region."""

    def __init__(self, item: Item, checklist: Checklist, here: Place, there: Place) -> None:
        self._item = item
        self._checklist = checklist
        self._here = here
        self._there = there

    def rows(
        self, there: Facts, here: Facts, planned: frozenset[str], settled: Settled
    ) -> tuple[ComparedField, ...]:
        """A row for each field of either side, in the order of the reference region; then for
        those that only the letter names."""
        pairs = list(self._pairs((), opened(dict(there)), opened(dict(here))))
        known = {".".join(path) for path, _, _ in pairs}
        pairs += [
            (tuple(field.split(".")), None, None)
            for field, said in self._stated.items()
            if said != "" and field not in known
        ]
        return tuple(
            self._row(path, theirs, ours, planned, settled) for path, theirs, ours in pairs
        )

    def _pairs(self, path: Path, there: Json, here: Json) -> Iterator[tuple[Path, Json, Json]]:
        if path and not (isinstance(there, Mapping) and isinstance(here, Mapping)):
            yield path, there, here
            return
        ours = {self._name(key, self._here): key for key in here}
        theirs = {self._name(key, self._there): key for key in there}
        if len(ours) < len(here) or len(theirs) < len(there):
            ours, theirs = {key: key for key in here}, {key: key for key in there}
        for name in dict.fromkeys((*theirs, *ours)):
            yield from self._pairs(
                (*path, name),
                there[theirs[name]] if name in theirs else None,
                here[ours[name]] if name in ours else None,
            )

    def _name(self, key: str, place: Place) -> str:
        name: str = normalise(key, place)
        return name

    def _row(
        self, path: Path, there: Json, here: Json, planned: frozenset[str], settled: Settled
    ) -> ComparedField:
        field = ".".join(path)
        inputs = self._inputs(path)
        mark, reason = self._mark(path, there, here)
        only_said = there is None and here is None and field in self._stated
        if mark == "differs" or only_said:
            mark, reason = _decided(field, inputs, settled)
        return ComparedField(
            field=field,
            letter=self._letter(field, inputs),
            reference=normalise(there, self._there),
            here=normalise(here, self._here),
            mark=mark,
            reason=reason,
            planned=(path[0] in planned or field in planned) and not only_said,
        )

    def _mark(self, path: Path, there: Json, here: Json) -> tuple[str, str]:
        if same(there, here):
            return "same", ""
        for ids, why in ((False, REGIONAL), (True, OWN_ID)):
            if same(normalise(there, self._there, ids=ids), normalise(here, self._here, ids=ids)):
                return "expected", why
        expected = self._item.reference.expected if self._item.reference else {}
        for name in path:
            if name in expected:
                return "expected", expected[name]
        if has_unknown(here):
            return "expected", NOT_YET
        return "differs", ""

    @property
    def _stated(self) -> Mapping[str, Json]:
        return self._item.reference.letter if self._item.reference else {}

    def _inputs(self, path: Path) -> frozenset[str]:
        """The inputs that the field's place in `with` uses."""
        for start, name in enumerate(path):
            value = _part(self._item.with_, name)
            if value is None:
                continue
            for deeper in path[start + 1 :]:
                if not (isinstance(value, Mapping) and deeper in value):
                    break
                value = value[deeper]
            return references(value).inputs
        return frozenset()

    def _letter(self, field: str, inputs: frozenset[str]) -> str:
        if field in self._stated:
            return _in_words(self._stated[field])
        for name, asked in self._checklist.inputs.items():
            if name in inputs and asked.letter is not None:
                return _in_words(asked.letter)
        return ""


def planned_here(
    step: Probe,
    found: Facts | None,
    differences: Differences,
    reference: Facts,
    *,
    pending: bool = False,
) -> tuple[Facts, frozenset[str]]:
    """What is compared of here: what was found, and in its place what will be; and which fields
    are not so yet. Of what is not there yet, a field that nothing tells of is not known.

    `pending`: items that it needs have not ended, so what is in the way may still be made."""
    seen = step.compared(found) if found is not None else None
    here: dict[str, Json] = dict(seen or {})
    # A bucket that is there without logging reads as nothing, too.
    absent = all(value is None for value in here.values())
    todo = [one for one in differences if one.fixable or one.person or (pending and absent)]
    told = step.planned(found) if todo else None
    if told is not None:
        return told, frozenset(name for name in told if told[name] != here.get(name))
    to_be = {one.field: one.wanted for one in todo if one.field in reference or one.field in here}
    if not seen and todo:
        # A difference that names no field of it, as `topic`, says that it is to be there at all.
        here = dict.fromkeys(reference, UNKNOWN)
    return {**here, **to_be}, frozenset(to_be)


def _part(value: Json, name: str) -> Json:
    """What stands under that name in `value`, at whatever depth; None where it does not. AWS
    writes `MissingData` what a step's field calls `missing_data`."""
    if not isinstance(value, Mapping):
        return None
    for key in value:
        if _plain(key) == _plain(name):
            return value[key]
    inner = (_part(part, name) for part in value.values())
    return next((part for part in inner if part is not None), None)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _in_words(letter: Json) -> str:
    return letter if isinstance(letter, str) else json.dumps(letter, ensure_ascii=False)


def _decided(field: str, inputs: frozenset[str], settled: Settled) -> tuple[str, str]:
    if field in settled.accepted:
        return "accepted", settled.accepted[field]
    for deviation in settled.deviations:
        if deviation.input in inputs:
            return "accepted", deviation.reason
    return "differs", ""
