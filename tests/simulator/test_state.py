"""An account that is kept in a file: whole after a restart, and refused when it is no good."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import clients
from wizard.simulator import state_file
from wizard.simulator.process import Simulator, SimulatorError
from wizard.simulator.scale_api import DEMO_SCALE_PASSWORD, SCALE_PATH
from wizard.simulator.state_file import StateError

REGION = "us-east-1"


def picture(simulator: Simulator) -> dict[str, Any]:
    """What makes this account this one."""
    client = clients(simulator.ready)
    ec2, elbv2 = client("ec2", REGION), client("elbv2", REGION)
    reservations = ec2.describe_instances()["Reservations"]
    mails = httpx.get(f"{simulator.ready.inbox_url}/mails.json", trust_env=False).json()
    network = httpx.get(
        f"{simulator.ready.endpoint_url}/_st-wizard/network", trust_env=False
    ).json()
    balancers = elbv2.describe_load_balancers()["LoadBalancers"]
    return {
        "vpcs": [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]],
        "instances": [one["InstanceId"] for each in reservations for one in each["Instances"]],
        "launched": [str(one["LaunchTime"]) for each in reservations for one in each["Instances"]],
        "balancers": [one["LoadBalancerArn"] for one in balancers],
        "buckets": [one["Name"] for one in client("s3", REGION).list_buckets()["Buckets"]],
        "topics": [one["TopicArn"] for one in client("sns", REGION).list_topics()["Topics"]],
        "certificates": client("acm", REGION).list_certificates()["CertificateSummaryList"],
        "functions": [
            one["FunctionArn"]
            for one in client("lambda", "eu-west-1").list_functions()["Functions"]
        ],
        "mails": [(one["id"], one["to"], one["subject"]) for one in mails],
        "ca_pem": network["ca_pem"],
    }


def test_a_restart_finds_the_same_account(tmp_path: Path) -> None:
    file = tmp_path / "account.state"
    with Simulator(state=file) as first:
        client = clients(first.ready)
        topic = client("sns", REGION).create_topic(Name="kept")["TopicArn"]
        client("sns", REGION).subscribe(
            TopicArn=topic, Protocol="email", Endpoint="kept@supertokens.com"
        )
        client("s3", REGION).create_bucket(Bucket="kept-bucket-4711")
        client("s3", REGION).put_object(Bucket="kept-bucket-4711", Key="a b/c", Body=b"kept")
        order = {
            "password": DEMO_SCALE_PASSWORD,
            "appId": "app-acme",
            "scaleTo": 2,
            "deploymentToScale": "production",
        }
        url = first.ready.scale_api_url + SCALE_PATH
        httpx.post(url, json=order, trust_env=False).raise_for_status()
        before, database_url = picture(first), first.ready.database_url
        time_before = _account_time(first)
    database = Path(database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO apps_with_load_balancer (app_id) VALUES ('kept')")
    with Simulator(state=file) as second:
        assert picture(second) == before
        assert second.ready.database_url == database_url
        assert _account_time(second) >= time_before
        client = clients(second.ready)
        kept = client("s3", REGION).get_object(Bucket="kept-bucket-4711", Key="a b/c")
        assert kept["Body"].read() == b"kept"
        mails = httpx.get(f"{second.ready.inbox_url}/mails.json", trust_env=False).json()
        mail = next(one for one in mails if one["to"] == "kept@supertokens.com")
        assert httpx.get(mail["confirm_url"], trust_env=False).status_code == 200
        # The launch that was under way still comes.
        advance = f"{second.ready.endpoint_url}/_st-wizard/advance"
        for _ in range(2):
            httpx.post(advance, json={"seconds": 300}, trust_env=False).raise_for_status()
        assert len(picture(second)["instances"]) == len(before["instances"]) + 1
        client("sns", REGION).create_topic(Name="later")
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT app_id FROM apps_with_load_balancer").fetchall()
    assert ("kept",) in rows
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name, database.name]


def test_changes_are_saved_while_it_runs(tmp_path: Path) -> None:
    """A killed account loses at most what came after the last rest."""
    file = tmp_path / "account.state"
    with Simulator(state=file, seed="empty") as simulator:
        client = clients(simulator.ready)
        stamp = file.stat().st_mtime_ns
        client("sns", REGION).create_topic(Name="saved-soon")
        while file.stat().st_mtime_ns == stamp:
            client("sts", REGION).get_caller_identity()
        simulator.kill()
    with Simulator(state=file, seed="empty") as again:
        topics = clients(again.ready)("sns", REGION).list_topics()["Topics"]
        assert [one["TopicArn"].rpartition(":")[2] for one in topics] == ["saved-soon"]


def test_a_file_that_is_no_good_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("my notes")
    file.chmod(0o600)
    with pytest.raises(SimulatorError, match="not a state file"):
        Simulator(state=file, seed="empty").start()
    assert file.read_text() == "my notes"


def test_write_and_read(tmp_path: Path) -> None:
    file = tmp_path / "x.state"
    assert state_file.read(file) is None
    state_file.write(file, b"payload\nwith lines")
    assert state_file.read(file) == b"payload\nwith lines"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with pytest.raises(StateError, match="damaged"):
        state_file.read(file)
    file.write_bytes(whole.replace(b'"moto":"', b'"moto":"0.'))
    with pytest.raises(StateError, match=r"moto 0\."):
        state_file.read(file)
    file.write_bytes(whole)
    file.chmod(0o666)
    with pytest.raises(StateError, match="others may write"):
        state_file.read(file)


def _account_time(simulator: Simulator) -> float:
    url = f"{simulator.ready.endpoint_url}/_st-wizard/network"
    found: float = httpx.get(url, trust_env=False).json()["account_time"]
    return found
