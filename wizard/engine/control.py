"""Carries out the operator's commands on a running engine."""

import threading
from dataclasses import dataclass
from typing import assert_never

from msgspec.structs import replace

from wizard.checklist.pinned import Pinned
from wizard.engine import commands
from wizard.engine.account import changed_pin
from wizard.engine.answering import Answering
from wizard.engine.commands import Command
from wizard.engine.deeds import Deeds
from wizard.engine.dropdowns import Dropdowns
from wizard.engine.operator import Operator
from wizard.engine.record import Record
from wizard.engine.scheduler import Scheduler
from wizard.engine.totals import retried
from wizard.gateway.protocol import Gateway
from wizard.session.base import Pin, split_member
from wizard.session.events import ItemReset, SessionAborted, SessionContinued, SessionPaused
from wizard.session.members import whole
from wizard.session.state import Status

AGAIN = "the operator tries it again"

LEFT = {Status.SKIPPED, Status.MARKED, Status.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Identified:
    """Who the credentials are of, asked again at the end of a pause."""

    asked: int
    """Which going-on asked; a pause since then makes it void."""
    pin: Pin | None
    error: Exception | None


class Control:
    """Commands become events, or a notice why they were not taken."""

    def __init__(
        self,
        pinned: Pinned,
        record: Record,
        scheduler: Scheduler,
        gateway: Gateway,
        *,
        operator: Operator,
        dropdowns: Dropdowns,
        deeds: Deeds,
        pin: Pin,
    ) -> None:
        self._checklist = pinned.checklist
        self._operator = operator
        self._deeds = deeds
        self._answering = Answering(
            pinned, record, scheduler, dropdowns=dropdowns, operator=operator
        )
        self._record = record
        self._scheduler = scheduler
        self._gateway = gateway
        self._pin = pin
        self.stopping = ""
        """Why the process is to leave; no call starts any more."""
        self.aborting = ""
        """Why the session is to end, once no call is in flight."""
        self.notice = ""
        self.handled = 0
        self._going_on = 0
        """Counts the times that the operator paused or went on: only the last one holds."""

    def obey(self, command: Command) -> None:
        """Carry the command out, and tell everything that waits for news."""
        self.notice = self._obey(command)
        self.handled += 1
        if not self.notice:
            self._scheduler.wake_all()

    def identified(self, message: Identified) -> None:
        """Ends a pause if the credentials are of the pinned account and caller."""
        if not self._record.state.paused:
            return
        if message.asked != self._going_on:
            self.notice = "It was paused again meanwhile: go on when you are ready."
        elif message.pin is None:
            self.notice = f"Still paused. {message.error}"
        elif changed := changed_pin(self._pin, message.pin):
            self.notice = f"Still paused: {changed}"
        else:
            self.notice = ""
            actor = self._record.state.actor
            if actor is not None:
                self._record.act_as(replace(actor, caller_arn=message.pin.caller_arn))
            self._record.append(SessionContinued())
            self._scheduler.hold = False
            self._scheduler.wake_all()

    def end_if_aborting(self) -> None:
        """Writes the end down once no call is in flight."""
        if self.aborting and not self._scheduler.flights:
            self._record.append(SessionAborted(reason=self.aborting))

    def _obey(self, command: Command) -> str:
        if strange := self._strange(command):
            return f"The checklist has no item called {strange}."
        match command:
            case commands.Stop(reason=reason):
                self.stopping = reason
                return ""
            case commands.Abort(reason=reason):
                self.aborting = reason or "by the operator"
                return ""
            case commands.Pause(reason=reason):
                self._going_on += 1
                if not self._record.state.paused:
                    self._record.append(SessionPaused(reason=reason))
                return ""
            case commands.Continue():
                return self._continue()
            case commands.Answer():
                return self._answering.answer(command)
            case commands.Approve():
                return self._operator.approve(command)
            case commands.Attest():
                return self._operator.attest(command)
            case commands.Skip(item=item):
                return self._leave(item) or self._ended_by_hand(item, self._operator.skip(command))
            case commands.MarkDone(item=item):
                return self._leave(item) or self._ended_by_hand(item, self._operator.mark(command))
            case commands.Retry(item=item):
                return self._retry(item)
            case commands.Settle(op=op):
                if any(self._scheduler.is_writing(item) for item in self._items_of(op)):
                    return "That call is still in flight."
                return self._operator.settle(command)
            case commands.Act():
                return self._act(command)
            case commands.AcceptDifference():
                return self._operator.accept(command)
            case _:
                assert_never(command)

    def _act(self, command: commands.Act) -> str:
        notice = self._deeds.take(command)
        if not notice:
            # It may sleep until its next look.
            self._scheduler.wake(command.item)
        return notice

    def _retry(self, item: str) -> str:
        parent, key = split_member(item)
        now = self._record.state.item(item)
        status = now.status
        if status in {Status.SETTLING, Status.NEEDS_PERSON}:
            self._scheduler.wake(parent)
            return ""
        fans_out = not key and self._checklist.item(item).foreach is not None
        if fans_out and status in {Status.DONE, Status.FAILED}:
            self._record.append(*retried(now, AGAIN))
            return ""
        if status not in {Status.FAILED, Status.SKIPPED, Status.MARKED}:
            return f"{item} is {status.value}: there is nothing to try again."
        if key and self._record.state.item(parent).status in LEFT:
            return f"{parent} was left out: try that again."
        self._record.append(ItemReset(item=item, why=AGAIN))
        self._go_on_with(item)
        return ""

    def _ended_by_hand(self, item: str, notice: str) -> str:
        if not notice:
            self._go_on_with(item)
        return notice

    def _go_on_with(self, item: str) -> None:
        """What fans out sees to a member that was tried again or left out."""
        parent, key = split_member(item)
        if key and self._record.state.item(parent).status in {Status.FAILED, Status.DONE}:
            self._record.append(ItemReset(item=parent, why=f"for {key}", alone=True))
        elif key:
            self._scheduler.wake(parent)

    def _leave(self, item: str) -> str:
        """Ends an item's coroutine so that it can be skipped or marked."""
        if self._record.state.item(item).status.ended:
            return f"{item} has ended."
        if self._scheduler.cancel(item):
            return ""
        return f"{item} has a call in flight: wait for its answer, then try again."

    def _continue(self) -> str:
        if not self._record.state.paused:
            return "The session is not paused."
        self._going_on += 1
        threading.Thread(
            target=self._identify, args=(self._going_on,), name="identity", daemon=True
        ).start()
        return ""

    def _identify(self, asked: int) -> None:
        """On a thread of its own, since it asks AWS: the pause may be for expired credentials."""
        try:
            self._gateway.reset_credentials()
            message = Identified(asked, self._gateway.identity(), None)
        except Exception as error:  # noqa: BLE001  told to the operator, who waits for it
            message = Identified(asked, None, error)
        self._scheduler.inbox.put(message)

    def _strange(self, command: Command) -> str:
        """The first item that the command names and the checklist does not have."""
        named: tuple[str, ...] = ()
        match command:
            case commands.Approve(items=items):
                named = items
            case (
                commands.Attest(item=item)
                | commands.Skip(item=item)
                | commands.MarkDone(item=item)
                | commands.Retry(item=item)
                | commands.Act(item=item)
                | commands.AcceptDifference(item=item)
            ):
                named = (item,)
            case _:
                return ""
        known = {item.id for item in self._checklist.items}
        return ", ".join(item for item in named if not self._is_known(item, known))

    def _is_known(self, item: str, known: set[str]) -> bool:
        parent, key = split_member(item)
        members = self._record.state.item(parent).members if key else ()
        return parent in known and (not key or any(member.key == key for member in members))

    def _items_of(self, op: str) -> list[str]:
        items = whole(self._record.state)
        return [item.id for item in items if any(call.op == op for call in item.calls)]
