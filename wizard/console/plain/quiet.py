"""Keys that are struck while nothing is asked: neither shown nor taken for an answer later."""

import contextlib
import sys
import termios
from collections.abc import Iterator
from typing import TextIO


@contextlib.contextmanager
def quiet_keys(keyboard: TextIO | None = None) -> Iterator[None]:
    """The terminal echoes nothing inside, and forgets what was typed; Ctrl-C still interrupts.

    An echo would move the cursor out of the table that is repainted in place, and an Enter struck
    too early would answer the next question.
    """
    keyboard = keyboard if keyboard is not None else sys.stdin
    if not keyboard.isatty():
        yield
        return
    before = termios.tcgetattr(keyboard)
    silent = termios.tcgetattr(keyboard)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(keyboard, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
