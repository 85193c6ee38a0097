"""An item asks for all that it needs: what its questions are chosen under, too."""

from msgspec.structs import replace

from wizard.checklist.load import load_bundled
from wizard.engine.scope import unanswered
from wizard.session.state import Answered, ItemState, SessionState, Status

REGION = load_bundled("add-region").checklist


def answered(*names: str) -> SessionState:
    answer = Answered(value="x", source="operator", label="", at="")
    return SessionState(answers=dict.fromkeys(names, answer))


def test_a_question_brings_those_that_it_is_chosen_under() -> None:
    """Nobody else asks for the version before this item is done, so it must."""
    fit = REGION.item("pre.region.fit")
    asked = unanswered(fit, REGION, answered("reference"), preview=False)
    assert {"db_source", "db_version", "db_class"} <= set(asked)


def test_what_is_answered_brings_nothing() -> None:
    fit = REGION.item("pre.region.fit")
    state = answered("reference", "db_source", "db_class")
    assert unanswered(fit, REGION, state, preview=False) == ()


def test_a_preview_leaves_out_what_cannot_be_chosen_yet() -> None:
    fit = REGION.item("pre.region.fit")
    state = answered("reference", "db_source")
    assert unanswered(fit, REGION, state, preview=True) == ()
    open_ = ItemState(id="pre.region.optin", status=Status.DONE)
    state = replace(state, items={"pre.region.optin": open_})
    assert set(unanswered(fit, REGION, state, preview=True)) == {"db_version", "db_class"}
