"""The pin: a session acts on the account it was begun on, as the same kind of caller."""

from urllib.parse import urlsplit

from msgspec.structs import replace

from wizard.checklist.inputs import is_loopback
from wizard.session.base import Pin


def changed_account(pinned: Pin, now: Pin) -> str:
    """As `changed_pin`, whoever calls: a recheck may be made by an auditor's own role."""
    return changed_pin(replace(pinned, caller_arn=now.caller_arn), now)


def changed_pin(pinned: Pin, now: Pin) -> str:
    """What differs between the account a session is pinned to and this one; empty if nothing.

    Another session name of the same assumed role is the same caller; another role is not.
    """
    if now.account_id != pinned.account_id:
        return f"these credentials are of account {now.account_id}, not {pinned.account_id}."
    if now.partition != pinned.partition:
        return f"this is partition {now.partition}, not {pinned.partition}."
    if now.endpoint_url != pinned.endpoint_url and not _both_loopback(now, pinned):
        return f"the endpoint is {now.endpoint_url or 'AWS'}, not {pinned.endpoint_url or 'AWS'}."
    if caller_kind(now.caller_arn) != caller_kind(pinned.caller_arn):
        return f"the caller is {caller_kind(now.caller_arn)}, not {caller_kind(pinned.caller_arn)}."
    return ""


def caller_kind(arn: str) -> str:
    """`assumed-role/Operator` of an STS session's ARN, `user/name` of a user's."""
    resource = arn.split(":", 5)[-1]
    parts = resource.split("/")
    return "/".join(parts[:2]) if parts[0] == "assumed-role" else resource


def _both_loopback(one: Pin, other: Pin) -> bool:
    """A simulated account may come back on another port of this machine."""
    return is_simulated(one) and is_simulated(other)


def is_simulated(pin: Pin) -> bool:
    """Whether the account is one on this machine."""
    return is_loopback(urlsplit(pin.endpoint_url).hostname or "")
