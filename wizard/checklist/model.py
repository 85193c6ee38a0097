"""The shape of a checklist file, as strict data: no logic, no unknown keys."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wizard.effects import Json

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=80)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
FieldName = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_ .-]*$", max_length=80)]
Text = Annotated[str, Meta(min_length=1, max_length=4000)]
AdviceId = Annotated[str, Meta(pattern=r"^E[1-9][0-9]?$")]
CriterionId = Annotated[str, Meta(pattern=r"^(CC|A|C|PI|P)[1-9]\.[1-9]$")]
VantaTestId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=120)]

InputType = Literal[
    "text", "texts", "integer", "number", "choice", "choices", "ports", "secret", "url"
]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all parts of a file."""


class FixedChoice(_Part, frozen=True, kw_only=True):
    """An option written in the checklist itself."""

    value: Json
    label: Text
    detail: str = ""


class LiveChoices(_Part, frozen=True, kw_only=True):
    """Options read from the live account by a dropdown that `steps` declares."""

    source: Annotated[str, Meta(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]
    with_: Mapping[str, Json] = msgspec.field(default_factory=dict, name="with")


class Consent(_Part, frozen=True, kw_only=True):
    """A value so dangerous that the operator must type a phrase to choose it."""

    value: Json = msgspec.UNSET
    """In a list, each of its values counts. Left out: whatever is chosen, nothing excepted."""
    phrase: Text


class Input(_Part, frozen=True, kw_only=True):
    """A question to the operator."""

    label: Text
    type: InputType = "text"
    help: str = ""
    default: Json = None
    """A value or an expression; none: the dropdown's suggested option, if it suggests one."""
    optional: bool = False
    """Empty is an answer."""
    choices: LiveChoices | tuple[FixedChoice, ...] = ()
    pattern: str = ""
    """A regular expression that the whole text must match."""
    pattern_help: str = ""
    """What is wrong when it does not, in the operator's words."""
    minimum: float | None = None
    """Of a number; of `choices` and `ports`, how many at least; of `ports`, see `port`."""
    maximum: float | None = None
    port: int | None = None
    """For `ports`: each chosen value is `value:port`, with this port unless changed."""
    after: Id | None = None
    """Asked when this item is done, since its choices do not exist before."""
    letter: Json = None
    """What the runbook's letter says; any other answer is recorded as a deviation."""
    advice: AdviceId | None = None
    """Why the safe choice departs from the letter; goes with `letter`."""
    consent: Consent | None = None


class Counterpart(_Part, frozen=True, kw_only=True):
    """The same thing in another region, for comparison: the item's step, observed there."""

    region: str
    """An expression, `${inputs.reference}`."""
    with_: Mapping[str, Json] = msgspec.field(default_factory=dict, name="with")
    """Fields of the item's `with` that are others there; `session.region` is the other region."""
    expected: Mapping[FieldName, Text] = msgspec.field(default_factory=dict)
    """Fields that differ by their nature, each with the reason."""
    letter: Mapping[FieldName, Json] = msgspec.field(default_factory=dict)
    """What the runbook says of single fields, in its own words and with its placeholders; of a
    field that an input with a `letter` gives, that is its letter unless it stands here."""


class Item(_Part, frozen=True, kw_only=True):
    """One line, or several lines, of the runbook."""

    id: Id
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    """Short, for the tree."""
    letter: Text
    """The runbook's own words."""
    lines: str = ""
    """Where they stand, as `L17-21,23`; empty for items added to the runbook."""
    step: Annotated[str, Meta(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]
    with_: Mapping[str, Json] = msgspec.field(default_factory=dict, name="with")
    needs: tuple[Id, ...] = ()
    advice: tuple[AdviceId, ...] = ()
    when: str = ""
    """An expression; false makes the item not applicable."""
    foreach: str | LiveChoices | None = None
    """Fans out: an expression that gives a list, or a dropdown. Each entry, a text or an object
    with a `key`, has a state of its own; `with` refers to it as `each`."""
    reference: Counterpart | None = None
    """What it is compared with before anything is written."""
    controls: tuple[CriterionId, ...] = ()
    """The Trust Services Criteria (SOC 2) that it is evidence for."""
    vanta: tuple[VantaTestId, ...] = ()
    """Vanta's tests that what it makes helps to pass."""
    undo: str = ""
    """How to take it back, in order, for the operator."""


class Section(_Part, frozen=True, kw_only=True):
    title: Text
    items: Annotated[tuple[Item, ...], Meta(min_length=1)]


class Checklist(_Part, frozen=True, kw_only=True):
    """A whole file. Ids are those of the runbook's rows."""

    schema: Literal["st-wizard/1"]
    id: Id
    title: Text
    source: Text
    """Where the runbook stands."""
    about: str = ""
    controls: tuple[CriterionId, ...] = ()
    """The criteria that the run itself is evidence for, whatever its items do."""
    inputs: Mapping[Name, Input] = msgspec.field(default_factory=dict)
    sections: Annotated[tuple[Section, ...], Meta(min_length=1)]

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of the file."""
        return tuple(item for section in self.sections for item in section.items)

    def item(self, item: str) -> Item:
        """The item of that id; KeyError when there is none."""
        for candidate in self.items:
            if candidate.id == item:
                return candidate
        raise KeyError(item)


class Advice(_Part, frozen=True, kw_only=True):
    """Where the letter and AWS disagree."""

    severity: Literal[
        "BLOCKER",
        "DANGER",
        "TRAP",
        "BETTER DEFAULT",
        "WARN",
        "AMBIGUOUS",
        "MISSING",
        "RESOLVED",
        "NOTE",
    ]
    says: Text
    """The letter."""
    fact: Text
    """What AWS does."""
    wizard: Text
    """What the wizard does about it."""
    source: str = ""
    reason: str = ""
    """The reason recorded with a deviation unless the operator gives another."""
