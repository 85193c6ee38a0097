"""The picture shows what is there, once each, new apart from what was there; and it stays small."""

import xml.etree.ElementTree as ET

import pytest

import steps
from tests.evidence.session import Story
from wizard.checklist.load import load_text
from wizard.effects import Facts
from wizard.engine.related import related
from wizard.evidence.figures.picture import pictures
from wizard.evidence.figures.shapes import WIDTH, Box, Text
from wizard.evidence.figures.svg import svg
from wizard.evidence.topology import (
    CHANGED,
    KEPT,
    NEW,
    REFERRED,
    STANDINGS,
    Topology,
    topology,
)
from wizard.session import events
from wizard.session.base import Member, member_id
from wizard.step import Difference, Registry, Related, Relation, Thing

CHECKLIST = """\
schema: st-wizard/1
id: alarms
title: Alarms
source: "Contributors guide"
inputs:
  topic: {label: Topic}
sections:
  - title: Alarms
    items:
      - id: a.topic
        title: Topic
        letter: Make it
        step: sns.topic
        with: {name: '${inputs.topic}'}
      - id: a.subscription
        title: Subscription
        letter: Subscribe
        step: sns.subscription
        with: {topic_arn: '${steps."a.topic".arn}', address: ada@example.com}
        needs: [a.topic]
      - id: a.alarms
        title: An alarm for each function
        letter: For all the functions
        foreach: '${[`f1`, `f2`]}'
        step: cloudwatch.alarm
        with:
          name: '${each} Errors'
          namespace: AWS/Lambda
          metric: Errors
          dimensions: {FunctionName: '${each}'}
          statistic: Maximum
          period: 300
          threshold: 1
          comparison: GreaterThanThreshold
          missing_data: missing
          topic_arn: '${steps."a.topic".arn}'
        needs: [a.topic]
"""
TOPIC = "arn:aws:sns:us-east-1:000011112222:Alarms"
REGISTRY = Registry.of(steps)


def seen(told: Story, item: str, before: Facts | None, after: Facts | None, how: str) -> None:
    """An item looked, and when it changed something looked again, and ended."""
    differences = () if before == after else (Difference("it", None, "there"),)
    told.tell(
        events.ItemStarted(item=item),
        events.Observed(item=item, found=before, differences=differences),
    )
    if before != after:
        told.tell(events.Observed(item=item, found=after, differences=(), after_writes=True))
    if how:
        told.tell(events.ItemDone(item=item, how=how, outputs=after or {}))


def drawn(told: Story) -> Topology:
    pinned = load_text(CHECKLIST, "alarms.yaml", advice="{}\n")
    return topology(related(pinned.checklist, told.state, REGISTRY), told.state)


def told_of(found: Topology) -> list[str]:
    return [
        f"{one.named} ({one.standing}) {verb} {other.named} ({other.standing})"
        if other
        else f"{one.named} ({one.standing})"
        for one, verb, other in found.rows()
    ]


@pytest.fixture
def told() -> Story:
    story = Story()
    story.tell(events.InputAnswered(input="topic", value="Alarms", source="operator"))
    return story


TOPIC_FOUND = {"arn": TOPIC, "name": "Alarms", "type": "Standard"}


def alarm(name: str) -> Facts:
    return {
        "arn": f"arn:alarm:{name}",
        "Dimensions": {"FunctionName": name},
        "AlarmActions": [TOPIC],
    }


def test_what_was_made_is_new_and_hangs_together(told: Story) -> None:
    seen(told, "a.topic", None, TOPIC_FOUND, "changed")
    subscribed = {"state": "pending", "topic": "Alarms", "address": "ada@example.com", "arn": ""}
    seen(told, "a.subscription", None, subscribed, "changed")
    members = tuple(Member(key=name, each=name) for name in ("f1", "f2"))
    told.tell(
        events.ItemStarted(item="a.alarms"), events.FannedOut(item="a.alarms", members=members)
    )
    seen(told, member_id("a.alarms", "f1"), None, alarm("f1"), "changed")
    seen(told, member_id("a.alarms", "f2"), alarm("f2"), alarm("f2"), "already")
    assert told_of(drawn(told)) == [
        "SNS topic Alarms (new) asked to confirm subscription ada@example.com (new)",
        "alarm f1 Errors (new) watches function f1 (referred)",
        "alarm f1 Errors (new) tells SNS topic Alarms (new)",
        "alarm f2 Errors (kept) watches function f2 (referred)",
        "alarm f2 Errors (kept) tells SNS topic Alarms (new)",
    ]


def test_an_incomplete_run_shows_only_what_is_there(told: Story) -> None:
    seen(told, "a.topic", TOPIC_FOUND, TOPIC_FOUND, "already")
    told.tell(
        events.ItemStarted(item="a.subscription"),
        events.Observed(item="a.subscription", found=None, differences=()),
    )
    assert told_of(drawn(told)) == ["SNS topic Alarms (kept)"]
    assert pictures(drawn(told))[0].shapes


