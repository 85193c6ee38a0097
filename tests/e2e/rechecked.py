"""A recheck of a whole run by the command: what it is asked, and what it must say."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.account import Account
from tests.e2e.by_hand import Change
from tests.e2e.command import Ended, st_wizard
from tests.e2e.under_policy import enforce, seen
from wizard.checklist.load import load_bundled
from wizard.cli.policy import needed
from wizard.session.state import SessionState

LONGEST = 180.0
GOOD = {"match", "attested only", "not comparable"}


class Ran(NamedTuple):
    """A whole run of a checklist, and the account as it left it."""

    name: str
    home: Path
    account: Account
    state: SessionState

    def recheck(self, *more: str | Path, home: Path | None = None, evidence: str = "1") -> Ended:
        return st_wizard(
            "recheck",
            evidence,
            "--endpoint-url",
            self.account.ready.endpoint_url,
            "--json",
            *more,
            home=home or self.home,
            longest=LONGEST,
        )


def verdicts(ended: Ended) -> Mapping[str, Mapping[str, Any]]:
    """By item, and by member."""
    told = json.loads(ended.out)
    found = {item["id"]: item for item in told["items"]}
    return found | {one["id"]: one for item in told["items"] for one in item.get("members", ())}


def by_hand(ran: Ran, changes: Mapping[str, Change]) -> None:
    for item, change in changes.items():
        known = ran.state.item(item)
        first = next(iter(known.children.values()), known)
        change(ran.account.client, first.found or {})


def all_as_it_was(ran: Ran) -> None:
    """Under the policy that only reads, with nothing denied and nothing written."""
    enforce(ran.account, needed(load_bundled(ran.name).checklist, read_only=True))
    try:
        ended = ran.recheck()
        assert ended.code == 0, ended.out + ended.err
        assert {one["verdict"] for one in verdicts(ended).values()} <= GOOD
        assert seen(ran.account)["denied"] == set()
        assert not ran.account.writes()
    finally:
        enforce(ran.account, None)


def every_item_is_covered(ran: Ran, *named: Mapping[str, object], seen_by_others: set[str]) -> None:
    items = {item.id for item in load_bundled(ran.name).checklist.items}
    assert items == {item for one in named for item in one} | seen_by_others


def missed(found: Mapping[str, Mapping[str, Any]], changed: Collection[str]) -> dict[str, str]:
    """Items that were changed and that the recheck does not call so."""
    return {
        item: str(found[item]["verdict"])
        for item in changed
        if found[item]["verdict"] not in {"drift", "gone"}
    }
