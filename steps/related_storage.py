"""How buckets hang together: who logs to them, reads them, and copies into them."""

from steps.iam import PolicyWithBucket
from steps.s3 import Bucket
from steps.s3_like import BucketLike
from steps.s3_log_delivery import ServerAccessLogging
from steps.s3_replication import ReplicationRule
from steps.s3_vpc_policy import VpcReadPolicy
from steps.things import bucket, vpc
from wizard.effects import Facts
from wizard.step import Relation, Relations, Thing, relations


@relations(Bucket)
def _bucket(step: Bucket, _found: Facts) -> Relations:
    yield bucket(step.bucket)


@relations(BucketLike)
def _bucket_like(step: BucketLike, found: Facts) -> Relations:
    if found["exists"]:
        yield bucket(step.bucket)


@relations(ServerAccessLogging)
def _logging(step: ServerAccessLogging, found: Facts) -> Relations:
    if found["target"]:
        yield Relation(bucket(step.bucket), "logs to", bucket(found["target"]))


@relations(ReplicationRule)
def _replication(step: ReplicationRule, found: Facts) -> Relations:
    for rule in found["rules"]:
        to = str(rule["Destination"]["Bucket"]).rpartition(":")[2]
        if to == step.bucket and rule["Status"] == "Enabled":
            yield Relation(bucket(step.source), "replicates to", bucket(to))


@relations(VpcReadPolicy)
def _readers(step: VpcReadPolicy, found: Facts) -> Relations:
    if found["policy"] and step.vpc_id in str(found["policy"]):
        yield Relation(vpc(step.vpc_id), "may read", bucket(step.bucket))


@relations(PolicyWithBucket)
def _policy(step: PolicyWithBucket, found: Facts) -> Relations:
    for arn in found["arns"]:
        policy = Thing("IAM policy", arn, step.policy)
        yield policy
        if step.bucket in str(found["document"]):
            yield Relation(policy, "is about", bucket(step.bucket))
