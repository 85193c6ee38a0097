"""A bundle as one file: a zip whose bytes follow from its contents alone."""

import io
import zipfile
from collections.abc import Mapping

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_FILE_0644 = 0o100644 << 16


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files in the order of their names, uncompressed, since what a compressor gives depends
    on its version."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system = 3
            info.external_attr = _FILE_0644
            archive.writestr(info, content)
    return out.getvalue()
