"""Fixtures of this room."""

from tests.session.server import server, store_url

__all__ = ["server", "store_url"]
