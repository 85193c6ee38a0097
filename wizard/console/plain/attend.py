"""What items want of the operator: a choice, consent, a person's word, or what to do next."""

from collections.abc import Callable

from wizard.checklist.model import Item
from wizard.checklist.used import used_by
from wizard.console.plain.advise import show_advice
from wizard.console.plain.asker import Asker, Choice
from wizard.console.plain.compared import acceptance, differing, show_comparison
from wizard.console.plain.interview import Interview
from wizard.console.plain.many import choices, in_doubt, show_failed
from wizard.console.plain.paper import Paper
from wizard.console.plain.planning import show_calls, show_differences
from wizard.console.plain.watch import Leave, Watch
from wizard.console.plain.words import value_text
from wizard.engine.commands import Act, Approve, Attest, Command, MarkDone, Retry, Settle, Skip
from wizard.session.base import split_member
from wizard.session.state import ItemState, SessionState, Status
from wizard.step import Deed

LATER = Choice("later", "Later", "the others go on first")
LEAVE = Choice("leave", "Leave the session; resume later")
SKIP = Choice("skip", "Skip it", "it is not done; a reason is recorded")
MARK = Choice("mark", "It was done by hand", "nothing is verified; a note is recorded")


def wants(state: SessionState, item: ItemState) -> bool:
    """Whether the item is to be asked about: not when it was answered and has yet to go on."""
    if in_doubt(item) is not None:
        return True
    match item.status:
        case Status.NEEDS_ANSWER:
            return any(name not in state.answers for name in item.needed_inputs)
        case Status.NEEDS_APPROVAL:
            return not state.is_approved(item.id)
        case Status.NEEDS_PERSON:
            return item.pause is not None and not item.pause.doing and item.attestation is None
        case Status.IN_DOUBT:
            return any(call.outcome == "in doubt" for call in item.calls)
        case other:
            return other is Status.FAILED


