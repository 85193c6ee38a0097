"""An item that does not apply says why in operators' words, whatever the report is written as."""

import io
import json
import re

from pypdf import PdfReader

from tests.evidence.session import CHECKLIST, Story, story
from wizard.checklist.load import load_text
from wizard.effects import Json
from wizard.evidence.html import html
from wizard.evidence.pdf.document import pdf
from wizard.evidence.table import items_csv
from wizard.evidence.views import Report, report
from wizard.session.events import AnyEvent, InputAnswered, ItemNotApplicable

INPUT = """\
  early: {label: Log groups made early, type: choice, choices: [
    {value: false, label: Let Lambda make them}, {value: true, label: Make them now}]}
  extra: {label: Extra name, optional: true}
"""


def told(when: str, *more: AnyEvent) -> tuple[Report, Story]:
    """A session in which the update of DNS does not apply by that condition."""
    text = CHECKLIST.replace("sections:\n", f"{INPUT}sections:\n", 1)
    text = text.replace("lines: L48, step: a.b", f"lines: L48, step: a.b, when: '{when}'")
    pinned = load_text(text, "x.yaml")
    tale = story().tell(*more, ItemNotApplicable(item="lb.dns.alias", why=f"{when} does not hold"))
    return report(pinned, tale.entries, tale.state), tale


def said(when: str, *more: AnyEvent) -> str:
    [note] = [one.note for one in told(when, *more)[0].unverified if one.item.id == "lb.dns.alias"]
    return note


def answer(name: str, value: Json, label: str = "") -> InputAnswered:
    return InputAnswered(input=name, value=value, source="operator", label=label)


def test_an_answer_is_told_by_its_label() -> None:
    chosen = "“Log groups made early” was answered: Let Lambda make them"
    assert said("${inputs.early}", answer("early", value=False)) == chosen
    assert said("${inputs.extra}") == "“Extra name” was left empty"
    assert said("${inputs.extra}", answer("extra", "")) == "“Extra name” was answered: (empty)"


def test_what_another_item_gave_is_told_by_its_title() -> None:
    assert said('${steps."lb.alb.create".has_logs}') == "“Create load balancer” gave has logs: –"


def test_every_form_of_the_report_has_the_words_and_the_journal_its_event() -> None:
    made, tale = told("${inputs.early}", answer("early", value=False))
    words = "was answered: Let Lambda make them"
    raw = "${inputs.early}"
    reader = PdfReader(io.BytesIO(pdf(made, "0" * 64, b"bundle")))
    paper = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    for text in (html(made), items_csv(made), paper):
        assert words in text
        assert raw not in text
    assert f"{raw} does not hold" in json.dumps([str(one.event) for one in tale.entries])
