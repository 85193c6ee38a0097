"""`compare`: two regions of the simulated account, or the small world, side by side on paper."""

import io
import json
from pathlib import Path

import pytest

from tests.engine.stage import Stage, pinned, play
from wizard.checklist.load import load_bundled
from wizard.checklist.pinned import Pinned
from wizard.cli import REFUSED, USAGE, run
from wizard.cli import desk as desks
from wizard.console.comparison import as_json, outcome, print_comparison
from wizard.console.plan import print_plan
from wizard.session.state import SessionState
from wizard.simulator.process import Simulator

SMALL = r"""
inputs:
  size: {label: Size, default: small, letter: large, advice: E1}
sections:
- title: First part
  items:
  - id: a
    title: Like there
    letter: "Make it\nlike theirs"
    step: test.setup
    with: {name: one, settings: {size: "${inputs.size}"}}
    reference: {region: eu-west-1, with: {name: theirs}}
  - id: b
    title: Not there
    letter: Make it
    step: test.setup
    with: {name: two, settings: {}}
    reference: {region: eu-west-1, with: {name: nothing}}
  - {id: c, title: Alone, letter: L, step: test.thing, with: {name: three}}
"""
TOPICS = """
inputs:
  reference: {label: Reference region, type: text, default: eu-west-1}
sections:
- title: Topics
  items:
  - id: ec2
    title: Topic for EC2
    letter: Create the topic
    step: sns.topic
    with: {name: "CloudWatch_Alarms_${region_label(session.region)}_EC2"}
    reference: {region: "${inputs.reference}"}
"""


def state_of(tmp_path: Path) -> tuple[Pinned, SessionState]:
    stage = Stage(tmp_path, SMALL)
    stage.world.things = {
        "eu-west-1/theirs": {"size": "large", "bucket": "b-eu-west-1", "kept": "\x1b[31myes"},
        "one": {"size": "large", "bucket": "b-us-east-1", "kept": "no"},
    }
    engine = stage.preview()
    play(engine)
    return stage.pinned, engine.snapshot.state


class Screen(io.StringIO):
    """A stream that a console takes the width from."""


def printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int, *, whole: bool = False
) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    stream = Screen()
    print_comparison(*state_of(tmp_path), "eu-west-1", stream, whole=whole)
    return stream.getvalue()


@pytest.mark.parametrize("width", [240, 60])
def test_columns_stand_beside_each_other_or_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    told = printed(tmp_path, monkeypatch, width)
    assert "First part" in told
    assert "The letter: Make it / like theirs" in told
    assert "✗ differs" in told
    assert "≈ expected: names this region" in told
    assert "✎ accepted: because" in told
    assert "small (planned)" in told
    assert "– not compared: eu-west-1 has none" in told
    assert "0 same, 1 expected, 1 accepted, 1 differ; 1 not comparable." in told
    assert "Alone" not in told
    assert "\x1b[31m" not in told
    assert all(len(line) <= width for line in told.splitlines())
    assert ("│" in told) is (width == 240)


def test_json_has_every_row(tmp_path: Path) -> None:
    told = as_json(*state_of(tmp_path), "eu-west-1")
    assert told["summary"] == {
        "same": 0, "expected": 1, "accepted": 1, "differs": 1, "not_comparable": 1,
    }  # fmt: skip
    first, second = told["items"]
    assert {row["field"]: row["mark"] for row in first["rows"]} == {
        "size": "accepted", "bucket": "expected", "kept": "differs",
    }  # fmt: skip
    assert second["problem"] == "eu-west-1 has none: the letter is followed."
    json.dumps(told)


def test_a_plan_says_how_many_fields_differ(tmp_path: Path) -> None:
    stream = io.StringIO()
    print_plan(*state_of(tmp_path), stream)
    assert "1 fields differ from the reference region, 1 accepted" in stream.getvalue()


def test_an_item_that_was_not_reached_is_not_comparable() -> None:
    assert outcome(pinned(SMALL), SessionState()).not_comparable == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["us-east-1", "us-east-1"], USAGE),
        (["us-east-1", "mars-north-1"], USAGE),
        (["us-east-1", "eu-west-1", "--checklist", "add-load-balancer"], USAGE),
        (["us-east-1", "eu-west-1", "--checklist", "none"], USAGE),
        (["us-east-1"], USAGE),
    ],
)
def test_what_cannot_be_compared_is_a_usage_error(
    topics: None, tmp_path: Path, arguments: list[str], code: int
) -> None:
    where = ["--endpoint-url", "http://127.0.0.1:9", "--home", str(tmp_path)]
    assert run(["compare", *arguments, *where]) == code


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checklist add-region is the one above; the others stay."""

    def load(name: str) -> Pinned:
        return pinned(TOPICS) if name == "add-region" else load_bundled(name)

    monkeypatch.setattr(desks, "load_bundled", load)


def test_regions_of_the_simulated_account_by_exit_code_and_json(
    topics: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Simulator(speed=600) as simulator:
        where = ["--endpoint-url", simulator.ready.endpoint_url, "--home", str(tmp_path)]
        assert run(["compare", "us-east-1", "eu-west-1", "--all", *where]) == 0
        told = capsys.readouterr().out
        assert "Topics" in told
        assert "0 differ" in told
        assert run(["compare", "us-east-1", "eu-west-1", "--json", *where]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["reference"] == "eu-west-1"
        assert told["items"][0]["rows"]
        # No such topic in the reference: nothing can be compared.
        assert run(["compare", "us-east-1", "sa-east-1", *where]) == 1
        assert "Nothing could be compared" in capsys.readouterr().err
        assert run(["compare", "us-east-1", "eu-west-1", "--account", "1", *where]) == REFUSED
    assert not list(tmp_path.rglob("*.journal"))
