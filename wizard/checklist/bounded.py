"""Runs one expression of a checklist, within bounds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jmespath.visitor import Options, TreeInterpreter

from wizard.checklist.functions import Library
from wizard.effects import Json, Unknown, has_unknown

MAX_WORK = 1_000_000
"""Parts that the evaluation of one expression may visit or make: a second or two of work."""

_library = Library()


def complaint(name: str, arguments: int) -> str:
    """What is wrong with a call of this function with so many arguments; empty when nothing is."""
    return _library.complaint(name, arguments)


class UnknownTouchedError(Exception):
    """The expression's result depends on an answer that is not known yet."""


class Interpreter(TreeInterpreter):  # type: ignore[misc]  # jmespath has no types
    """Stops where a result would depend on an answer not known yet, and where an expression of a
    few characters would make a result that fills the machine."""

    def __init__(self) -> None:
        super().__init__(Options(custom_functions=_library))
        self._left = MAX_WORK

    def result(self, tree: Mapping[str, Any], scope: Mapping[str, Json]) -> Json:
        """What the expression gives; ValueError when that is too much."""
        found = self.visit(tree, scope)
        self._weigh(found)
        return found

    def visit(self, node: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        self._spend(1)
        found = super().visit(node, *args, **kwargs)
        if isinstance(found, Unknown):
            raise UnknownTouchedError
        return found

    def visit_comparator(self, node: Mapping[str, Any], value: Json) -> Json:
        self._refuse_unknown(self.visit(child, value) for child in node["children"])
        return super().visit_comparator(node, value)

    def visit_flatten(self, node: Mapping[str, Any], value: Json) -> Json:
        base = self.visit(node["children"][0], value)
        if isinstance(base, list):
            self._spend(sum(len(part) for part in base if isinstance(part, list)))
        return super().visit_flatten({"children": [{"type": "literal", "value": base}]}, value)

    def visit_function_expression(self, node: Mapping[str, Any], value: Json) -> Json:
        arguments: Sequence[Json] = [self.visit(child, value) for child in node["children"]]
        self._refuse_unknown(arguments)
        return _library.call_function(node["value"], arguments)

    def _refuse_unknown(self, values: Iterator[Json] | Sequence[Json]) -> None:
        for value in values:
            self._weigh(value)
            if has_unknown(value):
                raise UnknownTouchedError

    def _weigh(self, value: Json) -> None:
        """Spends what the value holds: lists that hold each other twice are small in memory, and
        endless to whoever walks through them."""
        parts = [value]
        while parts:
            self._spend(1)
            match parts.pop():
                case str() as text:
                    self._spend(len(text) // 16)
                case Mapping() as mapping:
                    parts += mapping.values()
                case list() | tuple() as several:
                    parts += several
                case _:
                    pass

    def _spend(self, parts: int) -> None:
        self._left -= parts
        if self._left < 0:
            raise ValueError("it makes more than an expression may")
