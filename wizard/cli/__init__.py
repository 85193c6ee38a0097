"""The command line: the composition root, where all rooms meet."""

import signal
import sys
from collections.abc import Sequence

FAILED, USAGE, WAITING, REFUSED = 1, 2, 3, 4
"""Exit codes besides 0: failed, usage, waiting for a person, refused for safety."""


def run(argv: Sequence[str]) -> int:
    """Run one command; returns its exit code. Errors go to standard error in plain words."""
    import click  # noqa: PLC0415  after --version was answered

    from wizard.cli.broken import report, report_threads  # noqa: PLC0415
    from wizard.cli.lasting import outlive_terminal  # noqa: PLC0415
    from wizard.cli.main import cli  # noqa: PLC0415
    from wizard.errors import (  # noqa: PLC0415
        ChecklistError,
        RefusedError,
        UsageError,
        WizardError,
    )
    from wizard.safe import safe  # noqa: PLC0415

    _leave_in_order()
    report_threads()
    outlive_terminal()
    try:
        code = cli.main(args=list(argv), prog_name="st-wizard", standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        # Not by its own `show`: it repeats what was typed as it is.
        context = getattr(error, "ctx", None)
        usage = f"{context.get_usage()}\n" if context is not None else ""
        sys.stderr.write(safe(f"{usage}Error: {error.format_message()}") + "\n")
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("Interrupted. `st-wizard resume` goes on.\n")
        return WAITING
    except WizardError as error:
        sys.stderr.write(safe(str(error), keep_newlines=True) + "\n")
        match error:
            case RefusedError():
                return REFUSED
            case UsageError() | ChecklistError():
                return USAGE
            case _:
                return FAILED
    except Exception as error:  # noqa: BLE001  whatever it is, what it holds is not to be shown
        sys.stderr.write(report(error))
        return FAILED
    return code if isinstance(code, int) else 0


def _leave_in_order() -> None:
    """SIGTERM and a closed terminal end a command as Ctrl-C does: calls in flight are awaited."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What the parent chose to ignore, as nohup does, stays ignored.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
