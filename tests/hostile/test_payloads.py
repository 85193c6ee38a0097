"""The payloads themselves, and the one gate that all of them pass."""

import json
import subprocess

import pytest

from tests.hostile.judge import active
from tests.hostile.payloads import MARK, PAYLOADS
from wizard.effects import Write
from wizard.gateway.describe import describe
from wizard.safe import json_safe, safe, safe_line, whole
from wizard.session.canonical import canonical


def test_there_are_two_hundred_of_them() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 200


def test_the_gate_lets_nothing_active_through() -> None:
    for payload in PAYLOADS:
        assert not active(safe(payload)), payload
        assert not active(safe_line(payload), ""), payload


def test_json_stays_the_same_and_obeys_no_terminal() -> None:
    for payload in PAYLOADS:
        text = json_safe(json.dumps({"a": payload, payload: 1}, ensure_ascii=False))
        assert not active(text), payload
        assert json.loads(text) == {"a": payload, payload: 1}


def test_all_of_them_can_be_written_down_and_read_back() -> None:
    for payload in PAYLOADS:
        assert json.loads(canonical({"a": payload})) == {"a": whole(payload)}


def test_no_command_to_copy_does_more_than_it_says(tmp_path: object) -> None:
    shown, wanted = [], []
    for payload in PAYLOADS:
        if "\x00" in payload or whole(payload) != payload:
            continue
        effect = Write("sns", "CreateTopic", {"Name": payload, "Tags": [{"Key": payload}]})
        command = describe(effect, region="us-east-1").cli
        shown.append(command.replace("aws sns", "printf '%s\\0'", 1))
        wanted.append((payload, payload))
    done = subprocess.run(
        ["/bin/sh", "-c", "\nprintf '\\0END\\0'\n".join(shown)],
        env={"PATH": "/usr/bin:/bin"},
        cwd=str(tmp_path),
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    told = done.stdout.decode().split("\0\0END\0")
    assert len(told) == len(wanted)
    for words, (name, tag) in zip(told, wanted, strict=True):
        given = words.rstrip("\0").split("\0") if name else words.split("\0")
        assert given[given.index("--name") + 1] == name
        assert json.loads(given[given.index("--tags") + 1]) == [{"Key": tag}]
    assert MARK in done.stdout.decode()


@pytest.mark.parametrize("count", [200])
def test_the_figure_is_that_of_the_table_of_promises(count: int) -> None:
    assert len(PAYLOADS) > count
