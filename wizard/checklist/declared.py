"""Which AWS calls the steps and dropdowns of a checklist can describe, read from their source.

A step says what it calls by yielding `Read`s and `Write`s; here they are found without running it,
in everything that it can reach. An operation that is not written at the call itself (`Read("s3",
setting.read)`) may be any that the reached code names in a text. What cannot be seen is an error.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from wizard.checklist.model import Checklist, LiveChoices
from wizard.checklist.sources import (
    Given,
    Place,
    Reached,
    Sources,
    arguments,
    calls_to,
    nodes,
    parameters,
)
from wizard.errors import WizardError
from wizard.step import Attest, Registry

IsOperation = Callable[[str, str], bool]
"""Whether a service has an operation of that name."""

READING = ("Describe", "Get", "Head", "List")
_OPERATION = re.compile(r"[A-Z][A-Za-z0-9]+")
_EFFECTS = "wizard.effects"


class Declared(msgspec.Struct, frozen=True, order=True):
    """One AWS call that a step can make."""

    service: str
    operation: str
    writes: bool
    elsewhere: bool
    """It may name another region than the session's."""


class UnseenError(WizardError):
    """A call of which the source does not say what it is."""


def declared(
    checklist: Checklist,
    registry: Registry,
    is_operation: IsOperation,
    *,
    reads_only: bool = False,
) -> frozenset[Declared]:
    """The calls of a whole checklist. With `reads_only`, those that looking and planning make:
    what an operator may have done in a pause is not among them."""
    calls: set[Declared] = set()
    for root in roots(checklist, registry):
        without = ("act",) if reads_only else ()
        calls |= calls_of(root, is_operation, without=without)
    return frozenset(call for call in calls if not (reads_only and call.writes))


def roots(checklist: Checklist, registry: Registry) -> list[Place]:
    """The steps and dropdowns that a checklist uses."""
    sources = [
        choices.source
        for choices in (
            *(asked.choices for asked in checklist.inputs.values()),
            *(item.foreach for item in checklist.items),
        )
        if isinstance(choices, LiveChoices)
    ]
    steps = {registry.steps[item.step] for item in checklist.items}
    places = {
        *(Place(one.__module__, one.__name__) for one in steps if not issubclass(one, Attest)),
        *(
            Place(one.__module__, one.__name__)
            for one in map(registry.options.__getitem__, sources)
        ),
    }
    return sorted(places)


def calls_of(
    root: Place, is_operation: IsOperation, *, without: Sequence[str] = ()
) -> frozenset[Declared]:
    """The calls of one step or dropdown, all that it reaches included."""
    sources = _sources(root.module.partition(".")[0])
    reached = sources.reached(root, without=without)
    return frozenset(
        call for part in reached for call in _calls(sources, reached, part, is_operation)
    )


_KNOWN: dict[str, Sources] = {}


def _sources(package: str) -> Sources:
    return _KNOWN.setdefault(package, Sources(package))


def _calls(
    sources: Sources, reached: list[Reached], part: Reached, is_operation: IsOperation
) -> Iterator[Declared]:
    described = set()
    for node in nodes(part.node):
        if isinstance(node, ast.Call) and (kind := _effect(sources, part, node.func)):
            described.add(id(node.func))
            yield from _one(reached, part, node, is_operation, writes=kind == "Write")
    mentioned = _mentions(part.node)
    for node in nodes(part.node):
        if id(node) in described or id(node) in mentioned:
            continue
        if isinstance(node, ast.expr) and _effect(sources, part, node):
            raise _unseen(part, node, "is handed on instead of being called")


def _effect(sources: Sources, part: Reached, node: ast.expr) -> str:
    """`Read` or `Write` when the expression names that; empty otherwise."""
    match node:
        case ast.Name(id=name):
            place = sources.resolve(part.place.module, name)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            module = sources.resolve(part.place.module, name)
            place = Place(module.module, attribute) if module and not module.name else None
        case _:
            return ""
    known = place is not None and place.module == _EFFECTS and place.name in {"Read", "Write"}
    return place.name if known and place is not None else ""


def _mentions(node: ast.AST) -> set[int]:
    """The places where a type is only named: annotations, `isinstance`, class patterns."""
    named: list[ast.AST | None] = []
    for one in ast.walk(node):
        match one:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                named.append(one.returns)
            case ast.arg() | ast.AnnAssign():
                named.append(one.annotation)
            case ast.Call(func=ast.Name(id="isinstance"), args=arguments):
                named += arguments
            case ast.MatchClass(cls=cls):
                named.append(cls)
            case _:
                pass
    return {id(inner) for one in named if one is not None for inner in ast.walk(one)}


def _one(
    reached: list[Reached],
    part: Reached,
    node: ast.Call,
    is_operation: IsOperation,
    *,
    writes: bool,
) -> Iterator[Declared]:
    given = arguments(node, ("service", "operation"))
    region = given.get("region")
    elsewhere = None in given or not (
        region is None or (isinstance(region, ast.Constant) and region.value is None)
    )
    for said in _as_called(reached, part, node, given):
        match said.get("service"):
            case ast.Constant(value=str(service)):
                pass
            case _:
                raise _unseen(part, node, "does not say its service as a plain text")
        match said.get("operation"):
            case ast.Constant(value=str(operation)):
                operations = [operation] if is_operation(service, operation) else []
            case _:
                operations = [
                    text
                    for text in {text for one in reached for text in one.texts}
                    if text.startswith(READING) != writes
                    and _OPERATION.fullmatch(text)
                    and is_operation(service, text)
                ]
        if not operations:
            raise _unseen(part, node, "names no operation of its service")
        for operation in operations:
            yield Declared(service, operation, writes, elsewhere)


def _as_called(
    reached: list[Reached], part: Reached, node: ast.Call, given: Given
) -> Iterator[Given]:
    """What the call is given; where that is a parameter of the function around it, once for each
    call of that function, with what is given there."""
    wanted = {
        name: value.id
        for name, value in given.items()
        if name in {"service", "operation"} and isinstance(value, ast.Name)
    }
    function = part.function_around(node)
    if not wanted or function is None or not set(wanted.values()) <= set(parameters(function)):
        yield given
        return
    method = part.in_class and function is part.node
    calls = list(calls_to(reached, function, method=method))
    if not calls:
        raise _unseen(part, node, f"takes it from {function.name}, which nothing calls by name")
    for call in calls:
        there = arguments(call, parameters(function))
        yield {**given, **{name: there.get(parameter) for name, parameter in wanted.items()}}


def _unseen(part: Reached, node: ast.expr, why: str) -> UnseenError:
    return UnseenError(
        f"A call {why}, so nobody can tell what it needs to be allowed.",
        where=f"{part.place.module}, line {node.lineno}",
        todo='Write it as Read("service", "Operation", …).',
    )
