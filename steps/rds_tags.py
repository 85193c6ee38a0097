"""Tags of database clusters and instances.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddTagsToResource.html
"""

import re
from collections.abc import Mapping

from wizard.effects import Facts, Read, Write
from wizard.step import Action, Difference, Differences, Reads, Writes, compare, step

# RDS takes letters of any script, digits, spaces and these signs.
_VALUE = re.compile(r"[\w\s_.:/=+\-@]*")
_LONGEST = 256


@step("rds.tags")
class Tags(Action, frozen=True, kw_only=True):
    """A cluster or an instance has these tags; others that it has stay."""

    name: str
    arn: str
    tags: Mapping[str, str]

    def observe(self) -> Reads[Facts | None]:
        answer = yield Read(
            "rds",
            "ListTagsForResource",
            {"ResourceName": self.arn},
            absent=(
                "DBInstanceNotFound",
                "DBInstanceNotFoundFault",
                "DBClusterNotFoundFault",
            ),
        )
        if answer is None:
            return None
        return {"tags": {str(one["Key"]): str(one["Value"]) for one in answer["TagList"]}}

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            reason = f"there is no {self.name} in this region: have it made first"
            return (Difference("arn", None, self.arn, reason, fixable=False),)
        return tuple(
            Difference(
                one.field,
                one.found,
                one.wanted,
                "RDS takes letters, digits, spaces and _.:/=+-@ only, 256 at most",
                fixable=False,
            )
            if not _VALUE.fullmatch(str(one.wanted)) or len(str(one.wanted)) > _LONGEST
            else one
            for one in compare(self.tags, found["tags"])
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write(
            "rds",
            "AddTagsToResource",
            {
                "ResourceName": self.arn,
                "Tags": [{"Key": one.field, "Value": one.wanted} for one in differences],
            },
            title=f"Tag {self.name}: {', '.join(one.field for one in differences)}",
        )

    def compared(self, found: Facts | None) -> Facts | None:
        return None if found is None else found["tags"]

    def planned(self, found: Facts | None) -> Facts | None:
        return {**(found["tags"] if found else {}), **self.tags}
