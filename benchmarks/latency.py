"""Whether independent calls overlap: python -m benchmarks.latency

Runs the checklist on a simulated account at 0 and at 50 ms a call, and sets the difference beside
the sum of all calls and the longest chain of calls that had to follow each other.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx
import msgspec

from wizard.checklist.load import load_bundled
from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready
from wizard.simulator.scale_api import DEMO_SCALE_PASSWORD

CHECKLIST = "add-load-balancer"
LATENCIES = (0.0, 0.05)
SPEED = 600.0
COMMAND = Path(sys.executable).with_name("st-wizard")


def run(ready: Ready, home: Path) -> dict[str, Any]:
    """One unattended run; returns its summary line."""
    answers = home / "answers.yaml"
    home.mkdir()
    known = {"scale_api_url": ready.scale_api_url, "database_url": ready.database_url}
    answers.write_text("".join(f"{name}: {value}\n" for name, value in known.items()))
    where = ["--endpoint-url", ready.endpoint_url, "--home", str(home)]
    done = subprocess.run(  # noqa: S603  our own command
        [COMMAND, "run", CHECKLIST, *where, "--answers", answers, "--defaults", "--yes"],
        capture_output=True,
        check=False,
        env={
            **os.environ,
            "AWS_ACCESS_KEY_ID": "AKIAOPERATORSIMULATE",
            "AWS_SECRET_ACCESS_KEY": "opens-nothing",
            "ST_WIZARD_SECRET_SCALE_API_PASSWORD": DEMO_SCALE_PASSWORD,
        },
    )
    if done.returncode != 3:
        raise SystemExit(done.stderr.decode())
    summary: dict[str, Any] = msgspec.json.decode(done.stdout)
    return summary


def chain(home: Path) -> int:
    """Calls of the longest path along `needs`: what no overlap can shorten."""
    folder = home / "out"
    command = [str(COMMAND), "export", "1", "--to", str(folder), "--home", str(home)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own command
    (journal,) = folder.glob("*/journal.jsonl")
    calls: dict[str, int] = {}
    for line in journal.read_bytes().splitlines():
        event = msgspec.json.decode(line)["event"]
        if event["event"] in {"read_done", "call_succeeded"}:
            calls[event["item"]] = calls.get(event["item"], 0) + 1
    longest: dict[str, int] = {}
    for item in load_bundled(CHECKLIST).checklist.items:
        before = max((longest.get(need, 0) for need in item.needs), default=0)
        longest[item.id] = before + calls.get(item.id, 0)
    return max(longest.values())


def most_at_once(calls: list[dict[str, Any]]) -> int:
    """The most calls that were under way at one moment."""
    moments = sorted(
        moment
        for call in calls
        for moment in (
            (call["account_time"], 1),
            (call["account_time"] + call["seconds"] * SPEED, -1),
        )
    )
    under_way = most = 0
    for _, change in moments:
        under_way += change
        most = max(most, under_way)
    return most


def main() -> None:
    """Measure and print."""
    taken: dict[float, float] = {}
    for latency in LATENCIES:
        with Simulator(speed=SPEED) as simulator, tempfile.TemporaryDirectory() as scratch:
            ready, home = simulator.ready, Path(scratch) / "home"
            where = f"{ready.endpoint_url}/_st-wizard"
            httpx.post(f"{where}/latency", json={"seconds": latency}).raise_for_status()
            summary = run(ready, home)
            calls = httpx.get(f"{where}/calls").raise_for_status().json()
            taken[latency] = summary["seconds"]
            total = sum(call["seconds"] for call in calls)
            longest = chain(home)
            sys.stdout.write(
                f"{latency * 1000:3.0f} ms a call: run {summary['seconds']:5.1f} s, "
                f"{len(calls)} calls that took {total:5.1f} s together, "
                f"at most {most_at_once(calls)} at once; longest chain {longest} calls"
                f" = {longest * latency:.1f} s of latency\n"
            )
    more = taken[LATENCIES[1]] - taken[LATENCIES[0]]
    sys.stdout.write(f"The latency made the run {more:.1f} s longer.\n")


if __name__ == "__main__":
    main()
