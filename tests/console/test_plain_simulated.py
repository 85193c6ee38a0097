"""The load balancer runbook on plain paper, left in the middle and resumed, on the simulator."""

from pathlib import Path
from typing import Any

from tests.console.scripted import TAKE, Script
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Demo, Settings
from wizard.console.plain import plain
from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready
from wizard.simulator.scale_api import DEMO_SCALE_PASSWORD

CHECKLIST = "add-load-balancer"
NOTES = {"Your note": "seen by ada", "Export": False, "Is it so": "attest"}


class Operator(Script):
    """Takes what is proposed, and answers the rest alike each time."""

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__()
        self._fixed = answers

    def _next(self, question: str) -> Any:
        self.asked.append(question)
        answer = next((value for part, value in self._fixed.items() if part in question), TAKE)
        if answer is KeyboardInterrupt:
            raise KeyboardInterrupt
        return answer


def settings(home: Path, ready: Ready) -> Settings:
    return Settings(
        home=home,
        endpoint_url=ready.endpoint_url,
        region="us-east-1",
        demo=Demo(
            inbox_url=ready.inbox_url,
            answers={"scale_api_url": ready.scale_api_url, "database_url": ready.database_url},
            secrets={"scale-api-password": DEMO_SCALE_PASSWORD},
        ),
    )


def test_the_whole_runbook_left_in_the_middle_and_resumed(tmp_path: Path) -> None:
    with Simulator(speed=300) as simulator:
        first = Operator(
            {"Region": "us-east-1", "App": "app-acme", "Nothing has been": "all",
             "Instances": KeyboardInterrupt}
        )  # fmt: skip
        desk = WizardDesk(settings(tmp_path, simulator.ready))
        assert plain(desk, start=CHECKLIST, resume=None, ask=first) == 3
        (left,) = desk.sessions()
        assert left.standing == "suspended"
        assert 0 < left.done < left.total

        again = WizardDesk(settings(tmp_path, simulator.ready))
        second = Operator(NOTES)
        assert plain(again, start=None, resume=str(left.number), ask=second) == 0
        _, state = again.look(left.session)
        assert state.finished_at
        assert {item.status.value for item in state.items.values()} == {"done"}
        assert not any("Approve" in question or "Scale to" in question for question in second.asked)
        assert {one.split()[0] for one in state.deviations} >= {"E1", "E11", "E13"}
