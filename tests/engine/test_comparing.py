"""Three columns: the letter, the reference region, and what will be here."""

from pathlib import Path

import pytest

from tests.engine.stage import Stage, item_is, play
from wizard.effects import Json, Read
from wizard.engine.commands import AcceptDifference, Answer
from wizard.errors import DeniedError
from wizard.session.base import ComparedField
from wizard.session.events import Compared, DifferenceAccepted, Planned
from wizard.session.state import Comparison, SessionState, Status

INPUTS = """
inputs:
  reference: {label: Reference, default: eu-west-1}
  size: {label: Size, default: small, letter: large, advice: E1}
"""
ONE = (
    INPUTS
    + """
sections:
- title: S
  items:
  - id: a
    title: A
    letter: A
    step: test.setup
    with: {name: one, settings: {size: "${inputs.size}", bucket: "logs-${session.region}"}}
    reference:
      region: "${inputs.reference}"
      with: {name: theirs}
      expected: {owner: each region has its own}
"""
)
THEIRS: Json = {
    "id": "id-1",
    "size": "large",
    "bucket": "logs-eu-west-1",
    "vpc": "vpc-0123456789abcdef0",
    "owner": "eve",
    "kept": True,
}
DEFAULTS = (
    Answer(input="reference", value="eu-west-1"),
    Answer(input="size", value="large"),
)


def stage_of(tmp_path: Path, text: str = ONE, **things: Json) -> Stage:
    stage = Stage(tmp_path, text)
    stage.world.things = {"eu-west-1/theirs": THEIRS, **things}
    return stage


def comparison(state: SessionState) -> Comparison:
    found = state.item("a").comparison
    assert found is not None
    return found


def rows(state: SessionState) -> dict[str, ComparedField]:
    return {row.field: row for row in comparison(state).rows}


def compared(stage: Stage) -> list[Compared]:
    events = [entry.event for entry in stage.journal.entries("s1")]
    return [event for event in events if isinstance(event, Compared)]


def test_each_field_of_either_side_is_marked(tmp_path: Path) -> None:
    here = {"id": "id-2", "size": "large", "bucket": "logs-us-east-1",
            "vpc": "vpc-00000000000000001", "owner": "ada", "kept": False, "ours": 1}  # fmt: skip
    state = stage_of(tmp_path, one=here).run(*DEFAULTS)
    assert {row.field: row.mark for row in comparison(state).rows} == {
        "size": "same",
        "bucket": "expected",
        "vpc": "expected",
        "owner": "expected",
        "kept": "differs",
        "ours": "differs",
    }
    found = rows(state)
    assert found["bucket"].reason == "names this region"
    assert found["bucket"].reference == found["bucket"].here == "logs-{region}"
    assert found["vpc"].reason == "an id or time of its own"
    assert found["owner"].reason == "each region has its own"
    assert (found["ours"].reference, found["ours"].here) == (None, 1)


def test_here_is_what_will_be_and_afterwards_what_is(tmp_path: Path) -> None:
    stage = stage_of(tmp_path)
    state = stage.run(*DEFAULTS, approve=False, until=item_is("a", Status.NEEDS_APPROVAL))
    found = rows(state)
    assert (found["size"].here, found["size"].planned) == ("large", True)
    assert found["bucket"].mark == "expected"
    order = [
        type(entry.event).__name__
        for entry in stage.journal.entries("s1")
        if isinstance(entry.event, Compared | Planned)
    ]
    assert order == ["Compared", "Planned"]
    state = stage.run()
    assert state.item("a").status is Status.DONE
    assert not any(row.planned for row in comparison(state).rows)


def test_the_letter_stands_beside_and_a_deviation_explains(tmp_path: Path) -> None:
    stage = stage_of(tmp_path)
    small = Answer(input="size", value="small", reason="it is cheaper")
    state = stage.run(DEFAULTS[0], small)
    row = rows(state)["size"]
    assert (row.letter, row.mark, row.reason) == ("large", "accepted", "it is cheaper")
    assert (row.reference, row.here) == ("large", "small")


STATED = ONE.replace(
    "      expected: {owner",
    '      letter: {bucket: "logs-<region>", settings.colour: red, size.unit: litre, vpc: ""}\n'
    "      expected: {owner",
)


def test_the_letter_of_single_fields_stands_beside_them(tmp_path: Path) -> None:
    small = Answer(input="size", value="small", reason="it is cheaper")
    state = stage_of(tmp_path, STATED).run(DEFAULTS[0], small)
    found = rows(state)
    assert (found["bucket"].letter, found["bucket"].mark) == ("logs-<region>", "expected")
    assert found["size"].letter == "large"
    # Empty: the letter says nothing of it, whatever the question says.
    assert found["vpc"].letter == ""


def test_what_only_the_letter_has_is_a_row_of_its_own(tmp_path: Path) -> None:
    small = Answer(input="size", value="small", reason="it is cheaper")
    found = rows(stage_of(tmp_path, STATED).run(DEFAULTS[0], small))
    row = found["settings.colour"]
    assert (row.letter, row.reference, row.here, row.planned) == ("red", None, None, False)
    assert row.mark == "accepted", "the answer that departs from the letter explains it"
    assert row.reason == "it is cheaper"
    other = rows(stage_of(tmp_path / "other", STATED).run(*DEFAULTS))["settings.colour"]
    assert other.mark == "differs"


def test_the_same_is_written_down_once(tmp_path: Path) -> None:
    here = {name: value for name, value in THEIRS.items() if name != "id"}
    stage = stage_of(tmp_path, one={**here, "bucket": "logs-us-east-1"})
    stage.run(*DEFAULTS)
    assert len(compared(stage)) == 1


