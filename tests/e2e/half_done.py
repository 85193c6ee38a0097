"""A region half done by hand, months ago and by somebody else: what is right, what differs, and
what is none of the runbook's business."""

import json
from typing import Any

import httpx

from tests.e2e.account import Account, until

REGION = "ap-southeast-2"
SAAS = f"supertokens-saas-{REGION}"
EC2_TOPIC = "CloudWatch_Alarms_AP_Southeast_2_EC2"
ELB_TOPIC = "CloudWatchAlarmsAP_Southeast_2_ELB"
"""In the runbook's other spelling."""
CLUSTER = f"supertokens-prod-{REGION}"
FOREIGN = {
    "Sid": "BackupsOfAnotherTeam",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::727772838801:role/backup"},
    "Action": "s3:ListBucket",
    "Resource": f"arn:aws:s3:::{SAAS}",
}
TAG = {"Key": "Team", "Value": "core"}
SAME, OTHER_CODE, OTHER_MEMORY = "saas-onboarding-webhook", "saas-data-export", "saas-ssl-renewal"
RETENTIONS = {"/aws/lambda/ours": 30, "/aws/rds/audit": 731, "/aws/codebuild/docs": None}
DOCUMENT = "RestartCoreContainer"
OLD_DOCUMENT = """schemaVersion: "2.2"
mainSteps:
  - action: aws:runShellScript
    name: old
    inputs:
      runCommand: [systemctl restart core]
"""
ALARM = f"db-{CLUSTER} CPUUtilization"
MORE_TABLE = "private"


def make(account: Account, address: str) -> None:
    """Do it by hand, as `address`'s channel and with the consoles of the services."""
    vpc = _network(account)
    _topics(account, address)
    _bucket(account)
    _policy(account)
    _zone(account, vpc)
    _cluster(account)
    _functions(account)
    here = account.client("logs", REGION)
    for name, days in RETENTIONS.items():
        here.create_log_group(logGroupName=name)
        if days:
            here.put_retention_policy(logGroupName=name, retentionInDays=days)
    account.client("ssm", REGION).create_document(
        Name=DOCUMENT,
        DocumentType="Command",
        DocumentFormat="YAML",
        Content=OLD_DOCUMENT,
    )
    account.client("cloudwatch", REGION).put_metric_alarm(
        AlarmName=ALARM,
        Namespace="AWS/RDS",
        MetricName="CPUUtilization",
        Dimensions=[{"Name": "DBClusterIdentifier", "Value": CLUSTER}],
        Statistic="Maximum",
        Period=900,
        EvaluationPeriods=1,
        Threshold=95,
        ComparisonOperator="GreaterThanThreshold",
    )


def vpc_of(account: Account) -> str:
    """The default VPC."""
    ec2 = account.client("ec2", REGION)
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return str(vpc["VpcId"])


def _network(account: Account) -> str:
    ec2, vpc = account.client("ec2", REGION), vpc_of(account)
    mine = [{"Name": "vpc-id", "Values": [vpc]}]
    (main,) = ec2.describe_route_tables(Filters=mine)["RouteTables"]
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[main["RouteTableId"]],
    )
    ec2.create_route_table(VpcId=vpc)
    (default,) = ec2.describe_security_groups(
        Filters=[*mine, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    ec2.authorize_security_group_ingress(
        GroupId=default["GroupId"], IpPermissions=[_rule(8080, "10.1.0.0/16", "monitoring")]
    )
    ping = ec2.create_security_group(GroupName="ping-ssh", Description="by hand", VpcId=vpc)
    ec2.authorize_security_group_ingress(
        GroupId=ping["GroupId"], IpPermissions=[_rule(22, "0.0.0.0/0", "temporary")]
    )
    return vpc


def close_ssh(account: Account) -> None:
    """What the person does whom the wizard asks for it."""
    ec2 = account.client("ec2", REGION)
    (ping,) = ec2.describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["ping-ssh"]}]
    )["SecurityGroups"]
    ec2.revoke_security_group_ingress(
        GroupId=ping["GroupId"], IpPermissions=[_rule(22, "0.0.0.0/0", "temporary")]
    )


