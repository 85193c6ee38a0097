"""All protections, area by area. An area is a module with a list `PROTECTIONS`."""

from importlib import import_module
from pathlib import Path

from tests.protections.protection import Protection

RELIABILITY = ("one_writer", "pins", "calls", "storage", "operators")
"""Nothing lost and nothing twice."""

HOSTILE = ("shown", "files", "servers", "secrets")
"""Attacked anywhere: hostile texts and files, secrets, and no more rights than are needed."""

AREAS = (*RELIABILITY, *HOSTILE, "later", "keeping", "vouching")
"""Modules of this folder, in the order of the table."""


def areas() -> dict[str, tuple[Protection, ...]]:
    """Protections by area."""
    return {
        area: tuple(import_module(f"tests.protections.{area}").PROTECTIONS)
        for area in AREAS
        if Path(__file__).with_name(f"{area}.py").is_file()
    }


def everything() -> tuple[Protection, ...]:
    """Those of all areas."""
    return tuple(one for area in areas().values() for one in area)
