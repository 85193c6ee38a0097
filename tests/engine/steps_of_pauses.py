"""Steps for engine tests that wait for a person, offer deeds, and compare."""

from collections.abc import Mapping
from typing import ClassVar

from wizard.effects import Again, Facts, Matches, NewSecret, Read, Request, Secret, Write
from wizard.errors import StepError
from wizard.step import (
    Action,
    Deed,
    Difference,
    Differences,
    Given,
    Patience,
    Probe,
    Reads,
    Writes,
    compare,
)

LINK = Deed(name="link", label="Paste the link", prompt="The link of the mail", secret=True)
RESEND = Deed(name="resend", label="Send the mail again")
CARELESS = Deed(name="careless", label="Written down", prompt="A secret", secret=True)


class Subscribed(Action, frozen=True, kw_only=True):
    """A subscription: we ask for it, a person confirms it, and it has a filter of ours."""

    patience: ClassVar[Patience] = Patience(every=15, limit=600)
    name: str
    filter: str = ""

    def observe(self) -> Reads[Facts | None]:
        found = yield Read("things", "GetThing", {"Name": self.name}, absent=("NoSuchThing",))
        return None if found is None else dict(found["Value"])

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            return (Difference("state", None, "pending"),)
        wrong = list(compare({"filter": self.filter} if self.filter else {}, found))
        if found["state"] != "confirmed":
            reason = "open the mail's link"
            wrong.append(
                Difference("state", found["state"], "confirmed", reason, fixable=False, person=True)
            )
        return tuple(wrong)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        value = {"state": "pending", **(found or {}), "filter": self.filter}
        yield self._put(value, f"Subscribe {self.name}")

    def instructions(self, found: Facts | None) -> str:
        return f"Confirm {self.name}, sent {(found or {}).get('mails', 1)} times."

    def deeds(self, found: Facts | None) -> tuple[Deed, ...]:
        again = RESEND if (found or {}).get("mails", 1) < 3 else None
        return tuple(deed for deed in (LINK, again, CARELESS) if deed)

    def take(self, deed: str, found: Facts | None, text: str) -> Given:
        if deed == "link":
            head, mark, token = text.partition("Token=")
            if not mark:
                raise StepError(f"{text} is not a link of a confirmation mail.")
            return Given(facts={"host": head.split("/")[2]}, secret=token)
        return super().take(deed, found, text)

    def act(
        self, deed: str, found: Facts | None, given: Facts, secret: Secret | None
    ) -> Reads[str]:
        if deed == "link":
            assert secret is not None
            state = {"state": "confirmed", "filter": self.filter}
            yield Write(
                "things",
                "ConfirmThing",
                {"Name": f"{self.name}-token", "Value": secret},
                title="Confirm",
            )
            yield self._put(state, "Confirmed")
        else:
            mails = (found or {}).get("mails", 1) + 1
            yield self._put({**(found or {}), "mails": mails}, "Send again")
        return ""

    def _put(self, value: Facts, title: str) -> Write:
        return Write("things", "PutThing", {"Name": self.name, "Value": value}, title=title)


class Proven(Probe, frozen=True, kw_only=True):
    """A word is sent out, and a person who read it types it."""

    attest: str = "Type the word that arrived."
    name: str

    def observe(self) -> Reads[Facts | None]:
        found = yield Read("things", "GetThing", {"Name": self.name}, absent=("NoSuchThing",))
        return {"sent": found is not None}

    def differences(self, found: Facts | None) -> Differences:
        return ()

    def deeds(self, found: Facts | None) -> tuple[Deed, ...]:
        word = Deed(name="word", label="I read it", prompt="The word")
        send = Deed(name="send", label="Send the word")
        ring = Deed(name="ring", label="Ring, which cannot be seen")
        return (send, ring, word) if found and found["sent"] else (send,)

    def take(self, deed: str, found: Facts | None, text: str) -> Given:
        return Given(facts={"word": text} if text else {})

    def act(
        self, deed: str, found: Facts | None, given: Facts, secret: Secret | None
    ) -> Reads[str]:
        if deed == "ring":
            yield Request("POST", "https://bell.test/", {}, mutating=True, again=Again.ASK)
            return ""
        if deed == "send":
            word = yield NewSecret("word")
            yield Write("things", "PutThing", {"Name": self.name, "Value": word}, title="Send")
            return ""
        if not (yield Matches(Secret("word"), given["word"])):
            raise StepError("That is not the word that was sent.", todo="Read it again.")
        return f"{given['word']} was read and typed."


class Setup(Action, frozen=True, kw_only=True):
    """A thing with many settings, compared but for its id."""

    name: str
    settings: Mapping[str, object]

    def observe(self) -> Reads[Facts | None]:
        found = yield Read("things", "GetThing", {"Name": self.name}, absent=("NoSuchThing",))
        return None if found is None else dict(found["Value"])

    def differences(self, found: Facts | None) -> Differences:
        return compare(self.settings, found)

    def compared(self, found: Facts | None) -> Facts | None:
        return found and {name: value for name, value in found.items() if name != "id"}

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        value = {**(found or {}), **self.settings}
        yield Write("things", "PutThing", {"Name": self.name, "Value": value}, title="Set up")


PAUSES: Mapping[str, type] = {
    "test.subscribed": Subscribed,
    "test.proven": Proven,
    "test.setup": Setup,
}
