"""Keeps a simulated account in a file: moto's backends, the company's side, and the time.

The objects themselves are kept (by pickle), not the calls that made them: replayed calls would give
other ids and other times. A pickle can run code, so a file that others may write is refused.
"""

import hashlib
import io
import marshal
import os
import pickle
import stat
import sys
import threading
import weakref
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import CellType, FunctionType
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)
from moto.core.base_backend import BackendDict

from wizard.simulator.authority import Authority
from wizard.simulator.clock import AccountClock
from wizard.simulator.world import World

FORMAT = "st-wizard simulator state 1"
_LOCK = type(threading.Lock())
_RLOCK = type(threading.RLock())
_PRIVATE_KEYS = (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey)
_PUBLIC_KEYS = (rsa.RSAPublicKey, ec.EllipticCurvePublicKey, ed25519.Ed25519PublicKey)
_WORLD_FIELDS = ("mails", "confirmed", "pending", "cores", "launches", "requests", "trail")


class StateError(ValueError):
    """The file cannot be used; the text says why and what to do."""


class Header(msgspec.Struct, frozen=True):
    """The first line of the file, as JSON."""

    format: str
    moto: str
    python: str
    sha256: str
    size: int


def _bare_table(
    kind: type[defaultdict[Any, Any]], factory: Callable[[], Any] | None
) -> defaultdict[Any, Any]:
    """A table of moto's own kind whose constructor wants more than pickle knows."""
    table = kind.__new__(kind)
    table.default_factory = factory
    return table


def _local_function(
    module: str, code: bytes, defaults: tuple[Any, ...] | None, cells: tuple[Any, ...]
) -> FunctionType:
    """A function made inside another one: moto has them as the defaults of its tables."""
    names = vars(import_module(module))
    loaded = marshal.loads(code)  # noqa: S302  the file's owner was checked
    closure = tuple(CellType(content) for content in cells)
    return FunctionType(loaded, names, loaded.co_name, defaults, closure)


def _private_key(der: bytes) -> Any:
    return load_der_private_key(der, None)


def _public_key(der: bytes) -> Any:
    return load_der_public_key(der)


def _certificate(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


class _Pickler(pickle.Pickler):
    """Pickles what belongs to the account, and names what each process has of its own."""

    def __init__(self, file: io.BytesIO, clock: AccountClock, world: World) -> None:
        super().__init__(file, protocol=5)
        self._own = {id(clock): "clock", id(world): "world"}

    def persistent_id(self, obj: Any) -> Any:
        """The names by which the loading process puts in its own."""
        if isinstance(obj, BackendDict):
            return ("backends", *_where(obj))
        return self._own.get(id(obj))

    def reducer_override(self, obj: Any) -> Any:
        """Locks are made anew: nobody holds them while a state is saved."""
        if isinstance(obj, _LOCK):
            return threading.Lock, ()
        if isinstance(obj, _RLOCK):
            return threading.RLock, ()
        if isinstance(obj, (WeakValueDictionary, WeakKeyDictionary)):
            return type(obj), (dict(obj.items()),)
        if isinstance(obj, defaultdict) and type(obj) is not defaultdict:
            made = (type(obj), obj.default_factory)
            return _bare_table, made, vars(obj), None, iter(dict.items(obj))
        if isinstance(obj, FunctionType) and "<locals>" in obj.__qualname__:
            cells = tuple(cell.cell_contents for cell in obj.__closure__ or ())
            code = marshal.dumps(obj.__code__)
            return _local_function, (obj.__module__, code, obj.__defaults__, cells)
        if isinstance(obj, _PRIVATE_KEYS):
            private = obj.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
            return _private_key, (private,)
        if isinstance(obj, _PUBLIC_KEYS):
            return _public_key, (obj.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),)
        if isinstance(obj, x509.Certificate):
            return _certificate, (obj.public_bytes(Encoding.DER),)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, clock: AccountClock, world: World) -> None:
        super().__init__(file)
        self._own = {"clock": clock, "world": world}

    def persistent_load(self, pid: Any) -> Any:
        match pid:
            case ("backends", module, attribute):
                return getattr(import_module(module), attribute)
            case _:
                return self._own[pid]


