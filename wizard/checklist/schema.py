"""The JSON Schema of a checklist file, with each step's own `with`, for editors to complete."""

from collections.abc import Mapping
from typing import Any

import msgspec

from wizard.checklist.criteria import table
from wizard.checklist.model import Checklist
from wizard.effects import Json
from wizard.step import Registry, Step

EXPRESSION: Mapping[str, Json] = {
    "type": "string",
    "pattern": r"\$\{",
    "description": "An expression over inputs, steps and session.",
}


def schema(registry: Registry) -> dict[str, Json]:
    """JSON Schema 2020-12; wherever a step wants a value, an expression may stand instead."""
    kinds = sorted(registry.steps)
    models: list[type[Any]] = [Checklist, *(registry.steps[kind] for kind in kinds)]
    (top, *steps), parts = msgspec.json.schema_components(models, ref_template="#/$defs/{name}")
    item = parts["Item"]
    item["properties"]["step"] = {"enum": kinds}
    item["allOf"] = [
        {
            "if": {"properties": {"step": {"const": kind}}},
            "then": {"properties": {"with": _with(registry.steps[kind], _resolved(ref, parts))}},
        }
        for kind, ref in zip(kinds, steps, strict=True)
    ]
    criteria = {"enum": list(table().criteria)}
    item["properties"]["controls"]["items"] = criteria
    item["properties"]["vanta"]["items"] = {"enum": list(table().vanta)}
    parts["Checklist"]["properties"]["controls"]["items"] = criteria
    parts["LiveChoices"]["properties"]["source"] = {"enum": sorted(registry.options)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **top, "$defs": parts}


def _resolved(ref: Mapping[str, Any], parts: Mapping[str, Any]) -> Mapping[str, Any]:
    name: str = ref["$ref"].rpartition("/")[2]
    resolved: Mapping[str, Any] = parts[name]
    return resolved


def _with(kind: type[Step], described: Mapping[str, Any]) -> dict[str, Json]:
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip().partition("\n")[0],
        "properties": {
            name: {"anyOf": [wanted, EXPRESSION]}
            for name, wanted in described["properties"].items()
        },
        "required": list(described.get("required", ())),
        "additionalProperties": False,
    }
