"""What ModifyDBCluster changes besides what moto does.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.rds.models import RDSBackend

from wizard.simulator.services.patching import Method, wrap


def install() -> None:
    """Let the kinds of exported logs be added and taken off, and Performance Insights switched."""

    @wrap(RDSBackend, "modify_db_cluster")
    def modify_db_cluster(original: Method, self: Any, kwargs: dict[str, Any]) -> Any:
        asked = {name: kwargs[name] for name in kwargs}
        name = asked["db_cluster_identifier"]
        self.describe_db_clusters(name)  # refuses one that is not there
        logs: Mapping[str, Any] = asked.pop("cloudwatch_logs_export_configuration", None) or {}
        insights = asked.pop("enable_performance_insights", None)
        answer = original(self, asked)
        cluster = self.clusters[asked.get("new_db_cluster_identifier") or name]
        kept = [
            kind
            for kind in cluster.enabled_cloudwatch_logs_exports
            if kind not in (logs.get("DisableLogTypes") or [])
        ]
        new = [kind for kind in logs.get("EnableLogTypes") or [] if kind not in kept]
        if insights is not None:
            cluster.performance_insights_enabled = insights
        for shown in (cluster, answer):
            shown.enabled_cloudwatch_logs_exports = [*kept, *new]
        return answer
