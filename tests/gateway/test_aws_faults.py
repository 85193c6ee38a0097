"""What a broken wire means: reads are made again, mutating calls leave once and are in doubt."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.gateway.scripted import (
    Break,
    Reply,
    closed_port,
    http,
    query_error,
    query_result,
    serving,
)
from wizard.effects import UNKNOWN, Read, Write
from wizard.errors import (
    CallError,
    CredentialsError,
    DeniedError,
    ThrottledError,
    UnknownOutcomeError,
    UnreachableError,
)
from wizard.gateway.backoff import Backoff
from wizard.gateway.clients import Clients, Timeouts
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway

GROUPS = Read("elbv2", "DescribeTargetGroups", pages="TargetGroups")
CREATE = Write("elbv2", "CreateTargetGroup", {"Name": "acme"})
MADE = http(
    200,
    query_result(
        "CreateTargetGroup",
        "<TargetGroups><member><TargetGroupArn>arn:tg</TargetGroupArn></member></TargetGroups>",
    ),
)
FOUND = http(
    200,
    query_result(
        "DescribeTargetGroups",
        "<TargetGroups><member><Port>3567</Port></member></TargetGroups>",
    ),
)


class Waits(list[float]):
    """Stands in for sleeping."""

    def backoff(self) -> Backoff:
        return Backoff(sleep=self.append, fraction=lambda: 1.0)


def gateway(url: str, waits: Waits | None = None) -> WorldGateway:
    return WorldGateway(
        endpoint_url=url,
        secrets=Secrets({}, keyring=object()),
        timeouts=Timeouts(connect=2, read=0.3),
        backoff=(waits if waits is not None else Waits()).backoff(),
    )


TRUNCATED = FOUND.replace(b"Content-Length: ", b"Content-Length: 9")


@pytest.mark.parametrize(
    "fault",
    [
        Break.RESET,
        Break.SILENCE,
        http(500, query_error("InternalFailure", "boom")),
        http(503, "<html>not xml"),
        http(200, "<DescribeTargetGroupsResponse><Descr"),
        TRUNCATED,
    ],
    ids=["reset", "silence", "500", "503", "cut xml", "truncated"],
)
def test_a_read_is_made_again(fault: Reply) -> None:
    waits = Waits()
    with serving(fault, fault, FOUND) as server:
        answer = gateway(server.url, waits).call(GROUPS)
        assert answer.value == [{"Port": 3567}]
        assert (answer.pages, answer.entries, answer.request_id) == (1, 1, "req-1")
        assert answer.date == "Sun, 22 Nov 2026 17:00:00 GMT"
        assert len(server.requests) == 3
        assert waits == [0.2, 0.4]


def test_a_read_gives_up_in_the_end() -> None:
    with serving(Break.RESET) as server:
        with pytest.raises(CallError, match="elbv2:DescribeTargetGroups in us-east-1"):
            gateway(server.url).call(GROUPS)
        assert len(server.requests) == 4


def test_retry_after_is_the_least_wait() -> None:
    waits = Waits()
    with serving(http(503, query_error("Busy", ""), headers="Retry-After: 7\r\n"), FOUND) as server:
        gateway(server.url, waits).call(GROUPS)
    assert waits == [7.0]


@pytest.mark.parametrize(
    "fault",
    [
        Break.RESET,
        Break.SILENCE,
        http(500, query_error("InternalFailure", "boom")),
        http(502, "<html>"),
        http(200, "<CreateTargetGroupResponse><Cre"),
        MADE.replace(b"Content-Length: ", b"Content-Length: 9"),
        http(400, query_error("RequestTimeout", "slow")),
    ],
    ids=["reset", "silence", "500", "502", "cut xml", "truncated", "request timeout"],
)
def test_a_mutating_call_leaves_once_and_is_in_doubt(fault: Reply) -> None:
    with serving(fault, MADE) as server:
        with pytest.raises(UnknownOutcomeError) as caught:
            gateway(server.url).call(CREATE)
        assert len(server.requests) == 1
        assert caught.value.where == "elbv2:CreateTargetGroup in us-east-1"


def test_a_truncated_json_answer_is_in_doubt_too() -> None:
    whole = '{"CertificateArn": "arn:aws:acm:us-east-1:1:certificate/1"}'
    head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"  # its length is where it ends
    with serving((head + whole[:-5]).encode()) as server, pytest.raises(UnknownOutcomeError):
        gateway(server.url).call(Write("acm", "RequestCertificate", {"DomainName": "a.b.com"}))


def test_a_mutating_call_answers_with_what_may_be_written_down() -> None:
    with serving(MADE) as server:
        answer = gateway(server.url).call(CREATE)
    assert answer.value == {"TargetGroups": [{"TargetGroupArn": "arn:tg"}]}
    assert answer.redacted == answer.value
    assert answer.request_id == "req-1"
    assert len(answer.response_sha256) == 64


def test_a_refused_connection_did_not_happen() -> None:
    with pytest.raises(UnreachableError, match="could not be reached"):
        gateway(closed_port()).call(CREATE)


@pytest.mark.parametrize("effect", [GROUPS, CREATE])
@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "Throttling"), (503, "SlowDown"), (429, "Odd"), (400, "RequestLimitExceeded")],
)
def test_throttling_is_told_at_once(effect: Read | Write, status: int, code: str) -> None:
    waits = Waits()
    with serving(http(status, query_error(code, "Rate exceeded"))) as server:
        with pytest.raises(ThrottledError):
            gateway(server.url, waits).call(effect)
        assert len(server.requests) == 1
    assert waits == []


def test_a_refusal_by_aws_did_not_happen_and_speaks_plainly() -> None:
    body = query_error("TooManyTargetGroups", "limit")
    with serving(http(400, body)) as server, pytest.raises(CallError) as caught:
        gateway(server.url).call(CREATE)
    assert type(caught.value) is CallError
    assert caught.value.code == "TooManyTargetGroups"
    assert caught.value.request_id == "req-2"
    assert "no more target groups" in caught.value.what
    assert "L-B22855CB" in caught.value.todo


def test_what_is_absent_is_an_answer() -> None:
    absent = http(400, query_error("TargetGroupNotFound", "no"))
    with serving(absent) as server:
        one = Read(
            "elbv2", "DescribeTargetGroups", {"Names": ["x"]}, absent=("TargetGroupNotFound",)
        )
        assert gateway(server.url).call(one).value is None
        paged = Read("elbv2", "DescribeTargetGroups", {}, "TargetGroups", ("TargetGroupNotFound",))
        assert gateway(server.url).call(paged).value == []
        with pytest.raises(CallError, match="not there"):
            gateway(server.url).call(GROUPS)


@pytest.mark.parametrize("code", ["ExpiredToken", "RequestExpired", "InvalidClientTokenId"])
def test_bad_credentials_pause(code: str) -> None:
    with serving(http(403, query_error(code, "no"))) as server, pytest.raises(CredentialsError):
        gateway(server.url).call(CREATE)


def test_a_denial_names_action_and_policy() -> None:
    body = query_error(
        "AccessDenied",
        "User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: "
        "elasticloadbalancing:CreateTargetGroup on resource: arn:aws:elb:us-east-1:1:targetgroup/a "
        "with an explicit deny in a service control policy",
    )
    with serving(http(403, body)) as server, pytest.raises(DeniedError) as caught:
        gateway(server.url).call(CREATE)
    assert caught.value.action == "elasticloadbalancing:CreateTargetGroup"
    assert '"arn:aws:elb:us-east-1:1:targetgroup/a"' in caught.value.policy
    assert "administrator" in caught.value.todo


def test_what_is_not_as_the_model_says_never_leaves() -> None:
    with serving(MADE) as server:
        world = gateway(server.url)
        for effect in (
            Write("elbv2", "CreateTargetGroup", {"Nome": "acme"}),
            Write("elbv2", "CreateTargetGroups", {}),
            Write("elbv2", "CreateTargetGroup", {"Name": UNKNOWN}),
            Write("nosuch", "CreateTargetGroup", {}),
        ):
            with pytest.raises(CallError) as caught:
                world.call(effect)
            assert type(caught.value) is CallError
        assert server.requests == []


def test_no_credentials_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(CredentialsError, match="Log in"):
        WorldGateway().call(Read("sts", "GetCallerIdentity"))
    with pytest.raises(CredentialsError, match="nobody"):
        WorldGateway(profile="nobody").call(Read("sts", "GetCallerIdentity"))


def test_real_credentials_never_reach_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREALREALREALREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real-secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real-token")
    monkeypatch.setenv("AWS_PROFILE", "production")
    with serving(FOUND) as server:
        gateway(server.url).call(GROUPS)
        assert b"AKIAREAL" not in server.requests[0]
        assert b"real-token" not in server.requests[0]
        assert b"Credential=demo/" in server.requests[0]
        assert b"st-wizard/" in server.requests[0]


def test_a_streamed_body_is_read_to_its_end() -> None:
    whole = http(200, "policy text", headers="x-amz-request-id: req-3\r\n")
    with serving(http(200, "policy", missing=5), whole) as server:
        answer = gateway(server.url).call(Read("s3", "GetObject", {"Bucket": "b", "Key": "k"}))
        assert answer.value["Body"] == "policy text"
        assert len(server.requests) == 2


def test_an_endpoint_that_the_pin_does_not_name_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    made = Clients("", "", workers=1).client("sts", "eu-west-1")
    assert made.meta.endpoint_url == "https://sts.eu-west-1.amazonaws.com"
    assert made.meta.config.retries["total_max_attempts"] == 1


def test_each_client_is_made_once() -> None:
    clients = Clients("", "http://127.0.0.1:1", workers=4)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: clients.client("sts", "us-east-1"), range(8)))
    assert len({id(one) for one in made}) == 1
    clients.forget()
    assert clients.client("sts", "us-east-1") is not made[0]
