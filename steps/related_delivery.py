"""How a load balancer hangs together: instances, target group, listener, certificate, DNS."""

from steps.acm import Certificate
from steps.acm_requested import Requested
from steps.elbv2 import LoadBalancer
from steps.elbv2_attributes import AccessLogs
from steps.elbv2_groups import TargetGroup, Targets
from steps.elbv2_listener import Listener
from steps.route53 import Alias
from steps.scale import Instances
from steps.things import (
    bucket,
    certificate,
    instance,
    listener,
    load_balancer,
    record,
    target_group,
    vpc,
)
from wizard.effects import Facts
from wizard.step import Relation, Relations, relations


@relations(Instances)
def _instances(_step: Instances, found: Facts) -> Relations:
    for one in found["new_instance_ids"]:
        yield instance(one)


@relations(TargetGroup)
def _target_group(_step: TargetGroup, found: Facts) -> Relations:
    yield target_group(found["arn"])


@relations(Targets)
def _targets(step: Targets, found: Facts) -> Relations:
    for target in found["registered"]:
        one, _, _port = target.rpartition(":")
        yield Relation(target_group(step.target_group_arn), "sends to", instance(one))


@relations(LoadBalancer)
def _load_balancer(_step: LoadBalancer, found: Facts) -> Relations:
    if found["arn"]:
        balancer = load_balancer(found["arn"], found["dns_name"])
        yield balancer
        yield Relation(balancer, "is in", vpc(found["vpc_id"]))


@relations(Listener)
def _listener(step: Listener, found: Facts) -> Relations:
    if found["arn"]:
        itself = listener(found["arn"], f"{step.protocol} {step.port}")
        yield itself
        yield Relation(load_balancer(step.load_balancer_arn), "listens by", itself)
        if group := found["target_group_arn"]:
            yield Relation(itself, "forwards to", target_group(group))
        if shown := found["certificate_arn"]:
            yield Relation(itself, "shows", certificate(shown))


@relations(AccessLogs)
def _access_logs(step: AccessLogs, found: Facts) -> Relations:
    if found["access_logs.s3.enabled"] == "true":
        to = bucket(found["access_logs.s3.bucket"])
        yield Relation(load_balancer(step.load_balancer_arn), "logs to", to)


@relations(Alias)
def _alias(step: Alias, found: Facts) -> Relations:
    itself = record(step.name)
    if found["records"]:
        yield itself
    if any(step.load_balancer_dns in told for told in found["now"]):
        yield Relation(itself, "leads to", load_balancer(step.load_balancer_dns))


@relations(Certificate)
def _certificate(step: Certificate, _found: Facts) -> Relations:
    yield certificate(step.arn, step.domain)


@relations(Requested)
def _requested(step: Requested, found: Facts) -> Relations:
    yield certificate(found["arn"], step.domain)
