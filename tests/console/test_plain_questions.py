"""The questionary side, driven by keys as in a terminal; and the table of waits."""

import io
from collections.abc import Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from tests.engine.world import PIN
from wizard.checklist.load import load_bundled
from wizard.console.plain.asker import Choice
from wizard.console.plain.paper import Paper
from wizard.console.plain.progress import Progress
from wizard.console.plain.questions import Questions
from wizard.engine.snapshot import Held, InFlight, NextLook, Snapshot
from wizard.session.state import SessionState

ENTER, DOWN, SPACE, CTRL_C, CTRL_D = "\r", "\x1b[B", " ", "\x03", "\x04"
FRUIT = [
    Choice("a", "apple"),
    Choice(None, "nothing"),
    Choice("p", "pear", disabled="not ripe"),
    Choice("q", "quince", "golden", ticked=True),
]


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


def test_the_cursor_begins_on_what_is_proposed(keys: PipeInput) -> None:
    keys.send_text(ENTER)
    assert Questions().select("Which?", FRUIT) == "q"


def test_typing_filters(keys: PipeInput) -> None:
    keys.send_text("app" + ENTER)
    assert Questions().select("Which?", FRUIT[:3]) == "a"


def test_a_value_of_none_stays_none(keys: PipeInput) -> None:
    keys.send_text(DOWN + ENTER)
    assert Questions().select("Which?", FRUIT[:2]) is None


def test_several_are_ticked_at_first_as_proposed(keys: PipeInput) -> None:
    keys.send_text(SPACE + ENTER)
    assert Questions().several("Which?", FRUIT, lambda _: "") == ["a", "q"]


def test_text_is_asked_until_it_is_right(keys: PipeInput) -> None:
    keys.send_text("x" + ENTER + "\x7f" + "yes " + ENTER)
    wrong = Questions().text("Word?", check=lambda text: "" if text == "yes" else "say yes")
    assert wrong == "yes"


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_ctrl_c_and_ctrl_d_interrupt(keys: PipeInput, key: str) -> None:
    keys.send_text(key)
    with pytest.raises(KeyboardInterrupt):
        Questions().password("Secret?")


def test_confirm(keys: PipeInput) -> None:
    keys.send_text("n")
    assert Questions().confirm("Sure?", default=True) is False


def test_waits_count_down_between_two_snapshots() -> None:
    out = io.StringIO()
    console = Console(file=out, width=120)
    item = "lb.scale.wait"
    look = NextLook(
        item=item, waiting_for="3 instances, 2 there", elapsed=60, limit=600, next_look_in=9
    )
    call = InFlight(
        item=item, service="ec2", operation="DescribeInstances", region="us-east-1",
        mutating=False, since=0,
    )  # fmt: skip
    held = Held(service="elbv2", operation="AddTags", waiting=2, per_second=0.5, throttled=True)
    state = SessionState(pin=PIN)
    snapshot = Snapshot(state=state, looks=(look,), in_flight=(call,), held=(held,))
    checklist = load_bundled("add-load-balancer").checklist
    progress = Progress(Paper(console), checklist)
    console.print(progress.picture(snapshot, passed=5))
    shown = out.getvalue()
    for part in (
        f"0 of {len(checklist.items)} done",
        "waits for 3 instances, 2 there",
        "1:05 of 10:00",
        "looks in 4 s",
        "ec2:DescribeInstances us-east-1",
        "2 calls waiting, 0.5 a second; AWS asked to slow down",
    ):
        assert part in shown, shown
