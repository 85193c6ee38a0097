"""Actions of the printed policies that neither a run on the demo account nor a step's case uses,
each with the reason why it is there all the same."""

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
