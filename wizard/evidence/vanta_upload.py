"""Hands the report to Vanta, as evidence of one of its documents: never twice.

Vanta has no condition for an upload. So the description carries the SHA-256 of the file, and what
is uploaded already is looked through before, and again after an answer that was lost.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from wizard.effects import Json
from wizard.errors import RefusedError, UnknownOutcomeError
from wizard.evidence.local_copy import LocalCopy
from wizard.evidence.receipt import KeptFile, Place
from wizard.gateway.vanta import File
from wizard.session.state import SessionState

REPORT = "report.pdf"


class Documents(Protocol):
    """What is asked of Vanta."""

    base: str

    def uploads(self, document: str) -> Sequence[Mapping[str, Json]]: ...

    def upload(self, document: str, file: File) -> Mapping[str, Json]: ...

    def submit(self, document: str) -> None: ...


def report_file(copy: LocalCopy, state: SessionState) -> File:
    """The report as Vanta takes it; `RefusedError` where the bundle has none."""
    content = copy.files.get(REPORT)
    if content is None:
        raise RefusedError(
            f"The bundle has no {REPORT}, which is what Vanta takes.",
            where=str(copy.folder),
            todo="Nothing was uploaded.",
        )
    ended = state.finished_at or state.updated_at
    how = "aborted" if state.aborted else "complete" if state.finished_at else "incomplete"
    account = f"AWS account {state.pin.account_id}" if state.pin else "no account"
    simulated = "SIMULATED " if state.pin and state.pin.endpoint_url else ""
    return File(
        name=f"{copy.name}.pdf",
        content=content,
        media_type="application/pdf",
        description=f"st-wizard session {state.number}, {state.checklist_id}, {how}, "
        f"{simulated}{account}. SHA-256 {hashlib.sha256(content).hexdigest()}",
        effective_at=f"{ended[:23]}Z" if len(ended) > 23 else ended,
    )


def hand_in(vanta: Documents, document: str, file: File, start: Place) -> Place:
    """Upload the file unless it is there. The place as it is then; `start` is what an earlier try
    told of it."""
    there = _there(vanta, document, file) or _uploaded(vanta, document, file)
    return msgspec.structs.replace(start, files={REPORT: _kept(file, there)}, complete=True)


def submit(vanta: Documents, document: str, place: Place) -> Place:
    """Submit the document, unless an earlier try did."""
    if place.about.get("submitted") == "yes":
        return place
    vanta.submit(document)
    return msgspec.structs.replace(place, about={**place.about, "submitted": "yes"})


def address_of(vanta: Documents, document: str) -> str:
    """Where it is, for the receipt."""
    return f"{vanta.base}/v1/documents/{document}"


def _uploaded(vanta: Documents, document: str, file: File) -> Mapping[str, Json]:
    try:
        return vanta.upload(document, file)
    except UnknownOutcomeError:
        there = _there(vanta, document, file)
        if there is None:
            # It may yet appear: whoever tries again finds it, or uploads it.
            raise
        return there


def _there(vanta: Documents, document: str, file: File) -> Mapping[str, Json] | None:
    sha256 = hashlib.sha256(file.content).hexdigest()
    for one in vanta.uploads(document):
        if not one.get("deletionDate") and sha256 in str(one.get("description") or ""):
            return one
    return None


def _kept(file: File, there: Mapping[str, Json]) -> KeptFile:
    return KeptFile(
        sha256=hashlib.sha256(file.content).hexdigest(),
        size=len(file.content),
        key=str(there.get("id") or ""),
        at=str(there.get("creationDate") or ""),
    )
