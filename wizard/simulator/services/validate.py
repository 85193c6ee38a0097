"""Checks a request against the ranges, lengths and enumerations of the service's own model.

AWS's front door does this before the service sees the request, and words it always alike. boto3
checks only required members and lower bounds, so moto never sees the rest refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import ListShape, Shape, StringShape, StructureShape
from moto.core.utils import get_service_model


def violations(service: str, operation: str, parameters: Mapping[str, Any]) -> str | None:
    """AWS's sentence for everything that breaks the model of `operation`, or None."""
    shape = get_service_model(service).operation_model(operation).input_shape
    found = [] if shape is None else list(_check(shape, parameters, ""))
    if not found:
        return None
    noun = "error" if len(found) == 1 else "errors"
    return f"{len(found)} validation {noun} detected: {'; '.join(found)}"


def _check(shape: Shape, value: Any, path: str) -> Iterator[str]:
    match shape:
        case StructureShape() if isinstance(value, Mapping):
            for name, member in shape.members.items():
                if value.get(name) is not None:
                    yield from _check(member, value[name], _join(path, name[0].lower() + name[1:]))
        case ListShape() if isinstance(value, list):
            yield from _bounds(shape, value, path, len(value), "length")
            for index, item in enumerate(value, 1):
                yield from _check(shape.member, item, f"{path}.{index}.member")
        case StringShape() if isinstance(value, str):
            if shape.enum and value not in shape.enum:
                yield _sentence(
                    value, path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
                )
            yield from _bounds(shape, value, path, len(value), "length")
        case _ if shape.type_name in {"integer", "long"}:
            yield from _bounds(shape, value, path, int(value), "value")


def _bounds(shape: Shape, value: Any, path: str, size: int, what: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield _sentence(value, path, f"Member must have {what} greater than or equal to {least}")
    if most is not None and size > most:
        yield _sentence(value, path, f"Member must have {what} less than or equal to {most}")


def _sentence(value: Any, path: str, must: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: {must}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
