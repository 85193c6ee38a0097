"""A server on loopback that answers by a script: byte for byte, or by breaking the connection."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum


class Break(Enum):
    """How a connection ends without an answer."""

    RESET = "after the request was read"
    SILENCE = "never: the client's patience ends first"


Reply = bytes | Break


def http(status: int, body: str = "", *, headers: str = "", missing: int = 0) -> bytes:
    """An HTTP answer; its length claims `missing` bytes more than are sent."""
    data = body.encode()
    head = (
        f"HTTP/1.1 {status} X\r\nContent-Length: {len(data) + missing}\r\n"
        f"Date: Sun, 22 Nov 2026 17:00:00 GMT\r\n{headers}Connection: close\r\n\r\n"
    )
    return head.encode() + data


def query_result(operation: str, body: str) -> str:
    """A result of the AWS query protocol (elbv2, sts)."""
    return (
        f'<{operation}Response xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">'
        f"<{operation}Result>{body}</{operation}Result>"
        f"<ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata></{operation}Response>"
    )


def query_error(code: str, message: str) -> str:
    """An error of the AWS query protocol."""
    return (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
        f"<Message>{message}</Message></Error><RequestId>req-2</RequestId></ErrorResponse>"
    )


class Scripted:
    """`requests` holds head and body of each request that came. The last reply is repeated."""

    def __init__(self, *script: Reply) -> None:
        self._script = list(script)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.requests: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def json_body(self, index: int = -1) -> object:
        """The JSON that a request carried."""
        return json.loads(self.requests[index].partition(b"\r\n\r\n")[2])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        # Closing alone does not wake an accept on Linux.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        for held in self._held:
            held.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.requests.append(_read(connection))
            reply = self._script.pop(0) if len(self._script) > 1 else self._script[0]
            if isinstance(reply, bytes):
                connection.sendall(reply)
                connection.close()
            elif reply is Break.RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()
            else:
                self._held.append(connection)


def _read(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def serving(*script: Reply) -> Iterator[Scripted]:
    """A running server."""
    server = Scripted(*script)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def closed_port() -> str:
    """The URL of a port where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"
