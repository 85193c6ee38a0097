"""Timestamps: asked of an authority, checked to be of what was asked, believed by certificate."""

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.authority import Authority, serving
from wizard.errors import CallError, UsageError, WizardError
from wizard.gateway.timestamps import REPLY_LIMIT, distrust_of, fetched, problem_of, told

DATA = b"0" * 64 + b"  journal.jsonl\n"


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with serving(Authority(tmp_path_factory.mktemp("tsa") / "one")) as running:
        yield running


@pytest.fixture
def authority(standing: Authority) -> Iterator[Authority]:
    yield standing
    standing.answer = standing.reply


def test_a_timestamp_is_of_the_bytes_and_of_the_authority(authority: Authority) -> None:
    reply = fetched(DATA, authority.url)
    said = told(reply)
    assert said is not None
    assert said.authority == "CN=Test authority"
    assert said.at.endswith("Z")
    assert problem_of(reply, DATA) == ""
    assert distrust_of(reply, DATA, authority.root.read_bytes()) == ""
    # Nothing of the evidence leaves but its hash.
    assert hashlib.sha256(DATA).digest() in authority.queries[-1]
    assert DATA[:20] not in authority.queries[-1]


def test_openssl_says_the_same(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "reply").write_bytes(fetched(DATA, authority.url))
    for data, code in ((DATA, 0), (DATA + b"x", 1)):
        (tmp_path / "data").write_bytes(data)
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-data", "data", "-in", "reply",
             "-CAfile", authority.root],
            cwd=tmp_path, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == code


def test_it_is_not_of_other_bytes_nor_of_another_authority(
    authority: Authority, tmp_path: Path
) -> None:
    reply = fetched(DATA, authority.url)
    assert problem_of(reply, DATA + b"x") == "it is of other bytes"
    assert distrust_of(reply, DATA + b"x", authority.root.read_bytes()) != ""
    other = Authority(tmp_path / "other").root.read_bytes()
    assert distrust_of(reply, DATA, other) != ""


def test_no_changed_byte_changes_what_is_believed(authority: Authority) -> None:
    reply = fetched(DATA, authority.url)
    root, found = authority.root.read_bytes(), 0
    for place in range(0, len(reply), 13):
        changed = reply[:place] + bytes([reply[place] ^ 0x01]) + reply[place + 1 :]
        if distrust_of(changed, DATA, root):
            found += 1
        else:
            assert told(changed) == told(reply), place
    assert found > 20


def test_a_chain_in_whatever_order_is_read(tmp_path: Path) -> None:
    for number in range(3):  # the keys are random, and so is whether their order is DER's
        with serving(Authority(tmp_path / str(number), with_chain=True)) as authority:
            reply = fetched(DATA, authority.url)
            assert distrust_of(reply, DATA, authority.root.read_bytes()) == ""


def test_a_reply_to_another_question_is_not_kept(authority: Authority) -> None:
    earlier = authority.reply
    fetched(DATA, authority.url)
    first = authority.queries[-1]
    authority.answer = lambda _: earlier(first)
    with pytest.raises(WizardError, match="not of what was asked"):
        fetched(DATA, authority.url)
    with pytest.raises(WizardError, match="not of what was asked"):
        fetched(DATA + b"x", authority.url)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"<html>no</html>"),
        (302, b""),
        (500, b"no"),
        (200, b"0" * (REPLY_LIMIT + 1)),
        (200, bytes.fromhex("30053003020102")),
    ],
)
def test_what_is_no_reply_is_refused(authority: Authority, status: int, body: bytes) -> None:
    authority.answer = lambda _: (status, body)
    with pytest.raises(WizardError):
        fetched(DATA, authority.url)
    assert len(authority.queries[-1]) < 200


def test_a_refusal_is_told_in_its_words(authority: Authority) -> None:
    authority.answer = lambda _: (
        200,
        bytes.fromhex("301d301b020102300f0c0d")
        + b"no\x1b[31m today"
        + bytes.fromhex("03050000000001"),
    )
    with pytest.raises(WizardError, match="did not give a timestamp") as refused:
        fetched(DATA, authority.url)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://tsa.example.com/", "ftp://x/", "https://u:p@x.test/", "x"])
def test_only_tls_leads_beyond_this_machine(url: str) -> None:
    with pytest.raises(CallError, match="Nothing was sent"):
        fetched(DATA, url)


def test_certificates_that_are_none_are_refused(authority: Authority) -> None:
    with pytest.raises(UsageError, match="no certificates"):
        distrust_of(fetched(DATA, authority.url), DATA, b"not PEM")
