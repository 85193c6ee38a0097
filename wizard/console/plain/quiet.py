"""Keys that are struck while nothing is asked: neither shown nor taken for an answer later."""

import contextlib
import sys
import termios
from collections.abc import Iterator
from typing import TextIO


@contextlib.contextmanager
def line_as_it_was(keyboard: TextIO | None = None) -> Iterator[None]:
    """Whatever becomes of what is done inside, the terminal's line has its modes again."""
    keyboard = keyboard if keyboard is not None else sys.stdin
    if not keyboard.isatty():
        yield
        return
    before = termios.tcgetattr(keyboard)
    try:
        yield
    finally:
        # A terminal that is gone has nothing to be put back.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


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
    with line_as_it_was(keyboard):
        silent = termios.tcgetattr(keyboard)
        silent[3] &= ~termios.ECHO
        with contextlib.suppress(termios.error):
            termios.tcsetattr(keyboard, termios.TCSADRAIN, silent)
        try:
            yield
        finally:
            with contextlib.suppress(termios.error):
                termios.tcflush(keyboard, termios.TCIFLUSH)
