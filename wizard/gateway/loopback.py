"""What is on this machine: only there may a simulated account be, and plain HTTP be spoken."""

import ipaddress
from urllib.parse import SplitResult, urlsplit


def is_loopback_host(host: str) -> bool:
    """Whether a host name or address is this machine by definition, without asking DNS.

    Names below `.localhost` are not: some resolvers ask the network for them.
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    return is_loopback_host(split(url).hostname or "")


def split(url: str) -> SplitResult:
    """The parts of a URL; all empty when it is none, so that it leads nowhere."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
