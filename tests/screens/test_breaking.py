"""An app that breaks says where, and shows nothing that it held: no local variable, no text."""

import io

import pytest
from rich.console import Console

from screens.app import WizardApp
from tests.screens.drive import LARGE
from tests.screens.fakes import FakeDesk
from wizard.cli.broken import report

CANARY = "canary-0123456789"


async def test_nothing_that_was_held_is_shown() -> None:
    app = WizardApp(FakeDesk, report=report)
    shown = io.StringIO()
    app.error_console = Console(file=shown, width=200, color_system=None)

    def breaks(password: str) -> None:
        raise ValueError(f"\x1b]0;x\x07 {password}")

    async def run() -> None:
        async with app.run_test(size=LARGE) as pilot:
            app.call_later(breaks, CANARY)
            await pilot.pause()
            await pilot.pause()

    with pytest.raises(ValueError, match=CANARY):
        await run()
    app._print_error_renderables()
    assert "ValueError" in shown.getvalue()
    assert "in breaks" in shown.getvalue()
    assert CANARY not in shown.getvalue()
    assert "\x1b" not in shown.getvalue()
    assert app.return_code == 1
