"""The one JSON line that the simulated account prints when it is ready."""

import msgspec


class Ready(msgspec.Struct, frozen=True):
    """Where everything is. `database_url` is in SQLAlchemy's form; the others are base URLs."""

    endpoint_url: str
    inbox_url: str
    scale_api_url: str
    database_url: str
    account_id: str
