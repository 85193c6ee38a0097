"""The company that the account belongs to: its regions, its people, its customers' apps."""

from __future__ import annotations

from dataclasses import dataclass

US = "us-east-1"
EU = "eu-west-1"
REGIONS = (US, EU)

OWNER = "rishabh@supertokens.com"
# Slack gives a channel one address; every alarm topic of the company mails to it.
ALARMS_ADDRESS = "aws-alarms-aaaaf3xq7d2w@supertokens.slack.com"

DOMAIN = "aws.supertokens.com"
CERTIFICATE_NAME = f"*.{DOMAIN}"

# The alarm topics by region: in eu-west-1 the ELB topic has the runbook page's other spelling.
ALARM_TOPICS = {
    US: {
        "EC2": "CloudWatch_Alarms_US_East_1_EC2",
        "ELB": "CloudWatch_Alarms_US_East_1_ELB",
        "Lambda": "CloudWatch_Alarms_US_East_1_Lambda",
        "RDS": "CloudWatch_Alarms_US_East_1_RDS",
    },
    EU: {
        "EC2": "CloudWatch_Alarms_EU_West_1_EC2",
        "ELB": "CloudWatchAlarms_EU_West_1_ELB",
        "Lambda": "CloudWatch_Alarms_EU_West_1_Lambda",
        "RDS": "CloudWatch_Alarms_EU_West_1_RDS",
    },
}


def topic_arn(account: str, region: str, service: str) -> str:
    """The ARN of the alarm topic of a service (EC2, ELB, Lambda, RDS) in a region."""
    return f"arn:aws:sns:{region}:{account}:{ALARM_TOPICS[region][service]}"


@dataclass(frozen=True, slots=True)
class Host:
    """One EC2 instance of the core: its zone letter, type, state and the ports that cores use."""

    zone: str
    type: str = "t3.medium"
    running: bool = True
    ports: tuple[int, ...] = (3567,)


@dataclass(frozen=True, slots=True)
class App:
    """A customer's app in production. `record` is how its name is resolved today."""

    slug: str
    region: str
    record: str
    hosts: tuple[Host, ...]

    @property
    def id(self) -> str:
        """The app id that the scale API and the application database know."""
        return f"app-{self.slug}"

    @property
    def host_name(self) -> str:
        """The host in the customer's connectionURI."""
        return f"{self.slug}.{DOMAIN}"

    def instance_name(self, number: int) -> str:
        """The Name tag of its instance, counted from 1."""
        return f"core-{self.slug}-prod-{number}"


APPS = (
    # The app of the demo: one instance, to be scaled and to get a load balancer.
    App("acme", US, "A", (Host("a"), Host("b", running=False))),
    App("globex", US, "CNAME", (Host("b", "t3.large"), Host("c", "t3.large"))),
    # Has its load balancer already: something to learn from.
    App("initech", US, "ALIAS", (Host("a", "t3.large"), Host("b", "t3.large"))),
    # Two cores on one instance, each on its own port.
    App("hooli", US, "A", (Host("d", "t3.large", ports=(3567, 3568)),)),
    App("stark", US, "A", (Host("c", "t3.small", running=False),)),
    App("umbrella", EU, "A", (Host("a"), Host("b"))),
    App("wonka", EU, "CNAME", (Host("b", "t3.large"), Host("c", running=False))),
)
