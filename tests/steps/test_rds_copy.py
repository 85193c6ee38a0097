"""The copy map: nothing regional is copied, every member has one name, parameters in portions."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from steps.rds_copy import COPIED, NEVER, creation, members, not_copied, renamed, settings
from steps.rds_groups import AT_ONCE, write_cluster_parameters
from tests.steps.cases_of_steps import complaint, written
from tests.steps.driving import drive
from wizard.effects import Write


def test_parameters_go_in_portions_that_rds_takes() -> None:
    values = {f"p{number}": "1" for number in range(45)}
    group = {"name": "g", "family": "f", "description": "d", "values": values, "static": ["p44"]}
    made: list[Any] = []
    drive(write_cluster_parameters(None, group), made.append)
    portions = [written(one)["params"]["Parameters"] for one in made[1:]]
    assert [len(one) for one in portions] == [AT_ONCE, AT_ONCE, 5]
    assert portions[-1][-1]["ApplyMethod"] == "pending-reboot"
    assert all(isinstance(one, Write) and complaint(one) == "" for one in made)


def test_nothing_that_belongs_to_a_region_is_copied() -> None:
    source = {"Engine": "aurora-postgresql", **dict.fromkeys(NEVER, "x"), "StorageEncrypted": True}
    assert not set(COPIED) & set(NEVER)
    assert not set(settings(source)) & set(NEVER)
    assert set(not_copied(source)) == set(NEVER)
    asked = creation(settings(source))
    assert asked == {"Engine": "aurora-postgresql", "StorageEncrypted": True}


identifiers = st.from_regex(r"[a-z]([a-z0-9]|-(?=[a-z0-9])){0,40}[a-z0-9]", fullmatch=True)


@given(
    st.lists(identifiers, unique=True, max_size=4),
    st.lists(identifiers, max_size=3),
    st.sampled_from(["prod-eu-central-2", "p" * 63, "a"]),
)
def test_every_member_has_one_name_of_its_own(
    source: list[str], existing: list[str], cluster: str
) -> None:
    made = members(
        [{"id": f"prod-us-east-1-{one}", "instance_class": "c"} for one in source],
        [{"id": one} for one in dict.fromkeys(existing)],
        source_id="prod-us-east-1",
        cluster=cluster,
        source_region="us-east-1",
        region="eu-central-2",
        instance_class="as the source",
    )
    keys = [one["key"] for one in made]
    assert len(set(keys)) == len(source)
    assert all(len(one) <= 63 for one in keys)
    assert len(set(keys) & set(existing)) >= min(len(set(existing)), len(source))


def test_a_role_for_monitoring_that_is_off_is_not_asked_for() -> None:
    role = "arn:aws:iam::123456789012:role/rds-monitoring-role"
    off = settings({"MonitoringRoleArn": role, "MonitoringInterval": 0})
    assert "MonitoringRoleArn" not in creation(off)
    on = settings({"MonitoringRoleArn": role, "MonitoringInterval": 60})
    assert creation(on) == {"MonitoringInterval": 60, "MonitoringRoleArn": role}


def test_names_lose_the_old_region() -> None:
    assert renamed("a-us-east-1-b", "us-east-1", "eu-central-2", "x") == "a-eu-central-2-b"
    assert renamed("a", "us-east-1", "eu-central-2", "x") == "x"


def test_a_member_is_named_after_its_cluster() -> None:
    made = members(
        [
            {"id": "prod-us-east-1-writer", "instance_class": "a"},
            {"id": "reader-us-east-1", "instance_class": "b"},
            {"id": "third", "instance_class": "b"},
        ],
        [{"id": "theirs"}],
        source_id="prod-us-east-1",
        cluster="new",
        source_region="us-east-1",
        region="eu-central-2",
        instance_class="c",
    )
    assert [one["key"] for one in made] == ["theirs", "reader-eu-central-2", "new-3"]
    assert {one["instance_class"] for one in made} == {"c"}
