"""What expressions of a checklist may refer to: answers, outputs of items, and the session."""

from collections.abc import Mapping

from wizard.checklist.model import Checklist, Item
from wizard.checklist.used import chosen_under, used_by
from wizard.effects import UNKNOWN, Json
from wizard.session.state import SessionState, Status

KNOWN = {Status.DONE, Status.MARKED, Status.SKIPPED, Status.NOT_APPLICABLE}


class Promised(dict[str, Json]):
    """What is known of an item's outputs before they are there; all others are `UNKNOWN`."""

    def get(self, key: str, default: Json = None) -> Json:  # noqa: ARG002  as of what is unknown
        """As a mapping's `get`."""
        return super().get(key, UNKNOWN)


def scope(state: SessionState, checklist: Checklist, *, preview: bool) -> dict[str, Json]:
    """The three names of an expression; in a preview what is not known yet is `UNKNOWN`."""
    inputs: dict[str, Json] = {
        name: None for name, question in checklist.inputs.items() if question.optional
    }
    if preview:
        late = {name: UNKNOWN for name in checklist.inputs if is_later(name, checklist, state)}
        inputs = {**late, **inputs}
    steps: dict[str, Json] = {}
    for item in checklist.items:
        known = state.item(item.id)
        if known.status in KNOWN:
            steps[item.id] = known.outputs
        elif preview:
            steps[item.id] = Promised(known.outputs) if known.outputs else UNKNOWN
    return {
        "inputs": {**inputs, **state.inputs()},
        "steps": steps,
        "session": _session(state),
    }


def unanswered(
    item: Item, checklist: Checklist, state: SessionState, *, preview: bool
) -> tuple[str, ...]:
    """Inputs that the item refers to and that have no answer yet, and those that these are
    chosen under, in the checklist's order.

    A preview takes the defaults of optional ones too, so these are among them.
    """
    found: set[str] = set()
    left = list(used_by(item).inputs)
    while left:
        name = left.pop()
        question = checklist.inputs.get(name)
        if (
            question is None
            or name in found
            or name in state.answers
            or (question.optional and not preview)
            or (preview and is_later(name, checklist, state))
        ):
            continue
        found.add(name)
        left += chosen_under(question)
    return tuple(name for name in checklist.inputs if name in found)


def is_later(name: str, checklist: Checklist, state: SessionState) -> bool:
    """Whether the input cannot be answered before an item that has not ended."""
    after = checklist.inputs[name].after
    return after is not None and state.item(after).status not in KNOWN


def _session(state: SessionState) -> Mapping[str, Json]:
    pin = state.pin
    if pin is None:
        return {}
    return {
        "region": pin.region,
        "account_id": pin.account_id,
        "partition": pin.partition,
        "alias": pin.alias,
        "number": state.number,
    }
