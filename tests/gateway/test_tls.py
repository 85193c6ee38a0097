"""Handshakes: who is trusted, which names match, what answers, and what a failure says."""

import datetime as dt
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.gateway.tls_server import Proxy, TlsServer, running
from wizard.effects import Handshake, Json
from wizard.gateway.network import Network
from wizard.gateway.tls import matches, shake
from wizard.simulator.authority import Authority

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nHello\n"
NAMES = ("*.aws.supertokens.com", "example.com")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def serve(stack: ExitStack, context: object, answer: bytes = HELLO) -> TlsServer:
    server = TlsServer(context, answer)  # type: ignore[arg-type]
    stack.enter_context(running(server))
    return server


def look(server: TlsServer, pem: str, name: str = "acme.aws.supertokens.com") -> Json:
    handshake = Handshake("127.0.0.1", server.port, name, "/hello")
    return shake(handshake, Network(ca_pem=pem), timeout=5).value


def test_trusted_and_matching(stack: ExitStack, authority: Authority) -> None:
    server = serve(stack, authority.server_context(NAMES))
    found = look(server, authority.pem)
    assert found | {"not_after": ""} == {
        "protocol": "TLSv1.3",
        "names": list(NAMES),
        "not_after": "",
        "trusted": True,
        "matches": True,
        "status": 200,
        "body": "Hello\n",
        "error": "",
    }
    assert dt.datetime.fromisoformat(found["not_after"]) > dt.datetime.now(dt.UTC)
    assert server.heads[0].startswith(b"GET /hello HTTP/1.1\r\n")
    assert f"Host: acme.aws.supertokens.com:{server.port}\r\n".encode() in server.heads[0]


def test_another_name(stack: ExitStack, authority: Authority) -> None:
    server = serve(stack, authority.server_context(NAMES))
    found = look(server, authority.pem, "lb.amazonaws.com")
    assert (found["trusted"], found["matches"], found["status"]) == (True, False, 200)


def test_a_stranger_is_only_asked_who_it_is(stack: ExitStack, authority: Authority) -> None:
    server = serve(stack, authority.server_context(NAMES, signed=False))
    found = look(server, authority.pem)
    assert (found["trusted"], found["matches"], found["status"]) == (False, True, None)
    assert found["names"] == list(NAMES)
    assert "not trusted" in found["error"]
    assert server.heads == []


def test_expired(stack: ExitStack, authority: Authority) -> None:
    ended = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    server = serve(stack, authority.server_context(NAMES, ended))
    found = look(server, authority.pem)
    assert not found["trusted"]
    assert "expired" in found["error"]
    assert found["not_after"] == "2024-05-01T00:00:00Z"


def test_no_simulated_authority_is_trusted_in_the_real_network(
    stack: ExitStack, authority: Authority
) -> None:
    server = serve(stack, authority.server_context(NAMES))
    assert not look(server, "")["trusted"]


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n"])
def test_no_http_behind_it(stack: ExitStack, authority: Authority, answer: bytes) -> None:
    server = serve(stack, authority.server_context(NAMES), answer)
    found = look(server, authority.pem)
    assert (found["trusted"], found["status"]) == (True, None)
    assert "no answer to GET /hello" in found["error"]


def test_through_the_simulated_network(stack: ExitStack, authority: Authority) -> None:
    behind = serve(stack, authority.server_context(NAMES))
    proxy = Proxy(behind, b"HTTP/1.1 200 Connection established\r\n\r\n")
    stack.enter_context(running(proxy))
    network = Network(proxy_url=f"http://127.0.0.1:{proxy.port}", ca_pem=authority.pem)
    found = shake(Handshake("lb.invalid", 3567, "acme.aws.supertokens.com"), network).value
    assert (found["trusted"], found["status"]) == (True, 200)
    assert proxy.heads[0].startswith(b"CONNECT lb.invalid:3567 HTTP/1.1\r\n")


def test_the_networks_refusal_is_an_answer(stack: ExitStack, authority: Authority) -> None:
    behind = serve(stack, authority.server_context(NAMES))
    proxy = Proxy(behind, b"HTTP/1.1 502 no such name\r\nContent-Length: 0\r\n\r\n")
    stack.enter_context(running(proxy))
    network = Network(proxy_url=f"http://127.0.0.1:{proxy.port}", ca_pem=authority.pem)
    found = shake(Handshake("lb.invalid", 3567, "x.y"), network).value
    assert found["error"] == "no such name"
    assert not found["trusted"]


@pytest.mark.parametrize("host", ["a\r\nb", "grüße", "a b", "x" * 300])
def test_an_odd_host_is_an_answer(host: str) -> None:
    found = shake(Handshake(host, 443, "x.y"), Network()).value
    assert found["error"]
    assert found["status"] is None


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = shake(Handshake("127.0.0.1", port, "x.y"), Network()).value
    assert "refused" in found["error"]


@pytest.mark.parametrize(
    ("pattern", "name", "covers"),
    [
        ("*.aws.supertokens.com", "acme.aws.supertokens.com", True),
        ("*.aws.supertokens.com", "ACME.aws.supertokens.com.", True),
        ("*.aws.supertokens.com", "a.b.aws.supertokens.com", False),
        ("*.aws.supertokens.com", "aws.supertokens.com", False),
        ("*.com", "example.com", False),
        ("example.com", "example.com", True),
        ("example.com", "a.example.com", False),
    ],
)
def test_wildcards_stand_for_one_label(pattern: str, name: str, covers: bool) -> None:
    assert matches(pattern, name) is covers
