"""The new region: enabled for the account, and answering it.

https://docs.aws.amazon.com/accounts/latest/reference/API_EnableRegion.html
"""

from typing import ClassVar

from steps.regions import CLOSED, OPEN, home, status, zones
from wizard.effects import Facts, Json, Read, Write
from wizard.errors import CallError
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, step

_CHANGING = "ConflictException"


@step("account.region_enabled")
class RegionEnabled(Action, frozen=True, kw_only=True):
    """A region that is enabled, in which STS and EC2 know the credentials in use.

    Enabling is never taken back by the wizard: it would cut off what is in the region.
    """

    # Enabling a region takes minutes, sometimes hours.
    patience: ClassVar[Patience] = Patience(every=30, limit=6 * 3600)

    region: str
    partition: str = "aws"
    enable: bool = True
    """Whether the wizard may enable it; else a person does."""

    def observe(self) -> Reads[Facts | None]:
        state = yield from status(self.region, self.partition)
        if not state:
            return None
        facts: dict[str, Json] = {"region": self.region, "status": state}
        if state not in OPEN:
            return facts
        me = yield Read("sts", "GetCallerIdentity", absent=CLOSED, region=self.region)
        there = yield from zones(self.region)
        return facts | {
            "sts_answers": me is not None,
            "ec2_answers": there is not None,
            "zones": there or [],
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            reason = f"AWS knows no region {self.region}"
            return (Difference("region", None, self.region, reason, fixable=False),)
        state = found["status"]
        if state == "DISABLED":
            reason = f"{self.region} is not enabled for this account"
            return (
                Difference(
                    "status",
                    state,
                    "ENABLED",
                    reason,
                    fixable=self.enable,
                    person=not self.enable,
                ),
            )
        if state not in OPEN:
            reason = f"AWS is {str(state).lower()} it"
            return (Difference("status", state, "ENABLED", reason, settles=True),)
        silent = [one for one in ("sts", "ec2") if not found[f"{one}_answers"]]
        return tuple(
            Difference(
                f"{one}_answers",
                found=False,
                wanted=True,
                reason=(
                    f"{one} in {self.region} does not know the credentials yet. If it stays so, "
                    "they are a session token of the global STS endpoint, which new regions "
                    "refuse: log in again with AWS_STS_REGIONAL_ENDPOINTS=regional (E31)"
                ),
                settles=True,
            )
            for one in silent
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        try:
            yield Write(
                "account",
                "EnableRegion",
                {"RegionName": self.region},
                region=home(self.partition),
                title=f"Enable {self.region} for the account",
            )
        except CallError as error:
            # Somebody else is enabling or disabling it this moment: what is left is to wait.
            if error.code != _CHANGING:
                raise

    def instructions(self, found: Facts | None) -> str:
        return (
            f"Enable {self.region} in the console under Account, AWS Regions, or answer that the "
            "wizard may. It takes minutes, sometimes hours; the wizard looks every 30 seconds and "
            "goes on by itself."
        )

    def waiting_for(self, found: Facts | None) -> str:
        if found and found["status"] in OPEN:
            return f"STS and EC2 in {self.region} to know this account"
        return f"{self.region} to be enabled: {found['status'] if found else 'unknown'}"

    def outputs(self, found: Facts | None) -> Facts:
        """`region`, `status` (RegionOptStatus) and `zones`, the names of its zones."""
        if found is None or found["status"] not in OPEN:
            return {}
        return {key: found[key] for key in ("region", "status", "zones")}

    def compared(self, found: Facts | None) -> Facts | None:
        if found is None:
            return None
        return {"status": found["status"], "zones": len(found.get("zones", ()))}
