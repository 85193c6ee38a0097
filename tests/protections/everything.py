"""All protections, area by area. An area is a module with a list `PROTECTIONS`."""

from importlib import import_module

from tests.protections.protection import Protection

AREAS = (
    # Nothing lost and nothing twice.
    *("one_writer", "pins", "calls", "storage", "operators"),
    # Attacked anywhere: hostile texts and files, secrets, and no more rights than are needed.
    *("shown", "files", "servers", "secrets"),
    # Evidence.
    *("later", "keeping", "vouching"),
)
"""Modules of this folder, in the order of the table."""


def everything() -> tuple[Protection, ...]:
    """Those of all areas."""
    return tuple(
        one for area in AREAS for one in import_module(f"tests.protections.{area}").PROTECTIONS
    )
