"""The IAM policies that name every region's bucket, and the role that replicates."""

from __future__ import annotations

import json
from typing import Any

from wizard.simulator.seed.buckets import ROLE, SSL
from wizard.simulator.seed.company import EU, OWNER, REGIONS, US
from wizard.simulator.seed.ground import Ground, tag_list

REPLICATION = "s3crr_for_supertokens-ssl_to_supertokens-saas-us-east-1"


def _allow(actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def _saas(regions: tuple[str, ...], suffix: str = "") -> list[str]:
    return [f"arn:aws:s3:::supertokens-saas-{region}{suffix}" for region in regions]


def _updater(regions: tuple[str, ...], *extra: str) -> list[dict[str, Any]]:
    return [_allow(["s3:GetObject", "s3:PutObject", *extra], _saas(regions, "/*"))]


def _replicator(regions: tuple[str, ...]) -> list[dict[str, Any]]:
    source = f"arn:aws:s3:::{SSL}"
    return [
        _allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], [source]),
        _allow(
            [
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionTagging",
            ],
            [f"{source}/*"],
        ),
        _allow(
            ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], _saas(regions, "/*")
        ),
    ]


# Name → (path, its versions, oldest first). S3SSLUpdater has used up all five.
POLICIES: dict[str, tuple[str, tuple[list[dict[str, Any]], ...]]] = {
    "S3SSLUpdater": (
        "/",
        (
            _updater((EU,)),
            _updater((EU,), "s3:DeleteObject"),
            _updater(REGIONS, "s3:DeleteObject"),
            _updater(REGIONS, "s3:PutObjectAcl"),
            _updater(REGIONS),
        ),
    ),
    "listBucketItems": (
        "/",
        ([_allow(["s3:ListBucket"], _saas((EU,)))], [_allow(["s3:ListBucket"], _saas(REGIONS))]),
    ),
    REPLICATION: ("/service-role/", (_replicator((US,)), _replicator(REGIONS))),
}
# May copy what was in the source before it replicated to a bucket.
BATCH_ROLE = "s3-batch-replication-of-supertokens-ssl"


def _trust(service: str) -> str:
    principal = {"Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **principal}]})


def _batch() -> list[dict[str, Any]]:
    source = f"arn:aws:s3:::{SSL}"
    return [
        _allow(["s3:InitiateReplication"], [f"{source}/*"]),
        _allow(["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"], [source]),
        _allow(["s3:PutObject"], [f"arn:aws:s3:::supertokens-s3-access-logs-{EU}/*"]),
    ]


def plant_policies(ground: Ground) -> None:
    """Make the policies with their versions, and the role that replicates."""
    iam = ground.backend("iam", "aws")
    for name, (path, versions) in POLICIES.items():
        first, *later = versions
        policy = iam.create_policy(
            description="",
            path=path,
            policy_document=_document(first),
            policy_name=name,
            tags=tag_list({"VantaOwner": OWNER}),
        )
        for statements in later:
            iam.create_policy_version(policy.arn, _document(statements), set_as_default=True)
    _role(iam, ROLE, "/service-role/", "s3.amazonaws.com", "replicates certificates")
    _role(iam, BATCH_ROLE, "/", "batchoperations.s3.amazonaws.com", "copies existing objects")
    iam.put_role_policy(BATCH_ROLE, "copy-existing-objects", _document(_batch()))
    iam.attach_role_policy(f"arn:aws:iam::{ground.account}:policy/service-role/{REPLICATION}", ROLE)


def _document(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _role(iam: Any, name: str, path: str, service: str, description: str) -> None:
    iam.create_role(
        role_name=name,
        assume_role_policy_document=_trust(service),
        path=path,
        permissions_boundary=None,
        description=description,
        tags=[],
        max_session_duration="3600",
    )
