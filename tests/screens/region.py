"""A small checklist for a region: items that fan out, that are compared, and that offer deeds."""

import msgspec

from tests.screens.company import PIN
from tests.screens.fakes import FakeRunning
from wizard.checklist.model import Checklist
from wizard.checklist.pinned import Pinned
from wizard.engine.desk import Dropdown
from wizard.session import events, pauses
from wizard.session.base import ComparedField, Member, PlannedCall, member_id
from wizard.session.events import AnyEvent
from wizard.step import Deed, Difference, Option

REGION_PIN = msgspec.structs.replace(PIN, region="eu-central-2")
GROUPS = "region.logs.retention"

CHECKLIST = msgspec.convert(
    {
        "schema": "st-wizard/1",
        "id": "add-region",
        "title": "Add new region",
        "source": "Contributors guide",
        "inputs": {
            "reference": {
                "label": "Reference region",
                "help": "What is based on other regions is compared with it.",
                "default": "us-east-1",
            },
            "names": {
                "label": "Names of the dev hosts",
                "type": "texts",
                "help": "One for each host.",
                "pattern": "[a-z0-9-]+",
                "choices": {"source": "ec2.names"},
                "consent": {"value": "prod", "phrase": "open prod"},
            },
            "owners": {"label": "Owners", "type": "texts", "optional": True},
        },
        "sections": [
            {
                "title": "Before you start",
                "items": [
                    {
                        "id": "pre.region.optin",
                        "title": "Region enabled",
                        "letter": "the region is enabled for the account",
                        "step": "account.region_enabled",
                    },
                ],
            },
            {
                "title": "SNS",
                "items": [
                    {
                        "id": "region.sns.topic.ec2",
                        "title": "Topic of the EC2 alarms",
                        "letter": "Create the SNS topic CloudWatch_Alarms_{Region}_EC2 (Standard)",
                        "lines": "L6",
                        "step": "sns.topic",
                        "with": {"names": "${inputs.names}"},
                        "reference": {"region": "${inputs.reference}"},
                    },
                    {
                        "id": "region.sns.confirm.ec2",
                        "title": "Confirm the subscription of EC2",
                        "letter": "Do confirm subscription for all 4 emails",
                        "lines": "L10",
                        "step": "sns.confirmed",
                        "with": {"owners": "${inputs.owners}"},
                    },
                ],
            },
            {
                "title": "S3",
                "items": [
                    {
                        "id": "region.s3.saas",
                        "title": "Bucket supertokens-saas-eu-central-2",
                        "letter": "Create the bucket, based on other regions",
                        "lines": "L12-20",
                        "step": "s3.bucket",
                        "reference": {"region": "${inputs.reference}"},
                    },
                    {
                        "id": "region.s3.logs",
                        "title": "Bucket of the access logs",
                        "letter": "Enable server access logging",
                        "step": "s3.bucket",
                        "reference": {"region": "${inputs.reference}"},
                    },
                ],
            },
            {
                "title": "CloudWatch",
                "items": [
                    {
                        "id": GROUPS,
                        "title": "Retention of every log group",
                        "letter": "Set the retention of all log groups to 1 month",
                        "lines": "L80",
                        "step": "logs.retention",
                        "foreach": {"source": "logs.groups"},
                        "with": {"name": "${each}", "days": 30},
                        "needs": ["region.s3.saas"],
                    },
                ],
            },
        ],
    },
    Checklist,
)
PINNED = Pinned(checklist=CHECKLIST, text="id: add-region\n", sha256="1" * 64, advice={})
DROPDOWNS = {
    "names": Dropdown(
        options=(
            Option("dev-1", "dev-1", "t3.small", suggested=True),
            Option("dev-2", "dev-2", "t3.small"),
            Option("prod", "prod", "m5.large"),
        ),
        source="ec2:DescribeInstances in us-east-1",
        read_at="2026-03-02T10:00:00.000000Z",
    )
}
DEFAULTS = {"reference": "us-east-1", "names": ["dev-1"]}

PASTE = Deed(
    name="confirm",
    label="Paste the link",
    prompt="The address behind Confirm subscription",
    secret=True,
)
AGAIN = Deed(name="again", label="Send the mail again")
NONCE = Deed(name="nonce", label="Type the word", prompt="The word in the message")


def session(*, preview: bool = False) -> FakeRunning:
    return FakeRunning(
        REGION_PIN, pinned=PINNED, dropdowns=DROPDOWNS, defaults=DEFAULTS, preview=preview
    )


# Fan-out


def name_of(number: int) -> str:
    return f"/aws/lambda/service-{number:04}"


