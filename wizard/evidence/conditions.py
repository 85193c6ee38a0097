"""Why an item does not apply, in operators' words: the journal has the checklist's expression."""

from collections.abc import Iterator

from wizard.checklist.expressions import Expression, template
from wizard.checklist.model import Checklist, FixedChoice, Input, Item
from wizard.checklist.paths import Path
from wizard.evidence import words
from wizard.session.state import Answered, ItemState, SessionState, Status


def note(item: Item, known: ItemState, checklist: Checklist, state: SessionState) -> str:
    """The note of an item as it is read: where its condition does not hold, what decided that."""
    unmet = known.status is Status.NOT_APPLICABLE and item.when
    if not unmet or not known.note.startswith(item.when):
        return known.note
    told = dict.fromkeys(_decided(item, checklist, state))
    return "; ".join(told) or known.note


def answer_shown(asked: Input | None, answer: Answered) -> str:
    """The answer; of a secret only its name."""
    if asked is not None and asked.type == "secret":
        return f"(kept as the secret {answer.value})"
    return words.shown(answer.value)


def _decided(item: Item, checklist: Checklist, state: SessionState) -> Iterator[str]:
    for part in template(item.when):
        if isinstance(part, Expression):
            for path in part.paths:
                yield _told(path, checklist, state)


def _told(path: Path, checklist: Checklist, state: SessionState) -> str:
    match path:
        case ("inputs", name, *_):
            asked = checklist.inputs.get(name)
            label = asked.label if asked is not None else name
            answer = state.answers.get(name)
            if answer is None:
                return f"“{label}” was left empty"
            return f"“{label}” was answered: {_chosen(asked, answer)}"
        case ("steps", name, output, *_):
            title = next((one.title for one in checklist.items if one.id == name), name)
            found = words.shown(state.item(name).outputs.get(output))
            return f"“{title}” gave {output.replace('_', ' ')}: {found}"
        case _:
            return f"{' '.join(path)} did not call for it"


def _chosen(asked: Input | None, answer: Answered) -> str:
    """By its label, where it was one of several."""
    if asked is not None and isinstance(asked.choices, tuple):
        for one in asked.choices:
            if isinstance(one, FixedChoice) and one.value == answer.value:
                return one.label
    return answer.label or answer_shown(asked, answer)
