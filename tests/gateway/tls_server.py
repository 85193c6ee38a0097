"""A TLS server on loopback, and a CONNECT proxy that leads every name to it."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator


class _Server:
    """Accepts until it is stopped; each connection is served on the accepting thread."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.heads: list[bytes] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            # Clients that refuse the certificate break off: that is what is tested.
            with contextlib.suppress(OSError), connection:
                connection.settimeout(5)
                self.serve(connection)

    def serve(self, connection: socket.socket) -> None:
        raise TypeError("each kind of server serves in its own way")

    def _head(self, connection: socket.socket) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(4096)
            if not part:
                break
            head += part
        if head:
            self.heads.append(head)
        return head


class TlsServer(_Server):
    """Answers every request with `answer`."""

    def __init__(self, context: ssl.SSLContext, answer: bytes) -> None:
        self._context, self._answer = context, answer
        super().__init__()

    def serve(self, connection: socket.socket) -> None:
        with self._context.wrap_socket(connection, server_side=True) as wrapped:
            if self._head(wrapped):
                wrapped.sendall(self._answer)


class Proxy(_Server):
    """Serves what is behind it itself, after CONNECT."""

    def __init__(self, behind: TlsServer, reply: bytes) -> None:
        self._behind, self._reply = behind, reply
        super().__init__()

    def serve(self, connection: socket.socket) -> None:
        self._head(connection)
        connection.sendall(self._reply)
        if b" 200 " in self._reply:
            self._behind.serve(connection)


@contextlib.contextmanager
def running(server: _Server) -> Iterator[None]:
    """Stops the server in the end."""
    try:
        yield
    finally:
        server.stop()
