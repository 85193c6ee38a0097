"""The report says on top how it ended, and of each item who, when, what and how it is known."""

import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from tests.evidence.session import PIN, Story, pinned, story
from wizard.evidence.html import html
from wizard.evidence.views import report
from wizard.evidence.words import lasted, shown
from wizard.session import events


class Page(HTMLParser):
    """The page's text by the id of the nearest element around it, and its attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self._style = False
        self.feed(source)
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._style = tag == "style"
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"href", "src"}:
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words.append(data)


def part(told: Story, name: str) -> str:
    """The text under the heading of that id, up to the next of its rank."""
    source = html(report(pinned(), told.entries, told.state))
    after = source[source.index(f'<h2 id="{name}">') :]
    return Page(after[: after.index("<h2", 3)]).text


def page(told: Story) -> Page:
    return Page(html(report(pinned(), told.entries, told.state)))


def test_it_is_one_file_that_loads_and_runs_nothing() -> None:
    found = page(story())
    assert not {"script", "link", "img", "iframe", "form", "object"} & set(found.tags)
    assert all(link.startswith("#") for link in found.links)
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.parametrize(
    ("last", "word"),
    [
        (None, "○ Incomplete The session is not finished. 5 of 7 items have ended: 2 done and"),
        (
            events.SessionAborted(reason="wrong account."),
            "✗ Aborted The session was aborted: wrong",
        ),
        (
            events.SessionFinished(),
            "✓ Complete 5 of 7 items have ended: 2 done and verified, 3 on a person's word",
        ),
        (events.SessionSuspended(reason="closed"), "○ Incomplete"),
    ],
)
def test_how_it_ended_stands_on_top(last: events.AnyEvent | None, word: str) -> None:
    told = story()
    if last is not None:
        told.tell(last)
    text = page(told).text
    assert word in text
    assert text.index(word) < text.index("Summary")


def test_the_summary_says_who_when_and_where() -> None:
    text = page(story()).text
    for words in (
        "000011112222 (acme-production), partition aws, region us-east-1",
        "ada@desk, as arn:aws:sts::000011112222:assumed-role/operations/ada",
        "2026-11-22 17:04:12 UTC to 2026-11-22 17:07:21 UTC (3 min 9 s)",
        "1 changing, 8 reading",
        f"sha256 {pinned().sha256}",
    ):
        assert words in text


def test_a_secret_is_told_by_its_name_only() -> None:
    assert "(kept as the secret scale-api-password)" in page(story()).text


def test_deviations_carry_both_choices_and_the_reason() -> None:
    text = page(story()).text
    assert (
        "Security Policy E11 ELBSecurityPolicy-2016-08 ELBSecurityPolicy-TLS13-1-2-2021-06 "
        "Old TLS versions are not offered to anybody."
    ) in text


def test_an_item_shows_before_and_after_its_call_and_its_reads() -> None:
    source = html(report(pinned(), story().entries, story().state))
    start = source.index('id="item-lb.alb.create"')
    item = Page(source[start : source.index('id="item-lb.listener.create"')]).text
    for words in (
        "✓ Done",
        "changed by the wizard and verified",
        "scheme (changed) – internet-facing internet-facing",
        "us-east-1a us-east-1b",
        "aws elbv2 create-load-balancer --name acme-prod",
        "✓ ok · elbv2:CreateLoadBalancer in us-east-1 · request "
        "11111111-2222-3333-4444-555555555555 · AWS Date Sun, 22 Nov 2026 17:05:12 GMT · 413 ms",
        "Reads (2)",
        'us-east-1 Names: ["acme-prod"] 2 2, 130 99999999-0000-0000-0000-000000000000',
        "Waited for state active, now provisioning.",
        "Application Load Balancer Scheme: internet-facing",
    ):
        assert words in item


def test_open_points_and_peoples_words_are_listed() -> None:
    opened = part(story(), "open-points")
    assert "Create listener HTTPS 3567" in opened
    assert "Ask for elasticloadbalancing:CreateListener" in opened
    assert "Update DNS" in opened
    said = part(story(), "people")
    for words in ("1,240 requests a second", "» Skipped", "Seen in the channel", "ada@desk"):
        assert words in said


def test_the_course_of_the_session_names_who_approved_and_resumed() -> None:
    told = story()
    told.tell(
        events.SessionSuspended(reason="the wizard was closed"),
        events.SessionResumed(tool_version="0.2.0", pin=PIN),
        events.Approved(items=("lb.dns.alias",)),
    )
    course = part(told, "course")
    for words in (
        "Started with st-wizard 0.1.0. ada@desk",
        "Approved the changes of all items.",
        "Suspended: the wizard was closed",
        "Resumed with st-wizard 0.2.0",
        "Approved the changes of lb.dns.alias.",
    ):
        assert words in course


def test_a_simulated_account_is_called_one() -> None:
    told = Story(pin=replace(PIN, endpoint_url="http://127.0.0.1:5000", speed=60.0))
    text = page(told).text
    assert "SIMULATED: not a real AWS account" in text
    assert "time runs 60 times as fast" in text
    assert "SIMULATED" not in page(Story()).text


def test_advice_is_told_with_the_item_it_concerns() -> None:
    assert "E11 · WARN The letter: Security Policy: 2016-08" in page(story()).text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (True, "yes"),
        ("", "(empty)"),
        ([], "(none)"),
        (["a", 1], "a\n1"),
        ({"$redacted": "password"}, "(secret: password)"),
        ({"$secret": "scale", "commit": "ab" * 32}, "(secret: scale)"),
        ({"$secret": "secret", "name": "scale"}, "(secret: scale)"),
        ({"b": 1, "a": [{}]}, '{\n  "a": [\n    {}\n  ],\n  "b": 1\n}'),
    ],
)
def test_values_read_as_people_read(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("until", "text"),
    [
        ("2026-11-22T10:00:09.5Z", "9 s"),
        ("2026-11-22T10:02:09Z", "2 min 9 s"),
        ("2026-11-22T13:02:09Z", "3 h 2 min"),
        ("", "–"),
    ],
)
def test_durations(until: str, text: str) -> None:
    assert lasted("2026-11-22T10:00:00.000000Z", until) == text
