"""The bucket policy under which load balancers deliver their access logs."""

from collections.abc import Mapping
from typing import Literal

from steps.s3_policy import PolicyStatements, Statement
from wizard.effects import Facts
from wizard.errors import StepError
from wizard.step import Difference, Differences, step

SID = "st-wizard-elb-logs"
SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com"

# Elastic Load Balancing's own accounts, which regions launched before August 2022 still accept.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
LEGACY_ACCOUNTS: Mapping[str, str] = {
    "af-south-1": "098369216593",
    "ap-east-1": "754344448648",
    "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887",
    "ap-northeast-3": "383597477331",
    "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251",
    "cn-north-1": "638102146993",
    "cn-northwest-1": "037604701340",
    "eu-central-1": "054676820928",
    "eu-north-1": "897822967062",
    "eu-south-1": "635631232127",
    "eu-west-1": "156460612806",
    "eu-west-2": "652711504416",
    "eu-west-3": "009996457667",
    "me-south-1": "076674570225",
    "sa-east-1": "507241528517",
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-gov-east-1": "190560391635",
    "us-gov-west-1": "048591011584",
    "us-west-1": "027434742980",
    "us-west-2": "797873946194",
}


@step("s3.elb_log_policy")
class ElbLogPolicy(PolicyStatements, frozen=True, kw_only=True):
    """Load balancers of this account and region may write their logs; all else stays as it is.

    `legacy` names the region's own ELB account instead of the service, for a bucket to which
    the service does not deliver.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """

    region: str
    prefix: str = ""
    partition: str = "aws"
    principal: Literal["service", "legacy"] = "service"

    @property
    def statement(self) -> Statement:
        """The one statement that is ours. StepError where a region has no legacy account."""
        folder = f"{self.prefix.strip('/')}/" if self.prefix.strip("/") else ""
        grant = {
            "Sid": SID,
            "Effect": "Allow",
            "Action": "s3:PutObject",
            "Resource": f"arn:{self.partition}:s3:::{self.bucket}/{folder}"
            f"AWSLogs/{self.account_id}/*",
        }
        if self.principal == "legacy":
            if self.region not in LEGACY_ACCOUNTS:
                raise StepError(
                    f"{self.region} has no ELB account of its own.",
                    where=f"bucket policy of {self.bucket}",
                    todo="Use the service principal: it is the only one that works there.",
                )
            root = f"arn:{self.partition}:iam::{LEGACY_ACCOUNTS[self.region]}:root"
            return {**grant, "Principal": {"AWS": root}}
        source = (
            f"arn:{self.partition}:elasticloadbalancing:{self.region}:{self.account_id}"
            ":loadbalancer/*"
        )
        return {
            **grant,
            "Principal": {"Service": SERVICE},
            "Condition": {"ArnLike": {"aws:SourceArn": source}},
        }

    def wanted(self) -> tuple[Statement, ...]:
        return (self.statement,)

    def title(self) -> str:
        return f"Let load balancers of {self.region} write their logs to {self.bucket}"

    def refused(self, found: Facts | None) -> Differences:
        if "AWSLogs" in self.prefix:
            return (
                Difference(
                    "prefix",
                    self.prefix,
                    self.prefix.replace("AWSLogs", "").strip("/"),
                    reason="The prefix must not hold AWSLogs: the load balancer adds it itself.",
                    fixable=False,
                ),
            )
        return ()
