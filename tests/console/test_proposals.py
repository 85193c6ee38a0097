"""Which questions are proposed together: what is asked, and all that its choices hang on."""

from types import SimpleNamespace
from typing import Any, cast

from wizard.checklist.load import load_bundled
from wizard.console.proposals import Proposals
from wizard.engine.desk import Running


def test_a_question_brings_all_that_its_choices_hang_on() -> None:
    running: Any = SimpleNamespace(pinned=load_bundled("add-load-balancer"))
    proposals = Proposals(cast(Running, running), alone=True)
    assert set(proposals.with_what_they_hang_on(["targets"])) == {
        "targets",
        "vpc",
        "app_id",
        "subnets",
    }
    assert proposals.with_what_they_hang_on(["no_such_question", "scale_password"]) == [
        "scale_password"
    ]
