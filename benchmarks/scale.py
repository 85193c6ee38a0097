"""What a whole region costs at scale: python -m benchmarks.scale

Runs `demo --auto add-region --scale`, 300 functions and 5,000 log groups, and prints the seconds,
the peak memory of the wizard's own process, and how many calls AWS asked to make again later.
Memory is read from /proc, so on Linux only.
"""

import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from wizard.gateway.messages import THROTTLED

CHECKLIST = "add-region"
REGION = "eu-central-2"
COMMAND = Path(sys.executable).with_name("st-wizard")
LOOK_EVERY = 0.2
"""Real seconds between two looks at the memory."""


def peak_memory(process: int) -> int:
    """Bytes that the process has held in memory at most so far; 0 where it cannot be told."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = [line.split() for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0][1]) * 1024 if found else 0


def run(home: Path) -> tuple[dict[str, Any], int]:
    """One run; its summary line and the wizard's peak memory in bytes."""
    command = [str(COMMAND), "demo", "--auto", CHECKLIST, "--scale", "--region", REGION]
    told = home / "told.json"
    with told.open("wb") as output:
        wizard = subprocess.Popen(  # noqa: S603  our own command
            [*command, "--home", str(home)], stdout=output
        )
        peak = 0
        while wizard.poll() is None:
            peak = max(peak, peak_memory(wizard.pid))
            try:
                wizard.wait(LOOK_EVERY)
            except subprocess.TimeoutExpired:
                continue
    lines = told.read_bytes().splitlines()
    if not lines:
        raise SystemExit(f"the run ended with {wizard.returncode} and said nothing")
    summary: dict[str, Any] = msgspec.json.decode(lines[-1])
    return summary, peak


def throttled(home: Path) -> Counter[str]:
    """The writes that AWS refused to take so fast, by operation."""
    counted: Counter[str] = Counter()
    operations: dict[str, str] = {}
    with closing(sqlite3.connect(home / "journal.db")) as journal:
        for (text,) in journal.execute("SELECT line FROM events ORDER BY seq"):
            event = msgspec.json.decode(text)["event"]
            match event["event"]:
                case "call_intended":
                    operations[event["op"]] = f"{event['service']}:{event['operation']}"
                case "call_failed" if event.get("code") in THROTTLED:
                    counted[operations[event["op"]]] += 1
    return counted


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="st-wizard-scale-") as folder:
        home = Path(folder)
        summary, peak = run(home)
        refused = throttled(home)
        size = (home / "journal.db").stat().st_size
    sys.stdout.write(f"items            {summary['items']}\n")
    sys.stdout.write(f"calls            {summary['calls']}\n")
    sys.stdout.write(f"seconds          {summary['seconds']}\n")
    sys.stdout.write(f"peak memory      {peak / 1024**2:.0f} MB\n")
    sys.stdout.write(f"journal          {size / 1024**2:.0f} MB\n")
    sys.stdout.write(f"throttled writes {sum(refused.values())} {dict(refused)}\n")


if __name__ == "__main__":
    main()
