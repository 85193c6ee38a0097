"""How calls are written down: exact commands, no secrets, stable hashes."""

import shlex
import subprocess

import pytest

from wizard.effects import (
    UNKNOWN,
    Columns,
    Effect,
    Handshake,
    Insert,
    Read,
    Request,
    Rows,
    Secret,
    Write,
)
from wizard.gateway.cli_command import aws_command
from wizard.gateway.describe import describe
from wizard.gateway.redact import redact


@pytest.mark.parametrize(
    ("effect", "command"),
    [
        (
            Read("ec2", "DescribeVpcs", {"VpcIds": ["vpc-1"]}, pages="Vpcs"),
            "aws ec2 describe-vpcs --vpc-ids '[\"vpc-1\"]' --query Vpcs --region eu-west-1",
        ),
        (
            Write("s3", "PutBucketVersioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
            "aws s3api put-bucket-versioning "
            '--versioning-configuration \'{"Status": "Enabled"}\' --region eu-west-1',
        ),
        (
            Write("elbv2", "CreateLoadBalancer", {"Name": "it's", "SecurityGroups": [UNKNOWN]}),
            "aws elbv2 create-load-balancer --name 'it'\"'\"'s' "
            "--security-groups '[\"(known after apply)\"]' --region eu-west-1",
        ),
        (
            Write(
                "rds", "ModifyDBInstance", {"DBInstanceIdentifier": "a", "ApplyImmediately": False}
            ),
            "aws rds modify-db-instance --db-instance-identifier a --no-apply-immediately "
            "--region eu-west-1",
        ),
        (
            Write("rds", "CreateDBCluster", {"MasterUserPassword": Secret("db-master")}),
            'aws rds create-db-cluster --master-user-password "$DB_MASTER" --region eu-west-1',
        ),
        (
            Read("cloudwatch", "DescribeAlarms", region="us-east-1"),
            "aws cloudwatch describe-alarms --region us-east-1",
        ),
        (
            Handshake("lb.example.com", 3567, "app.example.com"),
            "openssl s_client -connect lb.example.com:3567 -servername app.example.com",
        ),
        (
            Insert("mysql://u@h/d", "apps", {"appId": "o'neil", "n": 1, "gone": None}),
            "INSERT INTO `apps` (`appId`, `n`, `gone`) VALUES ('o''neil', 1, NULL);",
        ),
        (
            Rows("postgresql://u@h/d", "public.apps", {"appId": "a", "gone": None}),
            'SELECT * FROM "public"."apps" WHERE "appId" = \'a\' AND "gone" IS NULL;',
        ),
        (Columns("sqlite:///x", 'a"b'), 'SELECT * FROM "a""b" WHERE 1 = 0;'),
    ],
)
def test_the_command_that_equals_it(effect: Effect, command: str) -> None:
    assert describe(effect, region="eu-west-1").cli == command


def test_curl_takes_the_secret_from_the_environment() -> None:
    body = {"password": Secret("scale-password"), "note": "it's", "scaleTo": 2}
    request = Request("POST", "https://api.example.com/x", body, mutating=True)
    command = describe(request, region="").cli
    echoed = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {command}"],
        env={"SCALE_PASSWORD": "from the shell"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert '{"password": "from the shell", "note": "it\'s", "scaleTo": 2}' in echoed
    assert "https://api.example.com/x" in echoed


def test_a_simulated_account_is_named_in_the_command() -> None:
    command = describe(Read("sts", "GetCallerIdentity"), region="", endpoint_url="http://[::1]:5")
    assert shlex.split(command.cli)[-2:] == ["--endpoint-url", "http://[::1]:5"]


def test_the_hash_tells_requests_apart_and_nothing_else() -> None:
    def sha(effect: Effect, region: str = "us-east-1") -> str:
        return describe(effect, region=region).sha256

    one = Write("sns", "CreateTopic", {"Name": "a"}, title="Create it")
    assert sha(one) == sha(Write("sns", "CreateTopic", {"Name": "a"}, title="Another title"))
    assert sha(one) != sha(Write("sns", "CreateTopic", {"Name": "b"}))
    assert sha(one) != sha(one, "eu-west-1")


def test_a_password_in_a_database_url_is_not_written_down() -> None:
    shown = describe(Columns("mysql://u:hunter2@h/d", "t"), region="")
    assert "hunter2" not in repr(shown)


@pytest.mark.parametrize("url", ["https://[bad", "", "https://u:hunter2@h/x"])
def test_an_odd_address_can_be_shown(url: str) -> None:
    assert "hunter2" not in repr(describe(Request("GET", url), region=""))


def test_redaction_by_name_and_by_model() -> None:
    params = {
        "MasterUserPassword": "hunter2",
        "NextToken": "page-2",
        "ClientToken": "op-1",
        "SecretArn": "arn:x",
        "Tags": [{"Key": "DB_PASSWORD", "Value": "hunter3"}, {"Key": "Team", "Value": "core"}],
        "When": UNKNOWN,
    }
    assert redact(params) == {
        "MasterUserPassword": {"$redacted": "MasterUserPassword"},
        "NextToken": "page-2",
        "ClientToken": "op-1",
        "SecretArn": "arn:x",
        "Tags": [
            {"Key": "DB_PASSWORD", "Value": {"$redacted": "DB_PASSWORD"}},
            {"Key": "Team", "Value": "core"},
        ],
        "When": "(known after apply)",
    }
    variables = {"Environment": {"Variables": {"HARMLESS": "hunter4"}}, "FunctionName": "f"}
    update = describe(Write("lambda", "UpdateFunctionConfiguration", variables), region="")
    assert "hunter4" not in repr(update)
    assert update.params["FunctionName"] == "f"


def test_what_is_written_down_is_bounded() -> None:
    assert list(redact({"a": "x" * 40_000})["a"]) == ["$truncated"]
    assert list(redact([{"a": "x" * 30_000}] * 10)) == ["$truncated"]


def test_unknown_parts_do_not_hide_the_command() -> None:
    read = Read("elbv2", "DescribeListeners", {"LoadBalancerArn": UNKNOWN})
    assert "'(known after apply)'" in aws_command(read, redact(read.params), "")


@pytest.mark.parametrize(
    "effect",
    [
        Write(
            "events",
            "PutTargets",
            {
                "Rule": "r",
                "Targets": [{"Id": "1", "Arn": "arn:f", "Input": '{"apiKey": "hunter2"}'}],
            },
        ),
        Write(
            "scheduler",
            "CreateSchedule",
            {"Name": "s", "Target": {"Arn": "arn:f", "Input": '{"apiKey": "hunter2"}'}},
        ),
        Write(
            "lambda",
            "CreateFunction",
            {"FunctionName": "f", "Environment": {"Variables": {"ANY": "hunter2"}}},
        ),
    ],
    ids=lambda effect: effect.operation,
)
def test_what_functions_are_given_is_not_written_down(effect: Write) -> None:
    described = describe(effect, region="eu-west-1")
    assert "hunter2" not in repr(described)
    assert "$redacted" in repr(described.params)
