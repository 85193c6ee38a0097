"""What each command of the operator becomes: events, or a notice why it was not taken."""

from collections.abc import Sequence

from wizard.checklist.inputs import check_answer, consents, dangerous, deviation
from wizard.checklist.model import Input
from wizard.checklist.pinned import Pinned
from wizard.effects import Json
from wizard.engine.commands import (
    AcceptDifference,
    Answer,
    Approve,
    Attest,
    MarkDone,
    Settle,
    Skip,
)
from wizard.engine.record import Record
from wizard.session.calls import CallSettled
from wizard.session.events import (
    Approved,
    DeviationRecorded,
    DeviationWithdrawn,
    DifferenceAccepted,
    InputAnswered,
    ItemMarkedDone,
    ItemSkipped,
)
from wizard.session.members import whole
from wizard.session.pauses import Attested
from wizard.session.reduce_calls import unsettled
from wizard.step import Option


class Operator:
    """Writes the operator's decisions down. Methods return a notice; empty when taken."""

    def __init__(self, pinned: Pinned, record: Record, *, preview: bool) -> None:
        self._pinned = pinned
        self._record = record
        self._preview = preview

    def answer(self, command: Answer, options: Sequence[Option] | None) -> str:
        """Records an answer and the deviation it may be; `options` are the live choices."""
        question = self._pinned.checklist.inputs.get(command.input)
        if question is None:
            return f"The checklist asks no question called {command.input}."
        if wrong := check_answer(question, command.value, options):
            return f"{question.label}: {wrong}"
        known = self._record.state.answers.get(command.input)
        if known is not None and known.value == command.value and not command.reason:
            return ""
        consent = question.consent
        # A preview changes nothing: it may take over what was consented to in a session.
        typed = command.source == "operator" or self._preview
        if consent is not None and consents(question, command.value) and not typed:
            what = ", ".join(map(str, dangerous(question, command.value)))
            return (
                f"{question.label}: {what} can only be chosen by a person who types "
                f"“{consent.phrase}”; not from a file."
            )
        label = command.label or _label(command.value, options)
        self._record.append(
            InputAnswered(
                input=command.input, value=command.value, source=command.source, label=label
            ),
            *self._deviation(command, question),
        )
        return ""

    def _deviation(
        self, command: Answer, question: Input
    ) -> tuple[DeviationRecorded | DeviationWithdrawn, ...]:
        if question.advice is None:
            return ()
        if deviation(question, command.value):
            advice = self._pinned.advice[question.advice]
            return (
                DeviationRecorded(
                    advice=question.advice,
                    input=command.input,
                    letter=question.letter,
                    chosen=command.value,
                    reason=command.reason or advice.reason or advice.fact,
                ),
            )
        if f"{question.advice} {command.input}" in self._record.state.deviations:
            return (DeviationWithdrawn(advice=question.advice, input=command.input),)
        return ()

    def approve(self, command: Approve) -> str:
        """Lets writes happen."""
        self._record.append(Approved(items=command.items))
        return ""

    def attest(self, command: Attest) -> str:
        """Records a person's word."""
        item = self._record.state.item(command.item)
        if item.pause is None or not item.pause.must_attest:
            return f"{command.item} is not waiting for a person's word."
        if not command.note.strip():
            return "An attestation needs a note: what was seen, and where."
        self._record.append(
            Attested(item=command.item, note=command.note, evidence=command.evidence)
        )
        return ""

    def skip(self, command: Skip) -> str:
        """Ends an item without doing it."""
        if self._record.state.item(command.item).status.ended:
            return f"{command.item} has ended."
        if not command.reason.strip():
            return "A skip needs a reason."
        self._record.append(ItemSkipped(item=command.item, reason=command.reason))
        return ""

    def mark(self, command: MarkDone) -> str:
        """Ends an item as done by hand."""
        if self._record.state.item(command.item).status.ended:
            return f"{command.item} has ended."
        if not command.note.strip():
            return "Marking an item done needs a note: what was done, and by whom."
        self._record.append(ItemMarkedDone(item=command.item, note=command.note))
        return ""

    def accept(self, command: AcceptDifference) -> str:
        """Lets a field differ from the reference region."""
        comparison = self._record.state.item(command.item).comparison
        rows = comparison.rows if comparison is not None else ()
        row = next((one for one in rows if one.field == command.field), None)
        if row is None:
            return f"{command.item} compares no field called {command.field}."
        if row.mark not in {"differs", "accepted"}:
            return f"{command.field} does not differ."
        if not command.reason.strip():
            return "To accept a difference, say why it is as it should be."
        self._record.append(
            DifferenceAccepted(
                item=command.item, field=command.field, reason=command.reason.strip()
            )
        )
        return ""

    def settle(self, command: Settle) -> str:
        """Settles a call that only a person can know about."""
        for item in whole(self._record.state):
            if any(call.op == command.op for call in unsettled(item)):
                self._record.append(
                    CallSettled(
                        item=item.id,
                        op=command.op,
                        happened=command.happened,
                        by="operator",
                        note=command.note,
                    )
                )
                return ""
        return "No call in doubt has that id."


def _label(value: Json, options: Sequence[Option] | None) -> str:
    chosen = value if isinstance(value, list) else [value]
    labels = {str(option.value): option.label for option in options or ()}
    return ", ".join(labels.get(str(one), "") for one in chosen if labels.get(str(one)))
