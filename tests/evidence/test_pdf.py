"""report.pdf is a document: whole, the same again, readable by others, and never a crash."""

import hashlib
import io
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from tests.evidence.exported import source_of
from tests.evidence.session import PIN, Story, pinned, read, story
from wizard.checklist.load import load_text
from wizard.evidence.bundle import PDF, SUMS, bundle, fingerprint
from wizard.evidence.html import html
from wizard.evidence.pdf.attached import ATTACHED
from wizard.evidence.pdf.document import pdf
from wizard.evidence.pdf.paper import BOTTOM, Marks, Paper, Style
from wizard.evidence.pdf.table import Table
from wizard.evidence.views import report
from wizard.session import events
from wizard.step import Difference

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PRINT = "0123456789abcdef" * 4


def made(told: Story) -> PdfReader:
    return PdfReader(io.BytesIO(document(told)))


def document(told: Story) -> bytes:
    return pdf(report(pinned(), told.entries, told.state), PRINT, b"the bundle")


def text_of(page: int, reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", reader.pages[page].extract_text())


def all_text(reader: PdfReader) -> str:
    return " ".join(text_of(page, reader) for page in range(len(reader.pages)))


@pytest.fixture(scope="module")
def reader() -> PdfReader:
    return made(story())


def test_page_one_says_all_that_matters(reader: PdfReader) -> None:
    text = text_of(0, reader)
    for words in (
        "Adding Load Balancer for production deployment",
        "Incomplete",
        "000011112222 (acme-production), partition aws, region us-east-1",
        "ada@desk",
        "2026-11-22 17:04:12 UTC to",
        "1 from the runbook's letter, each with its reason: Security Policy",
        "2: 2.2 Create listener HTTPS 3567; 2.3 Update DNS",
        f"sha256 {PRINT}",
        "Signatures are made after the export",
    ):
        assert words in text
    assert "SIMULATED" not in text


def test_a_simulated_account_is_called_one_on_each_page() -> None:
    told = Story(pin=replace(PIN, endpoint_url="http://127.0.0.1:5000"))
    found = made(told)
    assert "SIMULATED: not a real AWS account" in text_of(0, found)
    assert all("SIMULATED ACCOUNT" in text_of(page, found) for page in range(1, len(found.pages)))


@pytest.mark.parametrize(
    ("last", "word"),
    [
        (events.SessionAborted(reason="wrong account."), "Aborted"),
        (events.SessionFinished(), "Complete"),
    ],
)
def test_how_it_ended_stands_on_page_one(last: events.AnyEvent, word: str) -> None:
    assert word in text_of(0, made(story().tell(last)))


def test_each_page_has_its_number_the_session_and_the_fingerprint(reader: PdfReader) -> None:
    count = len(reader.pages)
    assert count > 3
    for number in range(count):
        text = text_of(number, reader)
        assert f"page {number + 1} of {count}" in text
        assert f"bundle sha256 {PRINT}" in text
        assert "session session-7" in text


def test_it_tells_what_the_page_tells(reader: PdfReader) -> None:
    text = all_text(reader)
    for words in (
        "aws elbv2 create-load-balancer --name acme-prod",
        "request 11111111-2222-3333-4444-555555555555",
        "1,240 requests a second at p99 180 ms",
        "The fact: It allows TLS 1.0 and 1.1",
        "Waited for state active, now provisioning.",
        "(kept as the secret scale-api-password)",
        '<script>alert("x")</script>⟨U+202E⟩=1+1',
        "sha256sum --check --strict SHA256SUMS",
    ):
        assert words in text


def test_the_outline_leads_to_sections_and_items(reader: PdfReader) -> None:
    titles: list[str] = []

    def walk(entries: Sequence[Any]) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry)
            else:
                titles.append(str(entry.title))
                page = reader.get_destination_page_number(entry)
                assert page is not None

    walk(reader.outline)
    assert titles[:3] == ["Summary", "Contents", "Deviations from the letter"]
    assert {"2 Load balancer", "2.1 Create load balancer", "How to verify"} <= set(titles)


def test_it_has_every_part_of_the_page(reader: PdfReader) -> None:
    told = story()
    page = html(report(pinned(), told.entries, told.state))
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
    paper = all_text(reader)
    assert len(headings) > 9
    # Page one of the PDF is its summary and needs no heading that says so.
    missing = [one for one in headings if unescape(one) not in paper]
    assert missing == ["Summary", "How to verify this folder"]


def test_the_contents_name_the_pages_on_which_things_stand(reader: PdfReader) -> None:
    contents = next(
        text_of(page, reader) for page in range(5) if "Contents" in text_of(page, reader)
    )
    found = re.search(r"2\.1 Create load balancer[ .]*(\d+)", contents)
    assert found is not None
    assert "2.1 Create load balancer" in text_of(int(found[1]) - 1, reader)
    assert "pre.identity" not in contents


def test_the_bundle_is_attached_byte_for_byte() -> None:
    files = bundle(source_of(story()))
    found = PdfReader(io.BytesIO(files[PDF]))
    assert list(found.attachments) == [ATTACHED]
    [attached] = found.attachments[ATTACHED]
    with zipfile.ZipFile(io.BytesIO(attached)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    own = inside.pop(SUMS)
    assert inside == {name: one for name, one in files.items() if name not in {PDF, SUMS}}
    assert fingerprint(files) == fingerprint({**inside, SUMS: own})
    assert fingerprint(files) in text_of(0, found)
    assert hashlib.sha256(own).hexdigest() == fingerprint(files)


def test_the_same_session_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import sys; from tests.evidence.test_pdf import document, story;"
        "sys.stdout.buffer.write(document(story()))"
    )
    environment = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PATH": ""}
    again = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True
    )
    assert again.stdout == document(story())


