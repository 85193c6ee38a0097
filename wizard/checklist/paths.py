"""What a parsed JMESPath expression names, and what of it is missing. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.effects import Json

Path = tuple[str, ...]
"""Field names from the top of the scope: `("steps", "lb.tg.create", "arn")`."""

Node = Mapping[str, Any]

ROOTS = ("inputs", "steps", "session")

EACH = "each"
"""The member at hand: in the `with` of an item that fans out."""


def named(tree: Node) -> tuple[Path, ...]:
    """The longest chains of fields, from the top of the scope, that the expression follows."""
    found: dict[Path, None] = {}
    _follow(tree, (), found)
    return tuple(
        path
        for path in found
        if not any(other != path and other[: len(path)] == path for other in found)
    )


def calls(tree: Node) -> Iterator[tuple[str, int]]:
    """Name and number of arguments of each function that is called."""
    if tree["type"] == "function_expression":
        yield tree["value"], len(tree["children"])
    for child in _children(tree):
        yield from calls(child)


def may_be_null(tree: Node) -> bool:
    """Whether null is an answer here: of plain fields it is, of a search it is a miss."""
    match tree["type"]:
        case "field" | "literal":
            return True
        case "subexpression" | "or_expression" | "and_expression":
            return all(may_be_null(child) for child in tree["children"])
        case _:
            return False


def missing(wanted: tuple[Path, ...], scope: Mapping[str, Json]) -> str:
    """The first of the paths that leads nowhere, in words; empty when all lead somewhere."""
    for path in wanted:
        here: Json = scope
        for depth, name in enumerate(path):
            if not isinstance(here, Mapping):
                break
            if name not in here:
                return _in_words(path[: depth + 1], here)
            here = here[name]
    return ""


def _in_words(path: Path, around: Mapping[str, Json]) -> str:
    there = ", ".join(sorted(str(name) for name in around)) or "nothing"
    match path:
        case (root,):
            return f"there is no {root}, there are {', '.join(ROOTS)}"
        case ("inputs", name):
            return f"the input {name} is not answered"
        case ("steps", item):
            return f"the item {item} has given nothing yet"
        case ("session", name):
            return f"the session has no {name}, it has {there}"
        case ("steps", item, output):
            return f"the item {item} gave no {output}, it gave {there}"
        case _:
            return f"there is no {path[-1]} in {'.'.join(path[:-1])}, there is {there}"


def _children(tree: Node) -> Iterator[Node]:
    for child in tree["children"]:
        if isinstance(child, Mapping):
            yield child


def _follow(node: Node, at: Path | None, found: dict[Path, None]) -> Path | None:
    """Note the fields that `node` follows from `at`; returns where it leads, None when that can
    no longer be told."""
    match node["type"]:
        case "field":
            if at is None:
                return None
            path = (*at, str(node["value"]))
            found[path] = None
            return path
        case "identity" | "current":
            return at
        case "subexpression" | "pipe" | "index_expression":
            for child in _children(node):
                at = _follow(child, at, found)
            return at
        case "projection" | "filter_projection" | "value_projection":
            first, *rest = _children(node)
            _follow(first, at, found)
            for child in rest:
                _follow(child, None, found)
        case "expref":
            pass
        case _:
            for child in _children(node):
                _follow(child, at, found)
    return None
