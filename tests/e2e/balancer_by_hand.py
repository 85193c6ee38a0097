"""What somebody changes by hand of what the load balancer's run made, item by item."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from tests.e2e.by_hand import BALANCER, TAGS, Change, alarm, arn, by, unsubscribe
from tests.simulator.conftest import Client

_BUCKET = "app-acme-prod-access-logs"


def _elb(operation: str, **fixed: Any) -> Change:
    return lambda client, found: getattr(client("elbv2", BALANCER), operation)(
        **{key: value(found) if callable(value) else value for key, value in fixed.items()}
    )


def _record(client: Client, found: Mapping[str, Any]) -> object:
    """The name back to an address of its own, in one change as the wizard makes it."""
    (record,) = found["records"]
    route53 = client("route53", BALANCER)
    zones = route53.list_hosted_zones()["HostedZones"]
    zone = max(
        (one for one in zones if record["Name"].endswith(one["Name"])),
        key=lambda one: len(one["Name"]),
    )
    address = {
        "Name": record["Name"],
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "192.0.2.1"}],
    }
    return route53.change_resource_record_sets(
        HostedZoneId=zone["Id"],
        ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": address}]},
    )


def _empty_bucket(bucket: str) -> Change:
    def change(client: Client, _found: Mapping[str, Any]) -> object:
        s3 = client("s3", BALANCER)
        listed = s3.list_object_versions(Bucket=bucket)
        for one in [*listed.get("Versions", ()), *listed.get("DeleteMarkers", ())]:
            s3.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])
        return s3.delete_bucket(Bucket=bucket)

    return change


def delete_row(database_url: str, app: str) -> None:
    """The application's row, gone."""
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as database:
        database.execute("DELETE FROM apps_with_load_balancer WHERE app_id = ?", (app,))


BY_HAND: Mapping[str, Change] = {
    "pre.vpc": by(
        "ec2",
        "create_tags",
        BALANCER,
        Resources=lambda found: [found["vpc_id"]],
        Tags=[{"Key": "Name", "Value": "renamed"}],
    ),
    "lb.scale.wait": by(
        "ec2", "stop_instances", BALANCER, InstanceIds=lambda found: found["instance_ids"][:1]
    ),
    "lb.tg.create": _elb("modify_target_group", TargetGroupArn=arn, HealthCheckPath="/other"),
    "lb.tg.targets": lambda client, found: client("elbv2", BALANCER).deregister_targets(
        TargetGroupArn=next(
            one["TargetGroupArn"]
            for one in client("elbv2", BALANCER).describe_target_groups()["TargetGroups"]
            if one["TargetGroupName"] == "app-acme-prod-tg"
        ),
        Targets=[{"Id": found["registered"][-1].partition(":")[0]}],
    ),
    "lb.alb.create": _elb(
        "set_security_groups",
        LoadBalancerArn=arn,
        SecurityGroups=lambda found: found["security_groups"][:2],
    ),
    "lb.listener.create": _elb(
        "modify_listener", ListenerArn=arn, SslPolicy="ELBSecurityPolicy-2016-08"
    ),
    "lb.logs.bucket.policy": by("s3", "delete_bucket_policy", BALANCER, Bucket=_BUCKET),
    "lb.logs.bucket.versioning": by(
        "s3",
        "put_bucket_versioning",
        BALANCER,
        Bucket=_BUCKET,
        VersioningConfiguration={"Status": "Suspended"},
    ),
    "lb.logs.bucket.encryption": by(
        "s3",
        "put_bucket_encryption",
        BALANCER,
        Bucket=_BUCKET,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
        },
    ),
    "lb.logs.bucket.tags": by("s3", "put_bucket_tagging", BALANCER, Bucket=_BUCKET, Tagging=TAGS),
    "lb.logs.bucket.bpa": by("s3", "delete_public_access_block", BALANCER, Bucket=_BUCKET),
    "lb.logs.enable": lambda client, _found: client(
        "elbv2", BALANCER
    ).modify_load_balancer_attributes(
        LoadBalancerArn=_balancer(client),
        Attributes=[{"Key": "access_logs.s3.enabled", "Value": "false"}],
    ),
    "lb.alb.tags": lambda client, _found: client("elbv2", BALANCER).remove_tags(
        ResourceArns=[_balancer(client)], TagKeys=["VantaOwner"]
    ),
    "lb.dns.alias": _record,
    "lb.alarm.elb5xx": alarm(BALANCER, Threshold=1000.0),
    "lb.alarm.latency": alarm(BALANCER, ActionsEnabled=False),
    "lb.alarm.unhealthy": by(
        "cloudwatch",
        "delete_alarms",
        BALANCER,
        AlarmNames=lambda found: [found["arn"].partition(":alarm:")[2]],
    ),
    "lb.cover.one_alive": lambda client, _found: client(
        "elbv2", BALANCER
    ).modify_target_group_attributes(
        TargetGroupArn=next(
            one["TargetGroupArn"]
            for one in client("elbv2", BALANCER).describe_target_groups()["TargetGroups"]
            if one["TargetGroupName"] == "app-acme-prod-tg"
        ),
        Attributes=[
            {"Key": "target_group_health.dns_failover.minimum_healthy_targets.count", "Value": "2"}
        ],
    ),
    "lb.cover.slack": unsubscribe(BALANCER),
}
"""Changes to what the load balancer's run made. Those of `pre` and `lb.cover` that are not named
here look at what the others change."""

AFTERWARDS: Mapping[str, Change] = {
    "lb.logs.bucket.create": _empty_bucket(_BUCKET),
    "pre.cert": lambda client, found: _delete_certificate(client, found["arn"]),
}

UNTOUCHED: Mapping[str, str] = {
    "pre.identity": "another account is refused before anything is read",
    "pre.region.optin": "a region that is always enabled cannot be disabled",
    "pre.region.fit": "not comparable: there was room for what has been made since",
    "pre.reference": "not comparable: nothing of another load balancer is asserted",
    "lb.scale.call": "not comparable: nothing in AWS shows the call",
    "lb.cover.rps": "a person's word on a load test of another day",
    "lb.cover.million": "a person's word; what is shown beside it is the cluster's size",
}


def _balancer(client: Client) -> str:
    return next(
        str(one["LoadBalancerArn"])
        for one in client("elbv2", BALANCER).describe_load_balancers()["LoadBalancers"]
        if one["LoadBalancerName"] == "app-acme-prod"
    )


def _delete_certificate(client: Client, arn: str) -> object:
    """With all that uses it: one that is in use cannot be deleted."""
    elbv2 = client("elbv2", BALANCER)
    for one in elbv2.describe_load_balancers()["LoadBalancers"]:
        off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
        name = one["LoadBalancerArn"]
        elbv2.modify_load_balancer_attributes(LoadBalancerArn=name, Attributes=off)
        elbv2.delete_load_balancer(LoadBalancerArn=name)
    return client("acm", BALANCER).delete_certificate(CertificateArn=arn)
