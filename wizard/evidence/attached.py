"""Files that people attached to what they attested, under their hash and a name that is safe."""

import hashlib
import re
from collections.abc import Iterable, Mapping

import msgspec

from wizard.evidence.files import FOLDER, Files
from wizard.session.events import Entry
from wizard.session.pauses import Attested

PLACE = f"{FOLDER}/attached"


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """A file as an attestation names it."""

    item: str
    line: int
    name: str
    sha256: str


def attached(entries: Iterable[Entry]) -> list[Attached]:
    """All that attestations name, in their order."""
    return [
        Attached(
            item=entry.event.item,
            line=entry.seq,
            name=file.get("name", ""),
            sha256=file["sha256"],
        )
        for entry in entries
        if isinstance(entry.event, Attested)
        for file in entry.event.evidence
        if re.fullmatch(r"[0-9a-f]{64}", file.get("sha256", ""))
    ]


def attached_name(file: Attached) -> str:
    """Where it lies in the bundle. The ending stays, so that it opens; nothing else of the name
    can lead elsewhere or hide."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", file.name)
    plain = re.sub(r"\.{2,}", ".", plain).strip(".-")[-80:].strip(".-")
    return f"{PLACE}/{file.sha256}-{plain or 'file'}"


def attached_files(entries: Iterable[Entry], kept: Mapping[str, bytes]) -> Files:
    """Those that are kept, by their name in the bundle."""
    return {
        attached_name(file): kept[file.sha256] for file in attached(entries) if file.sha256 in kept
    }


def missing(entries: Iterable[Entry], kept: Mapping[str, bytes]) -> list[str]:
    """Hashes that attestations name and whose files are not kept."""
    return sorted({file.sha256 for file in attached(entries)} - kept.keys())


def attached_in(files: Files) -> Mapping[str, bytes]:
    """The attached files of a bundle by the hash that they have, whatever their names say."""
    return {
        hashlib.sha256(content).hexdigest(): content
        for name, content in files.items()
        if name.startswith(f"{PLACE}/")
    }
