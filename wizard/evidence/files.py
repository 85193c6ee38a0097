"""How files of the bundle are named and written."""

import json
import re
from collections.abc import Mapping, Sequence

from wizard.effects import Facts, Json
from wizard.session.canonical import canonical

FOLDER = "evidence"
"""The folder of single calls and observations."""

Files = Mapping[str, bytes]


def pretty(value: Json) -> bytes:
    """JSON for people: indented, keys in order, a newline at the end."""
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def many(head: Facts, name: str, rows: Sequence[Facts]) -> bytes:
    """JSON with a list of many under `name`, each on a line of its own, so that a line can be
    found with grep and thousands stay small."""
    start = pretty(head).decode().rstrip("}\n ")
    lines = ",\n".join(canonical(row).decode() for row in rows)
    return f"{start},\n  {json.dumps(name)}: [\n{lines}\n  ]\n}}\n".encode()


def file_name(text: str) -> str:
    """What can be a part of a file's name everywhere: `POST /0/app` is `POST-0-app`."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text)[:60].strip("-") or "x"
