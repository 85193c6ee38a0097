"""Hands an exported report to Vanta."""

from wizard.cli.keeping import Keeping
from wizard.evidence.local_copy import LocalCopy
from wizard.evidence.receipt import Kept, Place
from wizard.evidence.vanta_upload import address_of, hand_in, report_file, submit
from wizard.gateway.secrets import Secrets
from wizard.gateway.vanta import BASE, Vanta
from wizard.session.state import SessionState


def keep_in_vanta(
    keep: Keeping,
    copy: LocalCopy,
    state: SessionState,
    *,
    kept: Kept,
    secrets: Secrets | None = None,
) -> Place:
    """Upload the report to the document, unless it is there; the place as it is then."""
    file = report_file(copy, state)
    vanta = Vanta(secrets if secrets is not None else Secrets(), keep.vanta_url or BASE)
    try:
        where = address_of(vanta, keep.vanta)
        start = kept.before(where) or Place(
            where=where,
            sums_sha256=copy.sums_sha256,
            about={"file_name": file.name, "effective_at": file.effective_at, "submitted": "no"},
        )
        place = hand_in(vanta, keep.vanta, file, start)
        kept.told(place)
        if keep.vanta_submit:
            place = submit(vanta, keep.vanta, place)
            kept.told(place)
        return place
    finally:
        vanta.close()
