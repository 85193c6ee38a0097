"""A simulated account in a process of its own that can be asked for its fingerprint."""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from msgspec import convert

from wizard.simulator.account import prepare_environment
from wizard.simulator.ready import Ready

READING = ("Describe", "List", "Get", "Head", "Filter", "Lookup", "Simulate", "Validate")
HOUR = 3600.0


def main() -> None:
    """Says where it is; then answers each line of its input with the fingerprint."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--speed", type=float, default=600.0)
    speed = parser.parse_args().speed
    prepare_environment()
    from wizard.simulator.quick_start import read_json_quickly

    read_json_quickly()
    from tests.crash.fingerprint import fingerprint
    from wizard.simulator.kernel import Kernel

    kernel = Kernel(speed=speed)
    ready = kernel.start()
    _say({name: getattr(ready, name) for name in ready.__struct_fields__})
    database = Path(ready.database_url.removeprefix("sqlite:///"))
    for _ in sys.stdin:
        with kernel.gate.saving(), kernel.world.lock:
            _say(dict(fingerprint(kernel.world, database)))
    kernel.stop()


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class LookedAt:
    """One such account, running while this is entered."""

    def __init__(self, speed: float = 600.0) -> None:
        self._speed = speed

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.account", f"--speed={self._speed}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A killed client leaves half a request, of which its server tells.
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self.ready = convert(self._answer(), Ready)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def fingerprint(self) -> Counter[str]:
        """What it holds an hour after now: by then what takes time is over."""
        self.order("advance", seconds=HOUR)
        assert self._process.stdin is not None
        self._process.stdin.write("fingerprint\n")
        self._process.stdin.flush()
        return Counter(self._answer())

    def writes(self) -> Counter[str]:
        """Its own log of the calls that changed something, by operation and region."""
        answer = httpx.get(f"{self.ready.endpoint_url}/_st-wizard/calls").raise_for_status()
        return Counter(
            f"{call['service']}:{call['operation']} {call['region']}"
            for call in answer.json()
            if not call["operation"].startswith(READING) and 200 <= call["status"] < 300
        )

    def unmet(self) -> list[str]:
        """The faults that were ordered and have yet to happen."""
        answer = httpx.get(f"{self.ready.endpoint_url}/_st-wizard/faults").raise_for_status()
        return [f"not met: {fault}" for fault in answer.json()]

    def order(self, what: str, **how: object) -> None:
        """One of the control endpoints."""
        httpx.post(
            f"{self.ready.endpoint_url}/_st-wizard/{what}", json=how, timeout=30
        ).raise_for_status()

    def _answer(self) -> dict[str, int]:
        assert self._process.stdout is not None
        found = json.loads(self._process.stdout.readline())
        assert isinstance(found, dict)
        return found


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
