"""Reads the cases of steps from YAML and says how effects are written in them.

A file `cases/<kind>/<what>.yaml` has the step's fields in `with` and a list of `cases`, each with
what differs from these. `reads` are the effects that looking makes and their answers, `found`
what comes of them; `differences` and `writes` are what follows from `found`.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import botocore.session
import msgspec
from botocore.validate import ParamValidator
from ruamel.yaml import YAML

from wizard.effects import Blob, Effect, Json, Read, Request, Secret, Write

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
    report: Any = ParamValidator().validate(_given(effect.params), shape)
    text: str = report.generate_report()
    return text


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
