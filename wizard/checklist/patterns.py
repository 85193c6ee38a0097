"""Whether a checklist's regular expression could keep the wizard busy for ever. Pure.

Python's `re` tries every way in which a text may match. Where repeats can share the text between
them in many ways, there are more ways than time: `(a|a)*b` takes two to the power of the text's
length. Such patterns are refused when the file is read, as they cannot be interrupted later.
"""

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]  # typeshed does not know them
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

MAX_LENGTH = 1000
"""Characters of a pattern."""
LONGEST = 4000
"""Characters of the longest text that is matched."""
MAX_WAYS = 2_000_000
"""Steps that matching one text may take at most: a tenth of a second or so."""

_SAMPLE = (*map(chr, range(0x250)), "\u2028", "\u4e00", "\U0001f600")
"""Characters that stand for all when two sets are compared; nobody tells rarer ones apart."""

Part = tuple[Any, Any]
Chars = frozenset[str]


class _Ways(NamedTuple):
    """How many steps so far, and what the last repeat can take."""

    ways: int
    last: Chars


class _TooManyError(Exception):
    """It may take for ever; says why."""


def complaint(pattern: str) -> str:
    """What is wrong with the pattern; empty when it is a regular expression that ends in time."""
    if len(pattern) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    try:
        re.compile(pattern)
        _sequence(parser.parse(pattern), 1)
    except _TooManyError as error:
        return f"it could take for ever to match: {error}"
    except (re.error, RecursionError, OverflowError) as error:
        return f"it is no regular expression: {error}"
    return ""


def _sequence(parts: Iterable[Part], base: int, start: "_Ways | None" = None) -> "_Ways":
    """The steps of parts that stand behind each other: repeats multiply them until something that
    the last of them cannot take stands between, which brings them back to `base`."""
    now = start if start is not None else _Ways(base, frozenset())
    for part in _flat(parts):
        kind, given = part
        match kind:
            case op.BRANCH:
                now = _either([_sequence(branch, base, now) for branch in given[1]])
            case op.ASSERT | op.ASSERT_NOT:
                # At each place to which the repeats before it come back, it is looked at anew.
                _sequence(given[1], now.ways)
            case op.AT:
                pass
            case op.GROUPREF | op.GROUPREF_EXISTS:
                raise _TooManyError("it refers to a group")
            case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT if given[1] > 1:
                if not _is_plain(given[2]):
                    _told_apart(given[2])
                before = now.ways if now.last & _first(given[2]) else base
                after = _Ways(before * min(int(given[1]), LONGEST), _chars(given[2]))
                now = after if given[0] else _either([now, after])
            case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
                now = _either([now, _sequence(given[2], base, now)])
            case _ if not _chars([part]) & now.last:
                now = _Ways(base, frozenset())
            case _:
                pass
        if now.ways > MAX_WAYS:
            raise _TooManyError("several repeats could share one text in too many ways")
    return now


def _either(several: Sequence["_Ways"]) -> "_Ways":
    return _Ways(
        max(one.ways for one in several), frozenset().union(*(one.last for one in several))
    )


def _told_apart(body: Iterable[Part]) -> None:
    """A repeat of more than single characters: each time must begin or end with a character that
    stands nowhere else in it, so that there is one way only to take a text apart."""
    parts = list(_flat(body))
    if any(kind in {op.ASSERT, op.ASSERT_NOT} for kind, _ in parts):
        raise _TooManyError("a repeat looks ahead or behind")
    if _is_fixed(parts):
        return
    for edge, rest in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
        if _is_single(edge) and not _chars([edge]) & _chars(rest):
            # One repeat at most, of single characters: so between two edges there is one way.
            varying = [part for part in rest if not _is_fixed([part])]
            if not varying or (len(varying) == 1 and _is_plain_repeat(varying[0])):
                return
    raise _TooManyError("a repeat stands within a repeat, or a choice")


def _flat(parts: Iterable[Part]) -> Iterable[Part]:
    for part in parts:
        kind, given = part
        if kind is op.SUBPATTERN:
            yield from _flat(given[3])
        elif kind is op.ATOMIC_GROUP:
            yield from _flat(given)
        else:
            yield part


def _inner(parts: Iterable[Part]) -> Iterable[Part]:
    """The parts, and the bodies of their choices and optional ones, at every depth."""
    for part in _flat(parts):
        yield part
        kind, given = part
        if kind is op.BRANCH:
            for branch in given[1]:
                yield from _inner(branch)
        elif kind in _REPEATS:
            yield from _inner(given[2])


_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
_SINGLE = {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}


def _is_plain_repeat(part: Part) -> bool:
    kind, given = part
    return kind in _REPEATS and _is_plain(given[2])


def _is_single(part: Part) -> bool:
    return part[0] in _SINGLE


def _is_plain(body: Iterable[Part]) -> bool:
    """One single character, repeated: nothing to be taken apart."""
    parts = list(_flat(body))
    return len(parts) == 1 and _is_single(parts[0])


def _is_fixed(parts: Iterable[Part]) -> bool:
    """Single characters only: each time is as long as the other, and matches in one way."""
    return all(_is_single(part) or part[0] is op.AT for part in parts)


def _first(body: Iterable[Part]) -> Chars:
    """What the body can begin with; of what may be empty, all that it holds."""
    for part in _flat(body):
        if _is_single(part):
            return _chars([part])
        break
    return _chars(body)


def _chars(parts: Iterable[Part]) -> Chars:
    """Of the sample, the characters that the parts can take."""
    found: set[str] = set()
    for kind, given in _inner(parts):
        match kind:
            case op.LITERAL:
                found.add(chr(given))
            case op.ANY | op.NOT_LITERAL:
                found.update(_SAMPLE)
            case op.IN:
                found |= _set(given)
            case _:
                pass
    return frozenset(found)


def _set(given: Sequence[Part]) -> set[str]:
    found: set[str] = set()
    negated = bool(given) and given[0][0] is op.NEGATE
    for kind, value in given:
        match kind:
            case op.LITERAL:
                found.add(chr(value))
            case op.RANGE:
                found |= {char for char in _SAMPLE if value[0] <= ord(char) <= value[1]}
            case op.CATEGORY:
                found |= {char for char in _SAMPLE if _in_category(value, char)}
            case _:
                pass
    return set(_SAMPLE) - found if negated else found


def _in_category(category: Any, char: str) -> bool:
    letter = {
        op.CATEGORY_DIGIT: r"\d",
        op.CATEGORY_NOT_DIGIT: r"\D",
        op.CATEGORY_SPACE: r"\s",
        op.CATEGORY_NOT_SPACE: r"\S",
        op.CATEGORY_WORD: r"\w",
        op.CATEGORY_NOT_WORD: r"\W",
    }.get(category)
    return letter is None or re.match(letter, char) is not None
