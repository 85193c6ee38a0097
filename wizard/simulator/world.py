"""What AWS's side of the simulation and the company's side know of each other.

The patched services write mails and ask whether a core answers; the inbox, the scale API and the
simulated internet read and write the other half. Nothing here knows moto.
"""

import dataclasses
import threading
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from wizard.simulator.authority import Authority


@dataclasses.dataclass(frozen=True, slots=True)
class Mail:
    """A mail that AWS sent to somebody in the company. `link` confirms something, or is None."""

    id: str
    to: str
    subject: str
    body: str
    link: str | None
    topic_arn: str | None
    account_time: float

    @property
    def token(self) -> str | None:
        """The token that the link carries as `Token=`; the link itself if it carries none."""
        if self.link is None:
            return None
        return parse_qs(urlsplit(self.link).query).get("Token", [self.link])[0]


@dataclasses.dataclass(frozen=True, slots=True)
class Core:
    """An instance that runs SuperTokens' core. It answers on `ports` from `ready_at` on.

    `failing` makes it answer 500 to health checks, for demos of what goes wrong.
    """

    instance_id: str
    app_id: str
    region: str
    ready_at: float
    ports: tuple[int, ...] = (3567,)
    failing: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Launch:
    """Instances that the company's deployment tool will start at account time `at`."""

    app_id: str
    deployment: str
    count: int
    at: float


class Served(NamedTuple):
    """One request that reached a load balancer from the internet; `seconds` is its duration."""

    account_time: float
    status: int
    seconds: float


class Recorded(NamedTuple):
    """One call as CloudTrail records it."""

    event_id: str
    account_time: float
    service: str
    operation: str
    region: str
    access_key: str
    request_id: str
    error_code: str


def _nobody_confirms(token: str) -> bool:
    raise LookupError(f"services/sns.py has not set world.confirm; token {token!r} goes nowhere")


class World:
    """The shared facts of one simulated company; every method may be called from any thread."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.mails: list[Mail] = []
        # The ids of the mails whose link was opened and confirmed something.
        self.confirmed: set[str] = set()
        # Confirmation token → the subscription it confirms (services/sns.py keeps it).
        self.pending: dict[str, str] = {}
        # Confirms by token; True when that made a subscription confirmed. Set by services/sns.py.
        self.confirm: Callable[[str], bool] = _nobody_confirms
        self.cores: dict[str, Core] = {}
        self.launches: list[Launch] = []
        # Requests by load balancer dimension, as CloudWatch names it: app/<name>/<id>.
        self.requests: dict[str, list[Served]] = {}
        # What CloudTrail's event history is made of, the oldest first.
        self.trail: list[Recorded] = []
        # Called with the account time before each request: what has become due happens.
        self.due_hooks: list[Callable[[float], None]] = []
        # Vouches for the names that load balancers present.
        self.authority = Authority()

    def send_mail(  # noqa: PLR0917  the order is that of the mail
        self,
        to: str,
        subject: str,
        body: str,
        link: str | None,
        topic_arn: str | None,
        account_time: float,
    ) -> Mail:
        """Put a mail into the inbox. `link` is AWS's confirmation link with `Token=`, or None."""
        with self.lock:
            mail = Mail(f"m{len(self.mails) + 1}", to, subject, body, link, topic_arn, account_time)
            self.mails.append(mail)
        return mail

    def register_core(self, core: Core) -> None:
        """Say that an instance runs the core (the seed does, and each launch)."""
        with self.lock:
            self.cores[core.instance_id] = core

    def register_instances_later(self, app_id: str, deployment: str, count: int, at: float) -> None:
        """Have `count` more core instances of an app start at account time `at`."""
        with self.lock:
            self.launches.append(Launch(app_id, deployment, count, at))

    def answers(self, instance_id: str, port: int, account_time: float) -> bool:
        """Whether something listens on that port of that instance at that time."""
        core = self.cores.get(instance_id)
        return core is not None and port in core.ports and account_time >= core.ready_at

    def healthy(self, instance_id: str, port: int, account_time: float) -> bool:
        """Whether `GET /hello` on that port would be answered 200."""
        core = self.cores.get(instance_id)
        return (
            core is not None and not core.failing and self.answers(instance_id, port, account_time)
        )

    def served(self, load_balancer: str, account_time: float, status: int, seconds: float) -> None:
        """Count a request; `load_balancer` is the dimension app/<name>/<id>."""
        with self.lock:
            counted = self.requests.setdefault(load_balancer, [])
            counted.append(Served(account_time, status, seconds))

    def settle(self, account_time: float) -> None:
        """Let happen what has become due by `account_time`."""
        with self.lock:
            for hook in tuple(self.due_hooks):
                hook(account_time)
