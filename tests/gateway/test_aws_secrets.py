"""What goes wrong with a call that carries secrets: none of them is in the error."""

import json
import traceback

import pytest

from tests.gateway.scripted import closed_port, http, query_error, serving
from tests.gateway.test_aws_faults import gateway
from wizard.effects import Secret, Write
from wizard.errors import CallError


def test_a_secret_in_a_parameter_is_in_no_error() -> None:
    world = gateway(closed_port())
    world.secrets.give("db", "hunter2-hunter2")
    write = Write("rds", "CreateDBCluster", {"MasterUserPassword": [Secret("db")]})
    with pytest.raises(CallError, match="Invalid type") as caught:
        world.call(write)
    error: BaseException | None = caught.value
    assert error is not None
    assert "hunter2" not in repr(error) + str(error)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_what_aws_quotes_of_an_environment_is_in_no_error() -> None:
    values = {"JWT_SECRET": "hunter2-hunter2", "KEY": 'line\n"quoted"', "MODE": "on"}
    quoted = json.dumps({"JWT_SECRET": "x" * 900 + "hunter2-hunter2", **values})
    said = {
        "Type": "User",
        "Message": f"environment variables exceeded the 4KB limit. String measured: {quoted}",
    }
    refused = http(
        400,
        json.dumps(said),
        headers="x-amzn-ErrorType: InvalidParameterValueException\r\n",
    )
    write = Write(
        "lambda",
        "UpdateFunctionConfiguration",
        {"FunctionName": "f", "Environment": {"Variables": values}},
    )
    with serving(refused) as server, pytest.raises(CallError, match="4KB limit") as caught:
        gateway(server.url).call(write)
    error: BaseException = caught.value
    for told in (repr(error), str(error), "".join(traceback.format_exception(error))):
        assert "hunter2" not in told
        assert "quoted" not in told
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_secret_that_aws_quotes_is_gone_before_the_message_is_cut() -> None:
    token = "0123456789abcdef" * 8
    message = "x" * 940 + f" Invalid token: {token}"
    with serving(http(400, query_error("InvalidParameter", message))) as server:
        world = gateway(server.url)
        world.secrets.give("link", token)
        write = Write("sns", "ConfirmSubscription", {"TopicArn": "arn:t", "Token": Secret("link")})
        with pytest.raises(CallError, match="Invalid token") as caught:
            world.call(write)
    assert token[:16] not in repr(caught.value) + str(caught.value)
