"""What an operator does besides: moves a session, ends the wizard, names the account."""

from tests.protections.protection import Protection

MOVING = "tests/engine/test_moving.py"
PINS = "tests/cli/test_pins.py"
TERMINALS = "tests/e2e/test_terminals.py"

PROTECTIONS = (
    Protection(
        name="reopened",
        promise="Moving to another copy of the checklist opens again what changed.",
        file="wizard/engine/moving.py",
        code="for item in started\n",
        instead="for item in started[:0]\n",
        tests=(f"{MOVING}::test_only_what_changed_is_opened_again",),
    ),
    Protection(
        name="no-move-in-doubt",
        promise="While a call is in doubt, its item stays as the copy that made it has it.",
        file="wizard/engine/moving.py",
        code="    if doubtful:\n",
        instead="    if False:\n",
        tests=(f"{MOVING}::test_a_call_in_doubt_keeps_its_item_as_it_was",),
    ),
    Protection(
        name="signals",
        promise="SIGTERM and SIGHUP end a command in order: the call in flight is awaited and "
        "written down, the session suspended, exit code 3.",
        file="wizard/cli/__init__.py",
        code="    _leave_in_order()\n",
        instead="    pass\n",
        tests=("tests/e2e/test_signals.py::test_a_run_that_writes_ends_in_order",),
        only="SIGTERM",
    ),
    Protection(
        name="signals-screen",
        promise="SIGINT, SIGTERM and SIGHUP end the full screen so, and the terminal is as it was.",
        file="screens/app.py",
        code='for name in ("SIGINT", "SIGTERM", "SIGHUP"):',
        instead="for name in ():",
        tests=(f"{TERMINALS}::test_a_wizard_that_writes_ends_in_order",),
        only="screen and SIGTERM",
        figures="3 signals, Ctrl-C and a hang-up, in the middle of a change",
    ),
    Protection(
        name="terminal-gone",
        promise="A terminal that is gone keeps nothing from being written down; exit code 3.",
        file="wizard/cli/__init__.py",
        code="    outlive_terminal()\n",
        instead="    pass\n",
        tests=(f"{TERMINALS}::test_a_run_in_a_terminal_ends_in_order",),
        only="hang",
    ),
    Protection(
        name="named-account",
        promise="Without a screen, a session of a real account goes on only when it is named.",
        file="wizard/cli/account.py",
        code="    if not is_simulated(pin) and not account:\n",
        instead="    if False:\n",
        tests=(f"{PINS}::test_without_a_screen_its_account_must_be_named",),
    ),
    Protection(
        name="typed-account",
        promise="On the screen, a real account begins once its alias was typed: no default.",
        file="screens/start.py",
        code='self.query_one("#begin", Button).disabled = not right',
        instead='self.query_one("#begin", Button).disabled = False',
        tests=("tests/screens/test_start.py::test_real_account_wants_its_alias_typed",),
    ),
    Protection(
        name="typed-account-paper",
        promise="So on paper.",
        file="wizard/console/plain/beginning.py",
        code="            sure = typed == phrase\n",
        instead="            sure = True\n",
        tests=(
            "tests/console/test_plain_items.py::"
            "test_a_real_account_is_typed_and_anything_else_is_refused",
        ),
    ),
)
"""In the order of `docs/promises.md`."""
