"""Actions of the printed policies that no run on the demo account uses, neither the first nor one
that mends what was changed by hand, each with the reason why it is there all the same."""

from collections.abc import Mapping

DEPENDENT: Mapping[str, tuple[str, str]] = {
    "ecr:BatchGetImage": ("lambda.CreateFunction", "ImageUri"),
    "ecr:GetDownloadUrlForLayer": ("lambda.CreateFunction", "ImageUri"),
    "ecr:GetRepositoryPolicy": ("lambda.CreateFunction", "ImageUri"),
    "ecr:SetRepositoryPolicy": ("lambda.CreateFunction", "ImageUri"),
    "iam:CreateServiceLinkedRole": ("elbv2.CreateLoadBalancer", "the account's first"),
    "kms:CreateGrant": ("lambda.CreateFunction", "KMSKeyArn"),
    "kms:Decrypt": ("lambda.CreateFunction", "KMSKeyArn"),
    "kms:Encrypt": ("lambda.CreateFunction", "KMSKeyArn"),
    "s3:GetObject": ("lambda.CreateFunction", "S3Bucket"),
}
"""What AWS does in the caller's name: by which call, and with which parameter of it."""

RARE: Mapping[str, str] = {
    "account:ListRegions": "choosing the region in the wizard, which a run without a screen skips",
    "ec2:ImportKeyPair": "a public key was given; the default answer gives none",
    "kinesis:DescribeStreamSummary": "a function is triggered by a stream",
    "lambda:PutRuntimeManagementConfig": "the source function pins its runtime",
    "lambda:UpdateFunctionCode": "the imported function's code was changed since",
    "lambda:UpdateFunctionConfiguration": "the imported function was changed since",
    "route53:GetHostedZone": "names are asked for in a zone of which no suffix is known",
    "s3:PutAccelerateConfiguration": "the reference bucket has it",
    "s3:PutAnalyticsConfiguration": "the reference bucket has it",
    "s3:PutBucketWebsite": "the reference bucket has it",
    "s3:PutIntelligentTieringConfiguration": "the reference bucket has it",
    "s3:PutObject": "a function's code is too large to be sent with the call",
    "servicequotas:GetAWSDefaultServiceQuota": "the account has no quota of its own",
    "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota": "a quota is too small",
    "servicequotas:RequestServiceQuotaIncrease": "a quota is too small, and the operator asks",
    "sns:Unsubscribe": "a pending subscription is begun anew",
    "ssm:GetParameters": "a person opens the dropdown of regions, which the default answer skips",
    "tag:GetResources": "several owners are in use",
}
"""When a step makes the call itself."""

MET: Mapping[str, str] = {
    "cloudwatch:ListMetrics": "an alarm has no data, and its metric is looked for",
    "ec2:CreateDefaultVpc": "the region has no default VPC, as when it was deleted",
    "elasticloadbalancing:SetIpAddressType": "the balancer that is there has another address type",
    "iam:GetAccountAuthorizationDetails": "a policy of the runbook is not there under its name",
    "iam:GetPolicy": "a policy is attached to the role of a function whose logs are looked for",
    "kms:DescribeKey": "a topic is encrypted with a key of the account",
    "kms:GetKeyPolicy": "a topic is encrypted with a key of the account",
    "lambda:CreateEventSourceMapping": "a function is triggered by a queue or a stream",
    "logs:CreateLogGroup": "a function's role may not make its own log group",
    "s3:DescribeJob": "a job of an earlier run copies what was there before",
    "s3:PutBucketNotification": "the reference bucket has it",
    "s3:PutBucketObjectLockConfiguration": "the reference bucket has it",
    "s3:PutBucketPublicAccessBlock": "the bucket that is there does not block public access",
    "s3:PutBucketRequestPayment": "the reference bucket has it",
    "s3:PutEncryptionConfiguration": "the bucket that is there is encrypted otherwise",
}
"""What a step's case shows, where an account is as none of the runs meets it."""
