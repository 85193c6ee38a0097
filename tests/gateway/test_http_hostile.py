"""Servers that answer to do harm: what they say stays data, bounded in size, depth and time."""

import json
import socket
import threading
from urllib.parse import quote

import pytest

from tests.gateway.scripted import http, serving
from tests.gateway.test_http import post, room
from tests.gateway.tls_server import TlsServer, running
from wizard.effects import Request
from wizard.errors import CallError, UnknownOutcomeError, UnreachableError
from wizard.gateway.backoff import Backoff
from wizard.gateway.http import Http
from wizard.gateway.network import AccountNetwork
from wizard.gateway.secrets import Secrets, forms
from wizard.session.canonical import canonical
from wizard.simulator.authority import Authority

AWKWARD = 'pä"ss\\wörd <&> /%'


def with_secret(value: str) -> Http:
    secrets = Secrets({"ST_WIZARD_SECRET_SCALE_PASSWORD": value}, keyring=object())
    return Http(
        AccountNetwork(""), secret=lambda name: secrets.get(name) or "", scrub=secrets.scrub
    )


@pytest.mark.parametrize("form", forms(AWKWARD))
def test_a_secret_is_gone_in_whatever_form_it_is_repeated(form: str) -> None:
    for body in (json.dumps({"said": form}), f"you said {form}", f'{{"said": "{form}"}}'):
        with serving(http(400, body)) as server:
            answer = with_secret(AWKWARD).call(post(server.url))
        told = json.dumps(answer.value, ensure_ascii=False) + repr(answer)
        assert AWKWARD not in str(answer.value)
        assert not any(one in told for one in forms(AWKWARD))


def test_the_forms_are_those_that_others_use() -> None:
    assert {AWKWARD, quote(AWKWARD, safe=""), json.dumps(AWKWARD)[1:-1]} <= set(forms(AWKWARD))


@pytest.mark.parametrize(
    "body",
    ["[" * 500_000, '{"a":' * 100_000, "9" * 5000, "NaN", '{"a": "\\ud800"}', "\x1b]0;x\x07"],
    ids=["deep", "deeper", "digits", "nan", "half a character", "controls"],
)
def test_an_odd_body_is_an_answer_that_can_be_written_down(body: str) -> None:
    with serving(http(200, body)) as server:
        answer = room().call(Request("GET", server.url))
    assert canonical(answer.value).decode()


def test_an_answer_that_drips_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                try:
                    while not ended.wait(0.02):
                        connection.sendall(b"x")
                except OSError:
                    pass

        server = threading.Thread(target=drip)
        server.start()
        with pytest.raises(UnknownOutcomeError, match="too slowly"):
            room(timeout=0.1).call(post(f"http://127.0.0.1:{listener.getsockname()[1]}"))
        ended.set()
        server.join()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with (
        serving(http(200, "caught")) as elsewhere,
        serving(http(status, "there", headers=f"Location: {elsewhere.url}/\r\n")) as server,
    ):
        answer = room().call(post(server.url))
        assert answer.value == {"status": status, "body": "there"}
        assert elsewhere.requests == []


def test_a_certificate_that_nobody_vouches_for_gets_nothing() -> None:
    secrets = Secrets({"ST_WIZARD_SECRET_SCALE_PASSWORD": AWKWARD}, keyring=object())
    server = TlsServer(Authority().server_context(("api.example.com",)), b"")
    # Loopback is reached without checks of its own: a proxy would be in the way of the real ones.
    strict = Http(
        AccountNetwork(""),
        secret=lambda name: secrets.get(name) or "",
        scrub=secrets.scrub,
        backoff=Backoff(sleep=lambda _: None),
    )
    with running(server), pytest.raises(UnreachableError, match="Nothing was sent") as caught:
        strict.call(post(f"https://127.0.0.1:{server.port}"))
    assert "CERTIFICATE" in str(caught.value).upper()
    assert server.heads == []


def test_an_unsafe_address_is_refused_before_the_secret_is_looked_up() -> None:
    def never(name: str) -> str:
        raise AssertionError(name)

    with pytest.raises(CallError, match="Plain HTTP"):
        Http(AccountNetwork(""), secret=never, scrub=str).call(post("http://api.example.com"))
