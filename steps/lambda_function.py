"""A Lambda function of one region, imported into another: there is no call that does it.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from steps.ec2 import in_vpc
from steps.lambda_arns import existing, moved
from steps.lambda_facts import function_in
from steps.lambda_layers import account_of, layer_at, layer_name, same_layer
from steps.lambda_made import create, update
from steps.lambda_problems import problems_of
from steps.lambda_wanted import Target, repository, too_large
from wizard.effects import Facts, Json, Read
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, step

_NO_IMAGE = ("RepositoryNotFoundException", "ImageNotFoundException")


@step("lambda.function")
class Function(Action, frozen=True, kw_only=True):
    """A copy of a function: code, settings, layers, environment, tags. What stands around it is
    `lambda.triggers`, once AWS has set it up.

    Values of its environment go from region to region and are written down nowhere.
    """

    volatile: ClassVar[tuple[str, ...]] = ("source", "there")
    """The reference region's function, and what stands around."""

    name: str
    source: str
    """The source region."""
    region: str
    account_id: str
    substitute: bool = True
    """Write the new region's name into environment values that name the source region."""
    vpc_id: str = ""
    subnets: tuple[str, ...] | None = None
    """For functions that are in a VPC; their security groups are found by name in `vpc_id`."""
    kms_key: str | None = None
    """ARN, for functions whose environment has a key of its own; none: AWS's own key."""
    code_bucket: str | None = None
    """A bucket of the region, for packages over 50 MB."""
    overwrite: bool = False
    """Change a function that is there with other code or settings."""

    patience = Patience(every=5, limit=300)

    def observe(self) -> Reads[Facts | None]:
        there, values = yield from function_in(self.name, self.source)
        here, have = yield from function_in(self.name, None)
        if there is None:
            return None if here is None else {"source": None, "here": here}
        found: dict[str, Json] = {"source": there}
        found["there"] = yield from self._mapped(there)
        found["here"] = here
        wanted = self.environment(values)
        found["environment"] = {
            key: "missing" if key not in have else "same" if have[key] == value else "differs"
            for key, value in sorted(wanted.items())
        }
        found["environment_too_large"] = too_large(wanted)
        return found

    def _mapped(self, there: Facts) -> Reads[dict[str, Json]]:
        """What its parts are in the session's region."""
        layers: dict[str, Json] = {}
        for arn in there["Layers"]:
            layers[arn] = None
            if account_of(arn) == self.account_id:
                layer = yield from layer_at(arn, self.source)
                if layer is not None:
                    sha = layer["Content"]["CodeSha256"]
                    layers[arn] = yield from same_layer(layer_name(arn), sha)
        groups: dict[str, Json] = {}
        if there["VpcConfig"]["SecurityGroupIds"]:
            groups = yield from self._groups(there["VpcConfig"]["SecurityGroupIds"])
        arns = [there["DeadLetterConfig"]] if there["DeadLetterConfig"] else []
        at_home = yield from existing(moved(arns, self.source, self.region))
        image = moved(there["code"]["image"], self.source, self.region)
        has_image = False
        if image:
            name, tag = repository(image)
            asked = {"repositoryName": name, "imageIds": [tag]}
            has_image = (yield Read("ecr", "DescribeImages", asked, absent=_NO_IMAGE)) is not None
        return {"layers": layers, "groups": groups, "existing": at_home, "image": has_image}

    def _groups(self, ids: list[str]) -> Reads[dict[str, Json]]:
        theirs = yield Read(
            "ec2",
            "DescribeSecurityGroups",
            {"GroupIds": sorted(ids)},
            pages="SecurityGroups",
            region=self.source,
        )
        ours = yield Read(
            "ec2", "DescribeSecurityGroups", in_vpc(self.vpc_id), pages="SecurityGroups"
        )
        by_name = {str(one["GroupName"]): str(one["GroupId"]) for one in ours}
        return {
            str(one["GroupId"]): {
                "name": str(one["GroupName"]),
                "id": by_name.get(str(one["GroupName"])),
            }
            for one in theirs
        }

    def environment(self, values: dict[str, str]) -> dict[str, str]:
        """The values as they are to be here."""
        if not self.substitute:
            return dict(values)
        return {key: str(moved(text, self.source, self.region)) for key, text in values.items()}

    def target(self, found: Facts) -> Target:
        """What it is to be here."""
        return Target(self, found)

    def differences(self, found: Facts | None) -> Differences:
        if found is None or found["source"] is None:
            reason = f"There is no function {self.name} in {self.source} any more."
            return (Difference("source", None, self.name, reason=reason, fixable=False),)
        here = found["here"]
        problems = tuple(
            Difference(field, None, None, reason=reason, fixable=False)
            for field, reason in problems_of(self, found)
        )
        if problems:
            return problems
        target = self.target(found)
        if here is None:
            return (
                Difference("code", None, target.code()),
                *(Difference(key, None, part) for key, part in target.settings().items() if part),
            )
        if here["state"] == "Pending" or here["last_update"] == "InProgress":
            return (Difference("state", here["state"], "Active", settles=True),)
        if here["state"] == "Failed" or here["last_update"] == "Failed":
            reason = f"AWS could not set it up: {here['state_reason'] or 'no reason given'}."
            return (Difference("state", here["state"], "Active", reason=reason, fixable=False),)
        return tuple(self._changed(found, target))

    def _changed(self, found: Facts, target: Target) -> Iterator[Difference]:
        """Code and settings of a function that is there already."""
        here: dict[str, Any] = found["here"]
        pairs: list[tuple[str, Json, Json]] = [
            ("code", here["code"]["image"] or here["code"]["sha256"], target.code())
        ]
        pairs += [(key, here[key], part) for key, part in target.settings().items()]
        other = {key: state for key, state in found["environment"].items() if state != "same"}
        if other:
            pairs.append(("environment", other, "same"))
        changed = [(field, old, new) for field, old, new in pairs if old != new]
        reason = (
            ""
            if self.overwrite
            else f"It is there already with other {', '.join(field for field, _, _ in changed)}, "
            "and is not to be overwritten."
        )
        for field, old, new in changed:
            yield Difference(field, old, new, reason=reason, fixable=self.overwrite)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        known: Facts = found or {}
        target = self.target(known)
        if known["here"] is None:
            yield from create(target)
        else:
            yield from update(target, {one.field for one in differences})

    def outputs(self, found: Facts | None) -> Facts:
        """With `notes`: what was not copied, and `triggers`: what is disabled, to be enabled."""
        if found is None or not found.get("source") or not found.get("here"):
            return {"name": self.name}
        target, here = self.target(found), found["here"]
        return {
            "name": self.name,
            "arn": here["arn"],
            "sha256": here["code"]["sha256"],
            "notes": list(target.notes()),
            "why": "; ".join(target.notes()),
        }
