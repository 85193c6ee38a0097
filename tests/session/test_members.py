"""The fold of an item that stands for many: counts that are right after any event."""

from collections import Counter

from wizard.session.base import Actor, Member, member_id, split_member
from wizard.session.events import (
    AnyEvent,
    Entry,
    FannedOut,
    ItemDone,
    ItemFailed,
    ItemReset,
    ItemSkipped,
    Observed,
)
from wizard.session.reduce import fold
from wizard.session.spread import Spread
from wizard.session.state import SessionState, Status

WHO = Actor(caller_arn="arn", host="host", user="ada")
KEYS = ("a", "b[1]", "c d")


def folded(*events: AnyEvent) -> SessionState:
    return fold(
        Entry(seq=place, at=f"t{place}", actor=WHO, event=event, previous_sha256="", sha256="")
        for place, event in enumerate(events, 1)
    )


def fanned(*keys: str) -> FannedOut:
    return FannedOut(item="many", members=tuple(Member(key=key, each=key) for key in keys))


def failed(key: str) -> ItemFailed:
    return ItemFailed(item=member_id("many", key), where="", what="no", todo="")


def done(key: str) -> ItemDone:
    return ItemDone(item=member_id("many", key), how="already", outputs={})


def test_members_are_counted_and_found_by_their_id() -> None:
    state = folded(fanned(*KEYS), done("a"), failed("b[1]"))
    item = state.item("many")
    assert item.tally == {Status.DONE: 1, Status.FAILED: 1, Status.WAITING: 1}
    assert state.item("many[b[1]]").status is Status.FAILED
    assert state.item("many[c d]").status is Status.WAITING
    assert split_member("many[b[1]]") == ("many", "b[1]")
    counted = Counter(state.item(member_id("many", key)).status for key in KEYS)
    assert dict(counted) == dict(item.tally)


def test_a_list_that_changed_keeps_what_is_known() -> None:
    state = folded(fanned(*KEYS), done("a"), failed("b[1]"), fanned("a", "e"))
    assert state.item("many").tally == {Status.DONE: 1, Status.WAITING: 1}
    assert set(state.item("many").children) == {"a"}


def test_tried_again_all_but_what_was_left_out_is_looked_at_anew() -> None:
    skipped = ItemSkipped(item="many[c d]", reason="no")
    events = (fanned(*KEYS), done("a"), failed("b[1]"), skipped)
    state = folded(*events, ItemReset(item="many", why="again"))
    assert state.item("many").tally == {Status.WAITING: 2, Status.SKIPPED: 1}
    state = folded(*events, ItemReset(item="many", why="again", alone=True))
    assert state.item("many").tally == {Status.DONE: 1, Status.FAILED: 1, Status.SKIPPED: 1}


def test_a_member_begins_when_it_is_first_looked_at() -> None:
    seen = Observed(item="many[a]", found=None, differences=())
    state = folded(fanned(*KEYS), seen, seen, done("a"))
    assert state.item("many[a]").started_at == "t2"
    assert state.item("many[a]").ended_at == "t4"


def test_a_changed_copy_leaves_the_first_as_it_was() -> None:
    first = Spread((str(number), number) for number in range(1000))
    second = first.having("7", -7).having("new", 1)
    assert (first["7"], second["7"]) == (7, -7)
    assert (len(first), len(second)) == (1000, 1001)
    assert "new" not in first
    assert second == {**{str(number): number for number in range(1000)}, "7": -7, "new": 1}
