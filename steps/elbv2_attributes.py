"""What a load balancer carries: its tags, and where its access logs go."""

from collections.abc import Mapping
from typing import ClassVar

from steps.s3_tags import unusable
from wizard.effects import Facts, Json, Read, Write
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, step


@step("elbv2.tags")
class Tags(Action, frozen=True, kw_only=True):
    """Tags of a load balancer; AWS merges what is added with those that are there.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html"""

    arn: str
    tags: Mapping[str, str]

    def observe(self) -> Reads[Facts | None]:
        described = yield Read(
            "elbv2",
            "DescribeTags",
            {"ResourceArns": [self.arn]},
            absent=("LoadBalancerNotFound",),
        )
        if described is None:
            return None
        tags = [tag for one in described["TagDescriptions"] for tag in one["Tags"]]
        return {"tags": {tag["Key"]: tag["Value"] for tag in tags}}

    def differences(self, found: Facts | None) -> Differences:
        have: Mapping[str, str] = found["tags"] if found else {}
        refused = tuple(
            Difference(f"tag {key}", have.get(key), value, reason, fixable=False)
            for key, value in self.tags.items()
            if (reason := unusable(value))
        )
        return refused or tuple(
            Difference(f"tag {key}", have.get(key), value)
            for key, value in self.tags.items()
            if have.get(key) != value
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        have: Mapping[str, str] = found["tags"] if found else {}
        missing: list[Json] = [
            {"Key": key, "Value": value}
            for key, value in self.tags.items()
            if have.get(key) != value
        ]
        names = ", ".join(str(tag["Key"]) for tag in missing)
        yield Write(
            "elbv2",
            "AddTags",
            {"ResourceArns": [self.arn], "Tags": missing},
            title=f"Add tags {names} to the load balancer",
        )


@step("elbv2.access_logs")
class AccessLogs(Action, frozen=True, kw_only=True):
    """Access logs that go to a bucket, and the test file that shows that they can.

    ELB writes the file when it accepts the bucket.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """

    patience: ClassVar[Patience] = Patience(every=5, limit=300)

    load_balancer_arn: str
    bucket: str
    prefix: str | None = None
    account_id: str

    @property
    def test_file(self) -> str:
        """The key of the file that ELB writes when logging is switched on."""
        before = f"{self.prefix}/" if self.prefix else ""
        return f"{before}AWSLogs/{self.account_id}/ELBAccessLogTestFile"

    def observe(self) -> Reads[Facts | None]:
        answer = yield Read(
            "elbv2",
            "DescribeLoadBalancerAttributes",
            {"LoadBalancerArn": self.load_balancer_arn},
            absent=("LoadBalancerNotFound",),
        )
        if answer is None:
            return None
        kept = {one["Key"]: one.get("Value") or "" for one in answer["Attributes"]}
        file = yield Read(
            "s3",
            "HeadObject",
            {"Bucket": self.bucket, "Key": self.test_file},
            absent=("404", "NoSuchKey", "NoSuchBucket", "NotFound"),
        )
        return {
            **{key: kept.get(key, "") for key in self._wanted()},
            "test_file": self.test_file if file is not None else None,
        }

    def differences(self, found: Facts | None) -> Differences:
        have: Facts = found or {}
        wrong = tuple(
            Difference(key, have.get(key), value)
            for key, value in self._wanted().items()
            if have.get(key) != value
        )
        if wrong or found is None or found["test_file"] is not None:
            return wrong
        reason = "ELB writes it within seconds when the bucket's policy and encryption let it"
        return (Difference("test_file", None, self.test_file, reason, settles=True),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write(
            "elbv2",
            "ModifyLoadBalancerAttributes",
            {
                "LoadBalancerArn": self.load_balancer_arn,
                "Attributes": [
                    {"Key": key, "Value": value}
                    for key, value in self._wanted().items()
                    # AWS takes no empty prefix; one that is there must be cleared all the same.
                    if value or (found or {}).get(key)
                ],
            },
            title=f"Send access logs to s3://{self.bucket}/{self.prefix or ''}",
        )

    def waiting_for(self, found: Facts | None) -> str:
        return f"the test file {self.test_file} in {self.bucket}"

    def _wanted(self) -> dict[str, str]:
        return {
            "access_logs.s3.enabled": "true",
            "access_logs.s3.bucket": self.bucket,
            "access_logs.s3.prefix": self.prefix or "",
        }
