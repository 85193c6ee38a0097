"""Answers to a checklist's inputs: read from text, checked, and compared with the letter. Pure.

A secret never comes this way: the answer to a secret input is the name it is kept under.
"""

import ipaddress
import math
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from msgspec import UNSET

from wizard.checklist.model import FixedChoice, Input
from wizard.effects import Json
from wizard.step import Option

MAX_TEXT = 4000
MAX_ENTRIES = 1000
LISTS = frozenset({"choices", "ports", "texts"})
"""The types whose answer is a list."""

MAX_DIGITS = 18
"""Characters of a number; a file's numbers have no more digits either."""

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SECRET_IN_QUERY = re.compile(
    r"(^|[&;])[^=&;]*(pass(word|wd|phrase)|secret|token|credential|api[_-]?key)[^=&;]*=", re.I
)
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])?(:[0-9]+)?")
_SECRET_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_TARGET = re.compile(r"(?P<value>.+):(?P<port>[0-9]{1,5})")
_SEPARATORS = re.compile(r"[,;\s]+")


def parse_answer(asked: Input, text: str) -> Json:
    """What an operator typed, or wrote into a file, as a value of the input's type.

    Text that does not read as the type stays text, so that `check_answer` says what is wrong.
    """
    text = text.strip()
    if not text:
        return None if asked.optional else [] if asked.type in LISTS else ""
    match asked.type:
        case "integer" | "number":
            return _number(text)
        case "choice":
            return _chosen(asked, text)
        case "choices":
            return [_chosen(asked, part) for part in _SEPARATORS.split(text) if part]
        case "texts":
            return list(dict.fromkeys(part for part in _SEPARATORS.split(text) if part))
        case "ports":
            return [_with_port(part, asked.port) for part in _SEPARATORS.split(text) if part]
        case _:
            return text


def check_answer(asked: Input, value: Json, options: Sequence[Option] | None = None) -> str:
    """What is wrong with the answer, in the operator's words; empty when nothing is.

    `options` are the live choices under the present answers, None when they could not be read:
    then what the operator types is taken if its form is right.
    """
    if value is None or value in ("", []):
        return "" if asked.optional else f"{asked.label} is needed."
    offered = _offered(asked, options)
    match asked.type:
        case "integer" | "number":
            return _wrong_number(asked, value) or _disabled(offered, value)
        case "choice":
            return _wrong_choice(asked, value, offered)
        case "choices" | "ports" | "texts":
            return _wrong_list(asked, value, offered)
        case "secret":
            return _wrong_secret(asked, value)
        case "url":
            return _wrong_text(asked, value) or _wrong_url(asked, str(value))
        case _:
            return _wrong_text(asked, value) or _disabled(offered, value)


def deviation(asked: Input, value: Json) -> bool:
    """Whether the answer departs from what the runbook's letter says.

    The letter of `ports` is the port that it gives to every instance; that of other lists is the
    whole list in any order, or the one entry that it may have.
    """
    if asked.letter is None:
        return False
    if isinstance(value, list | tuple):
        if asked.type == "ports":
            return any(str(one).rpartition(":")[2] != str(asked.letter) for one in value)
        if isinstance(asked.letter, list | tuple):
            return sorted(map(str, value)) != sorted(map(str, asked.letter))
        return any(not _same(one, asked.letter) for one in value) or not value
    return not _same(value, asked.letter)


def consents(asked: Input, value: Json) -> bool:
    """Whether the answer, or one of a list's entries, needs the phrase typed."""
    return bool(dangerous(asked, value))


def dangerous(asked: Input, value: Json, before: Json = None) -> list[Json]:
    """What of the answer needs the phrase typed, apart from what was consented to `before`."""
    if asked.consent is None:
        return []
    feared = asked.consent.value
    entries = _entries(value) if not isinstance(feared, list | tuple) else [value]
    known = _entries(before) if not isinstance(feared, list | tuple) else [before]
    return [
        one
        for one in entries
        if feared is UNSET or _same(one, feared)
        if not any(_same(one, old) for old in known)
    ]


def _entries(value: Json) -> list[Json]:
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value in (None, "") else [value]


def _same(one: Json, other: Json) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _number(text: str) -> Json:
    if len(text) > MAX_DIGITS or not _NUMBER.fullmatch(text):
        return text
    return int(text) if _INTEGER.fullmatch(text) else float(text)


def _chosen(asked: Input, text: str) -> Json:
    """The value of the fixed choice whose value or label the text is, else the text."""
    for choice in _fixed(asked):
        if text in (str(choice.value), choice.label):
            return choice.value
    return text


def _with_port(text: str, port: int | None) -> str:
    return text if port is None or _TARGET.fullmatch(text) else f"{text}:{port}"


def _fixed(asked: Input) -> tuple[FixedChoice, ...]:
    return asked.choices if isinstance(asked.choices, tuple) else ()


def _offered(asked: Input, options: Sequence[Option] | None) -> Sequence[Option] | None:
    if fixed := _fixed(asked):
        return [Option(value=choice.value, label=choice.label) for choice in fixed]
    return options


