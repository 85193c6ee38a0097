"""The regions of an account with their opt-in status, and who we are where one is not enabled."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.scripted import Scripted, http, query_error, serving
from wizard.cli.desk import WizardDesk
from wizard.cli.doctor_account import account
from wizard.cli.settings import Settings
from wizard.errors import CredentialsError
from wizard.gateway.regions import first_region
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator

CLOSED = "af-south-1"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(speed=120) as running:
        yield running


@pytest.fixture
def settings(simulator: Simulator, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, endpoint_url=simulator.ready.endpoint_url)


def test_each_region_says_how_it_stands(settings: Settings) -> None:
    found = WizardDesk(settings).region_choices("")
    by_name = {one.value: one for one in found.options}
    assert (found.source, found.problem) == ("account:ListRegions", "")
    assert found.options[0].value == "us-east-1"
    assert by_name["us-east-1"].detail == "US East (N. Virginia) · enabled by default"
    assert not by_name["us-east-1"].disabled
    assert by_name[CLOSED].detail == "Africa (Cape Town) · not enabled"
    assert by_name[CLOSED].disabled == "not enabled in this account"


def test_a_region_that_is_not_enabled_does_not_hide_who_we_are(
    settings: Settings, simulator: Simulator
) -> None:
    pin = WizardDesk(settings).identify("", CLOSED)
    assert (pin.account_id, pin.region) == (simulator.ready.account_id, CLOSED)


def test_the_doctor_tells_of_it(settings: Settings) -> None:
    found = account(Settings(home=settings.home, endpoint_url=settings.endpoint_url, region=CLOSED))
    told = [one for one in found if one.name == "Region"]
    assert told[-1].found.startswith(f"{CLOSED} does not accept credentials that us-east-1 does")
    assert any(one.name == "Credentials" and "account" in one.found for one in found)


def test_what_ec2_knows_is_second_best_and_a_denial_is_said(tmp_path: Path) -> None:
    def desk(server: Scripted) -> WizardDesk:
        return WizardDesk(Settings(home=tmp_path, endpoint_url=server.url))

    denied = http(
        403,
        '{"__type": "AccessDeniedException", "message": "no account:ListRegions"}',
        headers="Content-Type: application/json\r\n",
    )
    regions = (
        '<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo>'
        "<item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus>"
        "</item><item><regionName>eu-central-2</regionName><optInStatus>not-opted-in</optInStatus>"
        "</item></regionInfo></DescribeRegionsResponse>"
    )
    with serving(denied, http(200, regions)) as server:
        found = desk(server).region_choices("")
    assert found.source == "ec2:DescribeRegions"
    assert [(one.value, bool(one.disabled)) for one in found.options] == [
        ("us-east-1", False),
        ("eu-central-2", True),
    ]
    with serving(denied) as server:
        found = desk(server).region_choices("")
    assert "account:ListRegions" in found.problem
    assert "eu-central-2" in [one.value for one in found.options]
    assert not any(one.disabled for one in found.options)


def test_wrong_credentials_are_refused_by_what_was_asked_first() -> None:
    unknown = http(403, query_error("InvalidClientTokenId", "The security token is invalid."))
    with serving(unknown) as server:
        gateway = WorldGateway(endpoint_url=server.url, region="eu-central-2")
        with pytest.raises(CredentialsError, match="InvalidClientTokenId") as raised:
            gateway.identity()
        gateway.close()
    assert "eu-central-2" in raised.value.where
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("region", "first"),
    [
        ("eu-central-2", "us-east-1"),
        ("cn-northwest-1", "cn-north-1"),
        ("us-gov-east-1", "us-gov-west-1"),
    ],
)
def test_the_first_region_is_of_the_same_partition(region: str, first: str) -> None:
    assert first_region(region) == first
