"""The session as OSCAL assessment results, for tools that read those of many systems.

Plain data, made without a library; the tests hold it against the reference library. The objectives
are this checklist's: that every item that bears on a criterion is done. Whether a criterion as a
whole is met is for the auditor to say.

https://pages.nist.gov/OSCAL/concepts/layer/assessment/assessment-results/
"""

from collections.abc import Iterator, Mapping, Sequence

from wizard.effects import Facts, Json
from wizard.evidence.history import course
from wizard.evidence.items import ItemView
from wizard.evidence.oscal_findings import findings, objectives, reviewed
from wizard.evidence.oscal_observations import Evidence, evidence, inventory, observation
from wizard.evidence.oscal_risks import risks
from wizard.evidence.oscal_words import NS, Ids, line, prop, prose, string
from wizard.evidence.source import Source
from wizard.evidence.views import Report
from wizard.session.base import Actor
from wizard.session.events import Entry
from wizard.session.state import SessionState

NAME = "oscal-assessment-results.json"
VERSION = "1.2.1"
"""Of OSCAL: that of the reference library in the tests."""

_OPERATOR = "operator"
_CRITERIA = (
    "https://www.aicpa-cima.com/resources/download/"
    "2017-trust-services-criteria-with-revised-points-of-focus-2022"
)


def assessment_results(source: Source, files: Mapping[str, bytes]) -> Facts:
    """The document. `files` are those of the bundle that it may name, with their hashes."""
    ids = Ids(source.state.session)
    found = evidence(files, ids)
    return {
        "assessment-results": {
            # Of this document: another one for each state of the journal.
            "uuid": ids("document", source.head_sha256),
            "metadata": _metadata(source, ids),
            "import-ap": {
                "href": f"#{found.uuids.get('checklist.yaml', ids('checklist'))}",
                "remarks": "The plan is the checklist that ran; it is no OSCAL document.",
            },
            "local-definitions": objectives(source.report.controls),
            "results": [_result(source, ids, found)],
            "back-matter": {"resources": [*found.resources, *_resources(source, ids, files)]},
        }
    }


def _metadata(source: Source, ids: Ids) -> Facts:
    state = source.state
    people = _people(source.entries)
    return {
        "title": line(
            f"Session {state.number}: {source.pinned.checklist.title}, "
            f"{source.report.standing.word}"
        ),
        "last-modified": state.updated_at,
        "version": string(source.head_sha256),
        "oscal-version": VERSION,
        "props": [
            prop("session", state.session),
            prop("number", state.number),
            prop("journal-head-sha256", source.head_sha256),
            *([prop("previous-sha256", source.previous)] if source.previous else []),
        ],
        "roles": [{"id": _OPERATOR, "title": "Operator: ran the checklist and decided"}],
        "parties": [_party(actor, ids) for actor in people],
        "responsible-parties": [
            {"role-id": _OPERATOR, "party-uuids": [ids.actor(actor) for actor in people]}
        ],
    }


def _people(entries: Sequence[Entry]) -> Sequence[Actor]:
    return tuple(dict.fromkeys(entry.actor for entry in entries))


def _party(actor: Actor, ids: Ids) -> Facts:
    return {
        "uuid": ids.actor(actor),
        "type": "person",
        "name": string(f"{actor.user}@{actor.host}"),
        "props": [prop("aws-caller", actor.caller_arn)],
    }


def _result(source: Source, ids: Ids, found: Evidence) -> Facts:
    report, state = source.report, source.state
    views = [(section.title, view) for section in report.sections for view in section.items]
    told: dict[str, Json] = {
        "uuid": ids("result"),
        "title": line(report.standing.word),
        "description": prose(report.result),
        "start": state.started_at,
        "props": [prop("state", report.standing.word), prop("calls-changing", state.writes)],
        "local-definitions": _definitions(report, [view for _, view in views], ids),
        "reviewed-controls": reviewed(report),
        "observations": [
            *(observation(view, section, state, ids, found) for section, view in views),
            _run(source, ids, found),
        ],
        "assessment-log": {"entries": list(_log(source.entries, ids))},
    }
    if state.finished_at:
        told["end"] = state.finished_at
    if words := list(_attestations([view for _, view in views], ids)):
        told["attestations"] = words
    known = risks(report, ids)
    if known:
        told["risks"] = [one.facts for one in known]
    if concluded := list(findings(report, known, ids)):
        told["findings"] = concluded
    return told


