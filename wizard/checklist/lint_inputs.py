"""Checks a checklist's inputs: their dropdowns, defaults, letters and who uses them. Pure."""

import inspect
from collections.abc import Iterator, Mapping

from msgspec import UNSET

from wizard.checklist.expressions import ExpressionError, references
from wizard.checklist.inputs import check_answer
from wizard.checklist.lint_names import nearest, wrong_names
from wizard.checklist.model import Checklist, Input, LiveChoices
from wizard.checklist.pinned import Pinned
from wizard.checklist.used import used_by
from wizard.step import Registry


def problems(
    pinned: Pinned, registry: Registry, needed: Mapping[str, set[str]]
) -> Iterator[tuple[str, str]]:
    """Each input that has something wrong, and what."""
    used = _used(pinned.checklist)
    for name, asked in pinned.checklist.inputs.items():
        if name not in used:
            yield name, "nothing uses it"
        for problem in _input(name, asked, pinned, registry, needed):
            yield name, problem


def _input(
    name: str,
    asked: Input,
    pinned: Pinned,
    registry: Registry,
    needed: Mapping[str, set[str]],
) -> Iterator[str]:
    yield from _letter(asked, pinned)
    yield from _choices(asked, registry)
    yield from _references(name, asked, pinned.checklist, needed)
    if asked.port is not None and asked.type != "ports":
        yield f"has a port and is of type {asked.type}"
    if asked.default is not None and not _is_expression(asked.default):
        options = None if isinstance(asked.choices, LiveChoices) else ()
        if wrong := check_answer(asked, asked.default, options):
            yield f"has a default that is no answer to it: {wrong}"


def _letter(asked: Input, pinned: Pinned) -> Iterator[str]:
    if asked.letter is not None and asked.advice is None:
        yield "has a letter and no advice that says why to depart from it"
    if asked.advice is not None and asked.letter is None:
        yield "has advice and no letter"
    if asked.advice is not None and asked.advice not in pinned.advice:
        yield f"shows the unknown advice {asked.advice}"
    if isinstance(asked.choices, tuple) and asked.choices:
        values = [choice.value for choice in asked.choices]
        if asked.letter is not None and asked.letter not in values:
            yield "has a letter that cannot be chosen"
        feared = asked.consent.value if asked.consent is not None else UNSET
        if feared is not UNSET and feared not in values:
            yield "asks consent for what cannot be chosen"


def _choices(asked: Input, registry: Registry) -> Iterator[str]:
    choices = asked.choices
    if not isinstance(choices, LiveChoices):
        if asked.type in {"choice", "choices"} and not choices:
            yield f"is of type {asked.type} and has no choices"
        return
    yield from dropdown(choices, registry)


def dropdown(choices: LiveChoices, registry: Registry) -> Iterator[str]:
    """What is wrong with the use of a live dropdown, by an input or by a `foreach`."""
    source = registry.options.get(choices.source)
    if source is None:
        yield (
            f"uses the unknown dropdown {choices.source}{nearest(choices.source, registry.options)}"
        )
        return
    parameters = inspect.signature(source).parameters
    for name in choices.with_:
        if name not in parameters:
            near = nearest(name, parameters)
            yield f"gives {choices.source} the unknown parameter {name}{near}"
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and name not in choices.with_:
            yield f"does not give {choices.source} the parameter {name}"


def _references(
    name: str, asked: Input, checklist: Checklist, needed: Mapping[str, set[str]]
) -> Iterator[str]:
    try:
        found = references(_parts(asked))
    except ExpressionError as error:
        yield str(error)
        return
    yield from wrong_names(found, checklist)
    if found.each:
        yield "refers to each, which only the `with` of an item with `foreach` may"
    if name in _behind(name, checklist):
        yield "depends on itself, by way of its default or its choices"
    if asked.after is not None and asked.after not in needed:
        near = nearest(asked.after, needed)
        yield f"is asked after the unknown item {asked.after}{near}"
        return
    ended = {asked.after} | needed[asked.after] if asked.after else set()
    for step in sorted((found.steps & set(needed)) - ended):
        yield f"refers to the item {step} and is not asked after it"


def _parts(asked: Input) -> list[object]:
    choices = asked.choices
    return [asked.default, dict(choices.with_) if isinstance(choices, LiveChoices) else None]


def _behind(name: str, checklist: Checklist) -> set[str]:
    """All inputs whose answers the input's default and choices depend on."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        for one in _direct(checklist.inputs[ahead.pop()]) & set(checklist.inputs):
            if one not in seen:
                seen.add(one)
                ahead.append(one)
    return seen


def _direct(asked: Input) -> frozenset[str]:
    try:
        return references(_parts(asked)).inputs
    except ExpressionError:
        return frozenset()


def _used(checklist: Checklist) -> set[str]:
    used: set[str] = set()
    for asked in checklist.inputs.values():
        used |= _direct(asked)
    for item in checklist.items:
        try:
            used |= used_by(item).inputs
        except ExpressionError:
            continue  # reported where it stands, with the item
    return used


def _is_expression(value: object) -> bool:
    return isinstance(value, str) and "${" in value
