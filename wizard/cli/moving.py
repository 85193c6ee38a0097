"""`st-wizard resume --checklist`: shows what another copy of the checklist changes, and asks."""

import json
import sys
from pathlib import Path

import click

from wizard.checklist.differing import Change, Differing
from wizard.checklist.load import bundled_advice, load, load_bundled
from wizard.checklist.pinned import Pinned
from wizard.cli.desk import WizardDesk
from wizard.effects import Json
from wizard.errors import RefusedError, UsageError
from wizard.safe import safe_line
from wizard.session.state import SessionState

CURRENT = "current"
SHOWN = 300
"""Characters of a value that are shown."""


def move(desk: WizardDesk, session: str, source: str, advice: Path | None, *, yes: bool) -> None:
    """Let the session go on by that copy, once the operator has seen what differs."""
    _, state = desk.look(session)
    advice_text = _advice(advice)
    if source == CURRENT and advice is None:
        after = load_bundled(state.checklist_id)
    elif source == CURRENT:
        raise UsageError(
            "The installed checklist has its own advice.",
            where="--advice",
            todo="Leave --advice out, or name a checklist's file.",
        )
    else:
        after = load(source, advice=advice_text, registry=desk.registry)
    found = desk.differing(session, after)
    if not found:
        sys.stderr.write("Nothing differs from the copy that the session goes by.\n")
        return
    for line in told(found, state, after):
        sys.stderr.write(safe_line(line, limit=1000) + "\n")
    if not yes and not click.confirm("Go on by this copy?", default=False, err=True):
        raise RefusedError(
            "The checklist was not changed.",
            where=f"session {state.number}",
            todo=f"`st-wizard resume {state.number}` goes on by the copy it was begun with.",
        )
    desk.move(session, after, advice_text, found)


def told(found: Differing, state: SessionState, after: Pinned) -> list[str]:
    """What differs and what becomes of it, in lines."""
    lines = [
        f"{len(found.added)} items added, {len(found.removed)} removed, "
        f"{len(found.changed)} changed, {len(found.reopened)} of them looked at again; "
        f"{len(found.kept)} stay as they are."
    ]
    lines += [f"+ {item.id}  {item.title}: {item.letter}" for item in found.added]
    lines += [
        f"- {item.id}  {item.title} (it was {state.item(item.id).status.value}; what it did stays, "
        "and stays in the evidence)"
        for item in found.removed
    ]
    for change in found.changed:
        title = after.checklist.item(change.id).title
        lines += _change(change, title, state.item(change.id).status.value, "is looked at again")
    lines += [f"+ question {name}" for name in found.questions_added]
    lines += [f"- question {name}" for name in found.questions_removed]
    for change in found.questions:
        title = after.checklist.inputs[change.id].label
        was = "answered" if change.id in state.answers else "not answered"
        lines += _change(change, title, was, "is asked again")
    lines += [
        f"! {name} stays as it is and takes values from {', '.join(rests_on)}: try it again if "
        "they change"
        for name, rests_on in found.resting.items()
    ]
    return lines


def _change(change: Change, title: str, was: str, again: str) -> list[str]:
    what = ", ".join(part.name for part in change.parts)
    follows = again if change.matters else "stays as it is"
    lines = [f"~ {change.id}  {title} (it was {was}; it {follows}): {what}"]
    for part in change.parts:
        lines.append(f"    {part.name} was {_shown(part.before)}")
        lines.append(f"    {part.name} is  {_shown(part.after)}")
    return lines


def _shown(value: Json) -> str:
    if value in (None, "", [], {}):
        return "(nothing)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"


def _advice(file: Path | None) -> str:
    if file is None:
        return bundled_advice()
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The advice cannot be read: {error}.",
            where=str(file),
            todo="Give a file in UTF-8, such as checklists/advice.yaml.",
        ) from error