def _disabled(offered: Sequence[Option] | None, value: Json) -> str:
    for option in offered or ():
        if _same(option.value, value) and option.disabled:
            return f"{option.label} cannot be chosen: {option.disabled}"
    return ""


def _wrong_choice(asked: Input, value: Json, offered: Sequence[Option] | None) -> str:
    if offered is None:
        return _wrong_text(asked, value) if isinstance(value, str) else ""
    if not any(_same(option.value, value) for option in offered):
        if asked.type == "text":
            # A suggestion list: what is not there yet, a new name or address, can be typed.
            return _wrong_text(asked, value)
        return f"{_shown(value)} is not one of the choices."
    return _disabled(offered, value)


def _wrong_list(asked: Input, value: Json, offered: Sequence[Option] | None) -> str:
    if not isinstance(value, list | tuple):
        return "A list is needed."
    count = len(value)
    if count > MAX_ENTRIES:
        return f"At most {MAX_ENTRIES} entries are possible, these are {count}."
    if asked.minimum is not None and count < asked.minimum:
        return f"Choose at least {asked.minimum:g}, {count} chosen."
    if asked.maximum is not None and count > asked.maximum:
        return f"Choose at most {asked.maximum:g}, {count} chosen."
    seen: list[Json] = []
    for each in value:
        if each in seen:
            return f"{_shown(each)} is chosen twice."
        seen.append(each)
        if wrong := _ENTRIES[asked.type](asked, each, offered):
            return wrong
    return ""


def _wrong_entry(asked: Input, value: Json, offered: Sequence[Option] | None) -> str:
    """Of a free list: what is suggested may be chosen, and anything of the right form typed."""
    if value == "" or (isinstance(value, str) and _SEPARATORS.search(value)):
        return f"{_shown(value)!r} is not one entry: separate them with commas or spaces."
    if wrong := _wrong_text(asked, value):
        return f"{_shown(value)}: {wrong}"
    return _disabled(offered, value)


def _wrong_target(asked: Input, value: Json, offered: Sequence[Option] | None) -> str:
    found = _TARGET.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return f"{_shown(value)} needs its port, as in {_shown(value)}:{asked.port or 443}."
    if not 1 <= int(found["port"]) <= 65535:
        return f"{found['port']} in {value} is not a port from 1 to 65535."
    return _wrong_choice(asked, found["value"], offered)


_ENTRIES: Mapping[str, Callable[[Input, Json, Sequence[Option] | None], str]] = {
    "choices": _wrong_choice,
    "ports": _wrong_target,
    "texts": _wrong_entry,
}


def _wrong_number(asked: Input, value: Json) -> str:
    whole = asked.type == "integer"
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return f"{_shown(value)} is not a {'whole number' if whole else 'number'}."
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not a number."
    if asked.minimum is not None and value < asked.minimum:
        return f"At least {asked.minimum:g} is needed."
    if asked.maximum is not None and value > asked.maximum:
        return f"At most {asked.maximum:g} is possible."
    return ""


def _wrong_text(asked: Input, value: Json) -> str:
    if not isinstance(value, str):
        return f"{_shown(value)} is not text."
    if len(value) > MAX_TEXT:
        return f"At most {MAX_TEXT} characters are possible."
    if not value.isprintable():
        return "It has control characters, perhaps from pasting."
    if value != value.strip():
        return "It begins or ends with a space."
    if asked.pattern and not re.fullmatch(asked.pattern, value):
        return asked.pattern_help or f"It does not match {asked.pattern}."
    return ""


def _wrong_secret(asked: Input, value: Json) -> str:
    fixed = isinstance(asked.default, str) and "${" not in asked.default
    named = isinstance(value, str) and _SECRET_NAME.fullmatch(value)
    if not named or (fixed and value != asked.default):
        # The value is not repeated: it may be the secret itself.
        return (
            "A secret is not an answer: give it in its masked field or with "
            "`st-wizard secret set`, and answer with its name."
        )
    return ""


def _wrong_url(asked: Input, value: str) -> str:
    try:
        parts = urlsplit(value)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        port_ok = False
    if not port_ok:
        return "It is not an address."
    if parts.password is not None or _SECRET_IN_QUERY.search(parts.query):
        return "Leave the password out of the address: it is kept as a secret."
    if parts.scheme in {"http", "https"} and not _HOST.fullmatch(parts.netloc):
        # A user's name, a backslash, letters that look like others: where it leads is not where
        # it seems to lead.
        return "Before the path it has a host and perhaps a port, such as api.example.com:443."
    match parts.scheme:
        case "https" if parts.hostname:
            return ""
        case "http" if parts.hostname:
            if is_loopback(parts.hostname):
                return ""
            return "Plain http is for this machine only: use https."
        case "http" | "https" | "":
            return "It is not an address, such as https://api.example.com."
        case _ if asked.pattern:
            return ""
        case _:
            return f"An address begins with https://, not {parts.scheme}:."


def is_loopback(host: str) -> bool:
    """Whether the host of an address is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(value: Json) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
