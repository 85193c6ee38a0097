"""Known rates of AWS operations, in calls a second for an account and region.

From the service quotas pages of the AWS General Reference and of each service's own guide; what
is not listed is not paced until AWS asks to slow down.
"""

BURST = 1.0
"""Seconds' worth of calls that may leave at once."""

RATES: dict[tuple[str, str], float] = {
    ("cloudwatch", "PutMetricAlarm"): 3,
    ("cloudwatch", "DescribeAlarms"): 9,
    ("cloudwatch", "SetAlarmState"): 3,
    ("cloudwatch", "DeleteAlarms"): 3,
    ("cloudwatch", "ListMetrics"): 25,
    ("cloudwatch", "GetMetricData"): 50,
    ("logs", "PutRetentionPolicy"): 10,
    ("logs", "DescribeLogGroups"): 10,
    ("logs", "CreateLogGroup"): 10,
    ("logs", "PutMetricFilter"): 5,
    ("logs", "DescribeMetricFilters"): 5,
    ("logs", "PutSubscriptionFilter"): 5,
    ("logs", "ListTagsForResource"): 5,
    ("logs", "TagResource"): 5,
    ("cloudwatch", "TagResource"): 5,
    ("cloudwatch", "ListTagsForResource"): 10,
    ("cloudwatch", "PutDashboard"): 10,
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
    ("iam", "CreateRole"): 5,
    ("iam", "PutRolePolicy"): 5,
    ("iam", "AttachRolePolicy"): 5,
    ("iam", "GetRole"): 15,
    ("iam", "ListRoles"): 10,
    ("ssm", "CreateDocument"): 3,
    ("ssm", "GetDocument"): 10,
    ("ssm", "PutParameter"): 3,
    ("ssm", "GetParameter"): 40,
    ("ssm", "GetParameters"): 40,
    ("ssm", "DescribeInstanceInformation"): 10,
    ("ssm", "CreateAssociation"): 5,
    ("ssm", "ListAssociations"): 10,
    ("s3", "CreateBucket"): 5,
    ("s3", "ListBuckets"): 5,
    ("s3", "PutBucketPolicy"): 5,
    ("s3", "PutBucketReplication"): 5,
    ("lambda", "GetFunction"): 100,
    ("lambda", "GetPolicy"): 15,
    ("lambda", "Invoke"): 100,
    ("rds", "DescribeDBInstances"): 20,
    ("acm", "ListCertificates"): 8,
    ("acm", "DescribeCertificate"): 10,
    ("ec2", "RunInstances"): 2,
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
    ("cloudtrail", "LookupEvents"): 2,
}

SHARED: dict[str, float] = {"lambda": 15}
"""Services whose operations that are not listed above have one rate together.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: "Remainder of the control
plane API requests … 15 requests per second across all APIs".
"""
