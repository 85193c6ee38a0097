"""The inbox page: the Slack channel into which the company's AWS mails go.

A mail with a confirmation link gets one here too; opening it confirms, as AWS's own link does.
"""

import html
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec
from werkzeug.wrappers import Request, Response

from wizard.simulator.save_gate import SaveGate
from wizard.simulator.world import Mail, World

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
article {{ border: 1px solid #8886; border-radius: .5rem; padding: .8rem 1rem; margin: 1rem 0; }}
h2 {{ font-size: 1.05rem; margin: 0; }} small {{ opacity: .75; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.45 ui-monospace, monospace; }}
</style></head><body>{body}</body></html>"""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class Inbox:
    """The WSGI application of the inbox."""

    def __init__(self, world: World, gate: SaveGate) -> None:
        self._world = world
        self._gate = gate

    def application(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """WSGI entry."""
        return self._respond(Request(environ))(environ, start_response)

    def _respond(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return _page("Not here", "<p>This inbox is only read.</p>", 405)
        base = request.host_url.rstrip("/")
        match request.path:
            case "/":
                return self._list(base)
            case "/mails.json":
                mails = [_plain(mail, self._confirm_url(mail, base)) for mail in self._mails()]
                return Response(
                    msgspec.json.encode(mails), mimetype="application/json", headers=_HEADERS
                )
            case "/confirm":
                return self._confirm(request.args.get("mail", ""))
            case _:
                return _page("Not here", '<p><a href="/">To the inbox</a></p>', 404)

    def _mails(self) -> list[Mail]:
        with self._world.lock:
            return list(self._world.mails)

    def _confirm_url(self, mail: Mail, base: str) -> str | None:
        if mail.link is None or mail.id in self._world.confirmed:
            return None
        return f"{base}/confirm?mail={quote(mail.id)}"

    def _list(self, base: str) -> Response:
        mails = self._mails()
        entries = "".join(_entry(mail, self._confirm_url(mail, base)) for mail in reversed(mails))
        heading = "<h1>#aws-mails</h1><p>Mails that AWS sent to the company, newest first.</p>"
        return _page("Inbox", heading + (entries or "<p>No mail yet.</p>"))

    def _confirm(self, mail_id: str) -> Response:
        mail = next((mail for mail in self._mails() if mail.id == mail_id), None)
        token = mail.token if mail is not None else None
        if token is None:
            return _page("No such link", '<p><a href="/">To the inbox</a></p>', 404)
        if mail_id not in self._world.confirmed:
            with self._gate.working():
                confirmed = self._world.confirm(token)
            if not confirmed:
                text = "<h1>Not confirmed</h1><p>The link has expired or was used already.</p>"
                return _page("Not confirmed", text, 410)
            self._world.confirmed.add(mail_id)
            self._gate.changed()
        text = '<h1>Subscription confirmed</h1><p><a href="/">Back to the inbox</a></p>'
        return _page("Subscription confirmed", text)


def _plain(mail: Mail, confirm_url: str | None) -> dict[str, Any]:
    return {
        "id": mail.id,
        "to": mail.to,
        "subject": mail.subject,
        "body": mail.body,
        "confirm_url": confirm_url,
        # As it stands in the mail, for those who paste it elsewhere instead of opening it.
        "link": mail.link if confirm_url is not None else None,
        "topic_arn": mail.topic_arn,
        "account_time": mail.account_time,
    }


def _entry(mail: Mail, url: str | None) -> str:
    when = datetime.fromtimestamp(mail.account_time, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    link = ""
    if url is not None:
        link = (
            f'<p><a href="{html.escape(url)}">Confirm subscription</a></p>'
            f"<p>The link, to paste elsewhere:</p><pre>{html.escape(mail.link or '')}</pre>"
        )
    return (
        f"<article><h2>{html.escape(mail.subject)}</h2>"
        f"<small>to {html.escape(mail.to)} · {when}</small>"
        f"<pre>{html.escape(mail.body)}</pre>{link}</article>"
    )


def _page(title: str, body: str, status: int = 200) -> Response:
    text = _PAGE.format(title=html.escape(title), body=body)
    return Response(text, status, mimetype="text/html", headers=_HEADERS)
