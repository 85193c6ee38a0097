"""Checks a loaded checklist against the steps and dropdowns that there are. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from wizard.checklist import lint_inputs, yaml_text
from wizard.checklist.criteria import table
from wizard.checklist.expressions import ExpressionError, condition, entries, references
from wizard.checklist.lint_names import nearest, wrong_names
from wizard.checklist.model import Checklist, Item, LiveChoices
from wizard.checklist.pinned import Pinned
from wizard.checklist.used import list_of, used_by
from wizard.effects import UNKNOWN, Json
from wizard.step import Attest, Registry


def lint(pinned: Pinned, registry: Registry) -> list[str]:
    """Everything that is wrong, each with its line and place; empty when nothing is."""
    checklist = pinned.checklist
    lines = _lines(pinned.text)
    needed = reach(checklist)
    problems = [
        (lines.get(item.id, 1), f"item {item.id}: {problem}")
        for item in checklist.items
        for problem in _item(item, pinned, registry, needed)
    ]
    problems += [
        (lines.get(f"inputs.{name}", 1), f"input {name}: {problem}")
        for name, problem in lint_inputs.problems(pinned, registry, needed)
    ]
    problems += [
        (lines.get("controls", 1), f"controls: {problem}")
        for problem in _named("criterion", checklist.controls, table().criteria)
    ]
    return [f"line {line}: {problem}" for line, problem in sorted(problems)]


def reach(checklist: Checklist) -> dict[str, set[str]]:
    """For each item, all items that have ended when it begins; itself only if it is in a cycle."""
    direct = {item.id: set(item.needs) for item in checklist.items}
    found: dict[str, set[str]] = {}
    for start, needs in direct.items():
        seen: set[str] = set()
        ahead = list(needs)
        while ahead:
            one = ahead.pop()
            if one not in seen:
                seen.add(one)
                ahead.extend(direct.get(one, ()))
        found[start] = seen
    return found


def _item(
    item: Item, pinned: Pinned, registry: Registry, needed: Mapping[str, set[str]]
) -> Iterator[str]:
    checklist = pinned.checklist
    ids = [each.id for each in checklist.items]
    if ids.count(item.id) > 1:
        yield "another item has the same id"
    for need in item.needs:
        if need not in ids:
            yield f"needs the unknown item {need}{nearest(need, ids)}"
    if item.id in needed[item.id]:
        yield "needs itself, by way of what it needs"
    for advice in item.advice:
        if advice not in pinned.advice:
            yield f"shows the unknown advice {advice}"
    yield from _named("criterion", item.controls, table().criteria)
    yield from _named("Vanta test", item.vanta, table().vanta)
    yield from _with(item, registry)
    yield from _foreach(item, registry)
    yield from _expressions(item, checklist, needed[item.id])


def _named(kind: str, names: tuple[str, ...], known: Collection[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if name not in known:
            yield f"names the unknown {kind} {name}{nearest(name, known)}"
        if names.count(name) > 1:
            yield f"names the {kind} {name} twice"


def _with(item: Item, registry: Registry) -> Iterator[str]:
    kind = registry.steps.get(item.step)
    if kind is None:
        yield f"uses the unknown step {item.step}{nearest(item.step, registry.steps)}"
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, value in item.with_.items():
        if name not in fields:
            yield f"gives {item.step} the unknown field {name}{nearest(name, fields)}"
        elif not _has_expression(value):
            yield from _wrong_literal(item.step, name, value, fields[name].type)
    for name, field in fields.items():
        if field.required and name not in item.with_:
            yield f"does not give {item.step} the field {name}"


def _foreach(item: Item, registry: Registry) -> Iterator[str]:
    if item.foreach is None:
        return
    if isinstance(item.foreach, LiveChoices):
        yield from lint_inputs.dropdown(item.foreach, registry)
    kind = registry.steps.get(item.step)
    if kind is not None and issubclass(kind, Attest):
        yield f"fans out, and {item.step} is a person's word, which is given once"
    elif "attest" in item.with_:
        yield "fans out, and wants a person's word besides, which is given once"


def _has_expression(value: Json) -> bool:
    match value:
        case str():
            return "${" in value
        case Mapping():
            return any(_has_expression(part) for part in (*value, *value.values()))
        case list() | tuple():
            return any(_has_expression(part) for part in value)
        case _:
            return False


def _wrong_literal(kind: str, name: str, value: Json, wanted: Any) -> Iterator[str]:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        yield f"gives {kind} a wrong {name}: {error}"


def _expressions(item: Item, checklist: Checklist, needed: set[str]) -> Iterator[str]:
    try:
        found = used_by(item)
        by_each = references(dict(item.with_)).each
        astray = references([item.when, list_of(item)]).each
        unknown = {"inputs": UNKNOWN, "steps": UNKNOWN, "session": UNKNOWN, "each": UNKNOWN}
        if item.when:
            condition(item.when, unknown)
        if isinstance(item.foreach, str):
            entries(item.foreach, unknown)
    except ExpressionError as error:
        yield str(error)
        return
    yield from wrong_names(found, checklist)
    if astray or (found.each and item.foreach is None):
        yield "refers to each, which only the `with` of an item with `foreach` may"
    elif item.foreach is not None and not by_each:
        yield "fans out, and its `with` does not refer to each: all its members are the same"
    ids = {each.id for each in checklist.items}
    for name in sorted((found.steps & ids) - needed):
        yield f"refers to the item {name} and does not need it"
    for name in sorted(found.inputs & set(checklist.inputs)):
        after = checklist.inputs[name].after
        if after in ids and after not in needed:
            yield f"uses the input {name}, asked after {after}, and does not need that item"


def _lines(text: str) -> dict[str, int]:
    """Line of each item, by its id, and of each input, by `inputs.<name>`."""
    document = yaml_text.read(text, "")
    found = {
        f"inputs.{name}": document.line(("inputs", name))
        for name in document.content.get("inputs") or {}
    }
    found["controls"] = document.line(("controls",))
    for place, section in enumerate(document.content["sections"]):
        for index, item in enumerate(section["items"]):
            found[item["id"]] = document.line(("sections", place, "items", index))
    return found
