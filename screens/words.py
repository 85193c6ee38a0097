"""How states, times and accounts read: a symbol and a word for each, never a colour alone."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from wizard.session.base import Pin

LOOKS: dict[str, tuple[str, str, str]] = {
    "waiting": ("·", "waiting", "$muted"),
    "checking": ("◌", "checking", "$primary"),
    "needs answer": ("?", "asks you", "bold $warning"),
    "needs approval": ("◇", "approve?", "bold $warning"),
    "applying": ("▶", "applying", "bold $primary"),
    "settling": ("◔", "settling", "$primary"),
    "needs person": ("⚑", "needs you", "bold $warning"),
    "in doubt": ("‽", "in doubt", "bold $error"),
    "done": ("✓", "done", "$success"),
    "marked done": ("✎", "by hand", "$success"),
    "skipped": ("»", "skipped", "$muted"),
    "not applicable": ("–", "n/a", "$muted"),
    "failed": ("✗", "failed", "bold $error"),
    "planned": ("+", "planned", "$success"),
    "deferred": ("…", "later", "$muted"),
}
"""By status: the symbol, the word, the style."""

HOW = {
    "already": "was right already; nothing was changed",
    "changed": "changed by the wizard, and looked at again",
    "observed": "looked at, and right; the wizard changed nothing here",
    "attested": "a person said so",
}

SEVERITY = {
    "BLOCKER": ("■", "bold $error"),
    "DANGER": ("▲", "bold $error"),
    "TRAP": ("▲", "bold $warning"),
    "BETTER DEFAULT": ("◆", "bold $warning"),
    "WARN": ("▲", "bold $warning"),
    "AMBIGUOUS": ("?", "bold $warning"),
    "MISSING": ("+", "bold $warning"),
    "RESOLVED": ("✓", "bold $success"),
    "NOTE": ("i", "bold $primary"),
}
"""By the severity of an advice: symbol and style; the word itself is shown too."""

STANDING = {
    "running": ("▶", "running", "$primary"),
    "suspended": ("‖", "suspended", "$warning"),
    "finished": ("✓", "finished", "$success"),
    "aborted": ("✗", "aborted", "$error"),
}


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def span(seconds: float) -> str:
    """A duration as operators read it: `42 s`, `4:05`, `1:02:03`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def since(moment: str, now: datetime) -> float:
    """Seconds from a journaled UTC time until `now`; 0 when it is empty."""
    if not moment:
        return 0.0
    return (now - datetime.fromisoformat(moment)).total_seconds()


def ago(moment: str, now: datetime) -> str:
    """An age in its largest unit: `12 s ago`, `3 h ago`, `2 days ago`."""
    seconds = since(moment, now)
    for size, unit in ((86400, "day"), (3600, "h"), (60, "min")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''} ago"
    return f"{max(0, int(seconds))} s ago"


def clock_time(moment: str) -> str:
    """The time of day of a journaled UTC time, `14:03:22`."""
    return moment[11:19]


def is_simulated(pin: "Pin") -> bool:
    """Whether the account is one on this machine's own loopback."""
    return urlsplit(pin.endpoint_url).hostname in {"localhost", "127.0.0.1", "::1"}


def account_name(alias: str, account_id: str) -> str:
    """Alias and id, or the id alone."""
    return f"{alias} ({account_id})" if alias else account_id


def count(number: int, one: str, many: str = "") -> str:
    """`1 item`, `3 items`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
