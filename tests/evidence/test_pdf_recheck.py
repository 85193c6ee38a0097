"""The PDF of a recheck shows its verdicts first, as the page does."""

import io
import re

from msgspec.structs import replace
from pypdf import PdfReader

from tests.evidence.session import pinned, story
from wizard.evidence.pdf.document import pdf
from wizard.evidence.rechecked import DriftView, RecheckView, VerdictView
from wizard.evidence.views import report
from wizard.evidence.words import Standing
from wizard.session.rechecks import RecheckStarted

MATCH, DRIFT = Standing("✓", "Match", "good"), Standing("✗", "Drift", "bad")


def test_verdicts_come_first_and_what_drifted_before_the_rest() -> None:
    drift = DriftView(field="scheme", then="internet-facing", now="internal", wanted="", reason="")
    verdict = VerdictView(
        title="Create load balancer",
        name="lb.alb.create",
        anchor="item-lb.alb.create",
        standing=DRIFT,
        why="",
        recorded="2026-11-22 17:05:12 UTC",
        drifted=(drift,),
    )
    other = replace(
        verdict, title="Account and caller", name="pre.identity", standing=MATCH, drifted=()
    )
    found = RecheckView(
        of=RecheckStarted(
            session="session-6",
            number=6,
            head_sha256="ab" * 32,
            caller_arn="arn:aws:sts::000011112222:assumed-role/auditor/eve",
            tool_version="0.3.0",
        ),
        when="2026-11-22 18:00:00 UTC",
        counts=((DRIFT, 1), (MATCH, 1)),
        notable=(verdict,),
        others=(other,),
    )
    told = story()
    whole = replace(report(pinned(), told.entries, told.state), recheck=found)
    reader = PdfReader(io.BytesIO(pdf(whole, "0" * 64, b"zip")))
    text = re.sub(r"\s+", " ", reader.pages[1].extract_text())
    for words in (
        "Read again",
        "Of session number 6, session-6",
        "Verdicts: ✗ 1 Drift; ✓ 1 Match",
        "scheme internet-facing internal",
        "As it was recorded.",
    ):
        assert words in text
    assert text.index("Create load balancer") < text.index("Account and caller")
    assert "Contents" in reader.pages[2].extract_text()