def _where(backends: BackendDict[Any]) -> tuple[str, str]:
    """Module and name under which a service's backends are found again."""
    module = backends.backend.__module__
    while module:
        for name, value in vars(import_module(module)).items():
            if value is backends:
                return module, name
        module = module.rpartition(".")[0]
    raise StateError(f"moto's backends of {backends.service_name} are nowhere to be found")


def snapshot(clock: AccountClock, world: World) -> bytes:
    """The whole account as bytes; no call may be under way meanwhile."""
    services = []
    for backends in BackendDict._instances:  # type: ignore[misc]  # noqa: SLF001  moto has no other list
        regions = {account: dict(found.items()) for account, found in backends.items()}
        own = {k: v for k, v in vars(backends).items() if k in {"bucket_accounts"}}
        services.append((*_where(backends), own, regions))
    saved = {
        "account_time": clock.now(),
        "services": services,
        "world": {name: getattr(world, name) for name in _WORLD_FIELDS},
        "authority": (world.authority.key_pem, world.authority.pem),
    }
    file = io.BytesIO()
    _Pickler(file, clock, world).dump(saved)
    return file.getvalue()


def restore(payload: bytes, clock: AccountClock, world: World) -> None:
    """Put a snapshot into this process, whose account must still be empty."""
    saved = _Unpickler(io.BytesIO(payload), clock, world).load()
    clock.set_forward(saved["account_time"])
    for name in _WORLD_FIELDS:
        # A state of before this was recorded has none of it.
        setattr(world, name, saved["world"].get(name, getattr(world, name)))
    world.authority = Authority(*saved["authority"])
    for module, attribute, own, regions in saved["services"]:
        backends = getattr(import_module(module), attribute)
        vars(backends).update(own)
        for account, found in regions.items():
            for region, backend in found.items():
                backends[account][region] = backend
                _refer(backend)


def _refer(backend: Any) -> None:
    """EC2's backends find those of other regions by weak references kept on the class."""
    for name in ("vpc_refs", "vpc_pcx_refs", "backend_refs"):
        if hasattr(backend, name):
            getattr(backend, name)[type(backend)].add(weakref.ref(backend))


def write(file: Path, payload: bytes) -> None:
    """Replace the file by the payload, whole or not at all, readable by its owner only."""
    header = Header(
        format=FORMAT,
        moto=version("moto"),
        python=_python(),
        sha256=hashlib.sha256(payload).hexdigest(),
        size=len(payload),
    )
    beside = file.with_name(f".{file.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as new:
        new.write(msgspec.json.encode(header) + b"\n" + payload)
        new.flush()
        os.fsync(new.fileno())
    beside.replace(file)


def read(file: Path) -> bytes | None:
    """The payload, or None when there is no file yet; raises StateError for what is no good."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    if status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise StateError(f"{file}: others may write this file; chmod 600 it if you trust it")
    line, _, payload = file.read_bytes().partition(b"\n")
    try:
        header = msgspec.json.decode(line, type=Header)
    except msgspec.MsgspecError as problem:
        raise StateError(f"{file}: not a state file ({problem}); choose another") from None
    made_with, here = (header.format, header.moto), (FORMAT, version("moto"))
    if made_with != here or header.python != _python():
        raise StateError(
            f"{file}: made with {header.format}, moto {header.moto}, Python {header.python}; "
            f"this is {FORMAT}, moto {version('moto')}, Python {_python()}. Start a new one."
        )
    if len(payload) != header.size or hashlib.sha256(payload).hexdigest() != header.sha256:
        raise StateError(f"{file}: damaged; delete it to start with a new account")
    return payload


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
