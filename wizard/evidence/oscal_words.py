"""How texts, identifiers and properties are written in OSCAL: https://pages.nist.gov/OSCAL/."""

import re
from uuid import NAMESPACE_URL, uuid5

from wizard.effects import Facts
from wizard.safe import safe, safe_line
from wizard.session.base import Actor

NS = "urn:st-wizard:evidence"
"""Whose the property names are that OSCAL itself does not define."""

_LIMIT = 4000
_ACTIVE = re.compile(r"([\\<\[`]|\{(?=\{))")
"""What begins HTML, a link, a picture, code or an insertion in OSCAL's Markdown."""


class Ids:
    """UUIDs of version 5 that follow from the session and what they stand for: the same in each
    export, and for the same thing in each state of the session."""

    def __init__(self, session: str) -> None:
        self._of_session = uuid5(uuid5(NAMESPACE_URL, NS), session)

    def __call__(self, kind: str, name: str = "") -> str:
        return str(uuid5(self._of_session, f"{kind} {name}"))

    def actor(self, actor: Actor) -> str:
        """Of a person as OSCAL's party: user, machine and AWS caller together."""
        return self("party", f"{actor.user}@{actor.host} {actor.caller_arn}")


def line(text: object) -> str:
    """A title (`markup-line`): one line, never empty, with nothing in it that is markup."""
    return _plain(safe_line(text, limit=300).strip()) or "–"


def prose(text: object) -> str:
    """A text of several lines (`markup-multiline`), with nothing in it that is markup: no HTML, no
    link, no picture, and no `{{ insert: … }}`."""
    return _plain(safe(text, limit=_LIMIT).strip()) or "–"


def string(text: object) -> str:
    """A value (`string`): one line, never empty, without space at its ends. It is no markup."""
    return safe_line(text, limit=1000).strip() or "–"


def prop(name: str, value: object, *, oscal: bool = False) -> Facts:
    """A property; `oscal` when its name is one of OSCAL's own."""
    told = {"name": name, "value": string(value)}
    return told if oscal else {**told, "ns": NS}


def _plain(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", text)
