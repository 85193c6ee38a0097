"""Small HTTP servers on loopback, each on a thread of its own, that serve this machine only."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler, make_server

LOOPBACK = "127.0.0.1"
WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request: the call log is where calls are read."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Only the status line: the applications know their Date better than this machine."""
        self.send_response_only(code, message)


class LoopbackServer:
    """A WSGI application at `url`, answering from `start()` to `stop()`."""

    def __init__(
        self, application: WSGI, port: int = 0, handler: type[WSGIRequestHandler] = _Quiet
    ) -> None:
        self._server = make_server(
            LOOPBACK, port, _for_this_machine(application), threaded=True, request_handler=handler
        )
        if isinstance(self._server, ThreadedWSGIServer):
            # A handler thread that waits for a client must not hold up the end.
            self._server.block_on_close = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Base URL without a trailing slash."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


def is_loopback(authority: str) -> bool:
    """Whether a Host header names this machine."""
    host = urlsplit(f"//{authority}").hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _for_this_machine(application: WSGI) -> WSGI:
    """Refuse what a browser sends under a foreign name (DNS rebinding)."""

    def guarded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not is_loopback(environ.get("HTTP_HOST", LOOPBACK)):
            start_response("421 Misdirected Request", [("Content-Type", "text/plain")])
            return [b"This server is for this machine only.\n"]
        return application(environ, start_response)

    return guarded


def cut(environ: dict[str, Any]) -> None:
    """Close the client's connection at once: an unfinished answer would make it wait."""
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:  # the client was faster
            return
