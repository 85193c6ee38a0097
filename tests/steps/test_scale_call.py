"""What the scale call says when the API does not take it, and that the password stays a name."""

from typing import Any

import pytest

from steps.scale import Deployment
from tests.steps.driving import drive, writes
from wizard.effects import Again, Effect, Request, Secret
from wizard.errors import StepError

STEP = Deployment(
    url="https://api.example.com",
    endpoint="/0/manual/app/scale/deployment",
    password="scale-api-password",
    app_id="app-acme",
    scale_to=3,
    deployment="production",
)


def answered(status: int, body: Any = "") -> None:
    """Make the call and have it answered so."""

    def answer(effect: Effect) -> Any:
        assert isinstance(effect, Request)
        return {"status": status, "body": body}

    drive(STEP.converge(None, STEP.differences(None)), answer)


def test_any_2xx_is_taken() -> None:
    answered(200, {"status": "OK"})
    answered(204)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_password_says_how_to_give_the_right_one(status: int) -> None:
    with pytest.raises(StepError) as refusal:
        answered(status, "wrong password")
    assert "refused the password" in refusal.value.what
    assert "st-wizard secret set scale-api-password" in refusal.value.todo


@pytest.mark.parametrize("status", [302, 400, 404, 500])
def test_any_other_answer_is_told(status: int) -> None:
    with pytest.raises(StepError, match=f"answered {status}: no such app"):
        answered(status, "no such app")


def test_a_lost_answer_is_for_a_person_and_the_password_is_only_named() -> None:
    (call,) = writes(STEP, None)
    assert isinstance(call, Request)
    assert call.again is Again.ASK
    assert call.json["password"] == Secret("scale-api-password")
