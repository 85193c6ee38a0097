"""What the report's picture shows, each under one key whichever step speaks of it."""

from steps import sns_arn
from wizard.step import Thing


def dimension(arn: str) -> str:
    """`app/name/id` or `targetgroup/name/id`, of an ARN or as an alarm's dimension has it."""
    return arn.split(":", 5)[-1].removeprefix("loadbalancer/")


def load_balancer(arn: str, dns_name: str = "") -> Thing:
    """By its ARN, by what alarms call it, or by the name that AWS gave it in DNS."""
    also = (dns_name,) if dns_name else ()
    return Thing("load balancer", dimension(arn), _middle(arn), also)


def target_group(arn: str) -> Thing:
    """By its ARN, or by what alarms call it."""
    return Thing("target group", dimension(arn), _middle(arn))


def listener(arn: str, name: str) -> Thing:
    """A load balancer's listener, called by protocol and port."""
    return Thing("listener", arn, name)


def certificate(arn: str, name: str = "") -> Thing:
    """A certificate of ACM."""
    return Thing("certificate", arn, name or arn.rpartition("/")[2])


def record(name: str) -> Thing:
    """A name in a hosted zone."""
    return Thing("DNS record", name, name)


def instance(identity: str) -> Thing:
    """An EC2 instance."""
    return Thing("EC2 instance", identity, identity)


def bucket(name: str) -> Thing:
    """An S3 bucket."""
    return Thing("S3 bucket", name, name)


def topic(arn: str) -> Thing:
    """An SNS topic."""
    return Thing("SNS topic", arn, sns_arn.name(arn))


def subscription(topic_arn: str, address: str) -> Thing:
    """An address that a topic mails to."""
    return Thing("subscription", f"{topic_arn} {address}", address)


def alarm(arn: str, name: str) -> Thing:
    """A CloudWatch alarm."""
    return Thing("alarm", arn, name)


def vpc(identity: str, name: str = "") -> Thing:
    """A VPC."""
    return Thing("VPC", identity, f"{name} {identity}".strip())


def cluster(identifier: str) -> Thing:
    """A database cluster."""
    return Thing("DB cluster", identifier, identifier)


def database(identifier: str) -> Thing:
    """An instance of a database cluster."""
    return Thing("DB instance", identifier, identifier)


def function(name: str) -> Thing:
    """A Lambda function."""
    return Thing("function", name, name)


def role(arn: str) -> Thing:
    """An IAM role, by its ARN or its name."""
    name = arn.rpartition("/")[2]
    return Thing("IAM role", name, name)


def layer(arn: str) -> Thing:
    """A version of a Lambda layer."""
    return Thing("layer", arn, ":".join(arn.split(":")[-2:]))


def _middle(arn: str) -> str:
    return dimension(arn).split("/")[1] if "/" in dimension(arn) else arn
