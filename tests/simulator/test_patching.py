"""Patches stack, come off whole, and let one thread in where that is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from wizard.simulator.services import patching


class Thing:
    """Stands for a class of moto."""

    kind = "plain"

    def __init__(self) -> None:
        self.total = 0

    def name(self) -> str:
        return "thing"

    def add(self, meeting: threading.Barrier) -> None:
        before = self.total
        # Every thread that is let in meets here; alone, it waits in vain.
        try:
            meeting.wait(timeout=0.05)
        except threading.BrokenBarrierError:
            meeting.reset()
        self.total = before + 1


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    patching.restore()
    yield
    patching.restore()


def test_the_newest_patch_is_outermost() -> None:
    for letter in "ab":

        @patching.wrap(Thing, "name")
        def wrapped(original: patching.Method, self: Any, letter: str = letter) -> str:
            return f"{letter}({original(self)})"

    assert Thing().name() == "b(a(thing))"
    patching.restore()
    assert Thing().name() == "thing"


def test_restore_takes_away_what_was_not_there() -> None:
    patching.put(Thing, "kind", "patched")
    patching.put(Thing, "extra", 1)
    patching.restore()
    assert Thing.kind == "plain"
    assert not hasattr(Thing, "extra")


def test_one_thread_at_a_time() -> None:
    patching.exclusively(threading.RLock(), Thing, "add")
    thing, meeting = Thing(), threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: thing.add(meeting), range(2)))
    assert thing.total == 2
