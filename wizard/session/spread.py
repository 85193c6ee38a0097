"""A mapping that never changes and whose changed copy is cheap, however many keys it has."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")

PARTS = 128
"""Of how many small dictionaries it consists: a copy shares all of them but one."""


class Spread(Mapping[str, V]):
    """Thousands of members, each with a state of its own: every event makes a new one."""

    __slots__ = ("_length", "_parts")

    def __init__(self, items: Iterable[tuple[str, V]] = ()) -> None:
        parts: list[dict[str, V]] = [{} for _ in range(PARTS)]
        for key, value in items:
            parts[_part(key)][key] = value
        self._parts = tuple(parts)
        self._length = sum(len(part) for part in parts)

    def having(self, key: str, value: V) -> "Spread[V]":
        """A copy in which `key` has this value."""
        at = _part(key)
        old = self._parts[at]
        copy: Spread[V] = Spread.__new__(Spread)
        copy._parts = (*self._parts[:at], {**old, key: value}, *self._parts[at + 1 :])
        copy._length = self._length + (key not in old)
        return copy

    def __getitem__(self, key: str) -> V:
        return self._parts[_part(key)][key]

    def __iter__(self) -> Iterator[str]:
        for part in self._parts:
            yield from part

    def __len__(self) -> int:
        return self._length

    def __repr__(self) -> str:
        return repr(dict(self))


def _part(key: str) -> int:
    return zlib.crc32(key.encode("utf-8", "surrogatepass")) % PARTS
