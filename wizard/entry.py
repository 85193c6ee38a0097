"""The command `st-wizard`: answers `--version` before anything heavy is imported."""

import sys

from wizard import __version__


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"st-wizard {__version__}\n")
        return
    from wizard.cli import run  # noqa: PLC0415  click costs 50 ms that --version must not pay

    sys.exit(run(sys.argv[1:]))
