"""The hosted zones and today's records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wizard.simulator.seed.balancers import Balancer
from wizard.simulator.seed.company import DOMAIN, EU, REGIONS, US
from wizard.simulator.seed.fleet import Planted
from wizard.simulator.seed.ground import Ground
from wizard.simulator.seed.network import Network

TTL = 300


def plant_zones(
    ground: Ground,
    networks: dict[str, Network],
    fleet: Iterable[Planted],
    balancer: Balancer,
) -> None:
    """Make the public zones with a record for each app, and a private zone for each region."""
    route53 = ground.backend("route53", "aws")
    apps = route53.create_hosted_zone(
        f"{DOMAIN}.", private_zone=False, caller_reference="apps-2021", comment="core instances"
    )
    route53.change_resource_record_sets(
        apps.id, [{"Action": "CREATE", "ResourceRecordSet": _alias(balancer)}, *_records(fleet)]
    )
    site = route53.create_hosted_zone(
        "supertokens.com.", private_zone=False, caller_reference="site-2020", comment="the site"
    )
    route53.change_resource_record_sets(
        site.id,
        [
            _create("supertokens.com.", "A", "75.2.60.5"),
            _create("www.supertokens.com.", "CNAME", "supertokens-site.netlify.app."),
            _create("api.supertokens.com.", "A", "52.4.17.90"),
        ],
    )
    for region in REGIONS:
        private = route53.create_hosted_zone(
            f"{region}.dns.",
            private_zone=True,
            caller_reference=f"{region}-dns",
            vpcid=networks[region].vpc_id,
            vpcregion=region,
            comment=f"names inside {region}",
        )
        cluster = ground.backend("rds", region).clusters[f"supertokens-prod-{region}"]
        route53.change_resource_record_sets(
            private.id, [_create(f"db.{region}.dns.", "CNAME", f"{cluster.endpoint}.")]
        )
        if region == US:
            # The API servers of the other region ask for names of this one.
            route53.associate_vpc_with_hosted_zone(private.id, networks[EU].vpc_id, EU)


def _records(fleet: Iterable[Planted]) -> list[dict[str, Any]]:
    """One record for each app: its first instance answers for it, as before a load balancer."""
    changes = []
    seen = set()
    for planted in fleet:
        app = planted.app
        named = app.record != "ALIAS" and planted.host.running
        if app.id in seen or not named:
            continue
        seen.add(app.id)
        value = planted.public_dns if app.record == "CNAME" else planted.public_ip
        changes.append(_create(f"{app.host_name}.", app.record, str(value)))
    return changes


def _create(name: str, kind: str, value: str) -> dict[str, Any]:
    record = {"Name": name, "Type": kind, "TTL": TTL, "ResourceRecords": [{"Value": value}]}
    return {"Action": "CREATE", "ResourceRecordSet": record}


def _alias(balancer: Balancer) -> dict[str, Any]:
    return {
        "Name": f"{balancer.host_name}.",
        "Type": "A",
        "AliasTarget": {
            "HostedZoneId": balancer.zone_id,
            "DNSName": f"dualstack.{balancer.dns_name}.",
            "EvaluateTargetHealth": True,
        },
    }
