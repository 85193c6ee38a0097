"""Keys struck while the wizard works are neither echoed nor kept for the next question."""

import os
import pty
import select
import termios
from pathlib import Path

from wizard.console.plain.quiet import quiet_keys


def echoes(descriptor: int) -> bool:
    return bool(termios.tcgetattr(descriptor)[3] & termios.ECHO)


def test_what_is_typed_meanwhile_is_not_shown_and_forgotten() -> None:
    master, slave = pty.openpty()
    with os.fdopen(master, "wb", buffering=0) as keys, os.fdopen(slave, "r") as keyboard:
        assert echoes(slave)
        with quiet_keys(keyboard):
            assert not echoes(slave)
            keys.write(b"yes\n")
            assert select.select([slave], [], [], 5)[0], "the key has arrived"
        assert echoes(slave)
        assert not select.select([slave], [], [], 0)[0]
        assert not select.select([master], [], [], 0)[0]


def test_without_a_terminal_there_is_nothing_to_do(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text("yes\n")
    with path.open() as keyboard:
        with quiet_keys(keyboard):
            pass
        assert keyboard.read() == "yes\n"
