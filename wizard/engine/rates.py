"""Known rates of AWS operations, in calls a second for an account and region.

From the service quotas pages of the AWS General Reference and of each service's own guide; what
is not listed is not paced until AWS asks to slow down.
"""

BURST = 1.0
"""Seconds' worth of calls that may leave at once."""

LAMBDA = (
    "AddPermission",
    "CreateEventSourceMapping",
    "CreateFunction",
    "GetFunctionCodeSigningConfig",
    "GetFunctionConfiguration",
    "GetFunctionEventInvokeConfig",
    "GetLayerVersion",
    "GetLayerVersionByArn",
    "GetRuntimeManagementConfig",
    "ListAliases",
    "ListEventSourceMappings",
    "ListFunctionUrlConfigs",
    "ListLayerVersions",
    "ListProvisionedConcurrencyConfigs",
)

RATES: dict[tuple[str, str], float] = {
    ("cloudwatch", "PutMetricAlarm"): 3,
    ("cloudwatch", "DescribeAlarms"): 9,
    ("cloudwatch", "SetAlarmState"): 3,
    ("cloudwatch", "DeleteAlarms"): 3,
    ("cloudwatch", "ListMetrics"): 25,
    ("cloudwatch", "GetMetricData"): 50,
    ("logs", "PutRetentionPolicy"): 10,
    ("logs", "DescribeLogGroups"): 10,
    ("route53", "ChangeResourceRecordSets"): 5,
    ("route53", "ListResourceRecordSets"): 5,
    ("route53", "ListHostedZones"): 5,
    ("route53", "GetChange"): 5,
    ("route53", "TestDNSAnswer"): 5,
    ("elbv2", "CreateLoadBalancer"): 10,
    ("elbv2", "CreateTargetGroup"): 10,
    ("elbv2", "CreateListener"): 10,
    ("elbv2", "DescribeLoadBalancers"): 10,
    ("elbv2", "DescribeTargetHealth"): 10,
    ("elbv2", "ModifyLoadBalancerAttributes"): 10,
    ("sns", "CreateTopic"): 30,
    ("sns", "Subscribe"): 30,
    ("sns", "ListTopics"): 30,
    ("iam", "CreatePolicyVersion"): 5,
    ("ssm", "CreateDocument"): 3,
    ("ssm", "GetDocument"): 10,
    # Fifteen a second for all of Lambda's together, GetFunction and GetPolicy aside: a part of it
    # for each of those that an import asks of every function.
    # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    ("lambda", "GetFunction"): 100,
    ("lambda", "GetPolicy"): 15,
    **{("lambda", operation): 5 for operation in LAMBDA},
    ("rds", "DescribeDBInstances"): 20,
    ("acm", "ListCertificates"): 8,
    ("acm", "DescribeCertificate"): 10,
    ("ec2", "RunInstances"): 2,
}
