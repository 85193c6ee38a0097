"""A scripted operator, and a desk whose sessions run on the real engine over the small world."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

from rich.console import Console

from tests.engine.stage import Stage
from tests.engine.world import PIN
from wizard.checklist.pinned import Pinned
from wizard.cli.exported import exported
from wizard.console.plain import Choice, plain
from wizard.console.plain.asker import Check, CheckMany
from wizard.effects import Json
from wizard.engine.commands import Answer
from wizard.engine.desk import Dropdown, Evidence, Profile, Running, SessionSummary, SigningKey
from wizard.engine.engine import Engine
from wizard.errors import RefusedError
from wizard.evidence.source import source
from wizard.session.base import Pin
from wizard.session.state import SessionState
from wizard.step import Option

TAKE = object()
"""Answer with what is proposed."""


class Script:
    """Answers by a part of the question; each answer is used once, in order; a function is called
    for its answer. Nothing else is answered: an unexpected question fails the test."""

    def __init__(self, *answers: tuple[str, Any]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []
        self.offered: dict[str, Sequence[Choice]] = {}
        self.refused: list[str] = []

    @property
    def left(self) -> list[tuple[str, Any]]:
        return self._answers

    def _next(self, question: str) -> Any:
        self.asked.append(question)
        for place, (part, answer) in enumerate(self._answers):
            if part in question:
                del self._answers[place]
                if isinstance(answer, type) and issubclass(answer, BaseException):
                    raise answer
                return answer() if isinstance(answer, FunctionType) else answer
        raise AssertionError(f"nobody answers: {question}")

    def select(self, question: str, choices: Sequence[Choice]) -> Json:
        self.offered[question] = choices
        answer = self._next(question)
        if answer is TAKE:
            return next(one.value for one in choices if one.ticked)
        assert answer in [one.value for one in choices if not one.disabled], choices
        return answer

    def several(self, question: str, choices: Sequence[Choice], check: CheckMany) -> list[Json]:
        self.offered[question] = choices
        answer = self._next(question)
        chosen = [one.value for one in choices if one.ticked] if answer is TAKE else answer
        assert not check(chosen), check(chosen)
        return list(chosen)

    def text(self, question: str, *, default: str = "", check: Check | None = None) -> str:
        while True:
            answer = self._next(question)
            typed = default if answer is TAKE else str(answer)
            wrong = check(typed) if check is not None else ""
            if not wrong:
                return typed
            self.refused.append(wrong)

    def password(self, question: str) -> str:
        return str(self._next(question))

    def confirm(self, question: str, *, default: bool) -> bool:
        answer = self._next(question)
        return default if answer is TAKE else bool(answer)


class StageDesk:
    """A desk over one stage: its checklist, its world, its journal."""

    def __init__(self, stage: Stage, *, pin: Pin = PIN, keyring: bool = True) -> None:
        self.stage = stage
        self.pin = pin
        self.secrets: dict[str, str] = {}
        self.kept: list[str] = []
        self.keys: tuple[SigningKey, ...] = ()
        self.rechecked: list[str] = []
        self.signed: list[tuple[Path, str, bool]] = []
        self._keyring = keyring

    def checklists(self) -> Sequence[Pinned]:
        return [self.stage.pinned]

    def sessions(self) -> Sequence[SessionSummary]:
        summaries = []
        for stored in self.stage.journal.sessions():
            state = self.stage.journal.state(stored.session)
            summaries.append(
                SessionSummary(
                    session=stored.session,
                    number=stored.number,
                    checklist_id="test",
                    title="Test",
                    account_id=PIN.account_id,
                    alias=PIN.alias,
                    region=PIN.region,
                    started_at=state.started_at,
                    updated_at=state.updated_at,
                    standing="finished" if state.finished_at else "suspended",
                    done=sum(item.status.ended for item in state.items.values()),
                    total=len(self.stage.pinned.checklist.items),
                    rechecks=state.rechecks.number if state.rechecks is not None else 0,
                )
            )
        return summaries

    def profiles(self) -> Sequence[Profile]:
        return [Profile(name="work", region="eu-west-1", kind="sso")]

    def regions(self, profile: str) -> Sequence[str]:
        return ["us-east-1", "eu-west-1"]

    def region_choices(self, profile: str) -> Dropdown:
        options = tuple(Option(value=name, label=name) for name in self.regions(profile))
        return Dropdown(options=options, source="the test", read_at="")

    def identify(self, profile: str, region: str) -> Pin:
        return self.pin

    def begin(self, checklist: str, pin: Pin, answers: Mapping[str, Json]) -> Engine:
        return self.stage.engine()

    def preview(self, checklist: str, pin: Pin, answers: Mapping[str, Json]) -> Engine:
        engine = self.stage.preview()
        for name, value in answers.items():
            engine.send(Answer(input=name, value=value, source="file"))
        return engine

    def resume(self, session: str, *, take_over: str = "") -> Running:
        return self.stage.engine()

    def recheck(self, session: str) -> Running:
        self.rechecked.append(session)
        return self.stage.recheck()

    def look(self, session: str) -> tuple[Pinned, SessionState]:
        return self.stage.pinned, self._state(session)

    def export(self, session: str, to: Path) -> Evidence:
        entries = self.stage.journal.entries(session)
        return exported(source(self.stage.pinned, entries, self._state(session)), to).evidence()

    def _state(self, session: str) -> SessionState:
        return self.stage.journal.state(session)

    def signing_keys(self) -> Sequence[SigningKey]:
        return self.keys

    def sign(self, folder: Path, key: str, *, terminal: bool) -> str:
        self.signed.append((folder, key, terminal))
        return key

    def has_secret(self, name: str) -> bool:
        return name in self.secrets

    def give_secret(self, name: str, value: str, *, keep: bool) -> str:
        if keep and not self._keyring:
            raise RefusedError("no keyring", where=name, todo="be asked")
        self.secrets[name] = value
        if keep:
            self.kept.append(name)
        return "the keyring" if keep else "memory of this process"

    def inbox_url(self) -> str:
        return ""


class Sitting:
    """One call of `plain`: its exit code, what was printed, the script afterwards."""

    def __init__(
        self,
        desk: StageDesk,
        *answers: tuple[str, Any],
        start: str | None = None,
        resume: str | None = None,
        encoding: str = "utf-8",
    ) -> None:
        self.script = Script(*answers)
        raw = io.BytesIO()
        paper = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
        self.code = plain(
            desk,
            start=start,
            resume=resume,
            console=Console(file=paper, width=100),
            ask=self.script,
        )
        self.printed = raw.getvalue().decode(encoding)
        assert not self.script.left, (self.script.left, self.printed)


BEGIN = (("Region", "us-east-1"), ("Type its alias", "test"))
"""What is asked before a session begins."""

END = (("Export", False),)