def test_a_session_that_found_nothing_has_no_picture(told: Story) -> None:
    assert pictures(drawn(told)) == ()


def test_facts_of_an_older_version_leave_the_picture_out_and_fail_nothing(told: Story) -> None:
    seen(told, "a.topic", None, {"name": "Alarms"}, "changed")
    assert drawn(told).nodes == ()


def thing(number: int, kind: str = "alarm") -> Thing:
    return Thing(kind, str(number), f"{kind}-{number}")


def of(*relations: Relation, things: tuple[Thing, ...] = ()) -> Topology:
    one = Related(item="x", things=things, before=(), relations=relations)
    return topology([one], Story().state)


def test_what_hangs_together_alike_is_one_box_however_many() -> None:
    topic = thing(0, "SNS topic")
    relations = [Relation(thing(n), "watches", thing(n, "function")) for n in range(300)]
    relations += [Relation(thing(n), "tells", topic) for n in range(300)]
    found = of(*relations, things=tuple(thing(n) for n in range(300)))
    assert told_of(found) == [
        "300 alarms alarm-0, alarm-1, alarm-2 and 297 more (new) watches "
        "300 functions function-0, function-1, function-2 and 297 more (referred)",
        "300 alarms alarm-0, alarm-1, alarm-2 and 297 more (new) tells "
        "SNS topic SNS topic-0 (referred)",
    ]


def test_what_hangs_together_otherwise_stays_apart() -> None:
    relations = [Relation(thing(n), "tells", thing(0, "SNS topic")) for n in range(5)]
    relations.append(Relation(thing(4), "watches", thing(9, "function")))
    assert len(of(*relations).nodes) == 4


def test_one_that_is_known_by_another_key_is_the_same() -> None:
    known = Thing("load balancer", "app/acme/1", "acme", also=("acme-1.elb",))
    record = thing(1, "DNS record")
    found = of(
        Relation(record, "leads to", Thing("load balancer", "acme-1.elb", "acme-1.elb")),
        things=(known,),
    )
    assert told_of(found) == [
        "DNS record DNS record-1 (referred) leads to load balancer acme (new)"
    ]


def test_of_two_relations_of_a_pair_the_last_is_shown() -> None:
    pair = thing(1, "SNS topic"), thing(1, "subscription")
    found = of(
        Relation(pair[0], "asked to confirm", pair[1]), Relation(pair[0], "mails to", pair[1])
    )
    assert [edge.verb for edge in found.edges] == ["mails to"]


@pytest.mark.parametrize("count", [1, 3, 11, 40])
def test_boxes_lie_inside_and_do_not_overlap(count: int) -> None:
    kinds = [f"kind {n}" for n in range(count)]
    hub = thing(0, "VPC")
    relations = [Relation(thing(1, kind), "is in", hub) for kind in kinds]
    relations += [
        Relation(thing(1, one), "tells", thing(1, other))
        for one, other in zip(kinds, kinds[3:], strict=False)
    ]
    # A circle must not hang it.
    relations.append(Relation(hub, "knows", thing(1, kinds[0])))
    for figure in pictures(of(*relations)):
        assert figure.width <= WIDTH + 4
        boxes = [one for one in figure.shapes if isinstance(one, Box) and one.height > 20]
        for index, one in enumerate(boxes):
            assert one.x >= 0
            assert one.x + one.width <= figure.width
            assert one.y >= 0
            assert one.y + one.height <= figure.height
            for other in boxes[index + 1 :]:
                apart = (
                    one.x + one.width <= other.x
                    or other.x + other.width <= one.x
                    or one.y + one.height <= other.y
                    or other.y + other.height <= one.y
                )
                assert apart, (one, other)


def test_standings_are_told_apart_by_words_and_edges() -> None:
    found = of(
        Relation(thing(1), "tells", thing(2)),
        Relation(thing(3), "tells", thing(4)),
        things=(thing(1),),
    )
    [figure] = pictures(found)
    words = {shape.text for shape in figure.shapes if isinstance(shape, Text)}
    assert {"NEW", "REFERRED TO", "NEW: new in this run"} <= words
    assert {node.standing for node in found.nodes} == {NEW, REFERRED}
    assert {NEW, CHANGED, KEPT, REFERRED} == set(STANDINGS)


def test_hostile_names_are_drawn_harmlessly() -> None:
    evil = Thing("alarm", "k", '</svg><script>alert(1)</script>\u202e"')
    [figure] = pictures(of(things=(evil,)))
    root = ET.fromstring(svg(figure, "made-1"))  # noqa: S314  our own
    assert not [one for one in root.iter() if one.tag.endswith("script")]
    assert "⟨U+202E⟩" in "".join(root.itertext())
