"""The simulated account as a process: `main` is what runs in it, `Simulator` starts one.

moto keeps its state in module globals, so each independent world needs a process of its own.
"""

import argparse
import contextlib
import gc
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from wizard.simulator.account import prepare_environment
from wizard.simulator.ready import Ready

MISSING = "The simulated account needs moto. Install it with: pip install 'st-wizard[demo]'"
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_LOOK_FOR_PARENT = 0.3


class SimulatorError(Exception):
    """The simulated account did not start; the text holds what it wrote."""


def main(argv: Sequence[str]) -> int:
    """Run a simulated account until SIGTERM or SIGINT; returns the exit code.

    When it is ready one JSON line goes to standard output; the rest goes to standard error.
    """
    parent = os.getppid()
    options = _parser().parse_args(argv)
    if importlib.util.find_spec("moto") is None or importlib.util.find_spec("flask") is None:
        sys.stderr.write(MISSING + "\n")
        return 1
    # Blocked before the first thread starts, so that every thread leaves them to sigwait.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
    prepare_environment()
    # What is made until the account is ready stays: collecting would look at it for nothing.
    gc.disable()
    from wizard.simulator.quick_start import read_json_quickly  # noqa: PLC0415  reads environment

    read_json_quickly()
    from wizard.simulator.kernel import Kernel  # noqa: PLC0415  after read_json_quickly

    try:
        kernel = Kernel(port=options.port, speed=options.speed, state=options.state)
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"The simulated account cannot start: {problem}\n")
        return 1
    try:
        ready = kernel.start(options.seed)
        gc.freeze()
        gc.enable()
        sys.stdout.write(msgspec.json.encode(ready).decode() + "\n")
        sys.stdout.flush()
        if options.with_parent is not None:
            _end_with_parent(options.with_parent or parent)
        signal.sigwait(_STOP_SIGNALS)
    finally:
        kernel.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="st-wizard simulator", description="A simulated AWS account on loopback."
    )
    parser.add_argument("--port", type=int, default=0, help="port of the endpoint (default: free)")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="account seconds in a real second (default: 1)"
    )
    parser.add_argument("--state", type=Path, help="keep the account in this file")
    parser.add_argument("--seed", choices=["company", "empty", "scale"], default="company")
    parser.add_argument(
        "--with-parent", type=int, nargs="?", const=0, metavar="PID", help="end when it ends"
    )
    return parser


def _end_with_parent(parent: int) -> None:
    """Ask ourselves to stop once `parent` is no longer our parent."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_FOR_PARENT)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


class Simulator:
    """Starts a simulated account as a child that ends with this process.

    A context manager: `with Simulator(speed=60) as simulator: simulator.ready.endpoint_url`.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        speed: float = 1.0,
        state: Path | None = None,
        seed: str = "company",
        timeout: float = 60.0,
    ) -> None:
        self._arguments = [f"--port={port}", f"--speed={speed}", f"--seed={seed}"]
        if state is not None:
            self._arguments.append(f"--state={state}")
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._ready: Ready | None = None

    @property
    def ready(self) -> Ready:
        """Where everything is; only while it runs."""
        if self._ready is None:
            raise SimulatorError("the simulated account is not running; call start() first")
        return self._ready

    @property
    def pid(self) -> int:
        """The process id; only while it runs."""
        if self._process is None:
            raise SimulatorError("the simulated account is not running; call start() first")
        return self._process.pid

    def start(self) -> Ready:
        """Start it and wait until it is ready; raises SimulatorError with what it wrote."""
        # A file, not a pipe: what nobody reads must never block the account.
        self._errors = tempfile.TemporaryFile(prefix="st-wizard-simulator-")  # noqa: SIM115  until stop()
        command = [sys.executable, "-m", "wizard.simulator", "--with-parent", str(os.getpid())]
        self._process = subprocess.Popen(  # noqa: S603  our own module, arguments of our own
            [*command, *self._arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            # Ctrl-C in the terminal is for the wizard, which then stops the account in order.
            start_new_session=True,
        )
        line = self._first_line(self._process)
        try:
            self._ready = msgspec.json.decode(line, type=Ready)
        except msgspec.MsgspecError:
            written = self.errors()
            code = self.stop()
            raise SimulatorError(
                f"the simulated account did not start (exit code {code}): {written or 'no word'}"
            ) from None
        return self._ready

    def _first_line(self, process: subprocess.Popen[bytes]) -> bytes:
        late = threading.Timer(self._timeout, process.kill)
        late.daemon = True
        late.start()
        try:
            return process.stdout.readline() if process.stdout is not None else b""
        finally:
            late.cancel()

    def errors(self) -> str:
        """What it wrote to standard error so far."""
        if self._errors is None:
            return ""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace").strip()

    def stop(self, patience: float = 10.0) -> int | None:
        """SIGTERM, and SIGKILL after `patience` real seconds; returns the exit code."""
        process, self._process, self._ready = self._process, None, None
        if process is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            code = process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if process.stdout is not None:
            process.stdout.close()
        if self._errors is not None:
            self._errors.close()
            self._errors = None
        return code

    def kill(self) -> None:
        """SIGKILL: the account as after a power cut."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
