"""A file put in its place as a whole or not at all."""

import os
import tempfile
from pathlib import Path


def write_whole(file: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write it beside its place and move it there, on the disk; `OSError` where that fails, and
    what was there before stays. For its owner only, unless `mode` says otherwise."""
    handle, name = tempfile.mkstemp(prefix=".st-wizard-", dir=file.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if mode is not None:
            fresh.chmod(mode)
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
