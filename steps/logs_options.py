"""Dropdowns read from CloudWatch Logs: the groups, those that keep longer, and the days."""

from steps.logs import DAYS, GROUPS, class_of, kept
from wizard.effects import Facts
from wizard.step import Option, Options, options


@options("logs.groups")
def groups() -> Options:
    """Every log group of the region, with how long it keeps its events now."""
    listed = yield GROUPS
    return [
        Option(str(one["logGroupName"]), str(one["logGroupName"]), _detail(one), suggested=True)
        for one in sorted(listed, key=lambda one: str(one["logGroupName"]))
    ]


@options("logs.longer_groups")
def longer_groups(days: int) -> Options:
    """The groups that keep their events longer than `days`; none is suggested."""
    listed = yield GROUPS
    return [
        Option(str(one["logGroupName"]), str(one["logGroupName"]), _detail(one))
        for one in sorted(listed, key=lambda one: str(one["logGroupName"]))
        if (one.get("retentionInDays") or 0) > days and class_of(one) != "DELIVERY"
    ]


ASKED = 365
TOO_SHORT = "less than the runbook's 12 months, and AWS deletes the older events for good"


@options("logs.retentions")
def retentions() -> Options:
    """The days that CloudWatch Logs knows; a year is suggested. The details say how many groups
    would change, and how many of these keep their events for ever now."""
    listed = yield GROUPS
    return [
        Option(
            days,
            _label(days),
            _effect(listed, days),
            suggested=days == ASKED,
            disabled="" if days >= ASKED else TOO_SHORT,
        )
        for days in DAYS
    ]


def _label(days: int) -> str:
    months = {30: 1, 60: 2, 90: 3, 120: 4, 150: 5, 180: 6, 365: 12, 400: 13, 545: 18, 731: 24}
    if days in months:
        return f"{days} days ({months[days]} month{'s' if months[days] > 1 else ''})"
    if days >= 1096:
        return f"{days} days ({round(days / 365.25)} years)"
    return f"{days} day{'s' if days > 1 else ''}"


def _effect(listed: list[Facts], days: int) -> str:
    settable = [one for one in listed if class_of(one) != "DELIVERY"]
    endless = sum(one.get("retentionInDays") is None for one in settable)
    shorter = sum((one.get("retentionInDays") or days) < days for one in settable)
    longer = sum((one.get("retentionInDays") or 0) > days for one in settable)
    return (
        f"{endless + shorter} of {len(listed)} groups change, {endless} of them keep for ever now; "
        f"{longer} keep longer"
    )


def _detail(group: Facts) -> str:
    words = f"keeps {kept(group.get('retentionInDays'))}"
    return words if class_of(group) == "STANDARD" else f"{words}, class {class_of(group)}"
