"""Who sits at this machine, as the events say it."""

import getpass
import platform

from wizard.session.base import Actor, Pin


def actor(pin: Pin) -> Actor:
    """Who writes the events: the caller, and the person's machine and user."""
    return Actor(caller_arn=pin.caller_arn, host=platform.node(), user=_user())


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"  # a container whose user has no name
