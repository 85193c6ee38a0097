"""Loads checklists: from a file, from the package, or from a session's pinned text."""

import hashlib
import re
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from wizard.checklist import yaml_text
from wizard.checklist.model import Advice, AdviceId, Checklist
from wizard.checklist.patterns import complaint
from wizard.checklist.pinned import Pinned
from wizard.checklist.yaml_text import Document
from wizard.effects import Json
from wizard.errors import ChecklistError, UsageError
from wizard.step import Registry

T = TypeVar("T")

_ADVICE = "advice"
_TABLES = frozenset({f"{_ADVICE}.yaml", "controls.yaml"})
_AT = re.compile(r"^(?P<what>.*?)(?: - at (?P<key>`key` in )?`(?P<path>\$.*)`)?$", re.DOTALL)
_PART = re.compile(r"\.(?P<field>[^.\[]+)|\[(?P<index>[0-9]+|\.\.\.)\]")
_UNKNOWN_FIELD = re.compile(r"unknown field `(?P<field>[^`]+)`")


def load(
    path: Path | str, *, advice: str | None = None, registry: Registry | None = None
) -> Pinned:
    """The checklist in a file; with `registry`, it must also be free of lint.

    `ChecklistError` says file, line and reason. `advice` as for `load_text`.
    """
    file = Path(path)
    try:
        text = file.read_bytes().decode()
    except OSError as error:
        raise ChecklistError(f"Cannot be read: {error.strerror}.", where=str(file)) from error
    except UnicodeDecodeError as error:
        raise ChecklistError("The file is not UTF-8 text.", where=str(file)) from error
    return load_text(text, file.name, advice=advice, registry=registry)


def load_text(
    text: str, name: str, *, advice: str | None = None, registry: Registry | None = None
) -> Pinned:
    """The checklist in `text`, called `name` in errors.

    `advice` is the text of the advice table that goes with it; None takes the package's own.
    """
    advice_text = bundled_advice() if advice is None else advice
    document = yaml_text.read(text, name)
    checklist = _convert(document, Checklist)
    _refuse_patterns(checklist, document)
    pinned = Pinned(
        checklist=checklist,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        advice=_advice(advice_text),
        advice_text=advice_text,
    )
    if registry is not None:
        from wizard.checklist.lint import lint  # noqa: PLC0415  lint imports the expressions

        if problems := lint(pinned, registry):
            raise ChecklistError("\n".join(problems), where=name)
    return pinned


def _refuse_patterns(checklist: Checklist, document: Document) -> None:
    """Here and not in lint: also a session's own copy must not keep the wizard busy for ever."""
    for name, asked in checklist.inputs.items():
        if asked.pattern and (wrong := complaint(asked.pattern)):
            at: yaml_text.Path = ("inputs", name, "pattern")
            raise ChecklistError(
                f"The pattern cannot be used: {wrong} (at inputs.{name}.pattern).",
                where=f"{document.name}:{document.line(at)}",
            )


def bundled() -> list[str]:
    """Ids of the checklists that come with the package, in alphabetical order."""
    return sorted(
        name.removesuffix(".yaml").replace("_", "-")
        for name in (file.name for file in resources.files("checklists").iterdir())
        if name.endswith(".yaml") and name not in _TABLES
    )


@cache
def load_bundled(checklist_id: str) -> Pinned:
    """The checklist of that id from the package; `UsageError` names those that there are."""
    if checklist_id not in bundled():
        raise UsageError(
            f"There is no checklist called {checklist_id}.",
            todo=f"There are: {', '.join(bundled())}.",
        )
    name = checklist_id.replace("-", "_")
    pinned = load_text(_bundled_text(name), f"{name}.yaml")
    if pinned.checklist.id != checklist_id:
        raise ChecklistError(
            f"Its id is {pinned.checklist.id}, its name says {checklist_id}.", where=f"{name}.yaml"
        )
    return pinned


@lru_cache(maxsize=1)
def bundled_advice() -> str:
    """The text of the package's advice table, byte for byte."""
    return _bundled_text(_ADVICE)


def _bundled_text(name: str) -> str:
    return resources.files("checklists").joinpath(f"{name}.yaml").read_bytes().decode()


@lru_cache(maxsize=8)
def _advice(text: str) -> dict[str, Advice]:
    document = yaml_text.read(text, f"{_ADVICE}.yaml")
    return _convert(document, dict[AdviceId, Advice])


def _convert(document: Document, wanted: type[T]) -> T:
    """The content as `wanted`; a `ChecklistError` points at the line that is wrong."""
    try:
        return msgspec.convert(document.content, wanted)
    except msgspec.ValidationError as error:
        what, path = _place(str(error), document.content, wanted)
        where = f"{document.name}:{document.line(path)}"
        shown = ".".join(str(part) for part in path)
        raise ChecklistError(
            f"{what} (at {shown})." if shown else f"{what}.", where=where
        ) from error


def _place(message: str, content: Json, wanted: Any) -> tuple[str, yaml_text.Path]:
    """What is wrong, and the path of the part that is."""
    found = _AT.match(message)
    if found is None or not found["path"]:
        what, parts = message, []
    else:
        what = found["what"]
        parts = [m["field"] or m["index"] for m in _PART.finditer(found["path"])]
        if found["key"]:
            parts.append("...")
    path: yaml_text.Path = ()
    for part in parts:
        if part == "...":
            path = (*path, _culprit(message, content, path, wanted))
        else:
            path = (*path, int(part) if part.isdecimal() and _is_list(content, path) else part)
    if unknown := _UNKNOWN_FIELD.search(what):
        path = (*path, unknown["field"])
    return what, path


def _is_list(content: Json, path: yaml_text.Path) -> bool:
    return isinstance(_at(content, path), list)


def _at(content: Json, path: yaml_text.Path) -> Json:
    for part in path:
        content = content[part]
    return content


def _culprit(message: str, content: Json, path: yaml_text.Path, wanted: Any) -> str:
    """The key that msgspec leaves out: the one whose value alone gives the same error."""
    for key, value in _at(content, path).items():
        try:
            msgspec.convert(_with(content, path, {key: value}), wanted)
        except msgspec.ValidationError as error:
            if str(error) == message:
                return str(key)
    return ""


def _with(content: Json, path: yaml_text.Path, part: Json) -> Json:
    """A copy of `content` with `part` at `path`."""
    if not path:
        return part
    head, rest = path[0], path[1:]
    copy: Any = list(content) if isinstance(content, list) else dict(content)
    copy[head] = _with(content[head], rest, part)
    return copy
