"""A preview takes over what a session was answered, also what a person consented to there."""

from pathlib import Path

import pytest

from tests.engine.stage import Stage, item_is, play
from wizard.effects import Json
from wizard.engine.commands import Answer
from wizard.session.state import Status

OPEN = """
inputs:
  from: {label: From, type: TYPE, default: DEFAULT,
    consent: {value: 0.0.0.0/0, phrase: open it}}
sections:
- title: S
  items:
  - {id: a, title: A, letter: A, step: test.setup,
     with: {name: one, settings: {from: "${inputs.from}"}}}
"""
ONE = OPEN.replace("TYPE", "text").replace("DEFAULT", "10.0.0.0/16")
LIST = OPEN.replace("TYPE", "texts").replace("DEFAULT", "[10.0.0.0/16]")
DANGEROUS = [(ONE, "0.0.0.0/0"), (LIST, ["10.0.0.0/16", "0.0.0.0/0"])]


@pytest.mark.parametrize(("text", "value"), DANGEROUS)
def test_a_preview_takes_what_was_consented_to(tmp_path: Path, text: str, value: Json) -> None:
    stage = Stage(tmp_path, text)
    engine = stage.preview()
    engine.send(Answer(input="from", value=value, source="file"))
    play(engine)
    state = engine.snapshot.state
    assert not engine.snapshot.notice
    assert state.item("a").planned[0].params["Value"] == {"from": value}


@pytest.mark.parametrize(("text", "value"), DANGEROUS)
@pytest.mark.parametrize("source", ["file", "default"])
def test_a_session_takes_it_from_a_person_alone(
    tmp_path: Path, text: str, value: Json, source: str
) -> None:
    stage = Stage(tmp_path, text)
    engine = stage.engine()
    seen: list[str] = []
    engine.subscribe(lambda snapshot: seen.append(snapshot.notice))
    play(
        engine,
        Answer(input="from", value=value, source=source),
        until=lambda _: any("0.0.0.0/0 can only be chosen by a person" in one for one in seen),
    )
    assert "from" not in stage.state().answers
    state = stage.run(
        Answer(input="from", value=value),
        approve=False,
        until=item_is("a", Status.NEEDS_APPROVAL),
    )
    assert state.answers["from"].value == value
