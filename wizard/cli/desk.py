"""The composition root's desk: journal, checklists, gateway and engine put together."""

from collections.abc import Mapping, Sequence

import steps
from wizard import __version__
from wizard.checklist.differing import Differing, differing
from wizard.checklist.expressions import references
from wizard.checklist.load import bundled, bundled_advice, load_bundled
from wizard.checklist.model import Checklist
from wizard.checklist.pinned import Pinned
from wizard.cli.confirmed import confirmed, session_id
from wizard.cli.kept import kept, kept_source
from wizard.cli.operator import actor
from wizard.cli.rechecking import Before, of_session, recheck
from wizard.cli.region_choices import region_choices
from wizard.cli.settings import Settings
from wizard.cli.signing import SigningDesk
from wizard.cli.summaries import pin_of, refuse_ended, summary
from wizard.clock import SystemClock, random_id
from wizard.effects import Json
from wizard.engine.commands import Answer
from wizard.engine.desk import Dropdown, Profile, SessionSummary
from wizard.engine.engine import Engine
from wizard.engine.moving import moving, refuse_unfit
from wizard.errors import RefusedError
from wizard.evidence.source import Source
from wizard.gateway import profiles
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.session.base import Pin
from wizard.session.events import SessionResumed, SessionStarted
from wizard.session.journal import Journal
from wizard.session.memory import MemoryJournal
from wizard.session.reduce import fold
from wizard.session.state import SessionState
from wizard.session.stores import open_store
from wizard.step import Registry


