"""Before a session: which one, whose credentials, where, and is this really the account."""

from collections.abc import Sequence

from wizard.console.plain.asker import Asker, Choice
from wizard.console.plain.paper import Paper
from wizard.console.plain.words import account_name
from wizard.effects import Json
from wizard.engine.account import is_simulated
from wizard.engine.desk import Desk, Profile, SessionSummary
from wizard.errors import RefusedError, WizardError
from wizard.session.base import Pin

Wanted = tuple[str, str]
"""`start` and a checklist's id, `resume` and a session's, or `recheck` and one to be chosen yet."""


class Beginning:
    """Asks for all that `Desk.begin` and `Desk.resume` need."""

    def __init__(self, desk: Desk, paper: Paper, ask: Asker) -> None:
        self._desk = desk
        self._paper = paper
        self._ask = ask

    def wanted(self) -> Wanted:
        """A session to resume, a checklist to start, or that one is to be read again."""
        self._paper.title("st-wizard")
        choices = [self._session(one) for one in self._open()]
        for pinned in self._desk.checklists():
            checklist = pinned.checklist
            choices.append(
                Choice(
                    ("start", checklist.id),
                    f"Start: {checklist.title}",
                    f"{len(checklist.items)} items",
                )
            )
        if ended := self._ended():
            size = f"{len(ended)} to choose from; reads only"
            choices.append(Choice(("recheck", ""), "Recheck a session that has ended", size))
        return _pair(self._ask.select("What is to be done?", choices))

    def session_to_recheck(self) -> str:
        """One of those that have ended."""
        choices = [
            Choice(
                one.session,
                f"Recheck {one.number}: {one.title}",
                f"{_where(one)} · {one.standing} {one.updated_at[:10]}",
            )
            for one in self._ended()
        ]
        return str(self._ask.select("Which session is read again?", choices))

    def session_to_resume(self) -> str:
        """The only session that can be resumed, or the one chosen of several."""
        open_sessions = self._open()
        if not open_sessions:
            raise WizardError(
                "No session is to be resumed.",
                where="journal",
                todo="`st-wizard sessions` lists those that have ended; start a new one.",
            )
        if len(open_sessions) == 1:
            return open_sessions[0].session
        choices = [self._session(one) for one in open_sessions]
        return _pair(self._ask.select("Which session goes on?", choices))[1]

    def account(self) -> Pin:
        """The account to act on, as the operator has confirmed it."""
        profile = self._profile(self._desk.profiles())
        regions = list(self._desk.regions(profile.name))
        if profile.region in regions:
            regions.remove(profile.region)
            regions.insert(0, profile.region)
        region = str(self._ask.select("Region", [Choice(one, one) for one in regions]))
        while True:
            self._paper.line((f"Asking AWS who {profile.name or 'these credentials'} is …", "dim"))
            try:
                pin = self._desk.identify(profile.name, region)
                break
            except RefusedError:
                raise
            except WizardError as error:
                self._paper.problem(error)
                if not self._ask.confirm("Try again?", default=True):
                    raise
        self._confirm(pin)
        return pin

    def _open(self) -> list[SessionSummary]:
        return [one for one in self._desk.sessions() if one.standing == "suspended"]

    def _ended(self) -> list[SessionSummary]:
        """Those that assert something: a recheck is not rechecked."""
        return [
            one
            for one in self._desk.sessions()
            if one.standing in {"finished", "aborted"} and not one.rechecks
        ]

    def _session(self, one: SessionSummary) -> Choice:
        waits = f" · waits: {one.waiting_for}" if one.waiting_for else ""
        return Choice(
            ("resume", one.session),
            f"Resume {one.number}: {one.title}",
            f"{_where(one)} · {one.done}/{one.total} done{waits}",
        )

    def _profile(self, found: Sequence[Profile]) -> Profile:
        if not found:
            raise WizardError(
                "There are no credentials on this machine.",
                where="AWS configuration",
                todo="Run `aws configure sso`, or try the demo account: `st-wizard demo`.",
            )
        if len(found) == 1:
            return found[0]
        by_name = {one.name: one for one in found}
        choices = [
            Choice(
                one.name,
                one.name or "credentials of the environment",
                " · ".join(part for part in (one.kind, one.region) if part),
            )
            for one in found
        ]
        return by_name[str(self._ask.select("Whose credentials?", choices))]

    def _confirm(self, pin: Pin) -> None:
        simulated = is_simulated(pin)
        self._paper.title("Is this the account?")
        rows = [
            ("Account", account_name(pin.alias, pin.account_id)),
            ("Kind", "SIMULATED, on this machine" if simulated else "REAL"),
            ("Caller", pin.caller_arn),
            ("Region", f"{pin.region} ({pin.partition})"),
        ]
        if pin.endpoint_url:
            rows.append(("Endpoint", pin.endpoint_url))
        for name, value in rows:
            self._paper.line((f"{name:<10}", "dim"), (value, "bold"), indent=2)
        if simulated:
            sure = self._ask.confirm("Nothing in a real account can change. Begin?", default=True)
        else:
            phrase = pin.alias or pin.account_id
            what = "alias" if pin.alias else "account id"
            typed = self._ask.text(
                f"This account is real. Type its {what} to begin",
                check=lambda text: (
                    "" if text in ("", phrase) else f"That is not the account's {what}."
                ),
            )
            sure = typed == phrase
        if not sure:
            raise RefusedError(
                "The account was not confirmed.",
                where=f"account {pin.account_id}",
                todo="Nothing was begun. Start again with another profile or region.",
            )


def _where(one: SessionSummary) -> str:
    kind = " simulated" if one.simulated else ""
    return f"{account_name(one.alias, one.account_id)}{kind} · {one.region}"


def _pair(chosen: Json) -> Wanted:
    kind, name = chosen
    return str(kind), str(name)
