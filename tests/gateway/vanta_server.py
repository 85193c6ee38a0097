"""A server on loopback that keeps documents by Vanta's published contract.

https://developer.vanta.com/docs/concepts/authentication: JSON in, one token an application, minting
another revokes it. https://developer.vanta.com/api-reference/documents/upload-file-for-document:
multipart with `file`, `description`, `effectiveAtDate`, answered with 201. Uploads are listed 10 at
a time unless `pageSize` (at most 100) says otherwise. A submission is answered with 204, and needs
something new.
"""

import json
import threading
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

CLIENT = {"client_id": "the-client", "client_secret": "the-client-secret"}
SCOPES = {"vanta-api.all:read", "vanta-api.all:write", "vanta-api.documents:upload"}


class VantaServer(ThreadingHTTPServer):
    """`uploads` are those of the only document, `access-requests`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.uploads: list[dict[str, Any]] = []
        self.contents: list[bytes] = []
        self.submitted = 0
        self.pending = 0
        self.tokens = 0
        self.calls: list[str] = []
        self.lose: set[str] = set()
        """`upload before`, `upload after`, `submit after`: which answer is lost, once."""
        self.refuse = 0
        """The status of every answer but that for a token, when it is not 0."""
        self.wrong = b""
        """What is listed instead."""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def token(self) -> str:
        return f"token-number-{self.tokens}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that is cut on purpose is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: VantaServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        self.server.calls.append(f"POST {path}")
        if path == "/oauth/token":
            self._token(body)
        elif self._allowed():
            if path == "/v1/documents/access-requests/uploads":
                self._upload(body)
            elif path == "/v1/documents/access-requests/submit":
                self._submit()
            else:
                self._answer(404, {"message": "Not found"})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.calls.append(f"GET {parts.path}")
        if not self._allowed():
            return
        if parts.path != "/v1/documents/access-requests/uploads":
            self._answer(404, {"message": "Not found"})
            return
        if self.server.wrong:
            self._raw(200, self.server.wrong)
            return
        query = parse_qs(parts.query)
        size = int(query.get("pageSize", ["10"])[0])
        start = int(query.get("pageCursor", ["0"])[0])
        assert 1 <= size <= 100
        shown = self.server.uploads[start : start + size]
        more = start + size < len(self.server.uploads)
        page = {"hasNextPage": more, "endCursor": str(start + len(shown))}
        self._answer(200, {"results": {"data": shown, "pageInfo": page}})

    def _token(self, body: bytes) -> None:
        asked = json.loads(body)
        good = (
            self.headers["Content-Type"] == "application/json"
            and asked["grant_type"] == "client_credentials"
            and {name: asked[name] for name in CLIENT} == CLIENT
            and set(asked["scope"].split()) == SCOPES
        )
        if not good:
            self._answer(401, {"error": f"bad client {asked.get('client_secret')}"})
            return
        self.server.tokens += 1
        answer = {"access_token": self.server.token, "expires_in": 3600, "token_type": "Bearer"}
        self._answer(200, answer)

    def _allowed(self) -> bool:
        if self.server.refuse:
            self._answer(self.server.refuse, {"message": f"no: {self.headers['Authorization']}"})
            return False
        if self.headers["Authorization"] != f"Bearer {self.server.token}":
            self._raw(401, b"Unauthorized")
            return False
        return True

    def _upload(self, body: bytes) -> None:
        if self._lost("upload before"):
            return
        kind = self.headers["Content-Type"]
        assert kind.startswith("multipart/form-data; boundary=")
        message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        fields: dict[str, Any] = {}
        for part in message.walk():
            if not part.is_multipart():
                name = str(part.get_param("name", header="content-disposition"))
                fields[name] = part
        file = fields["file"]
        made = {
            "id": f"upload-{len(self.server.uploads) + 1}",
            "fileName": file.get_filename(),
            "mimeType": file.get_content_type(),
            "description": fields["description"].get_payload(),
            "effectiveDate": fields["effectiveAtDate"].get_payload(),
            "creationDate": "2026-11-28T15:00:00.000Z",
            "deletionDate": None,
        }
        self.server.uploads.append(made)
        self.server.contents.append(file.get_payload(decode=True))
        self.server.pending += 1
        if not self._lost("upload after"):
            self._answer(201, made)

    def _submit(self) -> None:
        if not self.server.pending:
            self._answer(422, {"message": "Nothing to submit"})
            return
        self.server.pending = 0
        self.server.submitted += 1
        if not self._lost("submit after"):
            self._raw(204, b"")

    def _lost(self, what: str) -> bool:
        if what not in self.server.lose:
            return False
        self.server.lose.remove(what)
        self.close_connection = True
        self.connection.close()
        return True

    def _answer(self, status: int, body: Any) -> None:
        self._raw(status, json.dumps(body).encode())

    def _raw(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""
