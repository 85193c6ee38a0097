"""Deeds: what the operator may have the wizard do while an item waits for a person.

What is typed is taken apart at once. Its secret goes to the gateway's memory under a fresh name;
only the rest is written down.
"""

from dataclasses import dataclass

import msgspec

from wizard.clock import Ids
from wizard.effects import Facts, Secret
from wizard.engine.commands import Act
from wizard.engine.record import Record
from wizard.errors import StepError
from wizard.gateway.protocol import Gateway
from wizard.gateway.secrets import scrubbed
from wizard.session.pauses import DeedAsked
from wizard.session.state import Status
from wizard.step import Deed, Given, Probe

TELLING = 4
"""Characters from which on a text is looked for in what would be written down."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A deed that the operator asked for, as its item's coroutine carries it out."""

    deed: str
    given: Facts
    secret: Secret | None


class Deeds:
    """The deeds of one engine: taken from the operator, handed to the coroutine of the item."""

    def __init__(self, record: Record, gateway: Gateway, ids: Ids) -> None:
        self._record = record
        self._gateway = gateway
        self._ids = ids
        self._paused: dict[str, tuple[Probe, Facts | None]] = {}
        self._asked: dict[str, Asked] = {}

    def offer(self, item: str, step: Probe, found: Facts | None) -> None:
        """The item pauses, with this found last."""
        self._paused[item] = (step, found)

    def take(self, command: Act) -> str:
        """Journals what the operator asks for; returns why not, or nothing."""
        item, text = command.item, command.text.strip()
        state = self._record.state.item(item)
        paused = self._paused.get(item)
        if state.status is not Status.NEEDS_PERSON or state.pause is None or paused is None:
            return f"{item} is not waiting for a person."
        deed = next((one for one in state.pause.deeds if one.name == command.deed), None)
        if deed is None:
            return f"{item} does not offer {command.deed} now."
        if state.pause.doing:
            return f"{item}: “{state.pause.doing}” is under way: wait for its end."
        if self._record.state.paused:
            return "The session is paused: go on first."
        if deed.prompt and not text:
            return f"{deed.label}: {deed.prompt}"
        step, found = paused
        try:
            given = step.take(deed.name, found, text)
        except StepError as error:
            return _without(str(error), text) if deed.secret else str(error)
        except Exception as error:  # noqa: BLE001  the engine's thread outlives a step's defect
            broke = f"the step broke ({type(error).__name__})"
            return f"{deed.label}: {broke}. Report it; do it by hand."
        if _tells(deed, given, text):
            return f"{deed.label}: the step would write the secret down. Report it; do it by hand."
        self._ask(item, deed.name, given)
        return ""

    def is_asked(self, item: str) -> bool:
        """Whether a deed waits to be carried out."""
        return item in self._asked

    def begin(self, item: str) -> Asked | None:
        """The deed to be carried out now; it is not handed out again."""
        asked = self._asked.pop(item, None)
        pause = self._record.state.item(item).pause
        # One asked for at a pause that was skipped or begun anew is void.
        return asked if asked and pause and pause.doing == asked.deed else None

    def scrub(self, text: str) -> str:
        """`text` as it may be written down."""
        return self._gateway.scrub(text)

    def _ask(self, item: str, deed: str, given: Given) -> None:
        secret = None
        if given.secret:
            secret = Secret(f"given-{self._ids()}")
            self._gateway.hold(secret.name, given.secret)
        self._asked[item] = Asked(deed, given.facts, secret)
        facts: Facts = scrubbed(given.facts, self._gateway.scrub)
        self._record.append(DeedAsked(item=item, deed=deed, given=facts))


def _tells(deed: Deed, given: Given, text: str) -> bool:
    """Whether what is to be written down holds what may not be."""
    written = msgspec.json.encode(given.facts, enc_hook=str).decode()
    hidden = [given.secret, text if deed.secret else ""]
    return any(len(one) >= TELLING and _quoted(one) in written for one in hidden)


def _quoted(text: str) -> str:
    """As it stands inside a JSON text."""
    return msgspec.json.encode(text).decode()[1:-1]


def _without(told: str, text: str) -> str:
    return told.replace(text, "***") if text else told
