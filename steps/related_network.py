"""How a region's network, databases, functions and documents hang together."""

from steps.ec2 import Vpc
from steps.ec2_region_vpc import DefaultVpc, RegionVpc
from steps.final import DevInstance
from steps.flow_logs import FlowLog
from steps.lambda_function import Function
from steps.lambda_layers import Layer
from steps.logs import Group
from steps.rds import Cluster
from steps.rds_instance import Instance
from steps.route53_zone import PrivateZone
from steps.security_groups import SecurityGroup
from steps.ssm_document import Document
from steps.things import bucket, cluster, database, function, instance, layer, role, vpc
from steps.vpc_endpoint import S3Endpoint
from wizard.effects import Facts
from wizard.step import Relation, Relations, Thing, relations


@relations(Vpc, RegionVpc)
def _vpc(step: Vpc | RegionVpc, found: Facts) -> Relations:
    yield vpc(step.vpc_id, str(found.get("name") or ""))


@relations(DefaultVpc)
def _default_vpc(_step: DefaultVpc, found: Facts) -> Relations:
    if found["default"]:
        yield vpc(found["default"])


@relations(S3Endpoint)
def _endpoint(step: S3Endpoint, found: Facts) -> Relations:
    for identity in found["endpoints"]:
        endpoint = Thing("gateway endpoint", identity, identity)
        yield endpoint
        yield Relation(vpc(step.vpc_id), "reaches S3 by", endpoint)


@relations(FlowLog)
def _flow_log(step: FlowLog, found: Facts) -> Relations:
    for one in found["flow_logs"]:
        log = Thing("flow log", one["id"], one["id"])
        yield log
        yield Relation(vpc(step.vpc_id), "is logged by", log)
        name = str(one["destination"]).rpartition(":")[2].partition("/")[0]
        yield Relation(log, "delivers to", bucket(name))


@relations(PrivateZone)
def _zone(step: PrivateZone, found: Facts) -> Relations:
    if found["zone_id"]:
        zone = Thing("private hosted zone", found["zone_id"], step.name)
        yield zone
        for one in found["vpcs"]:
            region, _, identity = one.partition("/")
            where = "" if region == step.region else region
            yield Relation(zone, "resolves in", vpc(identity, where))


@relations(SecurityGroup)
def _security_group(step: SecurityGroup, found: Facts) -> Relations:
    if found["group_id"]:
        group = Thing("security group", found["group_id"], step.name)
        yield group
        yield Relation(group, "is in", vpc(step.vpc_id))


@relations(Cluster)
def _cluster(step: Cluster, found: Facts) -> Relations:
    if found["cluster"]:
        itself = cluster(step.identifier)
        yield itself
        yield Relation(itself, "is in", vpc(step.vpc))


@relations(Instance)
def _database(step: Instance, found: Facts) -> Relations:
    if found["arn"]:
        yield database(step.identifier)
        yield Relation(cluster(step.cluster), "has", database(step.identifier))


@relations(Function)
def _function(step: Function, found: Facts) -> Relations:
    if here := found["here"]:
        itself = function(step.name)
        yield itself
        if arn := here.get("Role"):
            yield Relation(itself, "runs as", role(str(arn)))
        for arn in here.get("Layers", ()):
            yield Relation(itself, "uses", layer(arn))
        if here.get("VpcConfig", {}).get("SubnetIds"):
            yield Relation(itself, "is in", vpc(step.vpc_id))


@relations(Layer)
def _layer(_step: Layer, found: Facts) -> Relations:
    if found["arn"]:
        yield layer(found["arn"])


@relations(Document)
def _document(step: Document, found: Facts) -> Relations:
    if found["here"]:
        yield Thing("document", step.name, step.name)


@relations(Group)
def _group(step: Group, _found: Facts) -> Relations:
    yield Thing("log group", step.name, step.name)


@relations(DevInstance)
def _instances(step: DevInstance, found: Facts) -> Relations:
    for one in found["instances"]:
        yield instance(one["id"])
        yield Relation(instance(one["id"]), "is in", vpc(step.vpc_id))
