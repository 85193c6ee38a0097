"""Only an endpoint on loopback is asked for its network, and its time can run fast and jump."""

import json

import pytest

from tests.gateway.scripted import closed_port, http, serving
from wizard.errors import UnreachableError
from wizard.gateway.loopback import is_loopback
from wizard.gateway.network import AccountNetwork, Network


def told(account_time: float) -> bytes:
    facts = {
        "speed": 60.0,
        "account_id": "1",
        "account_time": account_time,
        "proxy_url": "http://127.0.0.1:9",
        "ca_pem": "PEM",
        "later": "ignored",
    }
    return http(200, json.dumps(facts))


class Ticks:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_time_runs_fast_is_extrapolated_and_asked_again() -> None:
    ticks = Ticks()
    with serving(told(1000.0), told(9000.0)) as server:
        network = AccountNetwork(server.url, monotonic=ticks)
        assert network.facts().speed == 60.0
        ticks.now = 0.5
        assert network.now() == 1030.0
        ticks.now = 2.0
        assert network.now() == 9000.0
        assert server.requests[0].startswith(b"GET /_st-wizard/network ")
    ticks.now = 4.0
    assert network.now() == 9120.0  # it does not answer: extrapolated


@pytest.mark.parametrize("reply", [http(404, "no"), http(200, "<html>moto")])
def test_another_emulator_lives_in_the_real_network(reply: bytes) -> None:
    with serving(reply) as server:
        network = AccountNetwork(server.url, wall=lambda: 5.0)
        assert network.facts() == Network()
        assert network.now() == 5.0


def test_nothing_there_says_so() -> None:
    with pytest.raises(UnreachableError, match="Nothing answers"):
        AccountNetwork(closed_port()).facts()


def test_others_are_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.gateway.network.ask", lambda _: pytest.fail("asked"))
    for url in ("", "https://vpce.example.com", "http://10.0.0.1:4566"):
        network = AccountNetwork(url, wall=lambda: 5.0)
        assert network.facts() == Network()
        assert network.now() == 5.0


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:5000", True),
        ("http://localhost:5000/x", True),
        ("http://s3.localhost", False),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1", False),
        ("http://[bad", False),
        ("", False),
    ],
)
def test_what_is_on_this_machine(url: str, local: bool) -> None:
    assert is_loopback(url) is local
