"""A TLS handshake as a client makes it: is the certificate trusted, does it match, what answers.

A failure is an answer here, not an exception: whether it is wrong is the step's to say.
"""

import http.client
import socket
import ssl
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from wizard.effects import Handshake, Json
from wizard.gateway.network import Network
from wizard.gateway.protocol import Answer
from wizard.safe import safe_line

TIMEOUT = 10.0
BODY_LIMIT = 64 * 1024
_NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which the ssl module does not name."""


def shake(handshake: Handshake, network: Network, *, timeout: float = TIMEOUT) -> Answer:
    """Connect, verify, and `GET` the path; an untrusted server is only asked who it is."""
    try:
        found = _verified(handshake, network, timeout)
    except ssl.SSLCertVerificationError as error:
        reason = f"the certificate is not trusted: {error.verify_message}"
        found = _unverified(handshake, network, timeout, reason)
    except (OSError, UnicodeError, http.client.HTTPException) as error:
        found = _nothing(_said(error))
    return Answer(value=found)


def _verified(handshake: Handshake, network: Network, timeout: float) -> dict[str, Json]:
    context = ssl.create_default_context(cadata=network.ca_pem or None)
    # The name is compared below: a wrong name and a wrong issuer are different findings.
    context.check_hostname = False
    with _connect(handshake, network, timeout, context) as connection:
        found = _seen(connection, handshake.server_name)
        found["trusted"] = True
        try:
            found |= _get(connection, handshake)
        except (OSError, http.client.HTTPException) as error:
            found["error"] = f"no answer to GET {handshake.path}: {_said(error)}"
    return found


def _unverified(
    handshake: Handshake, network: Network, timeout: float, reason: str
) -> dict[str, Json]:
    """Read the certificate that was refused: once as bytes, then trusting exactly those."""
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    try:
        with _connect(handshake, network, timeout, blind) as connection:
            found = _nothing(reason) | {"protocol": connection.version() or ""}
            der = connection.getpeercert(binary_form=True)
        if der is not None:
            pinned = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            pinned.check_hostname = False
            pinned.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
            pinned.verify_flags = ssl.VerifyFlags(int(pinned.verify_flags) | _NO_CHECK_TIME)
            pinned.load_verify_locations(cadata=der)
            with _connect(handshake, network, timeout, pinned) as connection:
                found |= _seen(connection, handshake.server_name)
    except (OSError, http.client.HTTPException) as error:
        return _nothing(f"{reason}; and it could not be read: {_said(error)}")
    return found | {"trusted": False, "error": reason}


def _connect(
    handshake: Handshake, network: Network, timeout: float, context: ssl.SSLContext
) -> ssl.SSLSocket:
    raw = _tunnel(handshake, network, timeout)
    try:
        return context.wrap_socket(raw, server_hostname=handshake.server_name)
    except BaseException:
        raw.close()
        raise


def _tunnel(handshake: Handshake, network: Network, timeout: float) -> socket.socket:
    if not handshake.host.isascii() or not handshake.host.isprintable() or " " in handshake.host:
        raise ConnectionError(f"{handshake.host!r} is not the name of a host")
    if not network.proxy_url:
        return socket.create_connection((handshake.host, handshake.port), timeout)
    proxy = urlsplit(network.proxy_url)
    raw = socket.create_connection((proxy.hostname or "", proxy.port or 80), timeout)
    try:
        at = f"{handshake.host}:{handshake.port}"
        raw.sendall(f"CONNECT {at} HTTP/1.1\r\nHost: {at}\r\n\r\n".encode())
        status, phrase = _proxy_answer(raw)
    except BaseException:
        raw.close()
        raise
    if status != 200:
        raw.close()
        raise ConnectionError(phrase or f"the network answered {status}")
    return raw


def _proxy_answer(raw: socket.socket) -> tuple[int, str]:
    """Status and phrase, reading not one byte more: what follows belongs to TLS."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = raw.recv(1)
        if not byte or len(head) > BODY_LIMIT:
            raise ConnectionError("the network closed the connection")
        head += byte
    line = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
    if len(line) < 2 or not line[1].isdigit():
        raise ConnectionError("the network answered nonsense")
    return int(line[1]), line[2] if len(line) > 2 else ""


def _seen(connection: ssl.SSLSocket, server_name: str) -> dict[str, Json]:
    certificate: Any = connection.getpeercert() or {}
    names = [value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"]
    expires = ssl.cert_time_to_seconds(certificate["notAfter"])
    return _nothing("") | {
        "protocol": connection.version() or "",
        "names": names,
        "not_after": datetime.fromtimestamp(expires, UTC).isoformat().replace("+00:00", "Z"),
        "matches": any(matches(name, server_name) for name in names),
    }


def matches(pattern: str, name: str) -> bool:
    """Whether a certificate's name covers a host: a wildcard stands for one whole first label
    (RFC 6125, 6.4.3)."""
    left, right = pattern.lower().rstrip("."), name.lower().rstrip(".")
    if not left.startswith("*."):
        return left == right
    first, _, rest = right.partition(".")
    return bool(first) and rest == left[2:] and "." in rest


def _get(connection: ssl.SSLSocket, handshake: Handshake) -> dict[str, Json]:
    name = handshake.server_name
    host = name if handshake.port == 443 else f"{name}:{handshake.port}"
    client = http.client.HTTPConnection(handshake.host, handshake.port)
    client.sock = connection
    client.putrequest("GET", handshake.path, skip_host=True, skip_accept_encoding=True)
    for header, value in (("Host", host), ("User-Agent", "st-wizard"), ("Connection", "close")):
        client.putheader(header, value)
    client.endheaders()
    response = client.getresponse()
    body = response.read(BODY_LIMIT).decode("utf-8", "replace")
    return {"status": response.status, "body": body}


def _nothing(error: str) -> dict[str, Json]:
    return {
        "protocol": "",
        "names": [],
        "not_after": "",
        "trusted": False,
        "matches": False,
        "status": None,
        "body": "",
        "error": error,
    }


def _said(error: Exception) -> str:
    return safe_line(str(error) or type(error).__name__, limit=300)