class WizardDesk(SigningDesk):
    """Implements `wizard.engine.desk.Desk`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.secrets = Secrets()
        self._clock = SystemClock()
        self._journal = Journal(open_store(settings.home, settings.store), self._clock)
        self._registry = Registry.of(steps)
        if settings.demo is not None:
            for name, value in settings.demo.secrets.items():
                self.secrets.give(name, value)

    def checklists(self) -> Sequence[Pinned]:
        return [load_bundled(checklist) for checklist in bundled()]

    def checklist(self, name: str) -> Pinned:
        """The bundled checklist of that id; `UsageError` names those there are."""
        return load_bundled(name)

    def sessions(self) -> Sequence[SessionSummary]:
        summaries = []
        for stored in reversed(self._journal.sessions()):
            pinned, state = self.look(stored.session)
            holder = self._journal.holder(state.session)
            summaries.append(summary(pinned, state, holder))
        return summaries

    def profiles(self) -> Sequence[Profile]:
        if self.settings.endpoint_url and not self.settings.profile:
            region = self.settings.region or "us-east-1"
            return [Profile(name="", region=region, kind="demo")]
        return [
            Profile(name=one.name, region=one.region, kind=one.kind)
            for one in profiles.profiles()
            if not self.settings.profile or one.name == self.settings.profile
        ]

    def default_profile(self) -> str:
        """The profile that AWS's own tools would take."""
        if self.settings.endpoint_url:
            return self.settings.profile
        return self.settings.profile or profiles.default_profile()

    def regions(self, profile: str) -> Sequence[str]:
        first = [
            self.settings.region,
            profiles.default_region(profile) if not self.settings.endpoint_url else "us-east-1",
            "us-east-1",
            "eu-west-1",
        ]
        names = [name for name, _ in profiles.regions()]
        return list(dict.fromkeys([*(name for name in first if name), *names]))

    def region_choices(self, profile: str) -> Dropdown:
        names = self.regions(profile)
        gateway = self._gateway(profile, names[0])
        try:
            return region_choices(gateway, names)
        finally:
            gateway.close()

    def identify(self, profile: str, region: str) -> Pin:
        gateway = self._gateway(profile, region)
        try:
            return gateway.identity()
        finally:
            gateway.close()

    def begin(self, checklist: str, pin: Pin, answers: Mapping[str, Json]) -> Engine:
        gateway = self._gateway(pin.profile, pin.region)
        now = confirmed(gateway, pin)
        pinned = load_bundled(checklist)
        writer = self._journal.create(
            session=session_id(self._clock),
            checklist_id=pinned.checklist.id,
            checklist_text=pinned.text,
            advice_text=bundled_advice(),
            checklist_sha256=pinned.sha256,
            tool_version=__version__,
            pin=now,
            actor=actor(now),
        )
        gateway.seal_with(writer.seal)
        engine = self._engine(pinned, gateway, writer)
        self._answer(engine, pinned.checklist, answers, SessionState())
        return engine

    def preview(self, checklist: str, pin: Pin, answers: Mapping[str, Json]) -> Engine:
        gateway = self._gateway(pin.profile, pin.region)
        now = confirmed(gateway, pin)
        pinned = load_bundled(checklist)
        writer = MemoryJournal(self._clock, actor(now), SessionState())
        writer.append(
            SessionStarted(
                session="preview",
                number=0,
                checklist_id=pinned.checklist.id,
                checklist_sha256=pinned.sha256,
                tool_version=__version__,
                pin=now,
            )
        )
        engine = self._engine(pinned, gateway, writer, preview=True)
        self._answer(engine, pinned.checklist, answers, SessionState())
        return engine

    def holder(self, session: str) -> str:
        """Who writes to a session now, where and since when; empty when nobody does."""
        holder = self._journal.holder(self._journal.find(session).session)
        return str(holder) if holder is not None else ""

    def resume(self, session: str, *, take_over: str = "") -> Engine:
        pinned, state = self.look(session)
        refuse_ended(state)
        pin = pin_of(state)
        gateway = self._gateway(pin.profile, pin.region, pin.endpoint_url)
        now = confirmed(gateway, pin)
        # Only from whom the operator was shown: somebody else may have come first.
        may = bool(take_over) and self.holder(state.session) in {"", take_over}
        try:
            writer = self._journal.open(state.session, actor(now), takeover=may)
        except BaseException:
            gateway.close()
            raise
        before = writer.held.took_over or writer.held.lapsed
        took_over = str(before) if before is not None else ""
        writer.append(SessionResumed(tool_version=__version__, pin=now, took_over=took_over))
        # Read again: its last writer may have gone on until now.
        pinned, state = self.look(state.session)
        gateway.seal_with(writer.seal)
        engine = self._engine(pinned, gateway, writer)
        self._answer(engine, pinned.checklist, {}, state)
        return engine

    def look(self, session: str) -> tuple[Pinned, SessionState]:
        pinned, entries = kept(self._journal, session)
        return pinned, fold(entries)

    def differing(self, session: str, after: Pinned) -> Differing:
        """What another copy of its checklist has otherwise; `RefusedError` if it cannot go on
        by that one."""
        before, state = self.look(session)
        found = differing(before, after)
        refuse_unfit(state, after, found)
        return found

    def move(self, session: str, after: Pinned, advice_text: str, shown: Differing) -> None:
        """Let a session go on by another copy of its checklist, as the operator was `shown`."""
        _, state = self.look(session)
        pin = pin_of(state)
        gateway = self._gateway(pin.profile, pin.region, pin.endpoint_url)
        now = confirmed(gateway, pin)
        gateway.close()
        writer = self._journal.open(state.session, actor(now))
        try:
            if self.differing(session, after) != shown:
                raise RefusedError(
                    "The session has gone on by another copy meanwhile.",
                    where=state.session,
                    todo="Look at what differs now: call it again.",
                )
            writer.append(*moving(writer.state, after, advice_text, shown))
        finally:
            writer.close()

    def recheck(self, session: str) -> Engine:
        return self.recheck_of(self.before(session))

    def before(self, session: str) -> Before:
        """A session as it is read again."""
        return of_session(self._journal, session)

    def recheck_of(self, before: Before) -> Engine:
        """A recheck of a session, or of a bundle."""
        return recheck(
            before,
            journal=self._journal,
            registry=self._registry,
            clock=self._clock,
            gateway=self.reading,
        )

    def source(self, session: str) -> Source:
        """What the evidence of a session is made from."""
        return kept_source(self._journal, session, self._registry)

    def has_secret(self, name: str) -> bool:
        return self.secrets.has(name)

    def give_secret(self, name: str, value: str, *, keep: bool) -> str:
        self.secrets.give(name, value)
        return self.secrets.keep(name, value) if keep else self.secrets.where(name)

    def inbox_url(self) -> str:
        return self.settings.demo.inbox_url if self.settings.demo is not None else ""

    @property
    def registry(self) -> Registry:
        """The steps that checklists may name."""
        return self._registry

    def _answer(
        self,
        engine: Engine,
        checklist: Checklist,
        answers: Mapping[str, Json],
        state: SessionState,
    ) -> None:
        """Hands in what is known beforehand. A demo account that was started again has new ports,
        which matter to items that have not ended."""
        demo = self.settings.demo.answers if self.settings.demo is not None else {}
        used = references(
            [dict(item.with_) for item in checklist.items if state.item(item.id).status.ended]
        ).inputs
        for name, value in demo.items():
            if name in checklist.inputs and name not in answers and name not in used:
                engine.send(Answer(input=name, value=value, source="default"))
        for name, value in answers.items():
            engine.send(Answer(input=name, value=value, source="file"))

    def _gateway(self, profile: str, region: str, endpoint_url: str = "") -> WorldGateway:
        return WorldGateway(
            profile=profile,
            region=region,
            endpoint_url=self.settings.endpoint_url or endpoint_url,
            secrets=self.secrets,
        )

    def reading(self, pin: Pin) -> WorldGateway:
        """To the account of a pin, by the profile asked for: that of who made it may not be
        here."""
        here = {one.name for one in profiles.profiles()}
        profile = pin.profile if pin.profile in here else self.default_profile()
        return self._gateway(self.settings.profile or profile, pin.region, pin.endpoint_url)

    def _engine(
        self,
        pinned: Pinned,
        gateway: WorldGateway,
        writer: MemoryJournal | object,
        *,
        preview: bool = False,
    ) -> Engine:
        return Engine(
            pinned=pinned,
            registry=self._registry,
            gateway=gateway,
            journal=writer,  # type: ignore[arg-type]
            clock=self._clock,
            ids=random_id,
            preview=preview,
        )
