"""The simulated person of the demo: reads the channel, pastes links and words, starts a dev
instance with the company's tool, and attests what a run asks for."""

import json
import re
import time
import urllib.request
from collections import Counter
from collections.abc import Mapping
from typing import Any

from wizard.engine.commands import Act, Attest, Command
from wizard.session.state import ItemState

NOTE = "Attested by the simulated person of the demo; no person looked."
DEV_INSTANCE = "region.final.devinstance"
TRIES = 3
"""Times that the person does the same deed for the same item."""
NOTICED_WITHIN = 60.0
"""Real seconds in which the wizard sees what the person did outside of it."""
_WORD = re.compile(r"The word to type into the wizard is (?P<word>[0-9a-f]+)")


class SimulatedPerson:
    """Acts on the simulated account only: its inbox and its endpoint are on loopback."""

    def __init__(self, inbox_url: str, endpoint_url: str = "") -> None:
        """Without the endpoint it has no company whose tool could start an instance."""
        self._inbox_url = inbox_url.rstrip("/")
        self._endpoint_url = endpoint_url.rstrip("/")
        self._did: Counter[tuple[str, str]] = Counter()
        self._began: dict[str, float] = {}
        self._pasted: set[str] = set()

    def act(self, item: ItemState) -> Command | None:
        """What it tells the wizard at this pause; None when it acts elsewhere, or not at all."""
        pause = item.pause
        if pause is None or pause.doing:
            return None
        offered = {deed.name for deed in pause.deeds}
        found = item.found or {}
        if "link" in offered:
            if pause.problem:
                # What was pasted did not do.
                self._pasted.clear()
            return self._confirm(item.id, found)
        if "renew" in offered:
            return Act(item=item.id, deed="renew") if self._may(item.id, "renew") else None
        if "nonce" in offered:
            return self._prove(item.id, found, again=bool(pause.problem))
        if pause.must_attest:
            return Attest(item=item.id, note=NOTE)
        if item.id == DEV_INSTANCE and self._endpoint_url:
            self._start_instance(item.id, str(found.get("vpc_id", "")))
        return None

    def is_at_work(self, item: ItemState) -> bool:
        """Whether it has done elsewhere what the item waits for, and the wizard is to notice."""
        began = self._began.get(item.id)
        return began is not None and time.monotonic() - began < NOTICED_WITHIN

    def _confirm(self, item: str, found: Mapping[str, Any]) -> Command | None:
        """Pastes the link of the newest mail for the topic; asks for one when there is none."""
        links = [
            mail["link"]
            for mail in self._mails()
            if mail.get("link")
            and mail["to"] == found.get("address")
            and str(mail["topic_arn"]).endswith(f":{found.get('topic')}")
        ]
        if not links or not self._may(item, "link"):
            return Act(item=item, deed="resend") if self._may(item, "resend") else None
        if links[-1] in self._pasted:
            return None  # the wizard is about to see it
        self._pasted.add(links[-1])
        return Act(item=item, deed="link", text=links[-1])

    def _prove(self, item: str, found: Mapping[str, Any], *, again: bool) -> Command | None:
        """Sets the alarm off, then types the word that the newest mail of it carries."""
        if again or not self._did[item, "send"]:
            return Act(item=item, deed="send") if self._may(item, "send") else None
        words = [
            told["word"]
            for mail in self._mails()
            if f'"{found.get("alarm")}"' in mail["body"]
            and (told := _WORD.search(mail["body"])) is not None
        ]
        if words and self._may(item, "nonce"):
            return Act(item=item, deed="nonce", text=words[-1])
        return None

    def _may(self, item: str, deed: str) -> bool:
        self._did[item, deed] += 1
        return self._did[item, deed] <= TRIES

    def _start_instance(self, item: str, vpc_id: str) -> None:
        if item in self._began or not vpc_id:
            return
        order = urllib.request.Request(  # noqa: S310  loopback, ours
            f"{self._endpoint_url}/_st-wizard/dev-instance",
            data=json.dumps({"vpc_id": vpc_id}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(order, timeout=30) as answer:  # noqa: S310  loopback, ours
            answer.read()
        self._began[item] = time.monotonic()

    def _mails(self) -> list[dict[str, Any]]:
        """The mails of the channel, the oldest first."""
        with urllib.request.urlopen(f"{self._inbox_url}/mails.json", timeout=10) as answer:  # noqa: S310  loopback, ours
            mails: list[dict[str, Any]] = json.load(answer)
        return mails
