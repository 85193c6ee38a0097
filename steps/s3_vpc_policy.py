"""The bucket policy that lets everything in one VPC read, as the runbook has it, checked first."""

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from steps.s3_policy import PolicyStatements, Statement
from wizard.effects import Facts, Json, Read
from wizard.errors import DeniedError, UnreachableError
from wizard.step import Difference, Differences, Reads, step

SID = "Stmt1594127148960"
POLICY_ID = "Policy1594127151493"
_VPC = re.compile(r"vpc-([0-9a-f]{8}|[0-9a-f]{17})")


@step("s3.vpc_read_policy")
class VpcReadPolicy(PolicyStatements, frozen=True, kw_only=True):
    """Whoever comes out of `vpc_id` through a VPC endpoint may read the bucket's objects; with the
    scope `vpc-and-account`, only with credentials of this account.

    The document is checked by IAM Access Analyzer before it is written.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
    https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("analyzer",)
    """Whether the caller may ask Access Analyzer."""

    vpc_id: str
    scope: Literal["vpc", "vpc-and-account"] = "vpc"
    partition: str = "aws"

    def title(self) -> str:
        return f"Let {self.vpc_id} read {self.bucket}"

    def empty(self) -> Mapping[str, Any]:
        return {"Version": "2012-10-17", "Id": POLICY_ID}

    def wanted(self) -> tuple[Statement, ...]:
        arn = f"arn:{self.partition}:s3:::{self.bucket}"
        tied = {"aws:sourceVpc": self.vpc_id}
        if self.scope == "vpc-and-account":
            tied["aws:PrincipalAccount"] = self.account_id
        return (
            {
                "Sid": SID,
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": [f"{arn}/*", arn],
                "Condition": {"StringEquals": tied},
            },
        )

    def observe(self) -> Reads[Facts | None]:
        vpcs = []
        if _VPC.fullmatch(self.vpc_id):
            vpcs = yield Read(
                "ec2",
                "DescribeVpcs",
                {"VpcIds": [self.vpc_id]},
                pages="Vpcs",
                absent=("InvalidVpcID.NotFound",),
            )
        policy = yield from super().observe()
        found: dict[str, Json] = {"policy": None, "public": False, **(policy or {})}
        findings = yield from self._findings(found["policy"])
        return {**found, "vpc": vpcs[0]["VpcId"] if vpcs else None, **findings}

    def _findings(self, policy: Mapping[str, Any] | None) -> Reads[dict[str, Json]]:
        """What Access Analyzer says of the policy as it is to be."""
        try:
            findings = yield Read(
                "accessanalyzer",
                "ValidatePolicy",
                {
                    "policyDocument": json.dumps(self.document(policy)),
                    "policyType": "RESOURCE_POLICY",
                    "validatePolicyResourceType": "AWS::S3::Bucket",
                },
                pages="findings",
            )
        except (DeniedError, UnreachableError) as error:
            # A check on top of S3's own: without it the policy is written all the same.
            return {"findings": [], "analyzer": f"not asked: {error.what}"}
        shown = [
            {
                "type": one["findingType"],
                "code": one["issueCode"],
                "what": one["findingDetails"],
            }
            for one in findings
        ]
        return {"findings": shown, "analyzer": "asked"}

    def refused(self, found: Facts | None) -> Differences:
        if not _VPC.fullmatch(self.vpc_id):
            return (
                Difference(
                    "vpc",
                    self.vpc_id,
                    "a VPC's id",
                    reason=f"{self.vpc_id!r} is no VPC's id: S3 would take it, and nobody could "
                    "read the bucket.",
                    fixable=False,
                ),
            )
        if found and found["vpc"] is None:
            return (
                Difference(
                    "vpc",
                    None,
                    self.vpc_id,
                    reason=f"There is no {self.vpc_id} in this region: choose one that exists.",
                    fixable=False,
                ),
            )
        return tuple(
            Difference(
                f"finding {one['code']}",
                one["what"],
                None,
                reason=f"IAM Access Analyzer refuses the policy: {one['what']} Nothing is written.",
                fixable=False,
            )
            for one in (found["findings"] if found else ())
            if one["type"] == "ERROR"
        )
