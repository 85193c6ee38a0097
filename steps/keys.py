"""SSH key pairs of a region: which there are, and a public key brought over from another region.

Private keys are never made, seen or handed on here (E37).
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html
"""

from typing import ClassVar

from steps.ec2 import in_vpc
from steps.fleet import state
from wizard.effects import Facts, Json, Read, Write
from wizard.errors import StepError
from wizard.step import (
    Action,
    Difference,
    Differences,
    Option,
    Options,
    Patience,
    Reads,
    Writes,
    options,
    step,
)

_NO_PAIR = ("InvalidKeyPair.NotFound",)


@step("ec2.key_pairs")
class KeyPairs(Action, frozen=True, kw_only=True):
    """The key pairs that the running instances name exist in the region; one may be imported."""

    patience: ClassVar[Patience] = Patience(every=30, limit=7 * 86400)

    vpc_id: str
    reference: str
    """The region whose public key may be imported."""
    source: str | None = None
    """The name of the key pair there; none: nothing is imported."""
    name: str = ""
    """Its name here; empty: the same."""

    def observe(self) -> Reads[Facts | None]:
        pairs = yield Read("ec2", "DescribeKeyPairs")
        listed = yield Read(
            "ec2", "DescribeInstances", in_vpc(self.vpc_id), pages="Reservations[].Instances[]"
        )
        names = sorted(str(one["KeyName"]) for one in pairs["KeyPairs"])
        used = {
            str(one["KeyName"]) for one in listed if state(one) == "running" and one.get("KeyName")
        }
        found: dict[str, Json] = {
            "key_pairs": names,
            "used": sorted(used),
            "missing": sorted(used - set(names)),
        }
        if self.source and self._wanted in names:
            here = yield from _public(self._wanted, None)
            there = yield from _public(self.source, self.reference)
            # What follows the key itself is a comment.
            found["other_key"] = bool(here and there) and here.split()[:2] != there.split()[:2]
        return found

    def differences(self, found: Facts | None) -> Differences:
        have = found["key_pairs"] if found else []
        wrong = []
        if self.source and self._wanted not in have:
            reason = f"the public key {self.source} of {self.reference} is to be here"
            wrong.append(Difference("key_pairs", have, self._wanted, reason))
        if found and found.get("other_key"):
            reason = (
                f"{self._wanted} is here with another public key than {self.source} of "
                f"{self.reference}: its private key opens nothing here. Choose another name"
            )
            wrong.append(
                Difference("key", self._wanted, self.source, reason, fixable=False, person=True)
            )
        missing = found["missing"] if found else []
        if others := [one for one in missing if not self.source or one != self._wanted]:
            reason = (
                f"running instances name {', '.join(others)}, and this region has no such key "
                "pair: import its public key"
            )
            wrong.append(
                Difference("missing", others, [], reason, fixable=False, person=True),
            )
        return tuple(wrong)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        public = yield from _public(str(self.source), self.reference)
        if not public:
            raise StepError(
                f"{self.reference} gives no public key of {self.source}.",
                todo="Choose another key pair, or import the public key by hand and retry.",
            )
        yield Write(
            "ec2",
            "ImportKeyPair",
            {"KeyName": self._wanted, "PublicKeyMaterial": public},
            title=f"Import the public key {self.source} of {self.reference} as {self._wanted}",
        )

    def instructions(self, found: Facts | None) -> str:
        have = ", ".join(found["key_pairs"]) if found and found["key_pairs"] else "none"
        return (
            f"Key pairs of this region: {have}. See that each member of the team can log in: with "
            "a public key of their own, by EC2 Instance Connect, or by Session Manager. A private "
            "key that several share cannot be traced to a person, which SOC 2 asks for (E37); the "
            "wizard touches no private key."
        )

    def compared(self, found: Facts | None) -> Facts | None:
        return {"key_pairs": len(found["key_pairs"])} if found else None

    @property
    def _wanted(self) -> str:
        return self.name or str(self.source)


def _public(name: str, region: str | None) -> Reads[str]:
    """The public key of a pair; empty where there is none, or EC2 does not know it."""
    answer = yield Read(
        "ec2",
        "DescribeKeyPairs",
        {"KeyNames": [name], "IncludePublicKey": True},
        region=region,
        absent=_NO_PAIR,
    )
    pairs = answer["KeyPairs"] if answer else []
    return str(pairs[0].get("PublicKey") or "").strip() if pairs else ""


@options("ec2.key_pairs")
def key_pairs(region: str) -> Options:
    """The key pairs of a region, with their type; those without a public key cannot be imported."""
    answer = yield Read("ec2", "DescribeKeyPairs", {"IncludePublicKey": True}, region=region)
    return [
        Option(
            one["KeyName"],
            str(one["KeyName"]),
            detail=f"{one.get('KeyType', 'rsa')}, {one.get('KeyFingerprint', '')}",
            disabled="" if one.get("PublicKey") else "EC2 gives no public key of it",
        )
        for one in sorted(answer["KeyPairs"], key=lambda one: str(one["KeyName"]))
    ]
