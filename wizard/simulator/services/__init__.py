"""The services of the simulated account: moto made honest, one module for each AWS service.

Each module named here has `install(clock, world)`, which patches moto's models and responses in
this process. Nothing is imported before `install` is called, because moto is the extra `[demo]`.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

MODULES: tuple[str, ...] = (
    "access_analyzer",
    "account",
    "acm",
    "cloudtrail",
    "cloudwatch",
    "default_vpc",
    "ec2",
    "elbv2",
    "iam",
    "lambda_",
    "logs",
    "rds",
    "route53",
    "s3",
    "s3control",
    "sns",
    "ssm",
    "tagging",
)


class _Service(Protocol):
    def install(self, clock: AccountClock, world: World) -> None: ...


def install(clock: AccountClock, world: World) -> None:
    """Patch moto so that every service behaves as AWS does, on account time.

    Call it before the first request. Calling it again replaces the clock and the world.
    """
    # AWS's general error codes stand in no service's model, and moto warns of each.
    warnings.filterwarnings("ignore", message=".*does not match an error shape", module="moto")
    import_module(f"{__name__}.patching").restore()
    for name in MODULES:
        service = cast(_Service, import_module(f"{__name__}.{name}"))
        service.install(clock, world)
