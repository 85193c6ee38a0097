"""report.html in a real browser: it loads nothing, complains of nothing, fits, and prints."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.evidence.browser import FOUND, Browser, browser
from tests.evidence.session import PIN, Story, pinned, story
from tests.evidence.test_topology import thing
from wizard.evidence.html import html
from wizard.evidence.views import report
from wizard.session import events
from wizard.step import Related, Relation

pytestmark = pytest.mark.skipif(
    FOUND is None, reason="There is no Chromium here: apt-get install chromium, then run it again."
)

A4, LETTER, PHONE = (8.27, 11.69), (8.5, 11.0), 360
RELATED = Related(
    item="lb.alb.create",
    things=tuple(thing(n) for n in range(3)),
    before=(),
    relations=tuple(Relation(thing(n), "tells", thing(9, "SNS topic")) for n in range(3)),
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    told = story()
    long = "arn:aws:s3:::" + "very-long-name-without-a-space-" * 12
    told.tell(
        events.ItemStarted(item="lb.dns.alias"),
        events.Observed(item="lb.dns.alias", found={long: {"a": [long, long]}}, differences=()),
    )
    file = tmp_path_factory.mktemp("page") / "report.html"
    whole = report(pinned(), told.entries, told.state, [RELATED])
    file.write_text(html(whole), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


def test_it_opens_without_scripts_requests_or_complaints(at: Browser, page: Path) -> None:
    at.open(page)
    methods = [event["method"] for event in at.events]
    assert "Page.loadEventFired" in methods
    asked = [
        event["params"]["request"]["url"]
        for event in at.events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert set(asked) <= {page.as_uri()}
    noise = {"Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"}
    assert [event for event in at.events if event["method"] in noise] == []
    shown = at.evaluate("document.body.textContent")
    assert "Adding Load Balancer for production deployment" in shown
    assert "aws elbv2 create-load-balancer" in shown
    assert at.evaluate("document.querySelectorAll('figure svg').length") == 2


@pytest.mark.parametrize("width", [PHONE, 700, 1100])
def test_nothing_sticks_out_at_the_side(at: Browser, page: Path, width: int) -> None:
    at.open(page, width=width)
    assert at.evaluate("window.innerWidth") == width
    assert at.evaluate("document.documentElement.scrollWidth") <= width


def test_every_link_leads_somewhere(at: Browser, page: Path) -> None:
    at.open(page)
    lost = at.evaluate(
        "[...document.querySelectorAll('a')].filter(a => !a.getAttribute('href').startsWith('#')"
        " || !document.getElementById(a.getAttribute('href').slice(1))).length"
    )
    assert lost == 0
    assert at.evaluate("document.querySelectorAll('a').length") > 10


@pytest.mark.parametrize("paper", [A4, LETTER], ids=["A4", "Letter"])
def test_it_prints_with_all_that_matters_on_page_one(
    at: Browser, page: Path, paper: tuple[float, float]
) -> None:
    at.open(page)
    printed = PdfReader(io.BytesIO(at.printed(*paper)))
    assert [float(side) / 72 for side in printed.pages[0].mediabox[2:]] == pytest.approx(
        paper, abs=0.02
    )
    pages = [re.sub(r"\s+", " ", one.extract_text()) for one in printed.pages]
    for words in ("Incomplete", "Summary", "ada@desk", "Open points", "Journal", "head sha256"):
        assert words in pages[0]
    assert "Contents" not in pages[0]
    assert pages[1].count("Contents") >= 1
    count = len(pages)
    assert all(f"page {n} of {count}" in text for n, text in enumerate(pages, 1))
    assert all("st-wizard · session 7" in text for text in pages[1:])
    assert all(len(text) > 200 for text in pages), "a page is empty"
    # What is folded on the screen is there on paper.
    assert "Began after" in " ".join(pages)


def test_what_is_printed_of_a_simulated_account_says_so_on_each_page(
    at: Browser, tmp_path: Path
) -> None:
    from msgspec.structs import replace

    told = Story(pin=replace(PIN, endpoint_url="http://127.0.0.1:5000"))
    file = tmp_path / "report.html"
    file.write_text(html(report(pinned(), told.entries, told.state)), encoding="utf-8")
    at.open(file)
    printed = PdfReader(io.BytesIO(at.printed(*A4)))
    assert "SIMULATED" in printed.pages[0].extract_text()
    assert all("SIMULATED ACCOUNT" in one.extract_text() for one in printed.pages[1:])
