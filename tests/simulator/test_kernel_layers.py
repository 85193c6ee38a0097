"""The layers, each alone: throttling, faults, log, gate, and errors in every protocol."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.parsers import create_parser
from botocore.session import get_session

from wizard.simulator.clock import AccountClock
from wizard.simulator.middleware.call import Answer, Call, Dropped, stack
from wizard.simulator.middleware.errors import refuse
from wizard.simulator.middleware.faults import KINDS, Fault, Faults
from wizard.simulator.middleware.log import CallLog
from wizard.simulator.middleware.throttle import Throttle
from wizard.simulator.save_gate import SaveGate
from wizard.simulator.throttle_rates import Rate

OK = Answer(200, (("Content-Type", "text/xml"),), b"<R><RequestId>moto's</RequestId></R>")


def a_call(service: str = "sns", operation: str = "Publish", protocol: str = "query") -> Call:
    return Call(service, operation, "us-east-1", protocol, "AKIA", "the-request-id", 0.0, {})


class Work:
    """Answers OK and counts."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self, call: Call) -> Answer:
        assert call.request_id
        self.done += 1
        return OK


@pytest.fixture
def clock() -> AccountClock:
    return AccountClock(start=0.0, monotonic=lambda: 0.0)


def test_throttle_follows_account_time(clock: AccountClock) -> None:
    throttle = Throttle(clock, {("cloudwatch", "PutMetricAlarm"): Rate(3, 3)})
    call, work = a_call("cloudwatch", "PutMetricAlarm"), Work()
    codes = [throttle(call, work).error_code for _ in range(5)]
    assert codes == [None, None, None, "Throttling", "Throttling"]
    clock.advance(1 / 3)
    assert [throttle(call, work).error_code for _ in range(2)] == [None, "Throttling"]
    clock.advance(3600)
    assert [throttle(call, work).status for _ in range(4)] == [200, 200, 200, 400]
    assert throttle(a_call("cloudwatch", "ListMetrics"), work).status == 200
    throttle.enabled = False
    assert throttle(call, work).status == 200


def test_throttle_speaks_as_the_service_does(clock: AccountClock) -> None:
    rates = {(service, "X"): Rate(0.1, 0) for service in ("ec2", "lambda", "logs", "route53")}
    throttle = Throttle(clock, rates)
    seen = {service: throttle(a_call(service, "X"), Work()) for service, _ in rates}
    assert {service: (answer.status, answer.error_code) for service, answer in seen.items()} == {
        "ec2": (503, "RequestLimitExceeded"),
        "lambda": (429, "TooManyRequestsException"),
        "logs": (400, "ThrottlingException"),
        "route53": (400, "Throttling"),
    }


@pytest.mark.parametrize(
    ("kind", "worked", "outcome"),
    [
        ("drop_before", 0, "Dropped"),
        ("drop_after", 1, "Dropped"),
        ("error_before", 0, "InternalFailure"),
        ("error_after", 1, "InternalFailure"),
        ("truncate", 1, "half"),
        ("delay", 1, None),
        ("throttle", 0, "Throttling"),
        ("deny", 0, "AuthorizationError"),
        ("expired", 0, "ExpiredToken"),
    ],
)
def test_each_fault(kind: Any, worked: int, outcome: str | None) -> None:
    faults, work = Faults(), Work()
    faults.order(Fault("sns", "Publish", kind))
    try:
        answer = faults(a_call(), work)
        seen = "half" if answer.truncate else answer.error_code
    except Dropped:
        seen = "Dropped"
    assert (work.done, seen) == (worked, outcome)
    assert faults.waiting() == []
    assert faults(a_call(), work) is OK


def test_every_kind_of_fault_is_tested() -> None:
    marks = test_each_fault.pytestmark
    assert {case[0] for case in marks[0].args[1]} == set(KINDS)


def test_faults_meet_only_what_they_name_and_so_often() -> None:
    faults, work = Faults(), Work()
    faults.order(Fault("*", "CreateTopic", "error_before", times=2))
    assert faults(a_call(operation="ListTopics"), work) is OK
    statuses = [faults(a_call(operation="CreateTopic"), work).status for _ in range(3)]
    assert statuses == [500, 500, 200]
    with pytest.raises(ValueError, match="times is 0"):
        faults.order(Fault("*", "*", "delay", times=0))


def test_log_signs_answers_and_tells_drops(clock: AccountClock) -> None:
    log = CallLog(clock)
    answer = log(a_call(), Work())
    assert b"<RequestId>the-request-id</RequestId>" in answer.body
    assert dict(answer.headers)["x-amzn-RequestId"] == "the-request-id"
    assert dict(answer.headers)["Date"] == "Thu, 01 Jan 1970 00:00:00 GMT"

    def drop(call: Call) -> Answer:
        raise Dropped

    with pytest.raises(Dropped):
        log(a_call(operation="Subscribe"), drop)
    lines = log.since(0)
    assert [(x["number"], x["operation"], x["status"], x["error_code"]) for x in lines] == [
        (1, "Publish", 200, None),
        (2, "Subscribe", 0, "Dropped"),
    ]
    assert [x["number"] for x in log.since(1)] == [2]
    log.clear()
    assert log.since(0) == []


def test_layers_are_stacked_outermost_first() -> None:
    order: list[str] = []

    def layer(name: str) -> Callable[[Call, Callable[[Call], Answer]], Answer]:
        def through(call: Call, inner: Callable[[Call], Answer]) -> Answer:
            order.append(name)
            return inner(call)

        return through

    assert stack([layer("a"), layer("b")], Work())(a_call()) is OK
    assert order == ["a", "b"]


@pytest.mark.parametrize(
    ("service", "protocol"),
    [
        ("sns", "query"),
        ("ec2", "ec2"),
        ("route53", "rest-xml"),
        ("s3", "rest-xml"),
        ("logs", "json"),
        ("lambda", "rest-json"),
        ("cloudwatch", "smithy-rpc-v2-cbor"),
        ("cloudwatch", "query"),
    ],
)
def test_refusals_are_read_by_botocore(service: str, protocol: str) -> None:
    answer = refuse(a_call(service, "X", protocol), 400, "SomeCode", "a < b & c")
    model = get_session().get_service_model(service)
    shapes = (model.operation_model(name).output_shape for name in model.operation_names)
    shape = next(shape for shape in shapes if shape is not None)
    parsed = create_parser(protocol).parse(
        {"body": answer.body, "headers": dict(answer.headers), "status_code": 400}, shape
    )
    assert parsed["Error"]["Code"] == "SomeCode"
    assert parsed["Error"]["Message"] == "a < b & c"


def test_gate_saves_between_calls_and_counts_changes() -> None:
    gate = SaveGate()
    started, release, saved = threading.Event(), threading.Event(), threading.Event()

    def slow(call: Call) -> Answer:
        with gate.working():  # nested, as what becomes due during a call is
            started.set()
            assert release.wait(10)
        return OK

    def save() -> None:
        with gate.saving():
            saved.set()

    working = threading.Thread(target=lambda: gate.layer(a_call(operation="CreateTopic"), slow))
    saving = threading.Thread(target=save)
    working.start()
    assert started.wait(10)
    saving.start()
    assert not saved.wait(0.05)
    release.set()
    working.join(10)
    saving.join(10)
    assert saved.is_set()
    assert gate.changes == 1
    gate.layer(a_call(operation="ListTopics"), Work())
    assert gate.changes == 1
