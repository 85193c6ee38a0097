"""Commitments: each opens the one value it was made of, and gives nothing else away."""

import pickle
import subprocess

import pytest

from wizard.session.seal import Mark, Seal, commit, committed, marks, new_seal

SEAL = Seal(bytes(range(32)))


def test_a_salt_opens_its_commit() -> None:
    salt = SEAL.salt("password", b"hunter2")
    assert commit(salt, b"hunter2") == SEAL.commit("password", b"hunter2")
    assert commit(salt, b"hunter3") != SEAL.commit("password", b"hunter2")


def test_an_auditor_reckons_the_same() -> None:
    said = subprocess.run(
        ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt",
         f"hexkey:{SEAL.salt('password', b'hunter2')}", "-r"],
        input=b"hunter2", capture_output=True, check=True,
    )  # fmt: skip
    assert said.stdout.decode().split()[0] == SEAL.commit("password", b"hunter2")


@pytest.mark.parametrize(("name", "value"), [("password", b"hunter3"), ("token", b"hunter2")])
def test_no_other_name_and_no_other_value_shares_a_salt(name: str, value: bytes) -> None:
    assert SEAL.salt(name, value) != SEAL.salt("password", b"hunter2")
    assert SEAL.commit(name, value) != SEAL.commit("password", b"hunter2")


def test_no_guess_can_be_tried_without_the_key() -> None:
    # The same value in two sessions has nothing in common.
    assert new_seal().commit("pin", b"1234") != new_seal().commit("pin", b"1234")


def test_the_key_is_not_shown_and_not_written_down() -> None:
    assert bytes(range(32)).hex() not in repr(SEAL) + str(SEAL)
    with pytest.raises(TypeError):
        pickle.dumps(SEAL)


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ("é", "é".encode()),
        (b"\x00\xff", b"\x00\xff"),
        ({"b": 1.0, "a": ["x", None]}, b'{"a":["x",null],"b":1}'),
        (5, b"5"),
    ],
)
def test_what_is_committed_to(value: object, content: bytes) -> None:
    assert committed(value) == content


def test_commits_are_found_where_they_stand() -> None:
    line = {
        "params": {
            "Password": {"$redacted": "Password", "commit": "aa"},
            "Old": {"$redacted": "Old"},
            "List": [{"Url": {"$secret": "link", "text": "x={}", "commit": "bb"}}],
        },
        "commit": "not one",
    }
    assert list(marks(line)) == [
        Mark(name="Password", commit="aa", path="params.Password"),
        Mark(name="link", commit="bb", path="params.List[0].Url"),
    ]
