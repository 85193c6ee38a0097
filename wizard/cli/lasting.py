"""Output that outlives its terminal: a closed window or a broken connection keeps nobody from
finishing calls, writing the journal, and leaving with the right exit code."""

import io
import sys
from typing import TextIO


class Lasting(io.FileIO):
    """A terminal's descriptor; once the terminal is gone, what is written is dropped."""

    def write(self, content: object) -> int:
        """As a file's; never an error of a terminal that is no more (`EIO`)."""
        try:
            return super().write(content) or 0  # type: ignore[arg-type]
        except OSError:
            return len(memoryview(content))  # type: ignore[arg-type]


def outlive_terminal() -> None:
    """Standard output and standard error, where they are a terminal, from now on."""
    sys.stdout, sys.stderr = _lasting(sys.stdout), _lasting(sys.stderr)


def _lasting(stream: TextIO) -> TextIO:
    # What goes into a file or a pipe is not to be lost without a word.
    if not stream.isatty():
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(Lasting(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=True,
    )
