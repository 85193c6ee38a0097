"""What the common options say, resolved once."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wizard.effects import Json


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """What the embedded demo account adds to a desk."""

    inbox_url: str
    answers: Mapping[str, Json]
    """Answers that only this account can know: where its scale API and its database are."""
    secrets: Mapping[str, str]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The common options of every command."""

    home: Path
    profile: str = ""
    region: str = ""
    endpoint_url: str = ""
    store: str = ""
    """Address of the PostgreSQL server that sessions are kept on; empty: a file in `home`."""
    as_json: bool = False
    demo: Demo | None = None


def default_home() -> Path:
    """`ST_WIZARD_HOME`, or the user's data directory."""
    named = os.environ.get("ST_WIZARD_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415  not every command needs it

    return Path(user_data_path("st-wizard", appauthor=False))
