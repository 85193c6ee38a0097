"""The gateway to the world: each kind of effect goes to the room that makes such calls."""

import hmac
import re
import secrets
from typing import Any, assert_never

from msgspec.structs import replace

from wizard.effects import (
    Columns,
    Effect,
    Fetch,
    Handshake,
    Insert,
    Json,
    Made,
    Matches,
    NewSecret,
    Now,
    Read,
    Request,
    Rows,
    Secret,
    Write,
)
from wizard.errors import CallError, CredentialsError, DeniedError, RefusedError
from wizard.gateway.aws import Aws
from wizard.gateway.backoff import Backoff
from wizard.gateway.blobs import Blobs
from wizard.gateway.clients import Clients, Timeouts
from wizard.gateway.database import Database
from wizard.gateway.departures import Changed
from wizard.gateway.describe import describe
from wizard.gateway.http import Http
from wizard.gateway.loopback import is_loopback, split
from wizard.gateway.network import AccountNetwork
from wizard.gateway.protocol import Answer, Described
from wizard.gateway.redact import Committed, redact
from wizard.gateway.regions import NOT_ENABLED, first_region
from wizard.gateway.secrets import Secrets, variable
from wizard.gateway.tls import shake
from wizard.session.base import Pin
from wizard.session.seal import Seal

_ARN = re.compile(r"arn:(?P<partition>[a-z0-9-]+):")


class WorldGateway:
    """A `Gateway` to a real account, or to a simulated one when the endpoint is on loopback.

    An endpoint on loopback gets made-up credentials, unless a profile was asked for: whatever
    else the machine holds never reaches it. Nothing is imported or called before the first call.
    """

    def __init__(
        self,
        profile: str = "",
        region: str = "us-east-1",
        endpoint_url: str = "",
        secrets: Secrets | None = None,
        workers: int = 32,
        *,
        timeouts: Timeouts | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        _refuse_unsafe(endpoint_url)
        self.profile = profile
        self.region = region
        self.endpoint_url = endpoint_url.rstrip("/")
        self.secrets = secrets if secrets is not None else Secrets()
        self._network = AccountNetwork(self.endpoint_url)
        self._clients = Clients(profile, self.endpoint_url, workers=workers, timeouts=timeouts)
        secret, scrub = self._secret, self.secrets.scrub
        self._commits: Committed | None = None
        self._aws = Aws(
            self._clients,
            region=region,
            secret=secret,
            scrub=scrub,
            redacted=self._redacted,
            backoff=backoff,
        )
        self._http = Http(
            self._network, secret=secret, scrub=scrub, redacted=self._redacted, backoff=backoff
        )
        self._blobs = Blobs(self._http.client)
        self._database = Database(secret=secret, scrub=scrub)

    def call(self, effect: Effect) -> Answer:
        """Make the call; raises CallErrors. Blocks the thread that calls."""
        match effect:
            case Read():
                return self._aws.read(effect)
            case Write():
                return self._blobs.write(effect, self._aws.write)
            case Request():
                return self._http.call(effect)
            case Fetch():
                return self._blobs.fetch(effect)
            case Handshake():
                return shake(effect, self._network.facts())
            case Columns() | Rows() | Insert():
                return self._database.call(effect)
            case Now():
                return Answer(value=self.now())
            case NewSecret(name=name):
                self.secrets.give(name, secrets.token_hex(4))
                return Answer(value=Secret(name))
            case Matches(secret=secret, text=text):
                known = self.secrets.get(secret.name)
                same = known and hmac.compare_digest(known, text.strip().lower())
                return Answer(value=None if known is None else bool(same))
            case Made():
                raise TypeError("what was made is in the journal, not in the world")
            case _:
                assert_never(effect)

    def describe(self, effect: Effect) -> Described:
        """How the call is written down and shown; makes no call."""
        return describe(
            effect, region=self.region, endpoint_url=self.endpoint_url, commits=self._commits
        )

    def seal_with(self, seal: Seal) -> None:
        """From now on what is left out of what is journaled has its commit there."""
        self._commits = Committed(seal, self.secrets.get)

    def _redacted(self, value: object, shape: Any = None, /) -> Json:
        return redact(value, shape, self._commits)

    def identity(self) -> Pin:
        """Who and where we are, asked of AWS now. The alias stays empty when it may not be read.

        https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        """
        pin = self._who()
        try:
            aliases = self._aws.read(
                Read("iam", "ListAccountAliases", pages="AccountAliases")
            ).value
        except DeniedError:
            aliases = []
        return replace(pin, alias=str(aliases[0]) if aliases else "")

    def pin_to(self, pin: Pin, changed: Changed) -> None:
        """From now on AWS is called as this caller only, whatever becomes of the credentials: a
        `CredentialsError` tells what is `changed`. Asks nothing if `identity` just has."""
        self._clients.departures.pin_to(pin, changed, self._who)

    def _who(self) -> Pin:
        answer, _ = self.caller()
        arn = str(answer.value["Arn"])
        partition = _ARN.match(arn)
        pin = Pin(
            account_id=str(answer.value["Account"]),
            partition=partition["partition"] if partition else "aws",
            caller_arn=arn,
            endpoint_url=self.endpoint_url,
            region=self.region,
            profile=self.profile,
            speed=self.speed,
        )
        self._clients.departures.identified(pin)
        return pin

    def caller(self) -> tuple[Answer, str]:
        """STS's word on who calls, and the region that gave it.

        A region that is not enabled knows nobody: then the partition's first region is asked. Where
        that knows nobody either, what the session's own region said is raised.
        """
        try:
            return self._aws.read(Read("sts", "GetCallerIdentity")), self.region
        except CredentialsError as error:
            elsewhere = first_region(self.region)
            if error.code not in NOT_ENABLED or elsewhere == self.region:
                raise
            refused = error
        try:
            return self._aws.read(Read("sts", "GetCallerIdentity", region=elsewhere)), elsewhere
        except CredentialsError:
            raise refused from None

    @property
    def speed(self) -> float:
        """Account seconds in a real second; an endpoint on loopback is asked once."""
        return self._network.facts().speed

    def now(self) -> float:
        """The account's time, in seconds since the epoch."""
        return self._network.now()

    def hold(self, name: str, value: str) -> None:
        """Keep a secret in memory; texts are scrubbed of it from now on."""
        self.secrets.give(name, value)

    def scrub(self, text: str) -> str:
        """`text` without any secret that was held or given out."""
        return self.secrets.scrub(text)

    def reset_credentials(self) -> None:
        """Forget credentials and clients, so that a new log-in is used."""
        self._clients.forget()

    def close(self) -> None:
        """Release connections."""
        self._clients.close()
        self._http.close()
        self._blobs.close()

    def _secret(self, name: str) -> str:
        value = self.secrets.get(name)
        if value is None:
            raise CallError(
                f"The secret {name} is not known.",
                code="SecretMissing",
                where=f"secret {name}",
                todo=f"Answer its question again, run `st-wizard secret set {name}`, or set "
                f"{variable(name)}; then retry.",
            )
        return value


def _refuse_unsafe(endpoint_url: str) -> None:
    """Requests that are signed, and what they carry, go over TLS, or stay on this machine."""
    parts = split(endpoint_url)
    if not endpoint_url or (parts.scheme == "http" and is_loopback(endpoint_url)):
        return
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise RefusedError(
            "This is not an endpoint that calls may be sent to.",
            where="--endpoint-url",
            todo="Beyond this machine it begins with https://, and holds no user or password. "
            "Nothing was called.",
        )
