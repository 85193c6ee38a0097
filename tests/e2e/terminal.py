"""A terminal of 80×24 with the wizard in it: keys go in, text on the screen comes out."""

import re
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pexpect
import pyte

from tests.e2e.account import until
from tests.e2e.command import COMMAND, environment, hear_signals

COLUMNS, LINES = 80, 24
PATIENCE = 30.0
"""Real seconds until a text must have come."""

ALTERNATE = re.compile(rb"\x1b\[\?1049([hl])")
CURSOR = re.compile(rb"\x1b\[\?25([hl])")
MOUSE = re.compile(rb"\x1b\[\?100[023]([hl])")

# pyte shows the rest of sequences that it does not know; real terminals know them or drop them.
_UNKNOWN = re.compile(
    rb"\x1b\[[<>=]\d*[a-z]|\x1b\[\?\d+\$p|\x1b\[>\d*(;\d+)*m|\x1bP.*?\x1b\\|\x1b\]22;[a-z-]*\x07"
)
_UNFINISHED = re.compile(rb"\x1b[^\x1b]{0,64}$")

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "ctrl+s": "\x13",
    "ctrl+u": "\x15",
    "ctrl+q": "\x11",
}


class Terminal:
    """A context manager; whatever is left running is killed at its end."""

    def __init__(self, arguments: Sequence[str | Path], home: Path, **env: str) -> None:
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""
        self.raw = b""
        self._child = pexpect.spawn(
            COMMAND,
            [str(argument) for argument in arguments],
            env=environment(
                TERM="xterm-256color",
                COLORTERM="truecolor",
                TEXTUAL_ANIMATIONS="none",
                ST_WIZARD_HOME=str(home),
                **env,
            ),
            dimensions=(LINES, COLUMNS),
            timeout=PATIENCE,
            preexec_fn=hear_signals,
        )
        self._child.delaybeforesend = None
        self._modes = self._line()

    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def until(self, wanted: str | Callable[[str], bool], limit: float = PATIENCE) -> str:
        """Read until the screen shows it; returns the screen."""
        what = wanted if isinstance(wanted, str) else "what was waited for"
        end = time.monotonic() + limit
        while not self._shows(wanted):
            left = end - time.monotonic()
            assert left > 0, f"{what!r} did not come:\n{self.text()}"
            assert self._read(left), f"{what!r} did not come before the end:\n{self.text()}"
        return self.text()

    def press(self, *keys: str) -> None:
        """Send keys by name, or text as it is."""
        for key in keys:
            self._child.send(KEYS.get(key, key))

    def signal(self, number: int) -> None:
        """Send a signal to the wizard."""
        self._child.kill(number)

    def ends(self, limit: float) -> bool:
        """Read to the end; whether that comes within so many seconds."""
        end = time.monotonic() + limit
        while self._read(end - time.monotonic()):
            if time.monotonic() > end:
                return False
        return True

    def wait(self, limit: float = PATIENCE) -> int:
        """Read to the end; returns the exit code, negative for a signal."""
        end = time.monotonic() + limit
        while self._read(end - time.monotonic()):
            assert time.monotonic() < end, f"it did not end:\n{self.text()}"
        self._child.wait()
        if self._child.exitstatus is not None:
            return int(self._child.exitstatus)
        return -int(self._child.signalstatus or 0)

    def hang_up(self, limit: float = PATIENCE) -> int:
        """Close the terminal from the other side, as when its window is closed or a connection
        breaks; returns the exit code, negative for a signal."""
        vars(self._child)["ptyproc"].fileobj.close()
        until(lambda: not self._child.isalive(), "it ends without its terminal", limit)
        if self._child.exitstatus is not None:
            return int(self._child.exitstatus)
        return -int(self._child.signalstatus or 0)

    def restored(self) -> bool:
        """Out of the alternate screen, with a cursor and without mouse reports, and the line as
        it was: echo, line editing and keys that send signals."""
        assert self._line() == self._modes, (self._modes, self._line(), self.raw[-300:])
        ended = [
            (found[-1] if (found := ALTERNATE.findall(self.raw)) else b"l") == b"l",
            (found[-1] if (found := CURSOR.findall(self.raw)) else b"h") == b"h",
            (found[-1] if (found := MOUSE.findall(self.raw)) else b"l") == b"l",
        ]
        return all(ended)

    def _line(self) -> list[object]:
        """The modes of the line; the terminal's own side has those of the other."""
        return termios.tcgetattr(self._child.child_fd)[:4]

    def _shows(self, wanted: str | Callable[[str], bool]) -> bool:
        text = self.text()
        return wanted in text if isinstance(wanted, str) else wanted(text)

    def _read(self, seconds: float) -> bool:
        """Take in what comes within that time; False at the end."""
        try:
            read = self._child.read_nonblocking(65536, timeout=max(0.0, min(seconds, 1.0)))
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        new = read.encode() if isinstance(read, str) else read
        self.raw += new
        came = self._rest + new
        unfinished = _UNFINISHED.search(came)
        cut = unfinished.start() if unfinished and not _whole(unfinished[0]) else len(came)
        came, self._rest = came[:cut], came[cut:]
        self._stream.feed(_UNKNOWN.sub(b"", came))
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.close(force=True)


def _whole(sequence: bytes) -> bool:
    whole = rb"\x1b(\[[0-9;:?<>=$ ]*[@-~]|\][^\x07\x1b]*\x07|[^\[\]P])"
    return re.match(whole, sequence) is not None
