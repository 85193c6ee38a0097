"""Files of answers: read strictly, and written with what each question asks."""

import io
from collections.abc import Mapping
from pathlib import Path

from wizard.checklist.pinned import Pinned
from wizard.checklist.yaml_text import read
from wizard.effects import Json
from wizard.errors import UsageError
from wizard.safe import safe, safe_line


def read_answers(path: Path, pinned: Pinned) -> dict[str, Json]:
    """The answers of a YAML or JSON file: a mapping from input to value."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The answers cannot be read: {error}.",
            where=str(path),
            todo="`st-wizard answers CHECKLIST` prints a file in UTF-8 to start from.",
        ) from error
    value = read(text, path.name).content
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UsageError(
            "Answers are a mapping from input to value.",
            where=str(path),
            todo="`st-wizard answers CHECKLIST` prints one to start from.",
        )
    known = pinned.checklist.inputs
    if strange := sorted(set(value) - set(known)):
        raise UsageError(
            f"The checklist asks no such question: {', '.join(map(str, strange))}.",
            where=str(path),
            todo=f"It asks: {', '.join(known)}.",
        )
    return {name: answer for name, answer in value.items() if answer is not None}


def write_answers(pinned: Pinned, known: Mapping[str, Json]) -> str:
    """YAML with every question as a comment and its default; what has none stays commented out."""
    lines = [
        safe_line(f"# Answers for {pinned.checklist.id}: {pinned.checklist.title}", limit=2000),
        f"# st-wizard run {pinned.checklist.id} --answers THIS-FILE",
        "",
    ]
    for name, question in pinned.checklist.inputs.items():
        about = safe_line(f"{question.label}. {question.help}".rstrip(), limit=2000)
        lines.append(f"# {about}")
        if question.after:
            lines.append(f"# Asked after {question.after}: leave it out to take the default then.")
        if question.type == "secret":
            lines.append("# The name of the secret, never the secret itself.")
        if name in known and not question.after:
            lines.append(_entry(name, known[name]))
        else:
            lines.append(f"# {name}:")
        lines.append("")
    return "\n".join(lines)


def _entry(name: str, value: Json) -> str:
    """One answer as YAML; what a terminal would obey stands as an escape."""
    from ruamel.yaml import YAML  # noqa: PLC0415  only this command writes YAML

    text = ""
    for plain in (True, False):
        yaml = YAML()
        yaml.width = 4096
        yaml.allow_unicode = plain
        written = io.StringIO()
        yaml.dump({name: value}, written)
        text = written.getvalue().rstrip("\n")
        if safe(text, limit=len(text)) == text:
            break
    return text
