"""What a list shows, by one key that goes through the choices."""

from collections.abc import Sequence


def following(shows: Sequence[str], now: str) -> str:
    """The choice after this one; after the last one the first."""
    return shows[(shows.index(now) + 1) % len(shows)]
