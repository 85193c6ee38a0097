"""`corroborate`: the session's calls held against what CloudTrail recorded. Reads only."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from wizard.cli.corroborating import Told, corroborated
from wizard.cli.demo import as_demo
from wizard.cli.desk import WizardDesk
from wizard.cli.printed import print_json
from wizard.cli.rechecking import is_bundle
from wizard.cli.settings import Settings
from wizard.cli.summaries import pin_of
from wizard.effects import Json
from wizard.errors import RefusedError
from wizard.evidence.opened import Opened, opened
from wizard.safe import safe_line

CORROBORATED, UNREAD, OTHERWISE, NOT_YET = 0, 1, 2, 3
"""Exit codes: every call has its event, something could not be read, something is missing or
unexpected, CloudTrail may still deliver."""

FORMAT = "stw-corroboration/1"


def corroborate_evidence(settings: Settings, *, evidence: str, to: Path | None) -> int:
    """Corroborate a session, by number or id, or a bundle, by its folder. The result is written
    beside the bundle, or with `to` beside an export made there."""
    given = is_bundle(Path(evidence))
    bundle = Path(evidence).resolve() if given else None
    if bundle is None and to is not None:
        bundle = WizardDesk(settings).export(evidence, to).folder
    desk = WizardDesk(settings)
    known = opened(bundle) if bundle is not None else _kept(desk, evidence)
    with as_demo(settings, pin_of(known.state), evidence) as fitted:
        told = corroborated(WizardDesk(fitted), known, _progress)
    document = _document(known, told)
    written = _write(bundle, to if given else None, document) if bundle else None
    if settings.as_json:
        more = {"file": str(written) if written else None}
        print_json({**document, **more})
    else:
        _print(told, written)
    return _code(told)


def _kept(desk: WizardDesk, session: str) -> Opened:
    """A session that is kept here, as its bundle would tell it."""
    found = desk.source(session)
    return Opened(pinned=found.pinned, entries=found.entries, state=found.state, sums_sha256="")


def _progress(line: str) -> None:
    sys.stderr.write(safe_line(line) + "\n")


def _code(told: Told) -> int:
    found = told.found
    if found.missing or found.unexpected:
        return OTHERWISE
    if told.problems:
        return UNREAD
    return NOT_YET if found.not_yet else CORROBORATED


def _document(known: Opened, told: Told) -> Mapping[str, Json]:
    """What is written down: the same account and history give the same bytes."""
    state = known.state
    return {
        "format": FORMAT,
        "session": state.session,
        "number": state.number,
        "account_id": told.pin.account_id,
        "caller_arn": told.pin.caller_arn,
        "endpoint_url": told.pin.endpoint_url,
        "journal_head_sha256": state.head_sha256,
        "bundle_sums_sha256": known.sums_sha256,
        "looked_at": datetime.fromtimestamp(int(told.now), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "regions": told.regions,
        "problems": told.problems,
        "result": msgspec.to_builtins(told.found),
    }


def _write(bundle: Path, to: Path | None, document: Mapping[str, Json]) -> Path:
    """Beside the bundle, which stays as it is: what vouches for it is no part of it."""
    parent = to if to is not None else bundle.parent
    parent.mkdir(parents=True, exist_ok=True)
    file = parent / f"{bundle.name}.corroboration.json"
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise RefusedError(
            "Something else has this name already.",
            where=str(file),
            todo="Nothing was written. Choose another folder with --to.",
        )
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    file.write_text(text, encoding="utf-8")
    return file


def _print(told: Told, written: Path | None) -> None:
    found = told.found
    click.echo(f"Calls from {found.since} to {found.until}, in {', '.join(told.regions)}:")
    for symbol, word, listed in (
        ("✓", "matched", found.matched),
        ("✗", "missing", found.missing),
        ("…", "not yet delivered", found.not_yet),
        ("!", "could not be looked up", found.not_read),
        ("–", "not recorded there", found.not_recorded),
    ):
        click.echo(f"  {symbol} {len(listed):4} {word}")
        for one in listed if word != "matched" else [one for one in listed if one.why]:
            click.echo(safe_line(f"         {one.item}  {one.call}  {one.request_id}  {one.why}"))
    click.echo(f"  {'✗' if found.unexpected else '✓'} {len(found.unexpected):4} unexpected")
    for event in found.unexpected:
        line = f"         {event['time']}  {event['call']} in {event['region']}"
        click.echo(safe_line(f"{line}  {event['request_id']}"))
    click.echo(
        f"  · {found.others} changes by others, {found.on_behalf} by AWS for the caller, "
        "in the same time"
    )
    for region, problem in told.problems.items():
        click.echo(safe_line(f"  ! {region}: {problem}", limit=1000))
    if written is not None:
        click.echo(safe_line(f"Written to {written}", limit=4096))