def _definitions(report: Report, views: Sequence[ItemView], ids: Ids) -> Facts:
    told: dict[str, Json] = {
        "components": [_account(report.state, ids)],
        "assessment-assets": {
            "components": [
                {
                    "uuid": ids("tool"),
                    "type": "software",
                    "title": "st-wizard",
                    "description": "Carried out the checklist, and read the account.",
                    "props": [prop("version", report.state.tool_version, oscal=True)],
                    "status": {"state": "operational"},
                }
            ],
            "assessment-platforms": [
                {
                    "uuid": ids("platform"),
                    "title": "st-wizard on the operator's machine",
                    "uses-components": [{"component-uuid": ids("tool")}],
                }
            ],
        },
    }
    if things := list(inventory(views, ids)):
        told["inventory-items"] = things
    return told


def _account(state: SessionState, ids: Ids) -> Facts:
    pin = state.pin
    told: dict[str, Json] = {
        "uuid": ids("account"),
        "type": "this-system",
        "title": "AWS account",
        "description": "Not confirmed.",
        "status": {"state": "operational"},
    }
    if pin is None:
        return told
    alias = f" ({pin.alias})" if pin.alias else ""
    where = f"Partition {pin.partition}, region {pin.region}."
    told["title"] = line(f"AWS account {pin.account_id}{alias}")
    told["description"] = prose(where)
    if pin.endpoint_url:
        told["title"] = line(f"SIMULATED AWS account {pin.account_id}{alias}")
        told["description"] = prose(f"{where} Not a real one: calls went to {pin.endpoint_url}.")
        told["status"] = {"state": "other", "remarks": "A simulated account."}
    return told


def _run(source: Source, ids: Ids, found: Evidence) -> Facts:
    """The session itself as one observation: how changes were made."""
    state = source.state
    names = [name for name in ("journal.jsonl", "manifest.json") if name in found.uuids]
    told: dict[str, Json] = {
        "uuid": ids("observation run"),
        "title": "The run itself",
        "description": prose(
            f"{source.report.result} {state.writes} changing and {state.reads} reading calls, "
            f"{len(source.entries)} events."
        ),
        "props": [prop("journal-head-sha256", source.head_sha256)],
        "methods": ["EXAMINE"],
        "origins": [{"actors": [{"type": "tool", "actor-uuid": ids("tool")}]}],
        "subjects": [{"subject-uuid": ids("account"), "type": "component"}],
        "collected": state.updated_at,
    }
    if names:
        told["relevant-evidence"] = [
            {"href": f"#{found.uuids[name]}", "description": line(name)} for name in names
        ]
    return told


def _log(entries: Sequence[Entry], ids: Ids) -> Iterator[Facts]:
    for entry in entries:
        for told in course([entry]):
            yield {
                "uuid": ids("log", str(entry.seq)),
                "title": line(told.what),
                "start": entry.at,
                "logged-by": [{"party-uuid": ids.actor(entry.actor), "role-id": _OPERATOR}],
            }


def _resources(source: Source, ids: Ids, files: Mapping[str, bytes]) -> Iterator[Facts]:
    yield {
        "uuid": ids("criteria"),
        "title": "2017 Trust Services Criteria (with revised points of focus, 2022), AICPA",
        "citation": {"text": "AICPA, TSP Section 100"},
        "rlinks": [{"href": _CRITERIA}],
    }
    if "checklist.yaml" not in files:
        yield {
            "uuid": ids("checklist"),
            "title": line(source.pinned.checklist.title),
            "description": prose(source.pinned.checklist.source),
        }


def _attestations(views: Sequence[ItemView], ids: Ids) -> Iterator[Facts]:
    for view in views:
        if (said := view.state.attestation) is not None:
            yield {
                "responsible-parties": [
                    {"role-id": _OPERATOR, "party-uuids": [ids.actor(said.by)]}
                ],
                "parts": [
                    {
                        "uuid": ids("attestation", view.item.id),
                        "name": "attestation",
                        "ns": NS,
                        "title": line(view.item.title),
                        "props": [prop("item", view.item.id), prop("at", said.at)],
                        "prose": prose(said.note),
                    }
                ],
            }