def _rule(port: int, source: str, why: str) -> dict[str, Any]:
    return {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "IpRanges": [{"CidrIp": source, "Description": why}],
    }


def _topics(account: Account, address: str) -> None:
    sns = account.client("sns", REGION)
    ec2, elb = (sns.create_topic(Name=name)["TopicArn"] for name in (EC2_TOPIC, ELB_TOPIC))
    for topic in (ec2, elb):
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=address)
    inbox = account.ready.inbox_url
    (mail,) = (
        mail
        for mail in httpx.get(f"{inbox}/mails.json").json()
        if mail["topic_arn"] == elb and mail["link"]
    )
    httpx.get(f"{inbox}/confirm", params={"mail": mail["id"]}).raise_for_status()


def _bucket(account: Account) -> None:
    s3 = account.client("s3", REGION)
    s3.create_bucket(Bucket=SAAS, CreateBucketConfiguration={"LocationConstraint": REGION})
    policy = {"Version": "2012-10-17", "Statement": [FOREIGN]}
    s3.put_bucket_policy(Bucket=SAAS, Policy=json.dumps(policy))
    s3.put_bucket_tagging(Bucket=SAAS, Tagging={"TagSet": [TAG]})


def _policy(account: Account) -> None:
    """listBucketItems names the bucket already."""
    iam = account.client("iam", "us-east-1")
    (policy,) = (
        one
        for one in iam.list_policies(Scope="Local")["Policies"]
        if one["PolicyName"] == "listBucketItems"
    )
    at = {"PolicyArn": policy["Arn"], "VersionId": policy["DefaultVersionId"]}
    document = iam.get_policy_version(**at)["PolicyVersion"]["Document"]
    document["Statement"][0]["Resource"].append(f"arn:aws:s3:::{SAAS}")
    iam.create_policy_version(
        PolicyArn=policy["Arn"], PolicyDocument=json.dumps(document), SetAsDefault=True
    )


def _zone(account: Account, vpc: str) -> None:
    account.client("route53", "us-east-1").create_hosted_zone(
        Name=f"{REGION}.dns",
        VPC={"VPCRegion": REGION, "VPCId": vpc},
        CallerReference="by hand",
        HostedZoneConfig={"Comment": "by hand", "PrivateZone": True},
    )


def _cluster(account: Account) -> None:
    """Without instances, and with a backup of one day."""
    rds, ec2 = account.client("rds", REGION), account.client("ec2", REGION)
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]]
    rds.create_db_subnet_group(
        DBSubnetGroupName="by-hand", DBSubnetGroupDescription="by hand", SubnetIds=subnets
    )
    rds.create_db_cluster(
        DBClusterIdentifier=CLUSTER,
        Engine="aurora-postgresql",
        DBSubnetGroupName="by-hand",
        MasterUsername="postgres",
        ManageMasterUserPassword=True,
        StorageEncrypted=True,
        BackupRetentionPeriod=1,
    )

    def available() -> bool:
        (one,) = rds.describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"]
        return bool(one["Status"] == "available")

    until(available, "the cluster is available")


def _functions(account: Account) -> None:
    """One as it is in eu-west-1, one of other code and one with less memory, without layers."""
    there, here = account.client("lambda", "eu-west-1"), account.client("lambda", REGION)
    for name in (SAME, OTHER_CODE, OTHER_MEMORY):
        found = there.get_function(FunctionName=name)
        settings = found["Configuration"]
        code = httpx.get(found["Code"]["Location"]).content
        if name == OTHER_CODE:
            code = httpx.get(there.get_function(FunctionName=SAME)["Code"]["Location"]).content
        here.create_function(
            FunctionName=name,
            Runtime=settings["Runtime"],
            Role=settings["Role"],
            Handler=settings["Handler"],
            Code={"ZipFile": code},
            Architectures=settings["Architectures"],
            Description=settings["Description"],
            Timeout=settings["Timeout"],
            MemorySize=128 if name == OTHER_MEMORY else settings["MemorySize"],
            Environment={
                "Variables": {
                    key: value.replace("eu-west-1", REGION)
                    for key, value in settings["Environment"]["Variables"].items()
                }
            },
            Tags=found.get("Tags", {}),
        )
