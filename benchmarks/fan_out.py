"""What thousands of members cost the engine itself: python -m benchmarks.fan_out [members]

A fan-out over a world in memory that answers at once: the time and the memory are the wizard's
own. Half of the members are right already, the other half is written, each write journaled and
flushed to the disk before it leaves.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.engine.stage import Stage, item_is, play
from tests.engine.test_fan_out_many import LISTED
from wizard.effects import Read
from wizard.engine.commands import Approve
from wizard.session.state import Status

MEMBERS = 5000


def main(members: int) -> None:
    """Runs it once and prints a line for each number."""
    before = _megabytes()
    with tempfile.TemporaryDirectory() as home:
        stage = Stage(Path(home), LISTED)
        names = [f"n{number:05}" for number in range(members)]
        stage.world.things |= {"some": names, "all": dict.fromkeys(names[::2], "right")}
        engine = stage.engine()
        turns: list[int] = []
        engine.subscribe(lambda _: turns.append(1))
        began, cpu = time.monotonic(), time.process_time()
        play(engine, Approve(), until=item_is("many", Status.DONE), seconds=600)
        took, worked = time.monotonic() - began, time.process_time() - cpu
        began = time.monotonic()
        state = stage.state()
        read = time.monotonic() - began
        lines = len(stage.journal.entries(stage.session))
    reads = sum(isinstance(one, Read) for one in stage.world.calls)
    sys.stdout.write(
        f"{members} members, {len(stage.world.written())} written, {reads} reads\n"
        f"{took:.1f} s, {worked:.1f} s of them processor time, {len(turns)} turns\n"
        f"{lines} lines of journal, read again in {read:.1f} s\n"
        f"{_megabytes() - before:.0f} MB more at the peak, {before:.0f} MB before\n"
    )
    if dict(state.item("many").tally) != {Status.DONE: members}:
        raise SystemExit(f"not all were done: {state.item('many').tally}")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS)
