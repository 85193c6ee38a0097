"""OSCAL findings: this checklist's objective for each criterion, and how far it is satisfied.

Finding and target:
https://pages.nist.gov/OSCAL/reference/latest/assessment-results/json-definitions/#/assembly/oscal-assessment-common/finding
"""

from collections.abc import Iterator, Sequence

from wizard.checklist.criteria import subject
from wizard.effects import Facts, Json
from wizard.evidence.controls import FAILED, NOTHING, UNSUPPORTED, ControlView
from wizard.evidence.oscal_risks import Risk
from wizard.evidence.oscal_words import Ids, line, prose
from wizard.evidence.views import Report


def objective(criterion: str) -> str:
    """The id of this checklist's objective for a criterion."""
    return f"{criterion}_st-wizard"


def objectives(found: Sequence[ControlView]) -> Facts:
    """The local definitions of the document."""
    return (
        {
            "objectives-and-methods": [
                {
                    "control-id": one.criterion,
                    "description": prose(f"{one.criterion}: {subject(one.criterion)}"),
                    "parts": [
                        {
                            "id": objective(one.criterion),
                            "name": "assessment-objective",
                            "prose": prose(_aim(one)),
                        }
                    ],
                }
                for one in found
            ]
        }
        if found
        else {"remarks": "The checklist names no criteria."}
    )


def reviewed(report: Report) -> Facts:
    """Which criteria and objectives were looked at."""
    assessed = [one for one in report.controls if one.standing is not NOTHING]
    if not assessed:
        return {
            "control-selections": [
                {"description": "The checklist names no criteria.", "include-all": {}}
            ]
        }
    told: dict[str, Json] = {
        "description": "The AICPA's Trust Services Criteria that the items bear on.",
        "control-selections": [
            {"include-controls": [{"control-id": one.criterion} for one in assessed]}
        ],
        "control-objective-selections": [
            {"include-objectives": [{"objective-id": objective(one.criterion)} for one in assessed]}
        ],
    }
    if left := [one.criterion for one in report.controls if one.standing is NOTHING]:
        told["remarks"] = prose(f"No item applied that bears on {', '.join(left)}.")
    return told


def findings(report: Report, known: Sequence[Risk], ids: Ids) -> Iterator[Facts]:
    """One for each criterion that an item bears on."""
    for one in report.controls:
        if one.standing is NOTHING:
            continue
        items = {view.item.id for view in one.items}
        related = [risk for risk in known if items & set(risk.items)]
        observed = [ids("observation", item) for item in sorted(items)]
        if one.by_the_run:
            observed.append(ids("observation run"))
        told: dict[str, Json] = {
            "uuid": ids("finding", one.criterion),
            "title": line(f"{one.criterion}: {one.subject}"),
            "description": prose(_aim(one)),
            "target": {
                "type": "objective-id",
                "target-id": objective(one.criterion),
                "status": _status(one),
            },
            "related-observations": [{"observation-uuid": uuid} for uuid in observed],
        }
        if related:
            told["related-risks"] = [{"risk-uuid": risk.uuid} for risk in related]
        yield told


def _status(one: ControlView) -> Facts:
    if one.standing is FAILED:
        state, reason = "not-satisfied", "fail"
    elif one.standing is UNSUPPORTED:
        state, reason = "not-satisfied", "other"
    else:
        state, reason = "satisfied", "pass"
    return {"state": state, "reason": reason, "remarks": one.standing.word}


def _aim(one: ControlView) -> str:
    items = ", ".join(view.item.title for view in one.items)
    done = f"Each of these is done, and read back from AWS or attested: {items}." if items else ""
    run = (
        "The changes were shown, approved by a named person, made by recorded calls and read back."
        if one.by_the_run
        else ""
    )
    return f"Within this checklist. {run} {done}".replace("  ", " ").strip()
