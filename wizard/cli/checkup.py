"""What the doctor finds of one thing, and how it is put."""

from enum import StrEnum

import msgspec


class Standing(StrEnum):
    """How it stands."""

    OK = "ok"
    NOTE = "note"
    """Good to know; the wizard works."""
    WRONG = "wrong"
    """The wizard does not work, or not safely."""


class Finding(msgspec.Struct, frozen=True):
    """One check: what was looked at, what was found, what to do."""

    name: str
    standing: Standing
    found: str
    todo: str = ""


def ok(name: str, found: str) -> Finding:
    """It is as it should be."""
    return Finding(name, Standing.OK, found)


def note(name: str, found: str, todo: str = "") -> Finding:
    """It is worth knowing."""
    return Finding(name, Standing.NOTE, found, todo)


def wrong(name: str, found: str, todo: str) -> Finding:
    """It has to be mended."""
    return Finding(name, Standing.WRONG, found, todo)
