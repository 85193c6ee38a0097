"""The simulated person of the demo: opens the mails' links and attests what a run asks for."""

import json
import urllib.request

from wizard.engine.commands import Attest, Command
from wizard.session.state import ItemState

NOTE = "Attested by the simulated person of the demo; no person looked."


class SimulatedPerson:
    """Acts on the simulated account only: its inbox is on loopback."""

    def __init__(self, inbox_url: str) -> None:
        self._inbox_url = inbox_url.rstrip("/")

    def act(self, item: ItemState) -> Command | None:
        """Clicks every confirmation there is; then says yes where somebody has to."""
        self._open_mails()
        if item.pause is not None and item.pause.must_attest:
            return Attest(item=item.id, note=NOTE)
        return None

    def _open_mails(self) -> None:
        with urllib.request.urlopen(f"{self._inbox_url}/mails.json", timeout=10) as answer:  # noqa: S310  loopback, ours
            mails = json.load(answer)
        for mail in mails:
            if mail.get("confirm_url"):
                with urllib.request.urlopen(mail["confirm_url"], timeout=10) as page:  # noqa: S310  loopback, ours
                    page.read()
