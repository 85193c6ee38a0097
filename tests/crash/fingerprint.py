"""All that an account holds, as a multiset of lines that two like accounts share.

Every object of every service's backends counts, whichever service the wizard wrote to: a line for
each, with ids, times and addresses taken out. What is there twice is a line that counts two.
"""

import datetime
import hashlib
import json
import re
import sqlite3
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import FunctionType, MethodType, ModuleType
from typing import Any
from weakref import ref

from moto.core.base_backend import BackendDict, BaseBackend

from wizard.simulator.world import World

_PATTERNS = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b(?=[A-Z]*[0-9])[A-Z0-9]{13,32}\b"), "<id>"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d-\d\d-\d\d"), "<time>"),
    (re.compile(r"/change/\w+"), "<id>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<endpoint>"),
    (re.compile(r"(?<![0-9a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8,}(?![0-9a-f])"), "<id>"),
    (re.compile(r"(?<=delegationset/)\w+|(?<=cluster-<id>-)\w{6}\b"), "<id>"),
    (re.compile(r"(?<=datapoint \[)[^\]]*"), "<measured>"),
    (re.compile(r"\b(ip|ec2)-\d+-\d+-\d+-\d+\b"), "<address>"),
    (re.compile(r"\b\d+\.\d+\.\d+\.\d+\b(?!/)"), "<address>"),
    (re.compile(r"\b([0-9a-f]{2}:){5,19}[0-9a-f]{2}\b"), "<address>"),
    (re.compile(r"\b\d{10}(\.\d+)?\b|\b\d{13}\b"), "<time>"),
)
_DELIVERED = re.compile(r"<time>-\d+-")
"""Logs of S3, which come as time passes."""
_LEFT_OUT_OF = {
    # What was measured while it lasted, and how often a proof was begun anew.
    "Alarm": {"history", "story", "state_value", "state_reason", "state_reason_data"},
    # Pending, then running, whoever is at work.
    "InstanceState": {"code", "name"},
    # The next one in the order of the calls, which overlap.
    "DBInstanceClustered": {"availability_zone"},
}
_LEFT_OUT = {
    # Grows with the time that passes, whoever is at work.
    "metric_data",
    "requests",
    "Done",
    "_tick",
    # Made by chance.
    "material",
    "material_public",
    "url_identifier",
    "delegation_sets",
    "key_material",
    "cert",
    "key",
    # A mail asked for again is another mail; what it confirms is in SNS.
    "sent_notifications",
    "sms_messages",
}


def fingerprint(world: World, database: Path) -> Counter[str]:
    """The lines of the account: its services, the company's side, the application's rows."""
    found = Counter(_objects())
    found.update(f"core {core.app_id} {core.region}" for core in world.cores.values())
    found.update(f"launch {launch.app_id} {launch.deployment}" for launch in world.launches)
    found.update(_rows(database))
    return found


def normal(text: str) -> str:
    """A text without what is new each time."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def _objects() -> Iterator[str]:
    open_: deque[tuple[str, Any]] = deque()
    seen: dict[int, Any] = {}
    for backends in BackendDict._instances:  # type: ignore[misc]
        for regions in list(backends.values()):
            for region, backend in list(regions.items()):
                open_.append((f"{backends.service_name} {region}", backend))
                seen[id(backend)] = backend
    while open_:
        where, thing = open_.popleft()
        left_out = _LEFT_OUT | _LEFT_OUT_OF.get(type(thing).__name__, set())

        def meet(other: Any, where: str = where) -> None:
            if id(other) not in seen:
                seen[id(other)] = other
                open_.append((where, other))

        fields = {
            name: _value(value, meet) for name, value in _fields(thing) if name not in left_out
        }
        yield f"{where} {type(thing).__name__} {json.dumps(fields, sort_keys=True)}"


def _fields(thing: Any) -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name, value in list(vars(thing).items())
        if not isinstance(value, FunctionType | MethodType | ModuleType | type | ref)
    ]


def _value(value: Any, meet: Any) -> Any:
    """As JSON: containers whole, another object by its type, to be met on its own."""
    match value:
        case Enum():
            return str(value.value)
        case None | bool():
            return value
        case int() | float():
            return "<time>" if value > 1e9 else value
        case str():
            return _text(value)
        case bytes() | bytearray() if value[:1] in b"{[":
            return _text(value.decode("utf-8", "replace"))
        case bytes() | bytearray():
            return hashlib.sha256(value).hexdigest()[:12] + f" of {len(value)}"
        case datetime.datetime() | datetime.date():
            return "<time>"
        case Mapping():
            pairs = [(normal(str(key)), one) for key, one in list(value.items())]
            told = [
                [key, _value(one, meet)]
                for key, one in pairs
                if key not in _LEFT_OUT and not _DELIVERED.search(key)
            ]
            return sorted(told, key=json.dumps)
        case list() | tuple() | set() | frozenset() | deque():
            return sorted((_value(one, meet) for one in list(value)), key=json.dumps)
        case BaseBackend():
            return f"the backend {type(value).__name__}"
        case _ if hasattr(value, "__dict__") and type(value).__module__.startswith(
            ("moto", "wizard")
        ):
            meet(value)
            return f"a {type(value).__name__}"
        case _:
            return f"a {type(value).__name__}"


def _text(text: str) -> Any:
    """Documents by what they say, not by the order in which their parts were added."""
    if text[:1] in "{[" and len(text) > 2:
        try:
            return _value(json.loads(text), lambda _: None)
        except ValueError:
            pass
    return normal(text)


def _rows(database: Path) -> Iterator[str]:
    with sqlite3.connect(database) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  its own names
                yield f"row of {table} {[normal(str(value)) for value in row[1:]]}"
