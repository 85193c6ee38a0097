"""Downloads of presigned URLs, and the bytes in the calls that carry them."""

import hashlib
import stat
import traceback
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.gateway.scripted import Reply, closed_port, serving
from wizard.effects import UNKNOWN, Blob, Fetch, Write
from wizard.errors import CallError, UnreachableError
from wizard.gateway.blobs import Blobs
from wizard.gateway.describe import describe
from wizard.gateway.protocol import Answer
from wizard.gateway.redact import redact

CONTENT = bytes(range(256)) * 8
SHA = hashlib.sha256(CONTENT).hexdigest()
SIGNED = "X-Amz-Signature=0123456789abcdef"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, follow_redirects=False, timeout=5) as made:
        yield made


@pytest.fixture
def blobs(client: httpx.Client) -> Iterator[Blobs]:
    made = Blobs(lambda _: client, one_limit=4096, held_limit=6000)
    yield made
    made.close()


def reply(content: bytes = CONTENT, status: int = 200, *headers: str) -> Reply:
    head = [f"HTTP/1.1 {status} OK", f"Content-Length: {len(content)}", "Connection: close"]
    return "\r\n".join([*head, *headers, "", ""]).encode() + content


def create(blob: Blob) -> Write:
    return Write("lambda", "CreateFunction", {"FunctionName": "f", "Code": {"ZipFile": blob}})


def test_the_bytes_go_into_the_call_and_then_away(blobs: Blobs) -> None:
    with serving(reply()) as server:
        answer = blobs.fetch(Fetch(f"{server.url}/snapshots/f?{SIGNED}"))
    assert answer.value == Blob(sha256=SHA, size=len(CONTENT))
    sent: list[Write] = []

    def make(write: Write) -> Answer:
        sent.append(write)
        return Answer(value={})

    blobs.write(create(answer.value), make)
    assert sent[0].params == {"FunctionName": "f", "Code": {"ZipFile": CONTENT}}
    with pytest.raises(CallError, match="not held any more"):
        blobs.write(create(answer.value), make)


def test_they_stay_until_the_call_has_succeeded_for_each_that_wants_them(blobs: Blobs) -> None:
    with serving(reply(), reply()) as server:
        blob = blobs.fetch(Fetch(f"{server.url}/a")).value
        assert blobs.fetch(Fetch(f"{server.url}/b")).value == blob

    def throttled(_: Write) -> Answer:
        raise CallError("slower", code="TooManyRequestsException")

    with pytest.raises(CallError, match="slower"):
        blobs.write(create(blob), throttled)
    blobs.write(create(blob), lambda _: Answer(value={}))
    assert blobs.content(blob) == CONTENT


def test_only_the_owner_may_read_what_is_held(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with serving(reply()) as server:
        blobs.fetch(Fetch(f"{server.url}/a"))
    (folder,) = tmp_path.iterdir()
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    blobs.close()
    assert not list(tmp_path.iterdir())


def test_what_is_held_is_bounded(blobs: Blobs) -> None:
    with serving(*(reply(bytes([n]) * 2500) for n in range(3))) as server:
        first, _, last = [blobs.fetch(Fetch(f"{server.url}/{n}")).value for n in range(3)]
    assert blobs.content(last) == bytes([2]) * 2500
    with pytest.raises(CallError, match="not held"):
        blobs.content(first)


def test_a_download_beyond_the_limit_is_dropped(blobs: Blobs) -> None:
    with serving(reply(b"x" * 5000)) as server, pytest.raises(CallError, match="larger than 4096"):
        blobs.fetch(Fetch(f"{server.url}/f?{SIGNED}"))


@pytest.mark.parametrize(
    ("status", "words"), [(403, "valid for ten minutes"), (404, "refused"), (302, "elsewhere")]
)
def test_a_refusal_names_no_signature(blobs: Blobs, status: int, words: str) -> None:
    moved = "Location: http://127.0.0.1:9/other"
    with serving(reply(b"<Error/>", status, moved)) as server:
        with pytest.raises(CallError, match=words) as caught:
            blobs.fetch(Fetch(f"{server.url}/snapshots/f?{SIGNED}"))
        assert len(server.requests) == 1
    assert caught.value.code == f"HTTP {status}"
    assert "/snapshots/f" in caught.value.where
    assert SIGNED not in "".join(traceback.format_exception(caught.value))


def test_nobody_answers(blobs: Blobs) -> None:
    with pytest.raises(UnreachableError) as caught:
        blobs.fetch(Fetch(f"{closed_port()}/f?{SIGNED}"))
    assert SIGNED not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "url",
    [
        f"http://bucket.s3.amazonaws.com/f?{SIGNED}",
        f"ftp://127.0.0.1/f?{SIGNED}",
        f"https://user:word@bucket.s3.amazonaws.com/f?{SIGNED}",
        f"file:///etc/passwd?{SIGNED}",
        str(UNKNOWN),
    ],
)
def test_only_https_goes_beyond_this_machine(blobs: Blobs, url: str) -> None:
    with pytest.raises(CallError) as caught:
        blobs.fetch(Fetch(url))
    assert caught.value.code == "UnsafeRequest"
    assert SIGNED not in f"{caught.value}{caught.value.where}"


def test_neither_bytes_nor_signature_are_written_down() -> None:
    blob = Blob(sha256=SHA, size=3)
    told = describe(create(blob), region="us-east-1")
    assert told.params["Code"] == {"ZipFile": f"<3 bytes, sha256 {SHA}>"}
    assert f"<3 bytes, sha256 {SHA}>" in told.cli
    fetched = describe(Fetch(f"https://bucket.s3.amazonaws.com/f?{SIGNED}"), region="us-east-1")
    assert SIGNED not in repr(fetched)


def test_a_presigned_url_in_an_answer_is_written_down_without_its_signature() -> None:
    url = f"https://awslambda.s3.amazonaws.com/snapshots/layer?X-Amz-Date=1&{SIGNED}&x=1"
    answer = {"Content": {"Location": url, "CodeSize": 3}}
    assert redact(answer) == {
        "Content": {
            "Location": "https://awslambda.s3.amazonaws.com/snapshots/layer?signed",
            "CodeSize": 3,
        }
    }


def test_environment_values_are_not_written_down() -> None:
    told = describe(
        Write("lambda", "CreateFunction", {"Environment": {"Variables": {"STAGE": "hush-hush"}}}),
        region="us-east-1",
    )
    assert "hush-hush" not in repr(told)
