"""What the command costs before it does anything: python -m benchmarks.start

`--version` beside an empty Python, by the median of the ratios of neighbouring runs, and what is
imported before the first screen is painted.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 15
COMMAND = Path(sys.executable).with_name("st-wizard")
BEFORE_THE_PAINT = "import screens.app, screens.home"
HEAVY = ("boto3", "botocore", "sqlalchemy", "ruamel", "httpx", "jinja2", "moto")


def seconds(*command: str) -> float:
    """Real seconds of one run."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  commands of this file
    return time.perf_counter() - began


def imports(code: str) -> list[tuple[int, str]]:
    """Microseconds with all that it pulls in, by top-level package, the dearest first."""
    told = subprocess.run(  # noqa: S603  commands of this file
        [sys.executable, "-X", "importtime", "-c", code], check=True, capture_output=True, text=True
    ).stderr
    own: dict[str, int] = {}
    for line in told.splitlines()[1:]:
        alone, _, name = line.removeprefix("import time:").split("|")
        package = name.strip().split(".")[0]
        own[package] = own.get(package, 0) + int(alone)
    return sorted(((cost, name) for name, cost in own.items()), reverse=True)


def main() -> None:
    """Measure and print."""
    empty, version = (sys.executable, "-c", "pass"), (str(COMMAND), "--version")
    pairs = [(seconds(*empty), seconds(*version)) for _ in range(RUNS)]
    ratio = statistics.median(ours / bare for bare, ours in pairs)
    bare, ours = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    sys.stdout.write(f"python -c pass        {bare:6.1f} ms\n")
    sys.stdout.write(f"st-wizard --version   {ours:6.1f} ms   {ratio:.2f} times (at most 4)\n\n")
    found = imports(BEFORE_THE_PAINT)
    total = sum(cost for cost, _ in found) / 1000
    sys.stdout.write(f"Imported before the first paint: {total:.0f} ms\n")
    for cost, name in found[:10]:
        sys.stdout.write(f"  {cost / 1000:6.1f} ms  {name}\n")
    heavy = [name for _, name in found if name in HEAVY]
    sys.stdout.write(f"Of what is heavy: {', '.join(heavy) or 'nothing'}\n")


if __name__ == "__main__":
    main()
