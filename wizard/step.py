"""What a step is: three degrees of one idea, its dropdowns, and the registry that finds them.

A step is a frozen description of how something is to be. It does no I/O: its generators yield
effects and are sent the answers, so that one engine can preview, run, repeat and prove them.
"""

import importlib
import pkgutil
from collections.abc import Callable, Generator, Iterator, Mapping
from types import ModuleType
from typing import Any, ClassVar, TypeVar

import msgspec

from wizard.effects import Effect, Facts, Json, Secret

T = TypeVar("T")
S = TypeVar("S", bound="type[Step]")

Reads = Generator[Effect, Any, T]
"""A generator of reading effects that returns T."""

Writes = Generator[Effect, Any, None]
"""A generator of effects, mutating ones among them."""


class Difference(msgspec.Struct, frozen=True):
    """One thing that is not as it should be."""

    field: str
    found: Json
    wanted: Json
    reason: str = ""
    """In plain words, where the field alone does not say it."""
    settles: bool = False
    """True when nothing is to be done: AWS, or time, is bringing it about."""
    fixable: bool = True
    """False when the step cannot mend it: `reason` says who can, and how."""
    person: bool = False
    """True when only a person can bring it about and we can see that it is done: an Action that
    has nothing else left to do pauses for it, as a Probe does."""


Differences = tuple[Difference, ...]


def compare(wanted: Facts, found: Facts | None) -> Differences:
    """The fields of `wanted` that `found` does not have as wanted; an absent thing has none."""
    have: Facts = found if found is not None else {}
    return tuple(
        Difference(field, have.get(field), value)
        for field, value in wanted.items()
        if field not in have or have[field] != value
    )


class Patience(msgspec.Struct, frozen=True):
    """How long to wait for what settles by itself: look `every` so many seconds, up to `limit`."""

    every: float = 15
    limit: float = 600


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the operator may have the wizard do while it waits for a person."""

    name: str
    label: str
    """On its button: `Send the mail again`."""
    prompt: str = ""
    """What to type or paste first; empty: nothing."""
    secret: bool = False
    """What is typed is masked and never written down."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator typed for a deed, taken apart."""

    facts: Facts = msgspec.field(default_factory=dict)
    """What may be shown and written down."""
    secret: str = ""
    """What may not: the engine hands it to the gateway, and the deed gets its `Secret`."""


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields are the item's `with:` block; their JSON Schema is what `lint` checks."""

    kind: ClassVar[str] = ""
    """The name checklists use, such as `elbv2.target_group`; set by `@step`."""

    def lock(self) -> str | None:
        """Name of the document that must not be written by two items at once, such as
        `s3 policy my-bucket`; held from the observation to the verification."""
        return None


class Attest(Step, frozen=True, kw_only=True):
    """Only a person can say that it is so: with a note, and by name."""

    instructions: str
    """What to do, where and why, as shown in the pause."""


class Probe(Step, frozen=True, kw_only=True):
    """A person acts, or time does, and we can see that it is done."""

    patience: ClassVar[Patience] = Patience()

    volatile: ClassVar[tuple[str, ...]] = ()
    """Facts of `found` that become others though nobody touches what is asserted: ages, counts of
    what others make, who is looking. A recheck holds all others to what was recorded. `tls` is
    all of it, `tls.not_after` a part, `*.state` that of any."""

    momentary: ClassVar[str] = ""
    """Why a look today says nothing of what was asserted then; empty: it does."""

    attest: str = ""
    """When set, what a person must confirm besides what was observed."""

    def observe(self) -> Reads[Facts | None]:
        """Look: what is there now, as JSON; None when there is nothing."""
        raise TypeError(f"{type(self).__name__} observes nothing")

    def differences(self, found: Facts | None) -> Differences:
        """What is wrong with what was found; empty means right. Pure."""
        raise TypeError(f"{type(self).__name__} compares nothing with {found!r}")

    def instructions(self, found: Facts | None) -> str:  # noqa: ARG002  subclasses use it
        """What a person is to do, where and why, and how the wizard will notice."""
        return ""

    def waiting_for(self, found: Facts | None) -> str:  # noqa: ARG002  subclasses use it
        """What a wait is for, with the last observed value, in one line."""
        return "it to become as described"

    def outputs(self, found: Facts | None) -> Facts:
        """What other items may refer to as `steps."<id>".<name>`."""
        return found if found is not None else {}

    def deeds(self, found: Facts | None) -> tuple[Deed, ...]:  # noqa: ARG002  subclasses use it
        """What the operator may have done from the pause, besides waiting. Pure."""
        return ()

    def take(self, deed: str, found: Facts | None, text: str) -> Given:  # noqa: ARG002
        """What was typed, taken apart; `StepError` says what is wrong with it. Pure."""
        return Given(facts={"text": text})

    def act(
        self,
        deed: str,
        found: Facts | None,
        given: Facts,
        secret: Secret | None,
    ) -> Reads[str]:
        """Carries the deed out, by effects; mutating ones are journaled as every write is.
        A text that it returns attests the item, with the text as note; `""` does not."""
        held = secret.name if secret else None
        raise TypeError(f"{type(self).__name__} offers no {deed!r}: {found!r}, {given!r}, {held}")

    def compared(self, found: Facts | None) -> Facts | None:
        """What of `found` is compared with the reference region, ids as names where it can."""
        return found

    def planned(self, found: Facts | None) -> Facts | None:  # noqa: ARG002  subclasses use it
        """What `compared` will give once nothing differs; None where the differences say it, each
        with the name of the field and what it is to become."""
        return None

    def promised(self, found: Facts | None) -> Facts:  # noqa: ARG002  subclasses use it
        """What of `outputs` is known before it is made: a preview goes on with it. What is not
        among it stays unknown."""
        return {}


