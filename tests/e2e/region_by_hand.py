"""What somebody changes by hand of what the region's run made, item by item."""

import json
from collections.abc import Mapping
from typing import Any

from tests.e2e.by_hand import BALANCER, REGION, TAGS, Change, alarm, arn, by, unsubscribe
from tests.simulator.conftest import Client

SAAS, LOGS = "supertokens-saas-eu-central-2", "supertokens-s3-access-logs-eu-central-2"
CLUSTER = "supertokens-prod-eu-central-2"
_CORS = {"CORSRules": [{"AllowedMethods": ["PUT"], "AllowedOrigins": ["*"]}]}


def _open(client: Client, found: Mapping[str, Any]) -> object:
    return client("ec2", REGION).authorize_security_group_ingress(
        GroupId=found["group_id"],
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 8080,
                "ToPort": 8080,
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            }
        ],
    )


def _policy(client: Client, found: Mapping[str, Any]) -> object:
    """A version that allows everything, as the default one; the oldest goes for it."""
    iam, arn = client("iam", BALANCER), found["arns"][0]
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    for one in [one for one in versions if not one["IsDefaultVersion"]][:1]:
        iam.delete_policy_version(PolicyArn=arn, VersionId=one["VersionId"])
    all_ = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [all_]})
    return iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)


BY_HAND: Mapping[str, Change] = {
    "pre.vpc.default": by("ec2", "create_vpc", CidrBlock="10.99.0.0/16"),
    "pre.vpc": by(
        "ec2",
        "create_tags",
        Resources=lambda found: [found["vpc_id"]],
        Tags=[{"Key": "Name", "Value": "renamed"}],
    ),
    "pre.cert": by("acm", "delete_certificate", CertificateArn=arn),
    **{
        f"region.sns.topic.{name}": by(
            "sns",
            "set_topic_attributes",
            TopicArn=arn,
            AttributeName="KmsMasterKeyId",
            AttributeValue="alias/aws/sns",
        )
        for name in ("ec2", "elb", "lambda", "rds")
    },
    **{f"region.sns.sub.{name}": unsubscribe(REGION) for name in ("ec2", "elb", "lambda", "rds")},
    "region.sns.proof": by(
        "cloudwatch", "disable_alarm_actions", AlarmNames=lambda found: [found["alarm"]]
    ),
    "region.s3.saas.create": by("s3", "put_bucket_cors", Bucket=SAAS, CORSConfiguration=_CORS),
    "region.s3.logs.create": by("s3", "put_bucket_cors", Bucket=LOGS, CORSConfiguration=_CORS),
    "region.s3.logs.policy": by("s3", "delete_bucket_policy", Bucket=LOGS),
    "region.s3.saas.policy": by("s3", "delete_bucket_policy", Bucket=SAAS),
    "region.s3.saas.bpa": by("s3", "delete_public_access_block", Bucket=SAAS),
    "region.iam.s3sslupdater": _policy,
    "region.iam.listbucketitems": _policy,
    "region.iam.s3crr": _policy,
    "region.s3.ssl.replication": by(
        "s3", "delete_bucket_replication", "eu-west-1", Bucket="supertokens-ssl"
    ),
    "region.s3.ssl.backfill": lambda client, _found: [
        client("s3", REGION).delete_object(Bucket=SAAS, Key=one["Key"])
        for one in client("s3", REGION).list_objects_v2(Bucket=SAAS, MaxKeys=1)["Contents"]
    ],
    "region.s3.tags": by("s3", "put_bucket_tagging", Bucket=SAAS, Tagging=TAGS),
    "region.s3.saas.logging": by("s3", "put_bucket_logging", Bucket=SAAS, BucketLoggingStatus={}),
    "region.r53.zone": lambda client, found: client(
        "route53", BALANCER
    ).disassociate_vpc_from_hosted_zone(
        HostedZoneId=found["zone_id"],
        VPC={"VPCRegion": REGION, "VPCId": found["vpcs"][0].partition("/")[2]},
    ),
    **{f"region.ec2.sg.{name}": _open for name in ("nginx", "devpg", "ping", "default", "team")},
    "region.rds.cluster": by(
        "rds",
        "modify_db_cluster",
        DBClusterIdentifier=CLUSTER,
        DeletionProtection=False,
        ApplyImmediately=True,
    ),
    "region.rds.instance": by(
        "rds",
        "modify_db_instance",
        DBInstanceIdentifier=f"{CLUSTER}-reader",
        AutoMinorVersionUpgrade=False,
        ApplyImmediately=True,
    ),
    "region.rds.tags": lambda client, _found: client("rds", REGION).remove_tags_from_resource(
        ResourceName=client("rds", REGION).describe_db_instances(
            DBInstanceIdentifier=f"{CLUSTER}-writer"
        )["DBInstances"][0]["DBInstanceArn"],
        TagKeys=["VantaOwner"],
    ),
    "region.rds.alarm.memory": alarm(REGION, Threshold=1.0),
    "region.rds.alarm.storage": alarm(REGION, AlarmActions=[]),
    "region.rds.alarm.cpu": alarm(REGION, Threshold=99.0),
    "region.rds.alarm.readiops": alarm(REGION, TreatMissingData="ignore"),
    "region.ssm.docs": by("ssm", "delete_document", Name="StartUpdateNginx"),
    "region.lambda.roles": lambda client, _found: [
        client("iam", BALANCER).delete_role_policy(RoleName="lambda-saas-execution", PolicyName=one)
        for one in client("iam", BALANCER).list_role_policies(RoleName="lambda-saas-execution")[
            "PolicyNames"
        ]
    ],
    "region.lambda.layers": by(
        "lambda", "delete_layer_version", LayerName="supertokens-common", VersionNumber=1
    ),
    "region.lambda.import": by(
        "lambda",
        "update_function_configuration",
        FunctionName="saas-core-scale-worker",
        MemorySize=3008,
    ),
    "region.lambda.triggers": by(
        "lambda",
        "put_function_concurrency",
        FunctionName="saas-email-sender",
        ReservedConcurrentExecutions=1,
    ),
    "region.lambda.alarm.errors": lambda client, _found: client("cloudwatch", REGION).delete_alarms(
        AlarmNames=[
            one["AlarmName"]
            for one in client("cloudwatch", REGION).describe_alarms()["MetricAlarms"]
            if one["Namespace"] == "AWS/Lambda"
        ][:1]
    ),
    "region.vpc.s3endpoint": by(
        "ec2", "delete_vpc_endpoints", VpcEndpointIds=lambda found: list(found["endpoints"])
    ),
    "region.vpc.flowlogs": by(
        "ec2",
        "delete_flow_logs",
        FlowLogIds=lambda found: [one["id"] for one in found["flow_logs"]],
    ),
    "region.logs.retention": lambda client, _found: client("logs", REGION).create_log_group(
        logGroupName="/by/hand"
    ),
}

AFTERWARDS: Mapping[str, Change] = {
    "pre.region.optin": lambda client, found: client("account", BALANCER).disable_region(
        RegionName=found["region"]
    ),
}

UNTOUCHED: Mapping[str, str] = {
    "pre.identity": "another account is refused before anything is read",
    "pre.reference": "not comparable: nothing of the reference region is asserted",
    "pre.region.fit": "not comparable: there was room for what has been made since",
    "region.logs.groups": "it did not apply",
    "region.final.devinstance": "a person's word; instances come and go",
    "region.final.sshkeys": "a person's word; the region had no keys",
}
