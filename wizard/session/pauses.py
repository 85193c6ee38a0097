"""The facts of an item's pause for a person: what is asked, done meanwhile, and attested."""

from collections.abc import Mapping

import msgspec

from wizard.effects import Facts
from wizard.session.base import Event
from wizard.step import Deed


class PersonNeeded(Event, frozen=True, kw_only=True, tag="person_needed"):
    """A pause for a person, written before it is shown."""

    item: str
    instructions: str
    notices_itself: bool
    """True when the wizard looks by itself and goes on when it is done."""
    must_attest: bool
    deeds: tuple[Deed, ...] = ()
    """What the operator may have the wizard do meanwhile."""


class DeedAsked(Event, frozen=True, kw_only=True, tag="deed_asked"):
    """The operator had the wizard do it: the calls that follow are approved by this."""

    item: str
    deed: str
    given: Facts = msgspec.field(default_factory=dict)
    """What was typed, without its secret."""


class DeedEnded(Event, frozen=True, kw_only=True, tag="deed_ended"):
    item: str
    deed: str
    problem: str = ""
    """Why it was not done, in the operator's words."""


class Attested(Event, frozen=True, kw_only=True, tag="attested"):
    item: str
    note: str
    evidence: tuple[Mapping[str, str], ...] = ()
    """Files shown as evidence: name and SHA-256."""
