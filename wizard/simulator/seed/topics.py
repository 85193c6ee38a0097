"""The SNS topics: the alarm topics with their confirmed subscription, among many others."""

from __future__ import annotations

from wizard.simulator.seed.company import ALARM_TOPICS, ALARMS_ADDRESS, EU, US
from wizard.simulator.seed.ground import Ground
from wizard.simulator.services.sns import subscribe_confirmed

# ListTopics gives 100 at a time: what is planted last is on the second page.
COMPONENTS = (
    "billing",
    "core-deploy",
    "core-scale",
    "dashboard",
    "data-export",
    "emailer",
    "license",
    "migration",
    "oauth-provider",
    "onboarding",
    "saas-api",
    "sms",
    "ssl-renewal",
    "telemetry",
)
EVENTS = {
    US: ("audit", "created", "deleted", "failed", "finished", "retried", "started", "updated"),
    EU: ("audit", "created", "deleted", "failed", "finished", "retried", "started", "updated"),
}


def plant_topics(ground: Ground, region: str) -> None:
    """Make 112 other topics and the four alarm topics, each with one confirmed subscription."""
    sns = ground.backend("sns", region)
    for component in COMPONENTS:
        for event in EVENTS[region]:
            sns.create_topic(f"{component}-{event}")
    for name in ALARM_TOPICS[region].values():
        topic = sns.create_topic(name)
        subscribe_confirmed(sns, topic.arn, ALARMS_ADDRESS)
