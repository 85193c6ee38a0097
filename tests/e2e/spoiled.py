"""What a run has made, changed by hand since: another run has to mend it, call by call."""

from typing import Any

from tests.e2e.account import Account
from tests.e2e.under_policy import REGIONS

OLD_DOCUMENT = """schemaVersion: "2.2"
mainSteps:
  - action: aws:runShellScript
    name: old
    inputs:
      runCommand: [systemctl restart core]
"""


def spoil(account: Account, name: str) -> None:
    """Change what the checklist's run has made, with all rights."""
    account.order("policies", policies=None)
    {"add-load-balancer": _balancer, "add-region": _region}[name](account)


def _balancer(account: Account) -> None:
    region = REGIONS["add-load-balancer"]
    elb, ec2, s3 = (account.client(one, region) for one in ("elbv2", "ec2", "s3"))
    made = max(elb.describe_load_balancers()["LoadBalancers"], key=lambda one: one["CreatedTime"])
    arn = made["LoadBalancerArn"]
    for listener in elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]:
        if listener["Protocol"] == "HTTPS":
            elb.modify_listener(
                ListenerArn=listener["ListenerArn"], SslPolicy="ELBSecurityPolicy-2016-08"
            )
    for group in elb.describe_target_groups(LoadBalancerArn=arn)["TargetGroups"]:
        elb.modify_target_group(
            TargetGroupArn=group["TargetGroupArn"], HealthCheckPath="/elsewhere"
        )
    mine = [{"Name": "vpc-id", "Values": [made["VpcId"]]}]
    groups = ec2.describe_security_groups(Filters=mine)["SecurityGroups"]
    spare = [one["GroupId"] for one in groups if one["GroupId"] not in made["SecurityGroups"]]
    elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=spare[:1])
    zones = [one["SubnetId"] for one in made["AvailabilityZones"]]
    elb.set_subnets(LoadBalancerArn=arn, Subnets=zones[:2])
    attributes = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    logs = {one["Key"]: one["Value"] for one in attributes}["access_logs.s3.bucket"]
    s3.delete_public_access_block(Bucket=logs)
    s3.put_bucket_encryption(
        Bucket=logs,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
        },
    )


def _region(account: Account) -> None:
    region = REGIONS["add-region"]
    ec2, rds, ssm, logs = (account.client(one, region) for one in ("ec2", "rds", "ssm", "logs"))
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    ec2.modify_vpc_attribute(VpcId=vpc["VpcId"], EnableDnsHostnames={"Value": False})
    for endpoint in ec2.describe_vpc_endpoints()["VpcEndpoints"]:
        if tables := endpoint.get("RouteTableIds"):
            ec2.modify_vpc_endpoint(
                VpcEndpointId=endpoint["VpcEndpointId"], RemoveRouteTableIds=tables
            )
    for cluster in rds.describe_db_clusters()["DBClusters"]:
        rds.modify_db_cluster(
            DBClusterIdentifier=cluster["DBClusterIdentifier"],
            BackupRetentionPeriod=1,
            DeletionProtection=False,
            ApplyImmediately=True,
        )
    for instance in rds.describe_db_instances()["DBInstances"]:
        rds.modify_db_instance(
            DBInstanceIdentifier=instance["DBInstanceIdentifier"],
            AutoMinorVersionUpgrade=not instance.get("AutoMinorVersionUpgrade", True),
            ApplyImmediately=True,
        )
    own: list[dict[str, Any]] = [{"Key": "Owner", "Values": ["Self"]}]
    for document in ssm.list_documents(Filters=own)["DocumentIdentifiers"]:
        if document["Name"] != "RestartCoreContainer":
            continue
        version = ssm.update_document(
            Name=document["Name"],
            Content=OLD_DOCUMENT,
            DocumentFormat="YAML",
            DocumentVersion="$LATEST",
        )["DocumentDescription"]["DocumentVersion"]
        ssm.update_document_default_version(Name=document["Name"], DocumentVersion=version)
    logs.create_log_group(logGroupName="/made/by/hand")
