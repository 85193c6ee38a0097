"""The network in which the account's public names live: an HTTP CONNECT proxy on loopback.

A client that uses it as its proxy and trusts the account's authority sees what the internet would
see: names, certificates, and what answers. Names outside the account lead nowhere.
"""

import contextlib
import re
import socket
import socketserver
import threading
from collections.abc import Callable
from http import HTTPStatus

from botocore.exceptions import ClientError

from wizard.simulator.doors import Door, Doors
from wizard.simulator.loopback import LOOPBACK
from wizard.simulator.names import Names, Unreachable
from wizard.simulator.world import World

_CONNECT = re.compile(rb"^CONNECT (?P<host>[A-Za-z0-9.\-]{1,253}):(?P<port>\d{1,5}) HTTP/1\.[01]$")
_REQUEST = re.compile(rb"^(?P<method>[A-Z]{1,10}) (?P<path>/\S{0,2000}) HTTP/1\.[01]$")
_LONGEST_HEAD = 16 * 1024
_PATIENCE = 15.0  # real seconds for a client that says nothing


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


class Internet:
    """The proxy at `url`, from `start()` to `stop()`."""

    def __init__(self, names: Names, doors: Doors, world: World, now: Callable[[], float]) -> None:
        self._names = names
        self._doors = doors
        self._world = world
        self._now = now
        outer = self

        class Visit(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                # A client that goes away in the middle is the ordinary end of a visit.
                with contextlib.suppress(OSError):
                    outer.visit(self.request)

        self._server = _Server((LOOPBACK, 0), Visit)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def url(self) -> str:
        """What a client sets as its HTTPS proxy."""
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def visit(self, connection: socket.socket) -> None:
        """One connection from CONNECT to its end."""
        connection.settimeout(_PATIENCE)
        head = _read_head(connection)
        asked = _CONNECT.match(head.partition(b"\r\n")[0])
        if asked is None:
            _refuse(connection, 405, "this proxy takes CONNECT only")
            return
        try:
            end = self._names.resolve(asked["host"].decode())
            door = self._doors.open(end, int(asked["port"]))
        except Unreachable as problem:
            _refuse(connection, problem.status, problem.reason)
            return
        except ClientError as problem:  # what the name led to went away meanwhile
            _refuse(connection, 502, str(problem))
            return
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if door.tls is None:
            self._serve(connection, door)
            return
        with door.tls.wrap_socket(connection, server_side=True) as wrapped:
            self._serve(wrapped, door)

    def _serve(self, connection: socket.socket, door: Door) -> None:
        head = _read_head(connection)
        if not head:
            return  # a TLS check alone asks nothing
        asked = _REQUEST.match(head.partition(b"\r\n")[0])
        started = self._now()
        if asked is None:
            method, status, text = "GET", 400, "Bad Request"
        else:
            method = asked["method"].decode()
            try:
                status, text = door.respond(method, asked["path"].decode("latin-1"))
            except ClientError as problem:
                status, text = 503, f"Service Temporarily Unavailable: {problem}"
        if door.dimension is not None:
            self._world.served(door.dimension, started, status, self._now() - started)
        body = f"{text}\n".encode()
        lines = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            "Content-Type: text/html;charset=UTF-8",
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        sent = "\r\n".join(lines).encode() + b"\r\n\r\n"
        connection.sendall(sent if method == "HEAD" else sent + body)


def _read_head(connection: socket.socket) -> bytes:
    """Up to the empty line; what came until then when the client stops or says too much."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _LONGEST_HEAD:
        part = connection.recv(4096)
        if not part:
            return head
        head += part
    return head


def _refuse(connection: socket.socket, status: int, reason: str) -> None:
    # Clients show the phrase: the reason stands there.
    printable = re.sub(r"[^\x20-\x7e]", "?", reason)
    connection.sendall(
        f"HTTP/1.1 {status} {printable}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )
