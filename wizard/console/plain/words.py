"""How states, values and times read on plain paper: a symbol and a word for each."""

import json

from wizard.effects import Json
from wizard.session.state import ItemState, Status

LOOKS: dict[Status, tuple[str, str, str]] = {
    Status.WAITING: ("·", "waiting", "dim"),
    Status.CHECKING: ("◌", "checking", "cyan"),
    Status.NEEDS_ANSWER: ("?", "asks you", "bold yellow"),
    Status.NEEDS_APPROVAL: ("◇", "approve?", "bold yellow"),
    Status.APPLYING: ("▶", "applying", "bold cyan"),
    Status.SETTLING: ("◔", "settling", "cyan"),
    Status.NEEDS_PERSON: ("⚑", "needs you", "bold yellow"),
    Status.IN_DOUBT: ("‽", "in doubt", "bold red"),
    Status.DONE: ("✓", "done", "green"),
    Status.MARKED: ("✎", "by hand", "green"),
    Status.SKIPPED: ("»", "skipped", "yellow"),
    Status.NOT_APPLICABLE: ("–", "n/a", "dim"),
    Status.FAILED: ("✗", "failed", "bold red"),
    Status.PLANNED: ("+", "planned", "green"),
    Status.DEFERRED: ("…", "later", "dim"),
}
"""By status: the symbol, the word, the style."""

HOW = {
    "already": "was right already; nothing was changed",
    "changed": "changed, and looked at again",
    "observed": "seen to be right",
    "attested": "a person said so",
}

ASCII = str.maketrans(
    {
        "·": "-", "◌": ".", "◇": "?", "▶": ">", "◔": "~", "⚑": "!", "‽": "?", "✓": "+", "✎": "+",
        "»": ">", "–": "-", "—": "-", "✗": "x", "…": "~", "→": ">", "▲": "!", "“": '"', "”": '"',
    }
)  # fmt: skip
"""For terminals that cannot show more than ASCII."""


def how_it_ended(item: ItemState) -> str:
    """In one clause: how, or the reason that was given."""
    if item.status is Status.DONE:
        note = f": {item.attestation.note}" if item.attestation is not None else ""
        return HOW.get(item.how, item.how) + note
    return item.note


def value_text(value: Json) -> str:
    """A value as it stands before or after an arrow."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case str():
            return str.__str__(value) or '""'
        case int() | float():
            return str(value)
        case list() | tuple() if all(isinstance(part, str | int) for part in value):
            return ", ".join(value_text(part) for part in value) or "none"
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def span(seconds: float) -> str:
    """A duration as operators read it: `42 s`, `4:05`, `1:02:03`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 item`, `3 items`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def account_name(alias: str, account_id: str) -> str:
    """Alias and id, or the id alone."""
    return f"{alias} ({account_id})" if alias else account_id
