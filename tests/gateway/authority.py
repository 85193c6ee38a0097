"""A timestamp authority on loopback, whose replies OpenSSL makes."""

import http.server
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
{certs}
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
tsa_name = yes
ess_cert_id_alg = sha256
"""
_EXTENSIONS = """
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


class Authority:
    """`answer` makes the reply to a query; a test may put another in its place."""

    def __init__(self, folder: Path, *, with_chain: bool = False) -> None:
        """Makes a root certificate, `root`, and a signing one under it; `with_chain` sends both."""
        folder.mkdir(parents=True)
        self._folder = folder
        self.root = folder / "root.pem"
        self.url = ""
        self.answer: Callable[[bytes], tuple[int, bytes]] = self.reply
        self.queries: list[bytes] = []
        new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self._openssl(
            *new, "-x509", "-keyout", "root.key", "-out", "root.pem", "-days", "30",
            "-subj", "/CN=Test root",
        )  # fmt: skip
        self._openssl(*new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test authority")
        (folder / "extensions").write_text(_EXTENSIONS)
        self._openssl(
            "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key",
            "-days", "30", "-extfile", "extensions", "-out", "tsa.pem",
        )  # fmt: skip
        certs = f"certs = {self.root}" if with_chain else ""
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder, certs=certs))
        (folder / "serial").write_text("01\n")

    def reply(self, query: bytes) -> tuple[int, bytes]:
        """As an authority replies."""
        (self._folder / "query").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
        return 200, (self._folder / "reply").read_bytes()

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self._folder, check=True, capture_output=True)


@contextmanager
def serving(authority: Authority) -> Iterator[Authority]:
    """It answers at `authority.url`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            authority.queries.append(query)
            status, body = authority.answer(query)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_port}/tsr"
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
