"""Which network the account lives in: the real one, or that of a simulated account.

A simulated account answers on loopback only, so only an endpoint there is ever asked.
"""

import http.client
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from wizard.errors import UnreachableError
from wizard.gateway.loopback import is_loopback

PATH = "/_st-wizard/network"
_TIMEOUT = 5.0
_FRESH = 1.0
"""Real seconds for which a simulated account's time is extrapolated: tests make it jump."""


class Network(msgspec.Struct, frozen=True):
    """What a simulated account says of itself; the defaults are the real network."""

    speed: float = 1.0
    account_id: str = ""
    account_time: float | None = None
    proxy_url: str = ""
    """An HTTP CONNECT proxy in which the account's names live."""
    ca_pem: str = ""


class AccountNetwork:
    """Asks the endpoint once, and again for its time. Thread-safe."""

    def __init__(
        self,
        endpoint_url: str,
        *,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint_url = endpoint_url
        self._wall = wall
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: Network | None = None
        self._at = 0.0

    @property
    def simulated(self) -> bool:
        """Whether the endpoint is on this machine, so that no real account can be meant."""
        return bool(self._endpoint_url) and is_loopback(self._endpoint_url)

    def facts(self) -> Network:
        """The network; raises UnreachableError when an endpoint on loopback does not answer."""
        with self._lock:
            if self._known is None:
                self._learn()
            return self._known if self._known is not None else Network()

    def now(self) -> float:
        """The account's time, in seconds since the epoch."""
        if not self.simulated:
            return self._wall()
        with self._lock:
            if self._known is None or self._monotonic() - self._at > _FRESH:
                try:
                    self._learn()
                except UnreachableError:
                    # It is being restarted: its time is guessed until it is back.
                    if self._known is None:
                        return self._wall()
            known = self._known
            if known is None or known.account_time is None:
                return self._wall()
            return known.account_time + (self._monotonic() - self._at) * known.speed

    def _learn(self) -> None:
        self._known = ask(self._endpoint_url) if self.simulated else Network()
        self._at = self._monotonic()


def ask(endpoint_url: str) -> Network:
    """What the endpoint says of its network; the real one when it knows no such question."""
    parts = urlsplit(endpoint_url)
    if parts.scheme != "http":
        return Network()
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port or 80, timeout=_TIMEOUT
    )
    try:
        connection.request("GET", parts.path.rstrip("/") + PATH)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(
            f"Nothing answers there: {error}",
            code="EndpointConnectionError",
            where=endpoint_url,
            todo="Start the simulated account again, or leave --endpoint-url out.",
        ) from error
    finally:
        connection.close()
    if response.status != 200:
        return Network()
    try:
        return msgspec.json.decode(body, type=Network)
    except msgspec.MsgspecError:
        return Network()  # another emulator, which answers everything with 200
