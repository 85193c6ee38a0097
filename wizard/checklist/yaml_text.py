"""Reads strict YAML 1.2: what it gives is plain JSON, with the line of every part.

Refused: duplicate keys, anchors, aliases, tags, directives, several documents, numbers that no
computer holds, half a character (a lone surrogate), and files that are too large, too deep or have
too many parts: whatever a file holds, it is read or refused within seconds.

A plain scalar is a number only when it is written as JSON writes numbers; account ids and
everything else with leading zeros stay text.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from wizard.effects import Json
from wizard.errors import ChecklistError

MAX_BYTES = 512 * 1024
MAX_DEPTH = 24
MAX_LINE = 8192
"""Characters of one line: the parser takes the square of its length for some of them."""
MAX_PARTS = 20_000
"""Values and keys of one file; the largest checklist has a fifth of that."""
MAX_DIGITS = 18
"""Digits of a whole number: what has more is an id, and text."""

Path = tuple[str | int, ...]
"""Keys and indexes from the top of the file."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_HALF = re.compile("[\ud800-\udfff]")
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_WORDS: dict[str, Json] = {
    word: value
    for value, words in (
        (None, ("", "~", "null", "Null", "NULL")),
        (True, ("true", "True", "TRUE")),
        (False, ("false", "False", "FALSE")),
    )
    for word in words
}


class Document(msgspec.Struct, frozen=True):
    """A file's content and where each part of it stands."""

    name: str
    content: Json
    lines: dict[Path, int]
    """Line of each part, from 1; of a mapping's value, the line of its key."""

    def line(self, path: Path) -> int:
        """Line of the part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str, name: str) -> Document:
    """The content of a YAML text; `ChecklistError` says file, line and reason."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ChecklistError(
            f"The file is larger than {MAX_BYTES // 1024} KiB.", where=name, todo="Split it."
        )
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MAX_LINE:
            raise ChecklistError(
                f"The line is longer than {MAX_LINE} characters.",
                where=f"{name}:{number}",
                todo="Split it.",
            )
    return _Reader(text, name).document()


class _Reader:
    """Builds the content from the parser's events, so that nothing is constructed unseen."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._events = self._parse(text)
        self._lines: dict[Path, int] = {}
        self._parts = 0

    def _parse(self, text: str) -> Iterator[Any]:
        from ruamel.yaml import YAML  # noqa: PLC0415  not before the first paint
        from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

        try:
            yield from YAML(typ="safe", pure=True).parse(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = " ".join(part for part in (error.context, error.problem) if part)
            raise self._wrong(reason, mark.line + 1 if mark else 1) from error
        except YAMLError as error:
            at = getattr(error, "position", 0)
            line = text.count("\n", 0, at) + 1 if isinstance(at, int) else 1
            raise self._wrong(f"not YAML: {getattr(error, 'reason', error)}", line) from error

    def _wrong(self, reason: str, line: int) -> ChecklistError:
        return ChecklistError(f"{reason}.", where=f"{self._name}:{line}")

    def document(self) -> Document:
        content: Json = None
        documents = 0
        for event in self._events:
            match type(event).__name__:
                case "DocumentStartEvent":
                    documents += 1
                    if documents > 1:
                        raise self._wrong("a second document begins here", _line(event))
                    if event.version or event.tags:
                        raise self._wrong("directives are not allowed", _line(event))
                case "StreamStartEvent" | "StreamEndEvent" | "DocumentEndEvent" | "CommentEvent":
                    pass
                case _:
                    self._lines[()] = _line(event)
                    content = self._value(event, ())
        return Document(self._name, content, self._lines)

    def _next(self) -> Any:
        return next(self._events)

    def _value(self, event: Any, path: Path) -> Json:
        self._refuse_extras(event)
        if len(path) > MAX_DEPTH:
            raise self._wrong(f"nested deeper than {MAX_DEPTH}", _line(event))
        self._count(event)
        match type(event).__name__:
            case "ScalarEvent":
                return self._scalar(event)
            case "SequenceStartEvent":
                return self._sequence(path)
            case _:
                return self._mapping(path)

    def _sequence(self, path: Path) -> list[Json]:
        found: list[Json] = []
        while type(event := self._next()).__name__ != "SequenceEndEvent":
            here = (*path, len(found))
            self._lines[here] = _line(event)
            found.append(self._value(event, here))
        return found

    def _mapping(self, path: Path) -> dict[str, Json]:
        found: dict[str, Json] = {}
        while type(event := self._next()).__name__ != "MappingEndEvent":
            self._refuse_extras(event)
            if type(event).__name__ != "ScalarEvent":
                raise self._wrong("a key must be text", _line(event))
            self._count(event)
            key = self._text(event)
            here = (*path, key)
            if key in found:
                raise self._wrong(
                    f"the key `{key}` stands here again, first in line {self._lines[here]}",
                    _line(event),
                )
            self._lines[here] = _line(event)
            found[key] = self._value(self._next(), here)
        return found

    def _refuse_extras(self, event: Any) -> None:
        if type(event).__name__ == "AliasEvent" or event.anchor is not None:
            raise self._wrong("anchors and aliases are not allowed", _line(event))
        if _tag(event):
            raise self._wrong(f"the tag `{_tag(event)[:80]}` is not allowed", _line(event))

    def _count(self, event: Any) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise self._wrong(f"the file has more than {MAX_PARTS} parts", _line(event))

    def _text(self, event: Any) -> str:
        text: str = event.value
        if not _HALF.search(text):
            return text
        try:
            # As JSON writes characters beyond the first plane: in two halves.
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError as error:
            reason = "half a character (a lone surrogate) is no text"
            raise self._wrong(reason, _line(event)) from error

    def _scalar(self, event: Any) -> Json:
        text = self._text(event)
        if event.style is not None:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _ACCOUNT_ID.fullmatch(text):
            return text
        if _INTEGER.fullmatch(text):
            if len(text.lstrip("-")) > MAX_DIGITS:
                raise self._wrong(f"a number of more than {MAX_DIGITS} digits", _line(event))
            return int(text)
        if not _NUMBER.fullmatch(text):
            return text
        if math.isinf(number := float(text)):
            raise self._wrong("the number is too large", _line(event))
        return number


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def _tag(event: Any) -> str:
    tag = getattr(event, "tag", None)
    return str(tag) if tag is not None else ""
