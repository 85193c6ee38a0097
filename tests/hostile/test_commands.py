"""Every payload through what commands and the plain front end print, and through their logs."""

import io
import json
import re
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from tests.console.scripted import Script, StageDesk
from tests.engine.stage import Stage
from tests.hostile.judge import active
from tests.hostile.payloads import PAYLOADS
from tests.hostile.poison import Poison
from tests.hostile.test_screens import midway, of_a_region
from tests.screens.fakes import FakeRunning
from tests.screens.listed import FINISHED, SUSPENDED
from wizard.cli import records
from wizard.cli.desk import WizardDesk
from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.console import comparison, plan
from wizard.console.autopilot import summary
from wizard.console.plain import plain
from wizard.console.plain.finish import summary as plain_summary
from wizard.console.plain.paper import Paper
from wizard.console.progress import Progress
from wizard.effects import Effect
from wizard.errors import CallError
from wizard.safe import whole


def sessions() -> list[FakeRunning]:
    """Sessions in which every payload is, in one place and another."""
    poison = Poison()
    made: list[FakeRunning] = []
    while len(poison.used) < len(PAYLOADS) or len(made) < 6:
        made += [midway(poison), of_a_region(poison)]
    return made


@pytest.mark.parametrize("width", [60, 160])
def test_a_plan_a_comparison_and_a_summary_on_paper(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    printed = io.StringIO()
    for running in sessions():
        state = running.snapshot.state
        plan.print_plan(running.pinned, state, printed)
        comparison.print_comparison(running.pinned, state, PAYLOADS[0], printed, whole=True)
        plain_summary(state, running.pinned, Paper(Console(file=printed, width=width)))
    assert len(printed.getvalue()) > 10_000
    assert not active(printed.getvalue())


def test_what_is_printed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    for running in sessions():
        state = running.snapshot.state
        for told in (
            plan.as_json(running.pinned, state),
            comparison.as_json(running.pinned, state, PAYLOADS[0]),
            msgspec.to_builtins(summary(running, 1.0)),
        ):
            print_json(told)
            out = capsys.readouterr().out
            assert not active(out)
            assert out.count("\n") == 1
            json.loads(out)


def test_the_log_of_a_run_has_one_line_for_each_thing_that_it_tells() -> None:
    log = io.StringIO()
    for running in sessions():
        snapshot = msgspec.structs.replace(
            running.snapshot, error=PAYLOADS[60], notice="\n   1.0s ✓ forged"
        )
        Progress(running.pinned.checklist, log).show(snapshot)
    assert not active(log.getvalue())
    lines = log.getvalue().splitlines()
    assert len(lines) > 50
    # A line that is told begins with its time; what goes on below is the console's own wrapping.
    assert not [line for line in lines if re.match(r"\s*1\.0s ✓ forged", line)]


def test_the_list_of_sessions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    poison = Poison()
    many = [poison.struct(one) for one in (SUSPENDED, FINISHED) for _ in range(60)]
    monkeypatch.setattr(WizardDesk, "sessions", lambda _: many)
    for as_json in (False, True):
        assert records.list_sessions(Settings(home=tmp_path, as_json=as_json)) == 0
        assert not active(capsys.readouterr().out)


def checklist(payloads: list[str]) -> str:
    """A checklist of things with hostile names; JSON's texts are YAML's, too."""
    items = "".join(
        f"  - {{id: a{n}, title: {json.dumps(whole(one)[:50] or 'x')}, "
        f"letter: {json.dumps(whole(one)[:3000] or 'x')}, step: test.thing, "
        f"with: {{name: {json.dumps(whole(one)[:3000].replace('${', '$${'))}}}}}\n"
        for n, one in enumerate(payloads)
    )
    return f"sections:\n- title: {json.dumps(whole(payloads[0])[:50] or 'x')}\n  items:\n{items}"


class Skipper(Script):
    """Approves everything, and skips what fails with a hostile reason."""

    def __init__(self, payloads: Sequence[str]) -> None:
        super().__init__()
        self._reasons = cycle(payloads)

    def _next(self, question: str) -> Any:
        self.asked.append(question)
        known = {"Region": "us-east-1", "Type its alias": "test", "Nothing has been": "all"}
        for part, answer in {**known, "Export": False}.items():
            if part in question:
                return answer
        return next(self._reasons) or "x" if "Why" in question else "skip"


@pytest.mark.parametrize("at", range(0, len(PAYLOADS), 50))
def test_a_whole_sitting_on_plain_paper(at: int, tmp_path: Path) -> None:
    some = [one for one in PAYLOADS[at : at + 50] if len(one) < 3000]
    stage = Stage(tmp_path, checklist(some))
    stage.world.things = {one: {"Value": one} for one in some[::3]}
    refused = {whole(one) for one in some[1::3]}

    def refuse(effect: Effect) -> None:
        name = str(getattr(effect, "params", {}).get("Name", ""))
        if name in refused:
            raise CallError(name, code=name, where=name, todo=name, request_id=name)

    stage.world.before.append(refuse)
    paper, script = io.StringIO(), Skipper(some)
    code = plain(
        StageDesk(stage),
        start="test",
        resume=None,
        console=Console(file=paper, width=100),
        ask=script,
    )
    assert code == 0
    assert len([asked for asked in script.asked if "Why" in asked]) >= len(refused) - 1
    assert not active(paper.getvalue())
    assert stage.state().finished_at