def test_the_reference_region_is_only_read(tmp_path: Path) -> None:
    stage = stage_of(tmp_path)
    stage.run(*DEFAULTS)
    there = [
        effect for effect in stage.world.calls if getattr(effect, "region", None) == "eu-west-1"
    ]
    assert there
    assert all(isinstance(effect, Read) for effect in there)
    assert stage.world.things["eu-west-1/theirs"] == THEIRS


def test_what_is_not_there_follows_the_letter(tmp_path: Path) -> None:
    stage = stage_of(tmp_path)
    del stage.world.things["eu-west-1/theirs"]
    state = stage.run(*DEFAULTS)
    assert state.item("a").status is Status.DONE
    assert comparison(state).rows == ()
    assert comparison(state).problem == "eu-west-1 has none: the letter is followed."


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            DeniedError("You may not.", code="AccessDenied", action="things:Get", policy="{}"),
            "eu-west-1 could not be read: You may not.",
        ),
        (KeyError("Value"), "The step broke on what is there: KeyError in deny, "),
    ],
)
def test_what_goes_wrong_there_stops_nothing(tmp_path: Path, error: Exception, told: str) -> None:
    stage = stage_of(tmp_path)

    def deny(effect: object) -> None:
        if isinstance(effect, Read) and effect.region == "eu-west-1":
            raise error

    stage.world.before.append(deny)
    state = stage.run(*DEFAULTS)
    assert state.item("a").status is Status.DONE
    assert comparison(state).problem.startswith(told)
    assert "'Value'" not in comparison(state).problem


def test_the_reference_region_is_not_compared_with_itself(tmp_path: Path) -> None:
    state = stage_of(tmp_path).run(DEFAULTS[1], Answer(input="reference", value="us-east-1"))
    assert comparison(state).problem == "This is the reference region itself."


def test_a_difference_is_accepted_with_a_reason_and_stays_so(tmp_path: Path) -> None:
    stage = stage_of(tmp_path, one={"kept": False})
    plan = item_is("a", Status.NEEDS_APPROVAL)
    stage.run(*DEFAULTS, approve=False, until=plan)
    accept = AcceptDifference(item="a", field="kept", reason=" not needed here ")
    stage.run(accept, approve=False, until=lambda state: bool(comparison(state).accepted))
    row = rows(stage.state())["kept"]
    assert (row.mark, row.reason) == ("accepted", "not needed here")
    row = rows(stage.run())["kept"]
    assert (row.mark, row.reason) == ("accepted", "not needed here")


@pytest.mark.parametrize(
    ("field", "reason", "notice"),
    [
        ("nothing", "because", "a compares no field called nothing."),
        ("size", "because", "size does not differ."),
        ("kept", "  ", "To accept a difference, say why it is as it should be."),
    ],
)
def test_what_cannot_be_accepted_is_refused(
    tmp_path: Path, field: str, reason: str, notice: str
) -> None:
    stage = stage_of(tmp_path, one={"kept": False})
    stage.run(*DEFAULTS, approve=False, until=item_is("a", Status.NEEDS_APPROVAL))
    engine = stage.engine()
    seen: list[str] = []
    engine.subscribe(lambda snapshot: seen.append(snapshot.notice))
    command = AcceptDifference(item="a", field=field, reason=reason)
    play(engine, command, until=lambda _: notice in seen)
    events = [entry.event for entry in stage.journal.entries("s1")]
    assert not any(isinstance(event, DifferenceAccepted) for event in events)


def test_a_preview_compares_the_same(tmp_path: Path) -> None:
    stage = stage_of(tmp_path)
    engine = stage.preview()
    play(engine)
    state = engine.snapshot.state
    assert state.item("a").status is Status.PLANNED
    # The default of the size departs from the letter, with the advice's reason.
    assert rows(state)["size"].reason == "because"
    assert stage.world.written() == []


NESTED = ONE.replace(
    'settings: {size: "${inputs.size}", bucket: "logs-${session.region}"}',
    'settings: {policy: "${inputs.policy}"}',
).replace("inputs:\n", "inputs:\n  policy: {label: P}\n")
POLICY = '{"Version": "2012-10-17", "Statement": [{"Action": ["a", "b"]}], "Id": "%s"}'


def test_documents_are_compared_field_by_field(tmp_path: Path) -> None:
    stage = Stage(tmp_path, NESTED)
    stage.world.things = {
        "eu-west-1/theirs": {"policy": POLICY % "Policy1594127151493"},
        "one": {"policy": '{"Id": "mine", "Statement": [{"Action": ["b", "a"]}]}'},
    }
    policy = Answer(input="policy", value='{"Id": "mine", "Statement": [{"Action": ["b", "a"]}]}')
    state = stage.run(*DEFAULTS, policy)
    assert {row.field: row.mark for row in comparison(state).rows} == {
        "policy.Version": "differs",
        "policy.Statement": "same",
        "policy.Id": "differs",
    }


def test_what_is_known_only_after_apply_is_expected_to_differ(tmp_path: Path) -> None:
    text = ONE.replace(
        "  - id: a\n", "  - {id: b, title: B, letter: B, step: test.thing, with: {name: two}}\n"
        "  - id: a\n    needs: [b]\n",
    ).replace('"logs-${session.region}"', '"${steps.b.id}"')  # fmt: skip
    stage = stage_of(tmp_path, text)
    engine = stage.preview()
    play(engine)
    row = rows(engine.snapshot.state)["bucket"]
    assert (row.mark, row.reason) == ("expected", "known once it is made")
