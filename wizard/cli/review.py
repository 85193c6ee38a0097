"""The command `review`: a second person looks at the evidence, and signs that they have."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.cli.signing import chosen_key, has_terminal
from wizard.cli.verify import finding_lines, rereader
from wizard.errors import RefusedError
from wizard.evidence.bundle import SUMS
from wizard.evidence.items import ItemView
from wizard.evidence.verify.finding import Held, Outcome
from wizard.evidence.verify.reading import read
from wizard.evidence.verify.verify import verify
from wizard.evidence.verify.vouched import Trusted, vouching
from wizard.evidence.views import Report
from wizard.evidence.vouching import OPERATOR, REVIEWER, put, refuse_same, vouch
from wizard.gateway.ssh_programs import Programs
from wizard.safe import safe, safe_line

CONSENT = "reviewed"
"""What a reviewer types."""

Ask = Callable[[str], str]


def review_bundle(
    settings: Settings,
    *,
    bundle: Path,
    sign: str,
    to: Path | None,
    trusted: Trusted,
    ask: Ask | None = None,
) -> int:
    """Verify the bundle, show what a reviewer is to look at, and sign it if they say so.

    Needs no session and no account. `RefusedError` (exit 4) when it is not what was exported, when
    the key is the operator's, or when nobody says that they have reviewed it.
    """
    programs = Programs()
    held = read(bundle.expanduser())
    key = chosen_key(sign, programs) if sign else None
    if key is not None and key.public is not None:
        refuse_same(key.public, REVIEWER, held.files)
    verdict = verify(held, rereader(), vouching(trusted, programs))
    for line in finding_lines(verdict):
        click.echo(line, err=settings.as_json)
    if verdict.outcome is Outcome.FAILED:
        raise RefusedError(
            "This is not what was exported, so there is nothing to review.",
            where=safe_line(held.where),
            todo="Nothing was signed. Ask for the bundle again.",
        )
    for line in _to_look_at(rereader()(held.files, held.where).report, held):
        click.echo(safe(line, limit=5000), err=settings.as_json)
    if key is None:
        click.echo("Not signed: --sign names your key.", err=settings.as_json)
        return 0
    _confirm(ask if ask is not None else _asked)
    armored, by = vouch(
        held.files[SUMS], REVIEWER, key, programs, terminal=has_terminal(), beside=held.files
    )
    file = to.expanduser() if to is not None else _beside(bundle.expanduser())
    put(file, armored)
    if settings.as_json:
        print_json({"signed_by": by.fingerprint, "signature": str(file)})
    else:
        click.echo(safe_line(f"✓ Signed as its reviewer with {by.fingerprint}", limit=5000))
        click.echo(safe_line(f"The signature is {file}", limit=5000))
        if file.parent != bundle.expanduser():
            click.echo(f"It belongs into the folder of the evidence, as {REVIEWER.file}.")
    return 0


def _beside(bundle: Path) -> Path:
    """Beside SHA256SUMS; of a zip, beside the zip."""
    return (bundle if bundle.is_dir() else bundle.parent) / REVIEWER.file


def _confirm(ask: Ask) -> None:
    said = ask(f"You sign that you have looked at this and at the report. Type “{CONSENT}”: ")
    if said.strip() != CONSENT:
        raise RefusedError(
            "Nothing was signed.",
            where="review",
            todo=f"A review is a person's: read the report, then type {CONSENT} when asked.",
        )


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        return ""
    return str(click.prompt(question, prompt_suffix="", default="", show_default=False, err=True))


def _to_look_at(report: Report, held: Held) -> Iterator[str]:
    """What is to be judged: the rest was verified."""
    state, pin = report.state, report.pin
    yield ""
    yield f"Session {state.number}: {report.pinned.checklist.title}"
    yield f"{report.standing.symbol} {report.standing.word}. {report.result}"
    if pin is not None:
        where = "a simulated account, not AWS" if report.simulated else f"account {pin.account_id}"
        yield f"On       {where} {pin.alias} {pin.region}"
    for actor in report.actors:
        yield f"By       {actor}"
    yield f"When     {state.started_at} to {state.finished_at or state.updated_at}, {report.lasted}"
    yield f"Report   {held.where}/report.html"
    yield f"\nDeviations from the letter: {len(report.deviations)}"
    for label, one in report.deviations:
        yield f"  △ {one.advice} {label}: {one.letter} → {one.chosen}"
        yield f"      {one.reason}"
    yield f"\nOpen points: {len(report.open_points)}"
    for view in report.open_points:
        yield _line(view, view.is_open)
    yield f"\nOn a person's word, or left out: {len(report.unverified)}"
    for view in report.unverified:
        word = view.state.attestation
        yield _line(view, view.state.note or (word.note if word is not None else "") or view.by)
    if OPERATOR.file not in held.files:
        yield "\n△ The operator has not signed it: nothing tells a second person from the first."
    yield ""


def _line(view: ItemView, said: str) -> str:
    text = f"  {view.standing.symbol} {view.number} {view.item.title}: {view.standing.word}"
    return f"{text}\n      {said}" if said else text
