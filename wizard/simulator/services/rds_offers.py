"""What RDS offers in a region: engine versions, instance classes by zone, certificates.

Old minors are not offered in regions that came later, and not every class is everywhere.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeOrderableDBInstanceOptions.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.rds.responses import RDSResponse

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import replace
from wizard.simulator.services.regions import OPT_IN

# Engine → the versions that are offered, and their parameter group family.
VERSIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "aurora-postgresql": (
        ("13.12", "aurora-postgresql13"),
        ("14.9", "aurora-postgresql14"),
        ("15.4", "aurora-postgresql15"),
        ("15.5", "aurora-postgresql15"),
        ("16.1", "aurora-postgresql16"),
    ),
    "aurora-mysql": (("8.0.mysql_aurora.3.05.2", "aurora-mysql8.0"),),
    "postgres": (("15.5", "postgres15"), ("16.1", "postgres16")),
}
# What regions that must be opened first never had.
_OLD_VERSIONS = frozenset({"13.12", "15.4"})
CERTIFICATES = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")
# Class → how many of the zones of an opt-in region have it; three elsewhere.
CLASSES = {
    "db.r5.large": 0,
    "db.r6g.large": 3,
    "db.r6g.xlarge": 3,
    "db.r6i.large": 1,
    "db.serverless": 3,
    "db.t3.medium": 0,
    "db.t4g.medium": 2,
}
_ZONES = 3
_PAGE = 100
_EXPORTS = ["postgresql", "instance"]


def offered(engine: str, region: str) -> tuple[tuple[str, str], ...]:
    """The versions of an engine in a region, each with its family; empty for no such engine."""
    versions = VERSIONS.get(engine, ())
    if region not in OPT_IN:
        return versions
    return tuple(one for one in versions if one[0] not in _OLD_VERSIONS)


def zones_of(instance_class: str, region: str) -> list[str]:
    """The zones of the region that have the class; empty for none and for no such class."""
    if instance_class not in CLASSES:
        return []
    count = CLASSES[instance_class] if region in OPT_IN else _ZONES
    return [f"{region}{letter}" for letter in "abc"[:count]]


def family(engine: str, version: str) -> str:
    """The parameter group family of a version; empty when there is no such version."""
    return dict(VERSIONS.get(engine, ())).get(version, "")


def install() -> None:
    """Answer what moto does not know."""

    @replace(RDSResponse, "describe_db_engine_versions")
    def describe_db_engine_versions(self: RDSResponse) -> ActionResult:
        asked = self.params
        rows = []
        for engine in VERSIONS:
            versions = offered(engine, self.region)
            rows += [
                _version(engine, version, group, versions)
                for version, group in (versions[-1:] if asked.get("DefaultOnly") else versions)
                if asked.get("Engine") in {None, engine}
                and asked.get("EngineVersion") in {None, version, version.split(".")[0]}
                and asked.get("DBParameterGroupFamily") in {None, group}
            ]
        return _answer(self, "DBEngineVersions", rows)

    @replace(RDSResponse, "describe_orderable_db_instance_options")
    def describe_orderable_db_instance_options(self: RDSResponse) -> ActionResult:
        asked = self.params
        engine = str(asked["Engine"])
        rows = [
            _orderable(engine, version, name, self.region)
            for version, _ in offered(engine, self.region)
            for name in CLASSES
            if asked.get("EngineVersion") in {None, version}
            and asked.get("DBInstanceClass") in {None, name}
            and zones_of(name, self.region)
        ]
        return _answer(self, "OrderableDBInstanceOptions", rows)


def _version(
    engine: str, version: str, group: str, versions: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    known = [one for one, _ in versions]
    return {
        "Engine": engine,
        "EngineVersion": version,
        "DBParameterGroupFamily": group,
        "DBEngineDescription": engine,
        "DBEngineVersionDescription": f"{engine} {version}",
        "Status": "available",
        "ExportableLogTypes": _EXPORTS if "postgres" in engine else [],
        "SupportsLogExportsToCloudwatchLogs": True,
        "SupportsCertificateRotationWithoutRestart": True,
        "SupportedCACertificateIdentifiers": list(CERTIFICATES),
        "SupportedEngineModes": ["provisioned"],
        "ValidUpgradeTarget": [
            {"Engine": engine, "EngineVersion": later, "AutoUpgrade": False}
            for later in known[known.index(version) + 1 :]
        ],
    }


def _orderable(engine: str, version: str, name: str, region: str) -> dict[str, Any]:
    return {
        "Engine": engine,
        "EngineVersion": version,
        "DBInstanceClass": name,
        "LicenseModel": "postgresql-license",
        "AvailabilityZones": [{"Name": zone} for zone in zones_of(name, region)],
        "MultiAZCapable": False,
        "ReadReplicaCapable": False,
        "Vpc": True,
        "SupportsStorageEncryption": True,
        "StorageType": "aurora" if engine.startswith("aurora") else "gp3",
        "SupportsEnhancedMonitoring": True,
        "SupportsIAMDatabaseAuthentication": True,
        "SupportsPerformanceInsights": True,
        "SupportedEngineModes": ["provisioned"],
        "SupportedNetworkTypes": ["IPV4", "DUAL"],
        "SupportsClusters": False,
    }


def _answer(self: RDSResponse, name: str, rows: list[dict[str, Any]]) -> ActionResult:
    try:
        part, marker = page(
            rows, self.params.get("Marker"), int(self.params.get("MaxRecords") or _PAGE)
        )
    except BadTokenError as error:
        raise refusal("InvalidParameterValue", "Invalid marker") from error
    return ActionResult({name: part, "Marker": marker})
