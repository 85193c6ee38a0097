"""The vocabulary that steps speak: descriptions of calls, frozen and free of I/O.

A step yields one of these and is sent back the answer. Where an answer is not known yet, in a
preview, the answer is `UNKNOWN`, which can be indexed and written into names like the real one.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec

Json = Any
"""What JSON can hold: text, numbers, booleans, null, lists and objects of these."""

Facts = Mapping[str, Json]
"""What was found, as JSON: it is shown, compared, journaled and exported."""


class Unknown(str):
    """Stands for an answer that only the real call can give, whatever its shape."""

    __slots__ = ()

    def __new__(cls) -> "Unknown":
        return super().__new__(cls, "(known after apply)")

    def __getitem__(self, _key: object) -> "Unknown":
        return self

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def get(self, _key: object, _default: object = None) -> "Unknown":
        """As a mapping's `get`: unknown stays unknown."""
        return self


UNKNOWN = Unknown()


def has_unknown(value: Json) -> bool:
    """Whether any part of `value` is known only after apply."""
    match value:
        case str():
            return UNKNOWN in value
        case Mapping():
            return any(has_unknown(part) for part in value.values())
        case list() | tuple():
            return any(has_unknown(part) for part in value)
        case _:
            return False


class Secret(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="$secret", tag="secret"):
    """A secret by its name: only the gateway puts the value in, and nothing writes it down."""

    name: str
    text: str = "{}"
    """What it stands in, the braces in its place."""


class Blob(msgspec.Struct, frozen=True, tag_field="$blob", tag="blob"):
    """Bytes that the gateway holds, by their hash: it puts them into the call; nobody else has
    them, and the journal has only this."""

    sha256: str
    """In hex."""
    size: int
    """Bytes."""


class Again(StrEnum):
    """What may be done when the answer of a mutating call was lost."""

    LOOK = "look"
    """Its result can be found by its natural key: look, then repeat only if it is not there."""
    ASK = "ask"
    """It can be neither found nor repeated safely: a person decides."""


class Read(msgspec.Struct, frozen=True):
    """A reading AWS call. Answer: the response, or with `pages` the list of all pages' entries.

    `operation` is the API's own name (`DescribeVpcs`). `pages` is the JMESPath of the entries in
    one page (`Vpcs`, `Reservations[].Instances[]`); all pages are read. Error codes named in
    `absent` are not errors: the answer is None (an empty list with `pages`).
    """

    service: str
    operation: str
    params: Mapping[str, Json] = msgspec.field(default_factory=dict)
    pages: str | None = None
    absent: tuple[str, ...] = ()
    region: str | None = None
    """None: the session's region."""
    keeps: float = 0.0
    """Seconds for which an answer serves other items whatever they wrote meanwhile: for a listing
    of many things, of which each item writes only its own. Who has written looks anew."""


class Write(msgspec.Struct, frozen=True):
    """A mutating AWS call, journaled before it leaves and after it answers. Answer: the response.

    `params` may hold `Secret`s; the journal and every front end see only their names.

    Calls that share a document which is replaced whole (a bucket policy, a hosted zone) are kept
    apart by the step's `lock()`, from its observation to its verification.
    """

    service: str
    operation: str
    params: Mapping[str, Json] = msgspec.field(default_factory=dict)
    region: str | None = None
    title: str = ""
    """In the operator's words: `Create target group acme-prod-tg`."""
    again: Again = Again.LOOK


class Request(msgspec.Struct, frozen=True):
    """An HTTP request. Answer: `{"status": int, "body": parsed JSON or text}`; redirects stay.

    `json` may hold `Secret`s. A mutating request is journaled as a `Write` is.
    """

    method: str
    url: str
    json: Json = None
    mutating: bool = False
    title: str = ""
    again: Again = Again.ASK


class Handshake(msgspec.Struct, frozen=True):
    """A TLS connection to `host:port` with SNI `server_name`, then `GET path`.

    Answer: `{"protocol": "TLSv1.3", "names": [...], "not_after": iso, "trusted": bool,
    "matches": bool, "status": int | None, "body": str, "error": str}`. A failure to connect is
    an answer with `error`, not an exception: whether that is wrong is the step's to say.
    """

    host: str
    port: int
    server_name: str
    path: str = "/"


class Columns(msgspec.Struct, frozen=True):
    """The columns of a table. Answer: `[{"name", "type", "nullable", "primary_key", "default"}]`,
    or None when there is no such table."""

    database: str
    """SQLAlchemy URL without a password: the gateway adds the secret `database-password`."""
    table: str


class Rows(msgspec.Struct, frozen=True):
    """Rows of a table whose columns equal `where`. Answer: a list of mappings."""

    database: str
    table: str
    where: Mapping[str, Json]


class Insert(msgspec.Struct, frozen=True):
    """One new row, parameters bound. Mutating. Answer: `{"rows": 1}`."""

    database: str
    table: str
    values: Mapping[str, Json]
    title: str = ""
    again: Again = Again.LOOK


class Now(msgspec.Struct, frozen=True):
    """The account's time. Answer: seconds since the epoch, as a float."""


class Made(msgspec.Struct, frozen=True):
    """This item's own mutating calls that are known to have happened, from the journal.

    For what cannot be found by looking (an HTTP call that starts something). Answer: a list of
    `{"operation", "params", "at", "response"}`, the oldest first; `at` is account time in seconds
    since the epoch, `params` and `response` are redacted.
    """


class NewSecret(msgspec.Struct, frozen=True):
    """A short word made up by the gateway and kept in this process only, for a person to read
    elsewhere and type here. Answer: the `Secret` of that name; one that was there is replaced."""

    name: str


class Matches(msgspec.Struct, frozen=True):
    """Whether a person typed the secret. Answer: a bool, or None when this process holds none."""

    secret: Secret
    text: str


class Fetch(msgspec.Struct, frozen=True):
    """Downloads what a presigned URL points to. Answer: the `Blob`. The URL is a secret: only its
    host and path are shown."""

    url: str


Effect = (
    Read
    | Write
    | Request
    | Handshake
    | Columns
    | Rows
    | Insert
    | Now
    | Made
    | NewSecret
    | Matches
    | Fetch
)


def is_mutating(effect: Effect) -> bool:
    """Whether the effect changes anything outside."""
    match effect:
        case Write() | Insert():
            return True
        case Request():
            return effect.mutating
        case _:
            return False
