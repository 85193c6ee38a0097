"""The account's clock: scaled, jumping, and never backwards."""

import pytest

from wizard.simulator.clock import AccountClock


class Ticks:
    """Real seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_runs_speed_times_as_fast() -> None:
    ticks = Ticks()
    clock = AccountClock(speed=60, start=1000.0, monotonic=ticks)
    assert clock.now() == 1000.0
    ticks.seconds = 2.0
    assert clock.now() == 1120.0
    assert clock.real_seconds(300) == 5.0


def test_jumps_forward_and_keeps_running() -> None:
    ticks = Ticks()
    clock = AccountClock(start=0.0, monotonic=ticks)
    assert clock.advance(900) == 900.0
    ticks.seconds = 1.5
    assert clock.now() == 901.5
    assert clock.utc().isoformat() == "1970-01-01T00:15:01.500000+00:00"


def test_set_forward_never_goes_back() -> None:
    clock = AccountClock(start=500.0, monotonic=Ticks())
    clock.set_forward(100.0)
    assert clock.now() == 500.0
    clock.set_forward(700.0)
    assert clock.now() == 700.0


@pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan")])
def test_refuses_impossible_speeds(speed: float) -> None:
    with pytest.raises(ValueError, match="positive, finite"):
        AccountClock(speed=speed)


@pytest.mark.parametrize("seconds", [-0.1, float("inf"), float("nan")])
def test_refuses_impossible_jumps(seconds: float) -> None:
    clock = AccountClock(start=1.0, monotonic=Ticks())
    with pytest.raises(ValueError, match="only goes forward"):
        clock.advance(seconds)
    assert clock.now() == 1.0
