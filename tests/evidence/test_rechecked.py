"""The evidence of a recheck: verdicts first, drift field by field, the bundle that it follows."""

import csv
import io
import json
from pathlib import Path

from tests.evidence.exported import contents, exported
from tests.evidence.session import OPERATOR, Story, pinned, story
from wizard.evidence.opened import opened
from wizard.session import events
from wizard.session.rechecks import Drifted, Rechecked, RecheckStarted, Verdict

OF = RecheckStarted(
    session="20261122-aa",
    number=7,
    head_sha256="1" * 64,
    bundle_sha256="2" * 64,
    ended_at="2026-11-22T18:00:00.000000Z",
    caller_arn=OPERATOR.caller_arn,
    tool_version="0.2.0",
)
PORT = Drifted(field="Port", then=3567, now=80, wanted=3567, wrong=True, reason="another port")


def rechecked() -> Story:
    """A session that reads another one again: one match, one drift, one that is gone."""
    told = Story(9).tell(OF)
    items = [item.id for item in pinned().checklist.items]
    verdicts = [Verdict.MATCH, Verdict.DRIFT, Verdict.GONE]
    for place, item in enumerate(items):
        kind = verdicts[place] if place < len(verdicts) else Verdict.ATTESTED
        drifted = (PORT,) if kind is Verdict.DRIFT else ()
        told.tell(Rechecked(item=item, verdict=kind, drifted=drifted))
    told.tell(events.SessionFinished())
    return told


def test_the_bundle_names_the_one_it_follows_and_tells_every_verdict(tmp_path: Path) -> None:
    files = contents(exported(rechecked(), tmp_path))
    manifest = json.loads(files["manifest.json"])
    assert manifest["previous"] == OF.bundle_sha256
    assert manifest["rechecks"]["number"] == 7
    assert manifest["rechecks"]["verdicts"] == {
        "match": 1,
        "drift": 1,
        "gone": 1,
        "attested only": len(pinned().checklist.items) - 3,
    }
    rows = list(csv.DictReader(io.StringIO(files["items.csv"].decode())))
    assert [row["how"] for row in rows][:3] == ["match", "drift", "gone"]
    assert rows[1]["not_as_it_should_be"] == "Port"
    page = files["report.html"].decode()
    assert page.index("Read again") < page.index("Deviations from the letter")
    for part in ("another port", "3567", OF.bundle_sha256, "What session 7 asserted"):
        assert part in page


def test_without_a_bundle_it_names_the_last_line_of_the_journal(tmp_path: Path) -> None:
    told = rechecked()
    assert told.state.rechecks is not None
    assert told.state.rechecks.previous == OF.bundle_sha256
    assert (
        RecheckStarted(
            session="s", number=1, head_sha256="3" * 64, caller_arn="", tool_version=""
        ).previous
        == "3" * 64
    )
    assert opened(exported(told, tmp_path)).state == told.state


def test_a_session_that_is_no_recheck_follows_nothing(tmp_path: Path) -> None:
    files = contents(exported(story(), tmp_path))
    manifest = json.loads(files["manifest.json"])
    assert manifest["previous"] == ""
    assert "rechecks" not in manifest
    assert "Read again" not in files["report.html"].decode().replace("Read again from", "")
