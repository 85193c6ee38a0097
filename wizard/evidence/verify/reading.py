"""Reads a bundle from where it lies: a folder, a zip of one, or the report as PDF that has one
attached. Links are never followed."""

import io
import os
import stat
import zipfile
from pathlib import Path, PurePosixPath

from msgspec import structs

from wizard.errors import UsageError
from wizard.evidence.bundle import PDF, SUMS, sum_line
from wizard.evidence.pdf.attached import ATTACHED, attached
from wizard.evidence.verify.finding import Held

LARGEST = 2**31
"""Bytes of a whole bundle: far more than any session gives, and what a machine can hold."""

MOST = 100_000
"""Files."""


def read(where: Path) -> Held:
    """What is there; `UsageError` when it is no bundle, or too large to be one."""
    if where.is_dir():
        held = _folder(where)
    elif where.is_file():
        held = _file(where)
    else:
        raise UsageError(
            "There is neither a folder nor a file.",
            where=str(where),
            todo="Give the folder that `st-wizard export` wrote, a zip of it, or its report.pdf.",
        )
    if SUMS not in held.files and "manifest.json" not in held.files:
        raise UsageError(
            f"This is no evidence: it has neither {SUMS} nor manifest.json.",
            where=str(where),
            todo="Give the folder that has them.",
        )
    return held


def _folder(top: Path) -> Held:
    files: dict[str, bytes] = {}
    odd: dict[str, str] = {}
    left = LARGEST
    for root, folders, names in os.walk(top, onerror=_unreadable):
        here = Path(root)
        folders.sort()
        for name in sorted([*names, *folders]):
            path = here / name
            shown = path.relative_to(top).as_posix()
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode):
                content = _content(path, left)
                left -= len(content)
                files[shown] = content
            elif stat.S_ISLNK(mode):
                odd[shown] = "a link"
            elif not stat.S_ISDIR(mode):
                odd[shown] = "no regular file"
            elif not any(path.iterdir()):
                odd[shown] = "an empty folder"
            if len(files) + len(odd) > MOST:
                raise _too_large(top)
    return Held(where=str(top), files=files, odd=odd)


def _content(path: Path, limit: int) -> bytes:
    # What was a file a moment ago may be a link now, or a pipe that nobody writes to.
    unfollowed = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, os.O_RDONLY | unfollowed), "rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise _too_large(path)
    return content


def _file(path: Path) -> Held:
    content = _content(path, LARGEST)
    if not content.startswith(b"%PDF-"):
        return _zip(content, path)
    inside = attached(content)
    if inside is None:
        raise UsageError(
            f"It is a PDF without {ATTACHED}.",
            where=str(path),
            todo="Give report.pdf as `st-wizard export` wrote it: printing or signing it anew "
            "leaves its attachment out.",
        )
    held = _zip(inside, path)
    # The folder had one file more, this document, and one line for it.
    lines = [*held.files.get(SUMS, b"").splitlines(keepends=True), sum_line(PDF, content)]
    by_name = sorted(lines, key=_name)
    return structs.replace(held, files={**held.files, PDF: content, SUMS: b"".join(by_name)})


def _name(line: bytes) -> bytes:
    return line[66:]


def _zip(content: bytes, path: Path) -> Held:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unzipped(archive, path)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UsageError(
            f"It cannot be read as a zip: {error}.",
            where=str(path),
            todo="Give the folder that `st-wizard export` wrote, or a zip of it.",
        ) from error


def _unzipped(archive: zipfile.ZipFile, path: Path) -> Held:
    files: dict[str, bytes] = {}
    odd: dict[str, str] = {}
    left = LARGEST
    members = archive.infolist()
    if len(members) > MOST:
        raise _too_large(path)
    for member in members:
        name, mode = member.filename, member.external_attr >> 16
        if member.is_dir():
            continue
        if name in files or name in odd:
            odd[name] = "in the zip twice"
        elif stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
            odd[name] = "no regular file"
        elif name != PurePosixPath(name).as_posix() or ".." in name.split("/") or name[:1] == "/":
            odd[name] = "a name that leads elsewhere"
        else:
            with archive.open(member) as file:
                files[name] = file.read(left + 1)
            left -= len(files[name])
            if left < 0:
                raise _too_large(path)
    top = _top(files)
    return Held(
        where=str(path),
        files={name.removeprefix(top): content for name, content in files.items()},
        odd={name.removeprefix(top): what for name, what in odd.items()},
    )


def _top(files: dict[str, bytes]) -> str:
    """The one folder that all lies in, as when a folder was zipped; empty if there is none."""
    firsts = {name.partition("/")[0] for name in files if "/" in name}
    if SUMS in files or len(firsts) != 1 or any("/" not in name for name in files):
        return ""
    return f"{firsts.pop()}/"


def _unreadable(error: OSError) -> None:
    raise UsageError(
        f"It cannot be read: {error.strerror}.",
        where=str(error.filename),
        todo="Copy the folder to where you may read all of it.",
    ) from error


def _too_large(path: Path) -> UsageError:
    return UsageError(
        "It is too large to be the evidence of a session.",
        where=str(path),
        todo="Give the folder that `st-wizard export` wrote.",
    )
