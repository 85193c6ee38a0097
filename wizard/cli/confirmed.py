"""The account, asked again at the moment before anything else is called."""

from collections.abc import Callable
from uuid import uuid4

from wizard.clock import Clock
from wizard.engine.account import changed_pin
from wizard.errors import RefusedError
from wizard.gateway.world import WorldGateway
from wizard.session.base import Pin


def confirmed(
    gateway: WorldGateway, pin: Pin, changed: Callable[[Pin, Pin], str] = changed_pin
) -> Pin:
    """Who and where we are, if that is as in `pin`; from then on only that caller's calls leave.

    `changed` says what makes another account of it. `RefusedError`, the gateway closed, if it is
    another one.
    """
    try:
        now = gateway.identity()
        if other := changed(pin, now):
            raise RefusedError(
                f"Not the account that was confirmed: {other}",
                where=f"account {pin.account_id}",
                todo="No other call was made. Log in to the right account and try again.",
            )
        gateway.pin_to(now, changed_pin)
    except BaseException:
        gateway.close()
        raise
    return now


def session_id(clock: Clock) -> str:
    """A new one: the day it begins, and what nobody else has."""
    return f"{clock.utc():%Y%m%d}-{uuid4().hex[:10]}"
