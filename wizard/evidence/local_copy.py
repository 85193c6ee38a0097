"""An exported bundle as it lies on this machine, with what signs it."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wizard.errors import RefusedError
from wizard.evidence.bundle import SUMS


class LocalCopy(msgspec.Struct, frozen=True, kw_only=True):
    """The folder and all its files."""

    folder: Path
    files: Mapping[str, bytes]

    @property
    def name(self) -> str:
        """What the folder is called, here and elsewhere."""
        return self.folder.name

    @property
    def sums_sha256(self) -> str:
        """Which state of the session it is."""
        return hashlib.sha256(self.files[SUMS]).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(map(len, self.files.values()))


def local_copy(folder: Path) -> LocalCopy:
    """Read the folder. `RefusedError` when something in it leads elsewhere, or it is no bundle."""
    files: dict[str, bytes] = {}
    for root, folders, names in os.walk(folder, followlinks=False):
        for name in (*folders, *names):
            file = Path(root) / name
            if file.is_symlink() or not (file.is_file() or file.is_dir()):
                raise RefusedError(
                    "It is no plain file.", where=str(file), todo="Nothing was uploaded. Remove it."
                )
        for name in names:
            file = Path(root) / name
            files[file.relative_to(folder).as_posix()] = file.read_bytes()
    if SUMS not in files:
        raise RefusedError(
            f"There is no {SUMS} in it.", where=str(folder), todo="Nothing was uploaded."
        )
    return LocalCopy(folder=folder, files=files)
