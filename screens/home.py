"""Home: go on with a session, start a checklist, see who you are and what to do if nobody."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from screens.paint import bar, heading, line, lines, problem_text
from screens.widgets.hanging import Hanging
from screens.words import STANDING, account_name, ago, count, is_simulated

if TYPE_CHECKING:
    from datetime import datetime

    from screens.app import WizardApp
    from wizard.checklist.pinned import Pinned
    from wizard.engine.desk import Desk, Profile, SessionSummary
    from wizard.errors import WizardError
    from wizard.session.base import Pin


def session_entry(session: "SessionSummary", now: "datetime") -> Hanging:
    """A session in three lines: which, where, how far."""
    symbol, word, style = STANDING.get(session.standing, ("·", session.standing, ""))
    badge = (" SIMULATED ", "reverse $secondary") if session.simulated else ("", "")
    rows = [
        line((f"#{session.number} ", "bold $accent"), (session.title, "bold")),
        line(
            ("   ", ""),
            account_name(session.alias, session.account_id),
            f" · {session.region} ",
            badge,
        ),
        Content.assemble(
            "   ",
            bar(session.done, session.total, 12),
            line(
                f" {session.done}/{session.total}  ",
                (f"{symbol} {word}", style),
                (f" · {ago(session.updated_at, now)}", "$muted"),
            ),
        ),
    ]
    if session.waiting_for:
        rows.append(line(("   waits for ", "$muted"), session.waiting_for))
    if session.holder:
        rows.append(line(("   held by ", "$muted"), session.holder))
    return Hanging(rows)


def checklist_entry(pinned: "Pinned") -> Hanging:
    """A checklist in two lines."""
    checklist = pinned.checklist
    size = count(len(checklist.items), "item")
    return Hanging(
        [
            line((checklist.title, "bold")),
            line((f"   {size} · {checklist.source}", "$muted")),
        ]
    )


class Home(Screen[None]):
    """Painted at once; filled in when the desk is there."""

    TITLE = "Home"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "reload", "Look again"),
        Binding("l", "look", "Look at it"),
        Binding("c", "compare", "Compare"),
        Binding("k", "recheck", "Recheck"),
        Binding("e", "export", "Export"),
        Binding("q", "app.leave", "Quit"),
    ]
    app: "WizardApp"

    def __init__(self) -> None:
        super().__init__()
        self._ended: set[str] = set()
        """Sessions that can only be looked at: nothing goes on with them."""
        """Sessions that read others again: they are looked at, not gone on with."""

    def compose(self) -> ComposeResult:
        yield Static(
            line(("st-wizard", "bold $accent"), ("  AWS runbooks, with proof", "$muted")),
            id="brand",
        )
        with VerticalScroll(id="home", can_focus=False), Horizontal(id="columns"):
            with Vertical(id="left"):
                yield Static(heading("Go on with a session"), classes="title")
                yield Static(line(("Opening the journal …", "$muted")), id="no-sessions")
                yield OptionList(id="sessions", markup=False)
            with Vertical(id="right"):
                yield Static(heading("Start a checklist"), classes="title")
                yield Static(line(("Reading the checklists …", "$muted")), id="no-checklists")
                yield OptionList(id="checklists", markup=False)
                yield Static(heading("Who you are"), classes="title")
                yield Static(line(("Looking …", "$muted")), id="who")
        yield Footer()

    def on_mount(self) -> None:
        for name in ("sessions", "checklists"):
            self.query_one(f"#{name}", OptionList).display = False

    def on_screen_resume(self) -> None:
        if self.app.desk is not None:
            self._load(self.app.desk)

    def action_reload(self) -> None:
        """Look again at the sessions, and at who we are: somebody may have logged in."""
        if self.app.desk is not None:
            self._load(self.app.desk)
            self._identify(self.app.desk)

    def cannot_start(self, error: "WizardError") -> None:
        """The wizard itself cannot work here: say why, and what to do."""
        self.query_one("#who", Static).update(problem_text(error))
        for name in ("no-sessions", "no-checklists"):
            self.query_one(f"#{name}", Static).update(line(("not available", "$muted")))

    async def desk_ready(self, desk: "Desk") -> None:
        """Fill in what the desk knows."""
        await self._load(desk).wait()
        self._identify(desk)

    @work(exclusive=True, group="home")
    async def _load(self, desk: "Desk") -> None:
        sessions, checklists = await asyncio.gather(
            asyncio.to_thread(desk.sessions), asyncio.to_thread(desk.checklists)
        )
        self._fill_sessions(list(sessions))
        self._fill_checklists(list(checklists))
        if self.focused is None:
            self.query_one("#sessions" if sessions else "#checklists").focus()

    def _fill_sessions(self, sessions: "list[SessionSummary]") -> None:
        now = self.app.now()
        self._ended = {
            one.session
            for one in sessions
            if one.rechecks or one.standing in {"finished", "aborted"}
        }
        shown = self.query_one("#sessions", OptionList)
        kept = shown.highlighted
        shown.clear_options()
        shown.add_options(
            Option(session_entry(session, now), id=session.session) for session in sessions
        )
        shown.highlighted = min(kept or 0, len(sessions) - 1) if sessions else None
        shown.display = bool(sessions)
        empty = self.query_one("#no-sessions", Static)
        empty.display = not sessions
        empty.update(line(("None yet. A session that was interrupted is found here.", "$muted")))

    def _fill_checklists(self, checklists: "list[Pinned]") -> None:
        shown = self.query_one("#checklists", OptionList)
        shown.clear_options()
        shown.add_options(Option(checklist_entry(one), id=one.checklist.id) for one in checklists)
        shown.highlighted = 0 if checklists else None
        shown.display = bool(checklists)
        self.query_one("#no-checklists").display = False

    @work(exclusive=True, group="who")
    async def _identify(self, desk: "Desk") -> None:
        """Ask AWS who we are, with the profile that would be used; nothing waits for it."""
        from wizard.errors import WizardError  # noqa: PLC0415  only light imports before the paint

        who = self.query_one("#who", Static)
        profiles = await asyncio.to_thread(desk.profiles)
        if not profiles:
            who.update(nobody([]))
            return
        profile = profiles[0]
        region = profile.region or (await asyncio.to_thread(desk.regions, profile.name))[0]
        try:
            pin = await asyncio.to_thread(desk.identify, profile.name, region)
        except WizardError as error:
            who.update(lines([problem_text(error), Content(""), nobody(list(profiles))]))
            return
        who.update(somebody(pin, profile))

    @on(OptionList.OptionSelected, "#sessions")
    def _resume(self, event: OptionList.OptionSelected) -> None:
        from screens.flow import look_at, resume_session  # noqa: PLC0415  as below

        if event.option.id in self._ended:
            look_at(self.app, event.option.id)
        elif event.option.id:
            resume_session(self.app, event.option.id)

    @on(OptionList.OptionSelected, "#checklists")
    def _start(self, event: OptionList.OptionSelected) -> None:
        from screens.flow import start_checklist  # noqa: PLC0415  only light imports before paint

        if event.option.id:
            start_checklist(self.app, event.option.id)

    def action_export(self) -> None:
        from screens.flow import export_session  # noqa: PLC0415  only light imports before paint

        if chosen := self._chosen():
            export_session(self.app, chosen)

    def action_recheck(self) -> None:
        from screens.recheck import recheck_session  # noqa: PLC0415  only light imports before paint

        if chosen := self._chosen():
            recheck_session(self.app, chosen)

    def action_compare(self) -> None:
        from screens.flow import compare_session  # noqa: PLC0415  only light imports before paint

        if chosen := self._chosen():
            compare_session(self.app, chosen)

    def action_look(self) -> None:
        from screens.flow import look_at  # noqa: PLC0415  only light imports before paint

        if chosen := self._chosen():
            look_at(self.app, chosen)

    def _chosen(self) -> str | None:
        sessions = self.query_one("#sessions", OptionList)
        if sessions.highlighted is None:
            self.app.notify("There is no session yet.", markup=False)
            return None
        return sessions.get_option_at_index(sessions.highlighted).id


def somebody(pin: "Pin", profile: "Profile") -> Content:
    """The account and the role that calls will be made with."""
    rows = [
        line(
            ("Account  ", "$muted"),
            (account_name(pin.alias, pin.account_id), "bold"),
            "  ",
            (" SIMULATED ", "reverse $secondary") if is_simulated(pin) else ("", ""),
        ),
        line(("Caller   ", "$muted"), pin.caller_arn),
        line(
            ("Profile  ", "$muted"),
            f"{profile.name or profile.kind or '(from the environment)'} · {pin.region}",
        ),
    ]
    return lines(rows)


def nobody(profiles: "list[Profile]") -> Content:
    """What to do without credentials."""
    rows = []
    if profiles:
        rows.append(line(("Profiles on this machine:", "bold")))
        rows.extend(
            line(f"  {one.name}", (f"  {one.kind} {one.region}", "$muted")) for one in profiles[:6]
        )
        sso = next((one.name for one in profiles if one.kind == "sso"), profiles[0].name)
        rows.append(line("Log in:  ", (f"aws sso login --profile {sso}", "bold $accent")))
    else:
        rows.append(line("✗ No AWS profile is configured on this machine."))
        rows.append(line("Make one:  ", ("aws configure sso", "bold $accent")))
    rows.append(line("Or try it without an account:  ", ("st-wizard demo", "bold $accent")))
    rows.append(line(("Then press r to look again.", "$muted")))
    return lines(rows)
