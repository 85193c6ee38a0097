"""Start: which profile, which region, and is this really the account."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import (
    Button,
    ContentSwitcher,
    Footer,
    Input,
    LoadingIndicator,
    OptionList,
    Static,
)
from textual.widgets.option_list import Option

from screens.counter import the_desk
from screens.flow import begin
from screens.paint import line, lines, problem_text
from screens.widgets.region_page import ENABLES, RegionPage
from screens.words import account_name, count, is_simulated
from wizard.engine.desk import Dropdown
from wizard.errors import WizardError
from wizard.step import Option as Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screens.app import WizardApp
    from wizard.checklist.pinned import Pinned
    from wizard.engine.desk import Profile
    from wizard.session.base import Pin

PAGES = (("profile", "Profile"), ("region", "Region"), ("account", "Account"))


class Start(Screen[None]):
    """Three pages; Escape goes one back."""

    CSS_PATH: ClassVar = "start.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        Binding("ctrl+r", "again", "Ask AWS again"),
    ]
    app: "WizardApp"

    def __init__(self, pinned: "Pinned") -> None:
        super().__init__()
        self.pinned = pinned
        self.pin: Pin | None = None
        self._profiles: Sequence[Profile] = ()
        self._profile: Profile | None = None
        self._region = ""

    def compose(self) -> ComposeResult:
        yield Static(id="steps")
        yield Static(self._about(), id="about")
        with ContentSwitcher(initial="profile", id="pages"):
            with Vertical(id="profile"):
                yield Static(line("Whose credentials does the wizard use?"), classes="title")
                yield OptionList(id="profiles", markup=False)
            yield RegionPage(
                opens=any(item.step == ENABLES for item in self.pinned.checklist.items)
            )
            with VerticalScroll(id="account", can_focus=False):
                yield Static(line("Is this the account?"), classes="title")
                yield LoadingIndicator(id="asking")
                yield Static(id="found")
                yield Input(id="typed")
                yield Button("Begin", id="begin", variant="primary", disabled=True)
        yield Footer()

    def _about(self) -> Content:
        checklist = self.pinned.checklist
        return lines(
            [
                line((checklist.title, "bold")),
                line((f"{count(len(checklist.items), 'item')} · {checklist.source}", "$muted")),
            ]
        )

    def on_mount(self) -> None:
        self._page("profile")
        self._list_profiles()

    def _page(self, page: str) -> None:
        self.query_one("#pages", ContentSwitcher).current = page
        done = [name for name, _ in PAGES].index(page)
        parts: list[str | tuple[str, str]] = [("✓ Checklist", "$success")]
        for place, (_, title) in enumerate(PAGES):
            parts.append(("  ›  ", "$muted"))
            if place < done:
                parts.append((f"✓ {title}", "$success"))
            elif place == done:
                parts.append((f"▸ {title}", "bold $accent"))
            else:
                parts.append((f"· {title}", "$muted"))
        self.query_one("#steps", Static).update(line(*parts))

    @work(exclusive=True, group="start")
    async def _list_profiles(self) -> None:
        self._profiles = await asyncio.to_thread(the_desk(self.app).profiles)
        shown = self.query_one("#profiles", OptionList)
        shown.clear_options()
        for profile in self._profiles:
            about = " · ".join(part for part in (profile.kind, profile.region) if part)
            shown.add_option(
                Option(
                    lines(
                        [
                            line((profile.name or profile.kind, "bold")),
                            line((f"   {about}", "$muted")),
                        ]
                    )
                )
            )
        if len(self._profiles) == 1:
            await self._choose_profile(self._profiles[0])
        elif not self._profiles:
            from screens.home import nobody  # noqa: PLC0415  needed only here

            shown.add_option(Option(nobody([]), disabled=True))
        else:
            shown.highlighted = 0
            shown.focus()

    @on(OptionList.OptionSelected, "#profiles")
    async def _profile_chosen(self, event: OptionList.OptionSelected) -> None:
        if self._profiles:
            await self._choose_profile(self._profiles[event.option_index])

    async def _choose_profile(self, profile: "Profile") -> None:
        self._profile = profile
        regions = list(await asyncio.to_thread(the_desk(self.app).regions, profile.name))
        if profile.region in regions:
            regions.remove(profile.region)
            regions.insert(0, profile.region)
        self._page("region")
        self.query_one(RegionPage).show_names(regions)
        self._ask_regions(profile.name)

    @work(exclusive=True, group="regions")
    async def _ask_regions(self, profile: str) -> None:
        """Names are there already: what AWS says of them is shown when it comes."""
        try:
            found = await asyncio.to_thread(the_desk(self.app).region_choices, profile)
        except WizardError as error:
            names = the_desk(self.app).regions(profile)
            bare = tuple(Choice(name, name) for name in names)
            found = Dropdown(options=bare, source="", read_at="", problem=error.what)
        self.query_one(RegionPage).show_choices(found)

    @on(RegionPage.Chosen)
    def _region_chosen(self, event: RegionPage.Chosen) -> None:
        self._region = event.region
        self._page("account")
        self._identify()

    @work(exclusive=True, group="start")
    async def _identify(self) -> None:
        if self._profile is None:
            return
        found, typed = self.query_one("#found", Static), self.query_one("#typed", Input)
        begin_button, asking = self.query_one("#begin", Button), self.query_one("#asking")
        self.pin = None
        found.update(
            line((f"Asking STS about {self._profile.name or self._profile.kind} …", "$muted"))
        )
        asking.display, typed.display, begin_button.display = True, False, False
        try:
            pin = await asyncio.to_thread(
                the_desk(self.app).identify, self._profile.name, self._region
            )
        except WizardError as error:
            found.update(lines([problem_text(error), line(("ctrl+r asks again.", "$muted"))]))
            return
        finally:
            asking.display = False
        self.pin = pin
        found.update(self._account(pin))
        typed.value = ""
        typed.display, begin_button.display = not is_simulated(pin), True
        begin_button.disabled = not is_simulated(pin)
        (begin_button if is_simulated(pin) else typed).focus()

    def _account(self, pin: "Pin") -> Content:
        simulated = is_simulated(pin)
        rows = [
            line(
                ("Account   ", "$muted"),
                (account_name(pin.alias, pin.account_id), "bold"),
                "  ",
                (" SIMULATED ", "reverse $secondary")
                if simulated
                else (" REAL ", "reverse $error"),
            ),
            line(("Caller    ", "$muted"), pin.caller_arn),
            line(("Region    ", "$muted"), f"{pin.region} ({pin.partition})"),
        ]
        if pin.endpoint_url:
            rows.append(line(("Endpoint  ", "$muted"), pin.endpoint_url))
        rows.append(Content(""))
        if simulated:
            rows.append(line("Nothing in a real account can change."))
        else:
            rows.append(
                line(
                    "This account is real. Type ", (self._phrase(pin), "bold $accent"), " to begin."
                )
            )
        return lines(rows)

    @staticmethod
    def _phrase(pin: "Pin") -> str:
        return pin.alias or pin.account_id

    @on(Input.Changed, "#typed")
    def _typed(self, event: Input.Changed) -> None:
        right = self.pin is not None and event.value.strip() == self._phrase(self.pin)
        self.query_one("#begin", Button).disabled = not right

    @on(Input.Submitted, "#typed")
    @on(Button.Pressed, "#begin")
    def _begin(self) -> None:
        if self.pin is not None and not self.query_one("#begin", Button).disabled:
            begin(self.app, self.pinned.checklist.id, self.pin)

    def action_again(self) -> None:
        if self.query_one("#pages", ContentSwitcher).current == "account":
            self._identify()

    async def action_back(self) -> None:
        match self.query_one("#pages", ContentSwitcher).current:
            case "account":
                self._page("region")
                self.query_one(RegionPage).focus_filter()
            case "region" if len(self._profiles) > 1:
                self._page("profile")
                self.query_one("#profiles").focus()
            case _:
                await self.app.pop_screen()
