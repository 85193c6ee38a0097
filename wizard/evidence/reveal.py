"""Opens one value that a journal leaves out: its commit, its salt, and how an auditor checks it."""

import json
from collections.abc import Iterator, Sequence

import msgspec

from wizard.errors import RefusedError, UsageError
from wizard.session.canonical import canonical
from wizard.session.events import Entry
from wizard.session.seal import Mark, Seal, marks

SHORTEST = 8
"""Hex digits by which a commit may be called."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a commit stands in the journal."""

    line: int
    event: str
    path: str
    item: str


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What opens one value, and this value alone. The value itself is not in it."""

    name: str
    commit: str
    salt: str
    places: tuple[Place, ...]
    form: str
    """What is committed to: `text`, `lines` of text, or `JSON` without spaces, its keys sorted."""

    @property
    def check(self) -> str:
        """The shell command (bash, zsh) that prints the commit when it is given the value."""
        given = (
            "cat value.txt"
            if self.form == "lines"
            else ("IFS= read -rs VALUE; printf '%s' \"$VALUE\"")
        )
        return f"{given} | openssl dgst -sha256 -mac HMAC -macopt hexkey:{self.salt} -r"


def asked_for(entries: Sequence[Entry], called: str) -> list[tuple[Entry, Mark]]:
    """The commits of that name, or whose digits begin so; `UsageError` when there are none."""
    found = [(entry, mark) for entry, mark in _marks(entries) if _is_called(mark, called)]
    if not found:
        names = sorted({mark.name for _, mark in _marks(entries)})
        raise UsageError(
            f"No value called {called} is committed to in this session.",
            where="reveal",
            todo=f"There are: {', '.join(names)}."
            if names
            else "Nothing is: no secret was used, or a version before 0.3 wrote it.",
        )
    return found


def opened(found: Sequence[tuple[Entry, Mark]], value: str, seal: Seal) -> Opened:
    """What opens the commit of `value` among those `found`; `RefusedError` if it is of none."""
    for form, content in _readings(value):
        for mark in {mark.name: mark for _, mark in found}.values():
            commit = seal.commit(mark.name, content)
            places = [(entry, one) for entry, one in found if one.commit == commit]
            if places:
                return Opened(
                    name=mark.name,
                    commit=commit,
                    salt=seal.salt(mark.name, content),
                    places=tuple(_place(entry, one) for entry, one in places),
                    form=form,
                )
    raise RefusedError(
        "It is not the value that was used.",
        where="reveal",
        todo="Nothing was revealed. A value that is no text is given as JSON.",
    )


def _marks(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Mark]]:
    for entry in entries:
        for mark in marks(msgspec.to_builtins(entry.event, enc_hook=str)):
            yield entry, mark


def _is_called(mark: Mark, called: str) -> bool:
    return mark.name == called or (len(called) >= SHORTEST and mark.commit.startswith(called))


def _readings(value: str) -> Iterator[tuple[str, bytes]]:
    """The text itself, and what it may stand for as JSON."""
    yield "lines" if "\n" in value else "text", value.encode("utf-8", "surrogatepass")
    try:
        parsed = json.loads(value)
    except ValueError:
        return
    if not isinstance(parsed, str):
        yield "JSON", canonical(parsed)


def _place(entry: Entry, mark: Mark) -> Place:
    event = entry.event
    return Place(
        line=entry.seq,
        event=str(event.__struct_config__.tag),
        path=f"event.{mark.path}",
        item=str(getattr(event, "item", "")),
    )
