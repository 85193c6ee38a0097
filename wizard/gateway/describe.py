"""How a call is written down and shown: parameters without secrets, hash, command line, title."""

import hashlib
from typing import Any, assert_never

from wizard.effects import (
    Columns,
    Effect,
    Fetch,
    Handshake,
    Insert,
    Json,
    Made,
    Matches,
    NewSecret,
    Now,
    Read,
    Request,
    Rows,
    Write,
)
from wizard.gateway import cli_command
from wizard.gateway.loopback import split
from wizard.gateway.protocol import Described
from wizard.gateway.redact import Committed, input_shape, redact
from wizard.session.canonical import canonical


def describe(
    effect: Effect, *, region: str, endpoint_url: str = "", commits: Committed | None = None
) -> Described:
    """What may be shown and journaled of `effect`; `region` is the session's. Makes no call.

    Only what is journaled has the `commits`: a plan, a command line and the hash by which a call
    is known again are the same with and without them.
    """
    match effect:
        case Read() | Write():
            return _aws(effect, region, endpoint_url, commits)
        case Request():
            body, url = redact(effect.json), without_password(effect.url)
            path = split(effect.url).path or "/"
            params = {"method": effect.method, "url": url, "json": body}
            return _described(
                service="http",
                operation=f"{effect.method} {path}",
                params=params,
                sealed=commits and {**params, "json": redact(effect.json, commits=commits)},
                cli=cli_command.curl_command(
                    effect.method, url, None if effect.json is None else body
                ),
                title=effect.title or f"{effect.method} {url}",
            )
        case Handshake():
            return _described(
                service="tls",
                operation="Handshake",
                params={
                    "host": effect.host,
                    "port": effect.port,
                    "server_name": effect.server_name,
                    "path": effect.path,
                },
                cli=cli_command.handshake_command(effect),
                title=f"TLS to {effect.host}:{effect.port} as {effect.server_name}",
            )
        case Columns():
            return _sql(effect, "Columns", {}, f"Columns of {effect.table}", commits)
        case Rows():
            return _sql(effect, "Rows", effect.where, f"Rows of {effect.table}", commits)
        case Insert():
            title = effect.title or f"New row in {effect.table}"
            return _sql(effect, "Insert", effect.values, title, commits)
        case Fetch():
            url = split(effect.url)._replace(query="", fragment="").geturl()
            return _described(
                service="http", operation="Download", params={"url": url}, cli="", title=url
            )
        case Now() | Made() | NewSecret() | Matches():
            return _described(
                service="st-wizard", operation=type(effect).__name__, params={}, cli="", title=""
            )
        case _:
            assert_never(effect)


def _aws(
    effect: Read | Write, region: str, endpoint_url: str, commits: Committed | None
) -> Described:
    # The model costs tens of milliseconds to load; what is only read takes no secrets.
    shape = input_shape(effect.service, effect.operation) if isinstance(effect, Write) else None
    params = redact(effect.params, shape)
    where = effect.region or region
    return _described(
        service=effect.service,
        operation=effect.operation,
        region=where,
        params=params,
        sealed=commits and redact(effect.params, shape, commits),
        cli=cli_command.aws_command(effect, params, where, endpoint_url),
        title=(effect.title if isinstance(effect, Write) else "")
        or f"{effect.service}:{effect.operation}",
    )


def _sql(
    effect: Columns | Rows | Insert,
    operation: str,
    values: Any,
    title: str,
    commits: Committed | None,
) -> Described:
    safe = redact(values)
    params = {
        "database": without_password(effect.database),
        "table": effect.table,
        "values": safe,
    }
    return _described(
        service="sql",
        operation=operation,
        params=params,
        sealed=commits and {**params, "values": redact(values, commits=commits)},
        cli=cli_command.sql(effect, safe),
        title=title,
    )


def without_password(url: str) -> str:
    """A URL as it may be written down."""
    parts = split(url)
    if parts.password is None:
        return url
    return url.replace(f":{parts.password}@", ":***@", 1)


def _described(
    *,
    service: str,
    operation: str,
    params: Json,
    cli: str,
    title: str,
    region: str = "",
    sealed: Json = None,
) -> Described:
    request = {"service": service, "operation": operation, "region": region, "params": params}
    return Described(
        service=service,
        operation=operation,
        region=region,
        params=params,
        sha256=hashlib.sha256(canonical(request)).hexdigest(),
        cli=cli,
        title=title,
        sealed=sealed,
    )
