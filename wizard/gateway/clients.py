"""boto3 clients: one session, each client made once, SDK retries off.

Making a client holds the interpreter lock for tens of milliseconds, so the same one serves all
threads. boto3 is imported when the first client is made.
"""

import os
import threading
from dataclasses import dataclass
from typing import Any

from wizard import __version__
from wizard.gateway.departures import Departures
from wizard.gateway.loopback import is_loopback

DEMO_KEY = "demo"
"""Key id and secret that are sent to an endpoint on loopback: never those of a real account."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection, and for each part of an answer."""

    connect: float = 5.0
    read: float = 30.0


def _without_account(request: Any, **_: Any) -> None:
    """S3 Control puts the account before the host, where no host on loopback has a name."""
    scheme, rest = str(request.url).split("://", 1)
    account, dot, host = rest.partition(".")
    if dot and account.isdigit() and len(account) == 12:
        request.url = f"{scheme}://{host}"


class Clients:
    """Makes and keeps clients for (service, region). Thread-safe."""

    def __init__(
        self,
        profile: str,
        endpoint_url: str,
        *,
        workers: int,
        timeouts: Timeouts | None = None,
    ) -> None:
        self.endpoint_url = endpoint_url
        self.profile = profile
        self._workers = workers
        self._timeouts = timeouts if timeouts is not None else Timeouts()
        self._lock = threading.RLock()
        self._session: Any = None
        self._made: dict[tuple[str, str], Any] = {}
        self.departures = Departures()
        """Every request passes it last."""

    def client(self, service: str, region: str) -> Any:
        """The client; raises botocore's exceptions for an unknown service or profile."""
        made = self._made.get((service, region))
        if made is not None:
            return made
        with self._lock:
            made = self._made.get((service, region))
            if made is None:
                made = self._make(service, region)
                self._made[service, region] = made
            return made

    def forget(self) -> None:
        """Drop session and clients, so that the next call reads the credentials anew. Calls in
        flight keep theirs: closing a client under one would leave it in doubt."""
        with self._lock:
            self._made, self._session = {}, None

    def close(self) -> None:
        """Close all connections; no call may be in flight."""
        with self._lock:
            clients = list(self._made.values())
            self.forget()
        for client in clients:
            client.close()

    def _make(self, service: str, region: str) -> Any:
        from botocore.config import Config  # noqa: PLC0415  costs 0.2 s: not before it is needed

        from wizard.gateway.whole_answers import check_whole  # noqa: PLC0415

        local = bool(self.endpoint_url) and is_loopback(self.endpoint_url)
        options: dict[str, Any] = {
            "connect_timeout": self._timeouts.connect,
            "read_timeout": self._timeouts.read,
            "max_pool_connections": max(1, self._workers),
            "retries": {"total_max_attempts": 1, "mode": "standard"},
            # What the account pin does not name must not be where calls go.
            "ignore_configured_endpoint_urls": True,
            "user_agent_extra": f"st-wizard/{__version__}",
        }
        if local:
            options |= {
                "s3": {"addressing_style": "path"},
                "inject_host_prefix": False,
                "proxies": {},
            }
        session = self._session_for(region, local=local)
        made = session.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint_url or None,
            config=Config(**options),
        )
        made.meta.events.register_last("before-send", self.departures.leaves)
        if local:
            made.meta.events.register("before-sign.s3-control", _without_account)
        made.meta.events.register("before-parse", check_whole)
        return made

    def _session_for(self, region: str, *, local: bool) -> Any:
        if self._session is None:
            import boto3  # noqa: PLC0415
            import botocore.session  # noqa: PLC0415

            if local and not self.profile:
                # No profile, no files: nothing of a real account can reach a simulated one.
                nowhere = (None, None, os.devnull, None)
                core = botocore.session.Session(
                    {
                        "profile": (None, None, None, None),
                        "config_file": nowhere,
                        "credentials_file": nowhere,
                    }
                )
                core.set_credentials(DEMO_KEY, DEMO_KEY)
            else:
                core = botocore.session.Session(profile=self.profile or None)
            # Tokens of the global STS endpoint are refused in regions that are opted into.
            core.set_config_variable("sts_regional_endpoints", "regional")
            self._session = boto3.Session(botocore_session=core, region_name=region)
        return self._session
