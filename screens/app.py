"""The full-screen front end: paints first, then fetches the desk, then shows what it says."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import work
from textual.app import App, ReturnType, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen

from screens.armour import NoControls, armoured
from screens.home import Home
from screens.themes import DARK, LIGHT
from screens.watch import SessionChanged, Watch
from screens.words import utc_now
from wizard.errors import broke

if TYPE_CHECKING:
    from wizard.engine.desk import Desk, Running
    from wizard.engine.snapshot import Snapshot

DeskFactory = Callable[[], "Desk"]


class WizardApp(App[str]):
    """The wizard on a terminal. Returns the session that was open when it was left, or ''."""

    TITLE = "st-wizard"
    CSS_PATH: ClassVar = ["app.tcss", "home.tcss", "detail.tcss"]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  declared by the base class
        (0, "-narrow"),
        (110, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012  declared by the base class
        (0, "-short"),
        (34, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True),
        Binding("ctrl+c", "interrupt", "Quit", show=False, priority=True),
        Binding("question_mark,f1", "help", "Help", key_display="?"),
        Binding("ctrl+t", "toggle_look", "Light or dark", show=False),
    ]

    def __init__(
        self,
        desk_factory: DeskFactory,
        *,
        start: str | None = None,
        resume: str | None = None,
        take_over: str = "",
        now: Callable[[], datetime] = utc_now,
        report: Callable[[BaseException], str] = broke,
    ) -> None:
        """`report` says what is shown when the app breaks."""
        super().__init__()
        self._desk_factory = desk_factory
        self._report = report
        self._start_with = start
        self._resume_with = resume
        self._take_over = take_over
        self.fenced = ""
        """Why the wizard left by itself: somebody else has taken its session over."""
        self._leaving = False
        self.now = now
        self.desk: Desk | None = None
        self.asked_for_desk = False
        """True once the first paint is done and the desk is being fetched."""
        self.session: Watch | None = None
        self.previewed: Watch | None = None
        self._filters.append(NoControls())
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_driver_class(self) -> type[Driver]:
        """The platform's driver, behind the filter on its output."""
        return armoured(super().get_driver_class())

    def get_default_screen(self) -> Screen[Any]:
        """The home screen is the lowest of the stack."""
        return Home()

    def on_mount(self) -> None:
        self._guard_signals()
        self.call_after_refresh(self._fetch_desk)

    async def run_async(self, **options: Any) -> ReturnType | None:
        """Run, and however it ends, let the engine finish its calls and close the session."""
        try:
            return await super().run_async(**options)  # type: ignore[return-value]
        finally:
            await asyncio.shield(asyncio.to_thread(self.stop_engines, "the wizard was closed"))

    # The desk

    @work(exclusive=True, group="desk")
    async def _fetch_desk(self) -> None:
        """Make the desk in a thread: it imports what is heavy."""
        self.asked_for_desk = True
        from wizard.errors import WizardError  # noqa: PLC0415  only light imports before the paint

        home = self.screen_stack[0]
        if not isinstance(home, Home):
            raise TypeError(f"the lowest screen is {home!r}")
        try:
            self.desk = await asyncio.to_thread(self._desk_factory)
        except WizardError as error:
            home.cannot_start(error)
            return
        from screens.flow import resume_session, start_checklist  # noqa: PLC0415  as above

        await home.desk_ready(self.desk)
        if self._resume_with is not None:
            resume_session(self, self._resume_with, take_over=self._take_over)
        elif self._start_with is not None:
            start_checklist(self, self._start_with)

    # Sessions

    def follow(self, running: "Running") -> Watch:
        """Show a session, a preview of one, or one that is only looked at, from now on."""
        from screens.looking import Looked  # noqa: PLC0415  only light imports before the paint

        watch = Watch(self, running, lambda snapshot: self._show(running, snapshot))
        if running.preview or isinstance(running, Looked):
            self.previewed = watch
        else:
            self.session = watch
        return watch

    def on_session_changed(self, _event: SessionChanged) -> None:
        for watch in (self.session, self.previewed):
            if watch is not None:
                watch.changed()

    def _show(self, running: "Running", snapshot: "Snapshot") -> None:
        if snapshot.fenced:
            self.fenced = snapshot.error
            self.leave("somebody else has taken the session over")
        for screen in self.screen_stack:
            shown = (getattr(screen, "running", None), getattr(screen, "source", None))
            if running in shown and screen.is_mounted:
                screen.show_snapshot(snapshot)  # type: ignore[attr-defined]

    def stop_engines(self, reason: str) -> None:
        """Blocks: no new call, those in flight are awaited and journaled, the threads end."""
        from wizard.engine.commands import Stop  # noqa: PLC0415  only light imports before paint

        for watch in (self.previewed, self.session):
            if watch is not None:
                watch.stop()
                watch.running.send(Stop(reason=reason))
                watch.running.join()
        self.previewed = self.session = None

    async def close_preview(self) -> None:
        """End a dry run, or a look at a session; they leave no trace."""
        from wizard.engine.commands import Stop  # noqa: PLC0415  only light imports before paint

        if self.previewed is not None:
            running = self.previewed.running
            self.previewed.stop()
            self.previewed = None
            running.send(Stop(reason="the dry run was closed"))
            await asyncio.to_thread(running.join)

    # Leaving

    def _guard_signals(self) -> None:
        """Signals leave as the operator would: nothing lost, the terminal restored. Ctrl-C is a
        key here; SIGINT comes from elsewhere."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                loop.add_signal_handler(number, self.leave, f"the wizard was ended by {name}")

    @work(exclusive=True, group="leave")
    async def _leave(self, reason: str) -> None:
        watch = self.session
        session = watch.latest.state.session if watch is not None else ""
        if session:
            self.notify("Finishing the calls in flight, then leaving.", markup=False)
        await asyncio.to_thread(self.stop_engines, reason)
        self.exit(session)

    def leave(self, reason: str = "the wizard was closed") -> None:
        """Stop the engine, then restore the terminal and go."""
        if not self._leaving:
            self._leaving = True
            self._leave(reason)

    def action_leave(self) -> None:
        self.leave("the operator left the wizard")

    def action_interrupt(self) -> None:
        self.leave("the operator pressed Ctrl-C")

    async def action_quit(self) -> None:
        """Quitting is always the orderly way."""
        self.leave("the operator left the wizard")

    # Breaking

    def _fatal_error(self) -> None:
        """Where it broke, and nothing that was held: Textual would print all local variables, what
        was typed into masked fields among them."""
        error = self._exception
        self.panic(Text(self._report(error) if error is not None else "st-wizard broke."))

    # What every screen has

    def action_help(self) -> None:
        from screens.help import Help  # noqa: PLC0415  only light imports before the first paint

        if not isinstance(self.screen, Help):
            self.push_screen(Help(self.screen))

    def action_toggle_look(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def copy(self, text: str, what: str) -> None:
        """Copy to the operator's clipboard, and say so."""
        self.copy_to_clipboard(text)
        self.notify(f"{what} copied.", markup=False, timeout=2)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        from screens.palette import commands  # noqa: PLC0415  only light imports before paint

        yield from commands(self, screen)
