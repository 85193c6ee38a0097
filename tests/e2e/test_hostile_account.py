"""An account full of hostile names, seen through a real terminal: not one of its bytes acts."""

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.account import SECRET, Account
from tests.e2e.command import CHECKLIST
from tests.e2e.terminal import Terminal
from tests.hostile.judge import active
from tests.hostile.payloads import MARK, PAYLOADS
from wizard.simulator.process import Simulator

REGION = "us-east-1"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What an answer in XML cannot hold, as EC2's and S3's are."""

TEXTUAL = re.compile(
    "\x1b\\[[?<=>]?[0-9;:]*[$ ]?[a-zA-Z]"  # no other kind of CSI
    "|\x1b\\]22;[a-z-]*(?:\x07|\x1b\\\\)"  # the pointer's shape
    "|\x1bP\\+q[0-9A-Fa-f;]*\x1b\\\\"  # what terminals are asked at the start
    "|\x1b[78=>]"
    "|\x1b\\([B0]"
)
ATTACKS = tuple(
    one
    for one in PAYLOADS
    if one[:1] in "\x1b\x9b\x9d\x90" and re.search(rf"{MARK}|evil|T1DORUQ|red|hidden", one)
)
"""Those that no terminal gets from the wizard itself."""


def chunks(payloads: list[str]) -> Iterator[str]:
    """The payloads, several in one text as long as a tag may be, for ever."""
    made, text = [], ""
    for one in payloads:
        if len(text) + len(one) > 240:
            made.append(text)
            text = ""
        text += f"{one} "
    return cycle([*made, text])


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Simulator(speed=600) as running:
        account = Account(running.ready)
        poison(account)
        yield account


def poison(account: Account) -> None:
    xml = chunks([one for one in PAYLOADS if not _NOT_XML.search(one) and 0 < len(one) < 240])
    raw = chunks([one for one in PAYLOADS if one.isascii() and 0 < len(one) < 240])
    ec2 = account.client("ec2", REGION)
    for resource in _of_ec2(ec2):
        ec2.create_tags(
            Resources=[resource],
            Tags=[
                {"Key": "Name", "Value": f"prod {next(xml)}"},
                *({"Key": f"{n}{next(xml)[:100]}", "Value": next(xml)} for n in range(2)),
            ],
        )
    account.client("iam", REGION).create_account_alias(AccountAlias="[@click=app.leave]OK[/]")
    for place in ("eu-west-1", REGION):
        functions = account.client("lambda", place)
        for one in functions.list_functions()["Functions"]:
            functions.update_function_configuration(
                FunctionName=one["FunctionName"], Description=next(raw)[:250]
            )
    alarms = account.client("cloudwatch", REGION)
    for one in alarms.describe_alarms()["MetricAlarms"]:
        known = ("AlarmName", "Namespace", "MetricName", "Dimensions", "Statistic", "Period")
        more = ("EvaluationPeriods", "Threshold", "ComparisonOperator")
        alarms.put_metric_alarm(
            AlarmDescription=next(xml), **{key: one[key] for key in (*known, *more) if key in one}
        )


def _of_ec2(ec2: Any) -> Iterator[str]:
    yield from (one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"])
    yield from (one["SubnetId"] for one in ec2.describe_subnets()["Subnets"])
    yield from (one["GroupId"] for one in ec2.describe_security_groups()["SecurityGroups"])
    for reservation in ec2.describe_instances()["Reservations"]:
        yield from (one["InstanceId"] for one in reservation["Instances"])


def other_than(before: str) -> Callable[[str], bool]:
    """Whether the screen has changed."""
    return lambda text: text != before


def judge(raw: bytes) -> str:
    """The text that came, once nothing else than the wizard's own sequences is left out of it."""
    text = raw.decode()
    for attack in ATTACKS:
        assert attack not in text, attack
    plain = TEXTUAL.sub("", text)
    assert not active(plain, "\r\n\t\b\x0e\x0f"), active(plain, "\r\n\t\b\x0e\x0f")
    return plain


@pytest.mark.parametrize(
    "words",
    [
        ("plan", CHECKLIST, "--region", REGION),
        ("answers", CHECKLIST, "--region", REGION),
        ("answers", CHECKLIST, "--region", REGION, "--json"),
        ("compare", "eu-central-2", REGION),
        ("compare", "eu-central-2", REGION, "--all", "--json"),
    ],
    ids=lambda words: " ".join(words[::3]),
)
def test_commands(words: tuple[str, ...], account: Account, home: Path, tmp_path: Path) -> None:
    where = ["--endpoint-url", account.ready.endpoint_url]
    if words[0] == "plan":
        where += ["--answers", str(account.answers(tmp_path))]
    with Terminal([*words, *where], home, **SECRET) as terminal:
        assert terminal.wait(90) in {0, 1, 2}
        assert "Traceback" not in judge(terminal.raw)


def test_the_wizard(account: Account, home: Path) -> None:
    with Terminal(["--endpoint-url", account.ready.endpoint_url], home, **SECRET) as terminal:
        terminal.until("SIMULATED")
        terminal.press("enter")
        terminal.until("In which region")
        terminal.press("enter")
        assert "[@click=app.leave]OK[/]" in terminal.until("Nothing in a real account can change.")
        terminal.press("enter")
        terminal.until("answered")
        for _ in range(40):
            if "prod [" in terminal.text() or "prod <" in terminal.text():
                break
            before = terminal.text()
            terminal.press("tab")
            terminal.until(other_than(before))
        terminal.press("ctrl+q")
        assert terminal.wait(60) in {0, 1, 3}
        assert terminal.restored()
        judge(terminal.raw)


def test_the_plain_wizard(account: Account, home: Path) -> None:
    where = ["--plain", "--endpoint-url", account.ready.endpoint_url]
    with Terminal(where, home, **SECRET) as terminal:
        terminal.until("What is to be done?")
        terminal.press("enter")
        terminal.until("Region")
        terminal.press("enter")
        terminal.until("Begin?")
        terminal.press("enter")
        terminal.until("? App")
        for _ in range(5):
            before = terminal.text()
            terminal.press("enter")
            terminal.until(other_than(before))
        for _ in range(3):
            # Python drops a signal that comes while it clears up: then it is pressed again.
            terminal.press("\x03")
            if terminal.ends(20):
                break
        assert terminal.wait(60) in {1, 3}
        judge(terminal.raw)
