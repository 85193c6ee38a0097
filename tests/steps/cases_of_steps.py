"""Reads the cases of steps from YAML and says how effects are written in them.

A file `cases/<kind>/<what>.yaml` has the step's fields in `with` and a list of `cases`, each with
what differs from these. `reads` are the effects that looking makes and their answers, `found`
what comes of them; `differences` and `writes` are what follows from `found`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import botocore.session
import msgspec
from botocore.validate import ParamValidator
from ruamel.yaml import YAML

from wizard.effects import UNKNOWN, Blob, Effect, Json, Read, Request, Secret, Write

_GROWING = {"InstanceType"}
"""Shapes to whose values AWS adds more often than botocore is updated."""
FOLDER = Path(__file__).parent / "cases"


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case. What is left out is not asked."""

    case: str
    kind: str = ""
    with_: dict[str, Json] = msgspec.field(default_factory=dict, name="with")
    reads: list[dict[str, Json]] | None = None
    found: dict[str, Json] | msgspec.UnsetType | None = msgspec.UNSET
    differences: list[str | dict[str, Json]] | None = None
    writes: list[dict[str, Json]] | None = None
    outputs: dict[str, Json] | None = None
    planned: dict[str, Json] | None = None
    """What is compared of it once nothing differs; `promised`: what is known of its outputs."""
    promised: dict[str, Json] | None = None
    waiting_for: str | None = None
    instructions: str | None = None
    """A part of it."""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    with_: dict[str, Json] = msgspec.field(default_factory=dict, name="with")
    cases: list[Case]


def all_cases() -> Iterator[Case]:
    """Each case of each file, its fields filled in."""
    yaml = YAML(typ="safe", pure=True)
    for path in sorted(FOLDER.glob("*/*.yaml")):
        file = msgspec.convert(yaml.load(path), _File)
        for case in file.cases:
            yield msgspec.structs.replace(
                case,
                kind=path.parent.name,
                case=f"{path.parent.name}/{path.stem}: {case.case}",
                with_={**file.with_, **case.with_},
            )


def written(effect: Effect) -> dict[str, Json]:
    """An effect as cases write it: `call` and, where it has any, `params`."""
    fields: dict[str, Json] = msgspec.to_builtins(effect, enc_hook=str)
    match effect:
        case (
            Read(service=service, operation=operation, params=params)
            | Write(service=service, operation=operation, params=params)
        ):
            name, shown = f"{service}.{operation}", dict(params)
        case Request(method=method):
            name, shown = f"http.{method}", {"url": fields["url"], "json": fields["json"]}
        case _:
            name = type(effect).__name__
            shown = {key: value for key, value in fields.items() if key not in {"title", "again"}}
    plain = msgspec.to_builtins(shown, enc_hook=str)
    return {"call": name, **({"params": plain} if plain else {})}


def complaint(effect: Effect) -> str:
    """What AWS's own model of the operation says is wrong with the parameters; empty if nothing."""
    if not isinstance(effect, Read | Write):
        return ""
    shape = _model(effect.service).operation_model(effect.operation).input_shape
    if shape is None:
        return "" if not effect.params else f"{effect.operation} takes no parameters"
    given = _given(effect.params)
    report: Any = ParamValidator().validate(given, shape)
    text: str = report.generate_report()
    return text or "; ".join(_beyond(given, shape, effect.operation))


def _beyond(value: Any, shape: Any, where: str) -> Iterator[str]:
    """What AWS would refuse and botocore does not look at: values, lengths and patterns."""
    if isinstance(value, str) and UNKNOWN in value:
        return
    match value:
        case dict() if shape.type_name == "structure":
            for key, part in value.items():
                yield from _beyond(part, shape.members[key], f"{where}.{key}")
        case dict():
            for key, part in value.items():
                yield from _beyond(part, shape.value, f"{where}.{key}")
        case list() | tuple():
            if len(value) > shape.metadata.get("max", len(value)):
                yield f"{where} takes at most {shape.metadata['max']}, not {len(value)}"
            for part in value:
                yield from _beyond(part, shape.member, where)
        case str():
            known = shape.metadata.get("enum", ()) if shape.name not in _GROWING else ()
            if known and value not in known:
                yield f"{where} is none of {', '.join(known)}: {value!r}"
            if len(value) > shape.metadata.get("max", len(value)):
                yield f"{where} is longer than {shape.metadata['max']}"
            if (pattern := _pattern(shape)) and not pattern.search(value):
                yield f"{where} is not like {pattern.pattern}: {value!r}"
        case int() | float():
            if value > shape.metadata.get("max", value):
                yield f"{where} is more than {shape.metadata['max']}: {value}"


def _pattern(shape: Any) -> re.Pattern[str] | None:
    """The shape's pattern where Python reads it as AWS does; it is for the whole text."""
    written = shape.metadata.get("pattern")
    if not written or "\\p{" in written or "\\u" in written:
        return None
    try:
        return re.compile(f"^(?:{written})$")
    except re.error:
        return None


def _given(value: Json) -> Any:
    """The parameters with what the gateway puts in: a text for a secret, bytes for a blob."""
    match value:
        case Secret():
            return value.text.replace("{}", "secret")
        case Blob():
            return b""
        case dict():
            return {key: _given(part) for key, part in value.items()}
        case list() | tuple():
            return [_given(part) for part in value]
        case _:
            return value


@lru_cache(maxsize=16)
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)
