"""A session as it is kept: by the copy of the checklist that it goes by, to look at and export."""

from wizard.checklist.load import load_text
from wizard.checklist.pinned import Pinned
from wizard.engine.related import related
from wizard.errors import WizardError
from wizard.evidence.population import Listed, listed
from wizard.evidence.source import Source, source
from wizard.session.events import Entry
from wizard.session.journal import Journal, StoredSession
from wizard.session.reduce import fold
from wizard.step import Registry


def kept(journal: Journal, session: str) -> tuple[Pinned, list[Entry]]:
    """The checklist that the session goes by, and its lines; `WizardError` if there is not one."""
    stored = journal.find(session)
    entries = journal.entries(stored.session)
    text, advice = journal.pinned(stored.session, entries)
    return load_text(text, f"session {stored.number}", advice=advice), entries


def kept_source(journal: Journal, session: str, registry: Registry) -> Source:
    """The session as its evidence is made from it."""
    pinned, entries = kept(journal, session)
    state = fold(entries)
    # Its writer may go on meanwhile: what came after is left for the next time.
    lines = journal.lines(state.session)[: len(entries)]
    told = related(pinned.checklist, state, registry)
    return source(pinned, entries, state, lines=lines, related=told)


def population(journal: Journal) -> list[Listed]:
    """Every session, the oldest first: also one whose lines are damaged, which says so."""
    return [_listed(journal, stored) for stored in journal.sessions()]


def _listed(journal: Journal, stored: StoredSession) -> Listed:
    try:
        return listed(*kept(journal, stored.session))
    except WizardError as error:
        return Listed(
            number=stored.number,
            session=stored.session,
            kind="",
            checklist=stored.checklist_id,
            how="unreadable",
            why=error.what,
        )