class Action(Probe, frozen=True, kw_only=True):
    """We act."""

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        """The calls that remove the `differences`; those that settle are not among them."""
        raise TypeError(f"{type(self).__name__} writes nothing for {found!r}, {differences!r}")


class Option(msgspec.Struct, frozen=True):
    """One line of a dropdown."""

    value: Json
    label: str
    detail: str = ""
    suggested: bool = False
    """Preselected. For several, all suggested ones are ticked."""
    disabled: str = ""
    """Why it cannot be chosen; shown, never hidden."""


Options = Reads[list[Option]]
OptionSource = Callable[..., Options]


class Thing(msgspec.Struct, frozen=True):
    """Something in the account, as the report's picture shows it."""

    kind: str
    """AWS's word for it: `target group`."""
    key: str
    """By which every step means the same one, within its kind: an id, or a name where it is one."""
    name: str
    """What people call it."""
    also: tuple[str, ...] = ()
    """Other keys under which a step may speak of it."""


class Relation(msgspec.Struct, frozen=True):
    """How two things hang together: `thing` does, or has, or is in, `other`."""

    thing: Thing
    verb: str
    other: Thing


Relations = Iterator[Thing | Relation]
"""A thing that the item is about, or a relation. Of the former, what an item's first look did not
find is new."""
RelationSource = Callable[[Any, Facts], Relations]


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """What one item, or one member of it, shows of the picture."""

    item: str
    things: tuple[Thing, ...]
    """What it is about, as last seen."""
    before: tuple[Thing, ...]
    """What of that kind its first look found."""
    relations: tuple[Relation, ...]


class Registry:
    """The steps and dropdowns by the names that checklists use."""

    def __init__(
        self,
        steps: Mapping[str, type[Step]],
        options: Mapping[str, OptionSource],
        relations: Mapping[str, RelationSource] | None = None,
    ) -> None:
        self.steps = steps
        self.options = options
        self.relations = relations or {}
        """By the kind of the step."""

    @classmethod
    def of(cls, package: ModuleType) -> "Registry":
        """All that the modules of `package` declare with `@step` and `@options`."""
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
        return cls(dict(_steps), dict(_options), dict(_relations))


_steps: dict[str, type[Step]] = {}
_options: dict[str, OptionSource] = {}
_relations: dict[str, RelationSource] = {}


def step(kind: str) -> Callable[[S], S]:
    """Declare a step under the name that checklists use."""

    def declare(cls: S) -> S:
        if _steps.setdefault(kind, cls).__qualname__ != cls.__qualname__:
            raise TypeError(f"two steps are called {kind}")
        cls.kind = kind
        return cls

    return declare


def options(name: str) -> Callable[[OptionSource], OptionSource]:
    """Declare a dropdown: a generator of reads that returns options, its parameters filled from
    the input's `choices.with` block."""

    def declare(source: OptionSource) -> OptionSource:
        if _options.setdefault(name, source).__qualname__ != source.__qualname__:
            raise TypeError(f"two dropdowns are called {name}")
        return source

    return declare


def relations(*kinds: type[Step]) -> Callable[[RelationSource], RelationSource]:
    """Declare what an item of these steps is about and how that hangs together: a pure generator
    over the step and what it found, which yields `Thing`s and `Relation`s."""

    def declare(source: RelationSource) -> RelationSource:
        for cls in kinds:
            if _relations.setdefault(cls.kind, source).__qualname__ != source.__qualname__:
                raise TypeError(f"the relations of {cls.kind} are declared twice")
        return source

    return declare
