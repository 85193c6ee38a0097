"""What an account says of its regions."""

from wizard.engine.desk import Dropdown
from wizard.step import Option

REGIONS = Dropdown(
    options=(
        Option("us-east-1", "us-east-1", "US East (N. Virginia) · enabled by default"),
        Option("eu-west-1", "eu-west-1", "Europe (Ireland) · enabled by default"),
        Option("ap-south-1", "ap-south-1", "Asia Pacific (Mumbai) · enabled by default"),
        Option("us-west-2", "us-west-2", "US West (Oregon) · enabled by default"),
        Option(
            "eu-central-2",
            "eu-central-2",
            "Europe (Zurich) · not enabled",
            disabled="not enabled in this account",
        ),
    ),
    source="account:ListRegions",
    read_at="2026-03-02T10:00:00.000000Z",
)