class Attendant:
    """Asks for one item at a time. Methods return whether to come back later."""

    def __init__(
        self, watch: Watch, interview: Interview, paper: Paper, ask: Asker, *, inbox_url: str = ""
    ) -> None:
        self._watch = watch
        self._interview = interview
        self._paper = paper
        self._ask = ask
        self._inbox_url = inbox_url

    def attend(self, item: Item) -> bool:
        """Ask what the item's state calls for; True when the operator puts it off."""
        now = self._watch.state.item(item.id)
        if (member := in_doubt(now)) is not None:
            return self._settle(item, member)
        match now.status:
            case Status.NEEDS_ANSWER:
                return self._answer(item, now)
            case Status.NEEDS_APPROVAL:
                return self._approve(item, now)
            case Status.NEEDS_PERSON:
                return self._person(item, now)
            case Status.IN_DOUBT:
                return self._settle(item, now)
            case Status.FAILED:
                return self._failed(item, now)
            case _:
                return False

    def show_pause(self, item: Item, now: ItemState) -> None:
        """What a person is to do, where and why, and how the wizard notices."""
        pause = now.pause
        if pause is None:
            return
        self._paper.title(f"⚑ needs you: {item.title}")
        self._paper.line(("What to do", "bold"), indent=2)
        self._paper.block(pause.instructions, indent=4)
        self._paper.line(("Why", "bold"), indent=2)
        self._paper.block(item.letter, indent=4)
        self._paper.line(("How the wizard notices", "bold"), indent=2)
        if pause.notices_itself:
            self._paper.line("It looks by itself, and goes on when it is done.", indent=4)
        if pause.must_attest:
            self._paper.line("It cannot see it: you say so, with a note.", indent=4)
        if pause.problem:
            self._paper.line(("✗ ", "red"), pause.problem, indent=2)
        if self._inbox_url:
            self._paper.line("Mails of the demo account: ", (self._inbox_url, "cyan"), indent=4)

    def _answer(self, item: Item, now: ItemState) -> bool:
        self._paper.title(f"? asks you: {item.title}")
        for name in now.needed_inputs:
            if name not in self._watch.state.answers:
                self._interview.ask(name)
        return False

    def _approve(self, item: Item, now: ItemState) -> bool:
        self._paper.title(f"◇ approve? {item.title}")
        for name in item.advice:
            advice = self._watch.running.pinned.advice.get(name)
            if advice is not None:
                show_advice(self._paper, name, advice, indent=2)
        show_differences(now.differences, self._paper)
        show_comparison(now.comparison, self._paper)
        show_calls(now.planned, self._paper)
        accept = [Choice("accept", "Let a difference stand", "with a reason; then it asks again")]
        match self._choose(
            "Let these calls happen?",
            Choice("approve", "Approve"),
            Choice("all", "Approve this and all that follow"),
            *(accept if differing(now) else []),
            LATER, SKIP, MARK, LEAVE,
        ):  # fmt: skip
            case "accept":
                return self._accept(now)
            case "approve":
                command = Approve(items=(item.id,))
                return self._tell(command, lambda state: state.is_approved(item.id))
            case "all":
                return self._tell(Approve(), lambda state: state.approved_all)
            case other:
                return self._common(other, item)

    def _accept(self, now: ItemState) -> bool:
        command = acceptance(now, self._ask)

        def is_accepted(state: SessionState) -> bool:
            comparison = state.item(now.id).comparison
            return comparison is not None and command.field in comparison.accepted

        return self._tell(command, is_accepted)

    def _person(self, item: Item, now: ItemState) -> bool:
        self.show_pause(item, now)
        if now.pause is None:
            return False
        deeds = [Choice(f"deed {one.name}", one.label) for one in now.pause.deeds]
        if now.pause.must_attest:
            question = "Is it so?"
            first = [Choice("attest", "I confirm it", "with a note for the auditor"), *deeds, LATER]
        else:
            question = "Meanwhile?"
            wait = Choice("later", "Wait", "it looks by itself", ticked=True)
            first = [wait, *deeds, MARK]
        chosen = self._choose(question, *first, SKIP, LEAVE)
        deed = next((one for one in now.pause.deeds if f"deed {one.name}" == chosen), None)
        if deed is not None:
            return self._act(item, deed)
        if chosen != "attest":
            return self._common(chosen, item)
        note = self._note("Your note: what you did or saw, and where")
        return self._tell(
            Attest(item=item.id, note=note),
            lambda state: state.item(item.id).attestation is not None,
        )

    def _act(self, item: Item, deed: Deed) -> bool:
        text = ""
        if deed.secret:
            text = self._ask.password(deed.prompt)
        elif deed.prompt:
            text = self._ask.text(deed.prompt)
        before = self._watch.state.item(item.id)
        told = before.pause.problem if before.pause is not None else ""

        def is_taken(state: SessionState) -> bool:
            pause = state.item(item.id).pause
            if pause is None or pause.doing or pause.problem != told:
                return True
            made = [call.op for call in state.item(item.id).calls if call.mutating]
            return made != [call.op for call in before.calls if call.mutating]

        return self._tell(Act(item=item.id, deed=deed.name, text=text), is_taken)

    def _settle(self, item: Item, now: ItemState) -> bool:
        call = next((one for one in now.calls if one.outcome == "in doubt"), None)
        if call is None:
            return False
        self._paper.title(f"‽ in doubt: {item.title}")
        self._paper.line("The answer of this call was lost, and AWS cannot be asked about it.")
        self._paper.line(f"{call.title}", (f"  {call.service}:{call.operation}", "dim"), indent=2)
        self._paper.line(("Left at  ", "dim"), call.at, indent=2)
        if call.error:
            self._paper.line(("Error    ", "dim"), call.error, indent=2)
        self._paper.command(call.cli or value_text(dict(call.params)), indent=4)
        if now.found is not None:
            self._paper.line(("Found last: ", "dim"), value_text(dict(now.found)), indent=2)
        chosen = self._choose(
            "Look where it would show. Did it happen?",
            Choice("happened", "It happened"),
            Choice("not", "It did not happen", "it is then made again"),
            LATER, LEAVE,
        )  # fmt: skip
        if chosen not in ("happened", "not"):
            return self._common(chosen, item)
        note = self._note("What you saw, and where")
        return self._tell(
            Settle(op=call.op, happened=chosen == "happened", note=note),
            lambda state: all(
                one.op != call.op or one.outcome != "in doubt" for one in state.item(now.id).calls
            ),
        )

    def _failed(self, item: Item, now: ItemState) -> bool:
        self._paper.title(f"✗ failed: {item.title}")
        if now.problem is not None:
            self._paper.problem(now.problem, indent=2)
        show_failed(now, self._paper)
        used = used_by(item).inputs
        names = [name for name in self._watch.running.pinned.checklist.inputs if name in used]
        edit = [Choice("edit", "Change an answer, then try again")] if names else []
        chosen = self._choose(
            "What now?", Choice("retry", "Try again"), *_one(now), *edit, LATER, SKIP, MARK, LEAVE
        )
        if chosen == "one":
            return self._one_of_many(now)
        if chosen == "edit":
            self._edit(names)
        if chosen in ("edit", "retry"):
            return self._tell(
                Retry(item=item.id),
                lambda state: (
                    state.item(item.id).ended_at != now.ended_at
                    or state.item(item.id).status is not Status.FAILED
                ),
            )
        return self._common(chosen, item)

    def _one_of_many(self, now: ItemState) -> bool:
        member = str(self._ask.select("Which one?", choices(now)))
        left = self._ended(member)
        match self._choose("What about it?", Choice("retry", "Try it again"), SKIP, MARK, LATER):
            case "retry":
                return self._tell(
                    Retry(item=member),
                    lambda state: (
                        state.item(member) is not now.children.get(split_member(member)[1])
                    ),
                )
            case "skip":
                return self._tell(Skip(item=member, reason=self._note("Why it is skipped")), left)
            case "mark":
                note = self._note("What was done by hand, and by whom")
                return self._tell(MarkDone(item=member, note=note), left)
            case _:
                return True

    def _edit(self, names: list[str]) -> None:
        inputs = self._watch.running.pinned.checklist.inputs
        answers = self._watch.state.answers
        choices = [
            Choice(
                name, inputs[name].label, value_text(answers[name].value) if name in answers else ""
            )
            for name in names
        ]
        self._interview.ask(str(self._ask.select("Which answer?", choices)))

    def _common(self, chosen: str, item: Item) -> bool:
        match chosen:
            case "skip":
                reason = self._note("Why it is skipped")
                return self._tell(Skip(item=item.id, reason=reason), self._ended(item.id))
            case "mark":
                note = self._note("What was done by hand, and by whom")
                return self._tell(MarkDone(item=item.id, note=note), self._ended(item.id))
            case "leave":
                raise Leave
            case _:
                return True

    def _ended(self, item: str) -> Callable[[SessionState], bool]:
        return lambda state: state.item(item).status.ended

    def _choose(self, question: str, *choices: Choice) -> str:
        return str(self._ask.select(question, choices))

    def _note(self, question: str) -> str:
        return self._ask.text(question, check=lambda text: "" if text else "A note is needed.")

    def _tell(self, command: Command, taken: Callable[[SessionState], bool]) -> bool:
        notice = self._watch.tell(command, taken)
        if notice:
            self._paper.line(("✗ ", "red"), notice)
        return False


def _one(item: ItemState) -> list[Choice]:
    return [Choice("one", "See to one of them alone")] if choices(item) else []
