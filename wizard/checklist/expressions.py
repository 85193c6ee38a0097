"""Evaluates `${…}` in checklists: JMESPath over the answers, the items' outputs and the session.

A lone `${x}` keeps its type, several are written into the text around them, and `$${` stands for
`${`. What depends on an answer not known yet is not known yet either.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import jmespath
import msgspec
from jmespath.exceptions import JMESPathError

from wizard.checklist import paths
from wizard.checklist.bounded import Interpreter, UnknownTouchedError, complaint
from wizard.effects import UNKNOWN, Json, Unknown, has_unknown
from wizard.errors import ChecklistError

MAX_LENGTH = 1000
"""Characters of one expression."""

_OPENS = re.compile(r"\$?\$\{")


class ExpressionError(ChecklistError):
    """An expression is wrong, or something it names is missing."""


class References(msgspec.Struct, frozen=True, kw_only=True):
    """What a value's expressions name."""

    inputs: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()
    """Ids of items."""
    session: frozenset[str] = frozenset()
    each: bool = False
    """Whether they name the member at hand of an item that fans out."""
    other: frozenset[str] = frozenset()
    """Names that are none of these: mistakes."""


class Expression(msgspec.Struct, frozen=True):
    """One `${…}`, parsed."""

    text: str
    tree: Mapping[str, Any]
    paths: tuple[paths.Path, ...]


def evaluate(value: Json, scope: Mapping[str, Json]) -> Json:
    """`value` with every expression in it, in keys too, replaced by what it gives in `scope`.

    `scope` has `inputs`, `steps` and `session`, and `each` where an item fans out.
    `ExpressionError` names the expression and what it misses; a None that is really there is no
    error.
    """
    match value:
        case Unknown():
            return value
        case str():
            return _evaluate_text(value, scope)
        case Mapping():
            return {_key(key, scope): evaluate(part, scope) for key, part in value.items()}
        case list() | tuple():
            return [evaluate(part, scope) for part in value]
        case _:
            return value


def condition(when: str, scope: Mapping[str, Json]) -> bool | Unknown:
    """Whether an item's `when`, one lone `${…}`, holds; what is empty or null does not."""
    found = evaluate(_lone(when), scope)
    return UNKNOWN if has_unknown(found) else found not in (None, False, "", [], {})


def references(value: Json) -> References:
    """What the expressions in `value` name; `ExpressionError` when one cannot be read."""
    found: dict[str, set[str]] = {root: set() for root in (*paths.ROOTS, "other")}
    each = False
    for expression in _expressions(value):
        for path in expression.paths:
            if path[0] in paths.ROOTS and len(path) > 1:
                found[path[0]].add(path[1])
            elif path[0] == paths.EACH:
                each = True
            else:
                found["other"].add(path[0])
    return References(each=each, **{root: frozenset(names) for root, names in found.items()})


def entries(foreach: str, scope: Mapping[str, Json]) -> Json:
    """The list that an item's `foreach`, one lone `${…}`, gives."""
    return evaluate(_lone(foreach), scope)


def _expressions(value: Json) -> Iterator[Expression]:
    match value:
        case str():
            yield from (part for part in template(value) if isinstance(part, Expression))
        case Mapping():
            for key, part in value.items():
                yield from _expressions(key)
                yield from _expressions(part)
        case list() | tuple():
            for part in value:
                yield from _expressions(part)


@lru_cache(maxsize=2048)
def template(text: str) -> tuple[str | Expression, ...]:
    """The pieces of a text: what is literal, and the expressions between."""
    pieces: list[str | Expression] = []
    literal: list[str] = []
    at = 0
    while found := _OPENS.search(text, at):
        literal.append(text[at : found.start()])
        if found[0] == "$${":
            literal.append("${")
            at = found.end()
            continue
        end = _end(text, found.end())
        if plain := "".join(literal):
            pieces.append(plain)
        pieces.append(_parse(text[found.end() : end].strip()))
        literal, at = [], end + 1
    plain = "".join([*literal, text[at:]])
    return (*pieces, plain) if plain else tuple(pieces)


def _end(text: str, at: int) -> int:
    """Where the expression that begins at `at` is closed, outside quotes and inner braces."""
    depth, quote = 0, ""
    while at < len(text):
        char = text[at]
        if quote:
            if char == "\\":
                at += 1
            elif char == quote:
                quote = ""
        elif char in "'\"`":
            quote = char
        elif char == "}" and depth == 0:
            return at
        else:
            depth += (char == "{") - (char == "}")
        at += 1
    raise ExpressionError(f"`{_short(text)}` opens `${{` and does not close it.")


def _parse(text: str) -> Expression:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"`${{{text[:40]}…}}` is longer than {MAX_LENGTH} characters.")
    try:
        tree: Mapping[str, Any] = jmespath.compile(text).parsed
    except (JMESPathError, RecursionError) as error:
        reason = str(error).partition("\n")[0] or "it is nested too deep"
        raise ExpressionError(f"`${{{_short(text)}}}` is not an expression: {reason}") from error
    for name, arguments in paths.calls(tree):
        if wrong := complaint(name, arguments):
            raise ExpressionError(f"`${{{text}}}` cannot be evaluated: {wrong}.")
    return Expression(text, tree, paths.named(tree))


def _lone(text: str) -> str:
    match template(text):
        case (Expression(),):
            return text
        case _:
            raise ExpressionError(f"`{text}` must be one `${{…}}` and nothing around it.")


def _evaluate_text(text: str, scope: Mapping[str, Json]) -> Json:
    pieces = template(text)
    match pieces:
        case ():
            return text
        case (Expression() as lone,):
            return _result(lone, scope)
        case _:
            return "".join(_written(piece, scope) for piece in pieces)


def _key(key: str, scope: Mapping[str, Json]) -> str:
    return "".join(_written(piece, scope) for piece in template(key))


def _written(piece: str | Expression, scope: Mapping[str, Json]) -> str:
    if isinstance(piece, str):
        return piece
    match _result(piece, scope):
        case None:
            return ""
        case bool() as truth:
            return "true" if truth else "false"
        case float() as number if number.is_integer():
            return str(int(number))
        case str() | int() | float() as plain:
            return str(plain)
        case _:
            raise ExpressionError(
                f"`${{{piece.text}}}` is a list or an object and cannot stand inside text."
            )


def _result(expression: Expression, scope: Mapping[str, Json]) -> Json:
    try:
        found = Interpreter().result(expression.tree, scope)
    except UnknownTouchedError:
        return UNKNOWN
    except (JMESPathError, ValueError, TypeError, RecursionError) as error:
        reason = paths.missing(expression.paths, scope) or str(error).partition("\n")[0]
        raise ExpressionError(
            f"`${{{_short(expression.text)}}}` cannot be evaluated: {reason}."
        ) from error
    if found is None:
        reason = paths.missing(expression.paths, scope)
        if reason or not paths.may_be_null(expression.tree):
            raise ExpressionError(
                f"`${{{expression.text}}}` gives nothing: "
                f"{reason or 'what it looks for is not there'}."
            )
    return found


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"
