"""The receipt of an upload: where a bundle is kept, and what each place said of each file.

A file beside the local copy, and no event of the journal: the session is over by then and its
journal is what is being kept, so that writing there would make another bundle of it each time. What
a receipt says can be read again from the places themselves.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from wizard.errors import RefusedError
from wizard.evidence.whole_file import write_whole

FORMAT = "stw-receipt/1"


class KeptFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file in one place."""

    sha256: str
    """In hex, as in SHA256SUMS; the place has calculated it too."""
    size: int
    key: str = ""
    version_id: str = ""
    request_id: str = ""
    at: str = ""
    """The service's Date header of the upload; empty for what was there before."""
    mode: str = ""
    """`GOVERNANCE` or `COMPLIANCE`; empty when it can be deleted."""
    retain_until: str = ""
    read_back: bool = False
    """Its checksum was read again after the upload."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a bundle is kept, and how far it is there."""

    where: str
    """`s3://bucket/prefix/folder/`, or the address of a Vanta document."""
    sums_sha256: str
    """Of SHA256SUMS: which state of the session it is."""
    by: str = ""
    """Who uploaded it: the AWS caller; of Vanta, the client id is a secret and is left out."""
    about: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Region, owner, versioning, Object Lock and so on, as they were."""
    warnings: tuple[str, ...] = ()
    files: Mapping[str, KeptFile] = msgspec.field(default_factory=dict)
    complete: bool = False


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """All places of one session's bundles."""

    session: str
    number: int
    format: str = FORMAT
    places: tuple[Place, ...] = ()

    def of(self, where: str, sums_sha256: str) -> Place | None:
        """What is known of a bundle in a place."""
        for one in self.places:
            if (one.where, one.sums_sha256) == (where, sums_sha256):
                return one
        return None

    def told(self, place: Place) -> "Receipt":
        """With what is known of this place now."""
        same = (place.where, place.sums_sha256)
        others = tuple(one for one in self.places if (one.where, one.sums_sha256) != same)
        return msgspec.structs.replace(self, places=(*others, place))


class Kept(NamedTuple):
    """What is known of places from before, and who is told of them from now on."""

    before: Callable[[str], Place | None]
    """By the address of the folder there."""
    told: Callable[[Place], None]


def beside(folder: Path) -> Path:
    """Where the receipt of a bundle is: beside its folder, which holds nothing but the bundle."""
    return folder.with_name(f"{folder.name}.receipt.json")


def load(file: Path, session: str, number: int) -> Receipt:
    """The receipt in the file, or an empty one; `RefusedError` for that of another session."""
    try:
        found = msgspec.json.decode(file.read_bytes(), type=Receipt)
    except FileNotFoundError:
        return Receipt(session=session, number=number)
    except (OSError, msgspec.DecodeError) as error:
        raise RefusedError(
            f"The receipt cannot be read: {error}.",
            where=str(file),
            todo="Nothing was uploaded. Move it away to have it written anew.",
        ) from error
    if found.session != session:
        raise RefusedError(
            "The receipt is of another session.",
            where=str(file),
            todo="Nothing was uploaded. Choose another folder.",
        )
    return found


def save(receipt: Receipt, file: Path) -> None:
    """Put it in its place as a whole, for its owner only."""
    content = msgspec.json.format(msgspec.json.encode(receipt), indent=2) + b"\n"
    write_whole(file, content)