def test_its_dates_are_the_journals(reader: PdfReader) -> None:
    told = story()
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.isoformat()[:19] == told.state.updated_at[:19]
    assert reader.metadata.title == (
        "Session 7: Adding Load Balancer for production deployment, Incomplete"
    )


@pytest.mark.parametrize(
    "name",
    ["日本語のバケット", "emoji 🚀 here", "العربية", "a\u0000b", "x" * 30_000],
)
def test_no_name_can_crash_it_and_none_is_lost_silently(name: str) -> None:
    told = Story()
    item = "pre.identity"
    told.tell(
        events.ItemStarted(item=item),
        events.Observed(item=item, found={name: name}, differences=()),
    )
    text = all_text(made(told)).replace(" ", "")
    expected = name[0] if name[0].isascii() else f"⟨U+{ord(name[0]):04X}⟩"
    assert expected in text


def test_what_the_fonts_lack_stands_as_its_code() -> None:
    paper = Paper(head=("", ""), foot=("", ""), at=NOON, marks=Marks())
    assert paper.shown("Größe Ωμέγα Кириллица → ✓") == "Größe Ωμέγα Кириллица → ✓"
    assert paper.shown("日🚀\x1b") == "⟨U+65E5⟩⟨U+1F680⟩⟨U+001B⟩"


@pytest.mark.parametrize("text", ["", " ", "a" * 500, "word " * 80, "    " * 60 + "deep", "x\n\ny"])
def test_wrapped_lines_fit_and_lose_nothing(text: str) -> None:
    paper = Paper(head=("", ""), foot=("", ""), at=NOON, marks=Marks())
    style = Style(8)
    lines = paper.wrapped(text, 40, style)
    assert all(paper.width(line, style) <= 41 or len(line.strip()) == 1 for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


def test_a_row_higher_than_a_page_is_parted_with_its_header() -> None:
    told = Story()
    item = "pre.identity"
    long = {str(number): f"value {number}" for number in range(400)}
    told.tell(
        events.ItemStarted(item=item),
        events.Observed(item=item, found=None, differences=(Difference("all", None, long),)),
        events.Observed(item=item, found={"all": long}, differences=(), after_writes=True),
    )
    found = made(told)
    pages = [page for page in range(len(found.pages)) if '"value ' in text_of(page, found)]
    assert len(pages) >= 3
    assert all("Field" in text_of(page, found) for page in pages)
    text = all_text(found)
    # One value is cut after so many characters, and says so.
    assert "…" in text


def test_two_hundred_items_take_no_more_than_a_few_seconds_of_work() -> None:
    items = "\n".join(
        f"      - {{id: many.i{number}, title: Item {number}, letter: Do it, step: a.b}}"
        for number in range(200)
    )
    text = (
        "schema: st-wizard/1\nid: many\ntitle: Many\nsource: Nowhere\nsections:\n"
        f"  - title: All\n    items:\n{items}\n"
    )
    many = load_text(text, "many.yaml", advice="{}\n")
    told = Story()
    for number in range(200):
        item = f"many.i{number}"
        found = {f"field {one}": f"value {one} of {number}" for one in range(8)}
        told.tell(
            events.ItemStarted(item=item),
            read(item, "elbv2", "DescribeLoadBalancers", {"Names": ["acme"]}),
            events.Observed(item=item, found=found, differences=()),
            events.ItemDone(item=item, how="already", outputs={}),
        )
    whole = report(many, told.entries, told.state)
    began = time.process_time()
    document = pdf(whole, PRINT, b"zip")
    assert time.process_time() - began < 8
    assert len(PdfReader(io.BytesIO(document)).pages) > 60


def test_reading_a_session_does_not_load_the_pdf_library() -> None:
    code = "import sys, wizard.cli.main; sys.exit('fpdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_link_leads_to_a_page_of_the_document(reader: PdfReader) -> None:
    pages = {page.indirect_reference.idnum for page in reader.pages if page.indirect_reference}
    leading = 0
    for page in reader.pages:
        for each in page.get("/Annots", []):
            annotation = each.get_object()
            if annotation["/Subtype"] == "/Link":
                destination = annotation.get("/Dest") or annotation["/A"]["/D"]
                assert destination[0].idnum in pages
                leading += 1
    assert leading > 20


def test_no_heading_stands_alone_at_the_end_of_a_page() -> None:
    paper = Paper(head=("", ""), foot=("", ""), at=NOON, marks=Marks())
    table = Table(header=("Field", "Found"), shares=(1, 3))
    for number in range(60):
        paper.page()
        paper.y = BOTTOM - number
        rows = [((f"row-{number}-{one}", "value\n" * (number % 9)), False) for one in range(3)]
        table.draw(paper, rows, f"Heading {number};")
    document = PdfReader(io.BytesIO(bytes(paper.pdf.output())))
    for page in document.pages:
        text = page.extract_text()
        for number in re.findall(r"Heading (\d+);", text):
            assert f"row-{number}-0" in text
