"""OSCAL observations: how each item of the checklist was found, by which method, and where the
evidence of it is.

https://pages.nist.gov/OSCAL/reference/latest/assessment-results/json-definitions/#/assembly/oscal-assessment-common/observation
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from wizard.effects import Facts, Json
from wizard.evidence import words
from wizard.evidence.items import ItemView
from wizard.evidence.oscal_words import Ids, line, prop, prose, string
from wizard.session.base import split_member
from wizard.session.rechecks import Recheck, Verdict
from wizard.session.state import ItemState, SessionState, Status

Files = Mapping[str, bytes]

INDEX = "evidence/index.csv"
"""Says which of the files below `evidence/` is of which item."""

_MEDIA = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "txt": "text/plain",
    "yaml": "application/yaml",
}
_SHOWN = 20
"""Members of an item that are named one by one; the rest is counted."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The files of the bundle as resources of the document, and which of them is of which item."""

    resources: tuple[Facts, ...]
    uuids: Mapping[str, str]
    """By name."""
    of_items: Mapping[str, tuple[str, ...]]


def evidence(files: Files, ids: Ids) -> Evidence:
    """The files that there are so far, each with its hash."""
    uuids = {name: ids("file", name) for name in sorted(files)}
    of_items: dict[str, dict[str, None]] = {}
    if INDEX in files:
        for row in csv.DictReader(io.StringIO(files[INDEX].decode())):
            item, _ = split_member(row["item"])
            of_items.setdefault(item, {})[row["file"]] = None
    return Evidence(
        resources=tuple(_resource(name, files[name], uuid) for name, uuid in uuids.items()),
        uuids=uuids,
        of_items={
            item: tuple(name for name in names if name in uuids) for item, names in of_items.items()
        },
    )


def _resource(name: str, content: bytes, uuid: str) -> Facts:
    hashed = {"algorithm": "SHA-256", "value": hashlib.sha256(content).hexdigest()}
    media = _MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
    return {
        "uuid": uuid,
        "title": line(name),
        "rlinks": [{"href": name, "media-type": media, "hashes": [hashed]}],
    }


def observation(
    view: ItemView, section: str, state: SessionState, ids: Ids, found: Evidence
) -> Facts:
    """What was seen of one item. Its UUID is that of the item in this session."""
    item, of_item = view.item, view.state
    told: dict[str, Json] = {
        "uuid": ids("observation", item.id),
        "title": line(item.title),
        "description": prose(_description(view)),
        "props": list(_props(view, section)),
        "methods": methods(of_item),
        "origins": [{"actors": list(_actors(of_item, ids))}],
        "subjects": list(_subjects(view, ids)),
        "relevant-evidence": list(_relevant(item.id, found)),
        "collected": of_item.ended_at
        or of_item.observed_at
        or of_item.started_at
        or state.updated_at,
    }
    if item.controls:
        told["types"] = ["control-objective"]
    return told


def methods(state: ItemState) -> Sequence[str]:
    """TEST: found in AWS was held against what was wanted. INTERVIEW: a person said so. EXAMINE:
    neither; only the journal was looked at."""
    if state.recheck is not None:
        seen = state.recheck.verdict in {Verdict.MATCH, Verdict.DRIFT, Verdict.GONE}
        return ["TEST"] if seen else ["EXAMINE"]
    known = []
    looked = state.status in {Status.DONE, Status.FAILED} and state.how != "attested"
    if looked or (state.how == "attested" and state.observed_at):
        known.append("TEST")
    if state.attestation is not None or state.status is Status.MARKED:
        known.append("INTERVIEW")
    return known or ["EXAMINE"]


def inventory(views: Sequence[ItemView], ids: Ids) -> Iterator[Facts]:
    """What was made or found and has a name of its own in AWS, each once."""
    seen: set[str] = set()
    for view in views:
        arn = _arn(view)
        if arn and arn not in seen:
            seen.add(arn)
            yield {
                "uuid": ids("resource", arn),
                "description": prose(view.item.title),
                "props": [prop("asset-id", arn, oscal=True)],
            }


def _description(view: ItemView) -> str:
    said = f"{view.standing.word}{f': {view.how}' if view.how else ''}."
    parts = [f"The runbook: {view.item.letter}", said]
    if view.state.recheck is not None:
        parts += list(_drift(view.state.recheck))
    if view.note:
        parts.append(f"Noted: {view.note}")
    if view.state.attestation is not None:
        parts.append(f"Attested: {view.state.attestation.note}")
    if view.state.problem is not None:
        parts.append(f"Problem: {view.state.problem.what}")
    if view.left:
        parts.append(
            "Not as it should be: "
            + "; ".join(
                f"{one.field} is {words.shown(one.found)} and should be {words.shown(one.wanted)}"
                for one in view.left
            )
        )
    if view.members:
        named = ", ".join(one.key for one in view.members[:_SHOWN])
        more = len(view.members) - _SHOWN
        rest = f", and {more} more in items.csv" if more > 0 else ""
        parts.append(f"It stands for {len(view.members)} ({view.tally}): {named}{rest}.")
    return "\n\n".join(parts)


def _drift(recheck: Recheck) -> Iterator[str]:
    if recheck.why:
        yield recheck.why
    for one in recheck.drifted[:_SHOWN]:
        then, now = words.shown(one.then), words.shown(one.now)
        yield f"{one.field} was {then} and is {now}. {one.reason}".strip()
    if (more := len(recheck.drifted) - _SHOWN) > 0:
        yield f"{more} more fields are in the journal."


def _props(view: ItemView, section: str) -> Iterator[Facts]:
    yield prop("item", view.item.id)
    yield prop("section", section)
    yield prop("state", view.state.status.value)
    yield prop("step", view.item.step)
    if view.how:
        yield prop("how", view.state.how)
    if view.state.recheck is not None:
        yield prop("verdict", view.state.recheck.verdict.value)
        if view.state.recheck.recorded_at:
            yield prop("recorded-at", view.state.recheck.recorded_at)
    if view.item.lines:
        yield prop("runbook-lines", view.item.lines)
    for test in view.item.vanta:
        yield prop("vanta-test", test)
    if view.anchor.startswith("removed-"):
        yield prop("removed", "during the session, from its checklist")
    for call in view.calls:
        if call.request_id:
            yield prop("aws-request-id", call.request_id)


def _actors(state: ItemState, ids: Ids) -> Iterator[Facts]:
    yield {"type": "tool", "actor-uuid": ids("tool")}
    people = [state.by, state.attestation.by if state.attestation else None]
    for actor in dict.fromkeys(ids.actor(one) for one in people if one is not None):
        yield {"type": "party", "actor-uuid": actor, "role-id": "operator"}


def _subjects(view: ItemView, ids: Ids) -> Iterator[Facts]:
    yield {"subject-uuid": ids("account"), "type": "component"}
    if arn := _arn(view):
        title = string(arn)
        yield {"subject-uuid": ids("resource", arn), "type": "inventory-item", "title": title}


def _relevant(item: str, found: Evidence) -> Iterator[Facts]:
    for name in found.of_items.get(item, ()):
        yield {"href": f"#{found.uuids[name]}", "description": prose(f"Of this item: {name}")}
    for name, what in (
        ("journal.jsonl", "All events of the session, chained by their hashes."),
        ("items.csv", "A line for each item and each of its members."),
    ):
        if name in found.uuids:
            yield {"href": f"#{found.uuids[name]}", "description": what}


def _arn(view: ItemView) -> str:
    arn = view.state.outputs.get("arn")
    return arn if isinstance(arn, str) and arn.startswith("arn:") else ""
