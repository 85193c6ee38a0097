"""How often each throttling operation may be called: calls a second of account time, and burst.

AWS publishes some of these (the quota pages of CloudWatch, CloudWatch Logs, Route 53 and EC2); for
the rest a rate of the same order is taken. Each bucket is of one account, region and operation.
"""

from typing import NamedTuple


class Rate(NamedTuple):
    """`per_second` calls are refilled each second, up to `burst`."""

    per_second: float
    burst: float


class Refusal(NamedTuple):
    """What the service answers when the bucket is empty."""

    status: int
    code: str
    message: str = "Rate exceeded"


LAMBDA = (
    "AddPermission",
    "CreateAlias",
    "CreateEventSourceMapping",
    "CreateFunction",
    "CreateFunctionUrlConfig",
    "GetFunctionCodeSigningConfig",
    "GetFunctionConfiguration",
    "GetFunctionEventInvokeConfig",
    "GetLayerVersion",
    "GetPolicy",
    "GetRuntimeManagementConfig",
    "ListAliases",
    "ListEventSourceMappings",
    "ListFunctionUrlConfigs",
    "ListFunctions",
    "ListLayerVersions",
    "ListProvisionedConcurrencyConfigs",
    "PublishLayerVersion",
    "PublishVersion",
    "PutFunctionConcurrency",
    "PutFunctionEventInvokeConfig",
    "UpdateFunctionCode",
    "UpdateFunctionConfiguration",
)

RATES: dict[tuple[str, str], Rate] = {
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
    ("cloudwatch", "PutMetricAlarm"): Rate(3, 3),
    ("cloudwatch", "DescribeAlarms"): Rate(9, 9),
    ("cloudwatch", "DeleteAlarms"): Rate(3, 3),
    ("cloudwatch", "ListMetrics"): Rate(25, 25),
    ("cloudwatch", "GetMetricStatistics"): Rate(400, 400),
    ("cloudwatch", "GetMetricData"): Rate(50, 50),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
    ("logs", "PutRetentionPolicy"): Rate(10, 10),
    ("logs", "DescribeLogGroups"): Rate(10, 10),
    ("logs", "CreateLogGroup"): Rate(10, 10),
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html : five a second
    # for all requests of an account; most of a run's weight is these.
    ("route53", "ChangeResourceRecordSets"): Rate(5, 5),
    ("route53", "ListResourceRecordSets"): Rate(5, 20),
    ("route53", "ListHostedZones"): Rate(5, 20),
    ("route53", "GetChange"): Rate(5, 20),
    ("elbv2", "CreateLoadBalancer"): Rate(3, 10),
    ("elbv2", "CreateTargetGroup"): Rate(3, 10),
    ("elbv2", "CreateListener"): Rate(3, 10),
    ("elbv2", "ModifyLoadBalancerAttributes"): Rate(3, 10),
    ("elbv2", "ModifyTargetGroup"): Rate(3, 10),
    ("elbv2", "RegisterTargets"): Rate(10, 20),
    ("elbv2", "DescribeTargetHealth"): Rate(10, 30),
    ("elbv2", "DescribeLoadBalancers"): Rate(10, 40),
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html
    ("ec2", "CreateSecurityGroup"): Rate(5, 25),
    ("ec2", "AuthorizeSecurityGroupIngress"): Rate(5, 25),
    ("ec2", "CreateVpcEndpoint"): Rate(0.3, 4),
    ("ec2", "CreateFlowLogs"): Rate(5, 20),
    ("ec2", "DescribeInstances"): Rate(10, 50),
    ("ec2", "DescribeInstanceStatus"): Rate(10, 50),
    ("sns", "CreateTopic"): Rate(10, 30),
    # Subscribe is limited to 100 a second, topic reads to 30.
    ("sns", "Subscribe"): Rate(20, 100),
    ("sns", "ListTopics"): Rate(30, 30),
    # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html : GetFunction 100,
    # GetPolicy 15, and 15 a second for all the others together; here for each of them.
    ("lambda", "GetFunction"): Rate(100, 100),
    **{("lambda", operation): Rate(15, 15) for operation in LAMBDA},
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html and the quotas of
    # EventBridge Scheduler.
    ("events", "PutRule"): Rate(5, 10),
    ("events", "PutTargets"): Rate(5, 10),
    ("scheduler", "CreateSchedule"): Rate(50, 50),
    ("scheduler", "GetSchedule"): Rate(50, 50),
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
    ("cloudtrail", "LookupEvents"): Rate(2, 2),
    ("ssm", "CreateDocument"): Rate(3, 5),
    ("rds", "CreateDBCluster"): Rate(2, 5),
    ("rds", "CreateDBInstance"): Rate(2, 5),
    ("acm", "ListCertificates"): Rate(8, 8),
    ("acm", "DescribeCertificate"): Rate(10, 10),
}

REFUSALS: dict[str, Refusal] = {
    "ec2": Refusal(503, "RequestLimitExceeded", "Request limit exceeded."),
    "lambda": Refusal(429, "TooManyRequestsException"),
    "s3": Refusal(503, "SlowDown", "Please reduce your request rate."),
    "logs": Refusal(400, "ThrottlingException"),
    "ssm": Refusal(400, "ThrottlingException"),
    "acm": Refusal(400, "ThrottlingException"),
    "cloudtrail": Refusal(400, "ThrottlingException"),
}
USUAL_REFUSAL = Refusal(400, "Throttling")