def put(number: int) -> PlannedCall:
    name = name_of(number)
    return PlannedCall(
        title=f"Keep {name} for 30 days",
        service="logs",
        operation="PutRetentionPolicy",
        params={"logGroupName": name, "retentionInDays": 30},
        region="eu-central-2",
        cli=f"aws logs put-retention-policy --log-group-name {name} --retention-in-days 30",
    )


def fanned(running: FakeRunning, number: int = 60) -> FakeRunning:
    """Most are done, some fail, one wants the operator, some are under way."""
    running.tell(
        events.ItemStarted(item=GROUPS),
        events.FannedOut(
            item=GROUPS,
            members=tuple(Member(key=name_of(n), each=name_of(n)) for n in range(number)),
        ),
        events.Planned(
            item=GROUPS, calls=tuple(put(n) for n in range(number)), needs_approval=False
        ),
        *(
            event
            for n in range(number // 2)
            for event in member_done(n, "changed" if n % 2 else "")
        ),
        *(event for n in (7, 11) for event in member_failed(n)),
        *member_looked(40),
        events.Planned(item=member_id(GROUPS, name_of(40)), calls=(put(40),), needs_approval=True),
        *member_looked(41),
        events.Planned(item=member_id(GROUPS, name_of(41)), calls=(put(41),), needs_approval=False),
    )
    return running


def member_looked(number: int) -> tuple[AnyEvent, ...]:
    item = member_id(GROUPS, name_of(number))
    return (
        events.ItemStarted(item=item),
        events.Observed(
            item=item,
            found={"retentionInDays": None},
            differences=(Difference("retentionInDays", None, 30),),
        ),
    )


def member_done(number: int, how: str = "changed") -> tuple[AnyEvent, ...]:
    item = member_id(GROUPS, name_of(number))
    return (
        events.ItemStarted(item=item),
        events.Observed(item=item, found={"retentionInDays": 30}, differences=()),
        events.ItemDone(item=item, how=how or "already", outputs={}),
    )


def member_failed(number: int, what: str = "") -> tuple[AnyEvent, ...]:
    return (
        *member_looked(number),
        events.ItemFailed(
            item=member_id(GROUPS, name_of(number)),
            where="logs:PutRetentionPolicy in eu-central-2",
            what=what or f"The log group {name_of(number)} does not exist any more.",
            todo="Try it again, or skip it.",
            code="ResourceNotFoundException",
        ),
    )


# Comparison


def compared(item: str, *rows: ComparedField, problem: str = "") -> events.Compared:
    return events.Compared(item=item, region="us-east-1", rows=rows, problem=problem)


BUCKET = (
    ComparedField(field="encryption", letter="", reference="AES256", here="AES256", mark="same"),
    ComparedField(
        field="versioning",
        letter="",
        reference="Enabled",
        here="Enabled",
        mark="same",
        planned=True,
    ),
    ComparedField(
        field="name",
        letter="supertokens-saas-{region}",
        reference="supertokens-saas-{region}",
        here="supertokens-saas-{region}",
        mark="expected",
        reason="the names differ by the region",
    ),
    ComparedField(
        field="lifecycle.days",
        letter="expire after 30 days",
        reference=90,
        here=30,
        mark="differs",
        planned=True,
    ),
    ComparedField(
        field="policy.statements",
        letter="",
        reference=["AllowSSLRequestsOnly", "DelegateAccess", "ReplicationFromFrankfurt"],
        here=["AllowSSLRequestsOnly"],
        mark="differs",
    ),
)
TOPIC = (
    ComparedField(field="DisplayName", letter="", reference="", here="", mark="same", planned=True),
    ComparedField(
        field="KmsMasterKeyId", letter="Standard", reference=None, here=None, mark="same"
    ),
)


def compare_all(running: FakeRunning) -> FakeRunning:
    running.tell(
        events.InputAnswered(input="reference", value="us-east-1", source="default"),
        compared("region.sns.topic.ec2", *TOPIC),
        events.Observed(item="region.s3.saas", found=None, differences=()),
        compared("region.s3.saas", *BUCKET),
        events.Planned(item="region.s3.saas", calls=(put(1),), needs_approval=True),
    )
    return running


# Deeds


def waiting(running: FakeRunning, *, attest: bool = False) -> FakeRunning:
    """A subscription that is confirmed with a link from a mail."""
    running.tell(
        events.ItemStarted(item="region.sns.confirm.ec2"),
        pauses.PersonNeeded(
            item="region.sns.confirm.ec2",
            instructions="Open the mail “AWS Notification - Subscription Confirmation” of "
            "CloudWatch_Alarms_EU_Central_2_EC2 in the Slack channel.\n"
            "Copy the address of Confirm subscription and paste it here: it expires in 71 h.",
            notices_itself=not attest,
            must_attest=attest,
            deeds=(PASTE, AGAIN, NONCE),
        ),
    )
    return running
