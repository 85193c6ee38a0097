"""Where calls may be sent: this machine, or over TLS."""

import pytest

from wizard.errors import RefusedError
from wizard.gateway.world import WorldGateway


@pytest.mark.parametrize(
    "url",
    [
        "http://aws.example.com",
        "http://127.0.0.1.example.com",
        "http://x.localhost:5000",
        "http://127.1:5000",
        "https://ada:hunter2@aws.example.com",
        "https://ada@aws.example.com",
        "ftp://aws.example.com",
        "aws.example.com",
        "https://",
        "https://[bad",
        "file:///etc/passwd",
    ],
)
def test_an_endpoint_that_others_could_read_is_refused(url: str) -> None:
    with pytest.raises(RefusedError) as caught:
        WorldGateway(endpoint_url=url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "https://aws.example.com", "http://127.0.0.1:5000", "http://[::1]:5000"]
)
def test_others_are_taken(url: str) -> None:
    WorldGateway(endpoint_url=url).close()
