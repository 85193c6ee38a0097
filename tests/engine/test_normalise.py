"""What two regions have is comparable once account, region and ids are named by their kind."""

import pytest

from wizard.effects import Json
from wizard.engine.normalise import Place, normalise, opened, same

HERE = Place(account_id="111122223333", region="eu-central-2")
THERE = Place(account_id="111122223333", region="us-east-1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("supertokens-saas-us-east-1", "supertokens-saas-{region}"),
        ("CloudWatch_Alarms_US_East_1_EC2", "CloudWatch_Alarms_{Region}_EC2"),
        ("alarms_us_east_1", "alarms_{region_}"),
        ("US East 1", "{Region }"),
        ("Us_East_1", "{Title_}"),
        ("US_EAST_1", "{REGION_}"),
        ("useast1-logs", "{region.}-logs"),
        ("us-east-1a", "{region}a"),
        ("use1-az4", "{region code}-az4"),
        ("us-east-1.dns", "{region}.dns"),
        ("us-east-10", "us-east-10"),
        ("aus-east-1", "aus-east-1"),
        ("us-east-2", "us-east-2"),
        (
            "arn:aws:sns:us-east-1:111122223333:CloudWatch_Alarms_US_East_1_RDS",
            "arn:aws:sns:{region}:{account}:CloudWatch_Alarms_{Region}_RDS",
        ),
        ("1111222233334", "1111222233334"),
        ("vpc-0123456789abcdef0", "{vpc}"),
        ("subnet-01234567", "{subnet}"),
        ("vpc-0123456789abcdef01", "vpc-0123456789abcdef01"),
        ("vpc-main", "vpc-main"),
        ("vpce-0123456789abcdef0-xyz", "{endpoint}-xyz"),
        ("alias/12345678-1234-1234-1234-123456789abc", "alias/{id}"),
        ("mrk-0123456789abcdef0123456789abcdef", "{key}"),
        ("cluster-ABCDEFGHIJKLMNOPQRSTUVWXY2", "{cluster}"),
        ("/hostedzone/Z0123456789ABCDEFGHIJ", "/hostedzone/{zone}"),
        ("ZOOKEEPERCLUSTERS", "ZOOKEEPERCLUSTERS"),
        ("AIDACKCEVSQ6C2EXAMPLE", "{iam id}"),
        ("app/prod/50dc6c495c0c9188", "app/prod/{id}"),
        ("Policy1594127151493", "Policy{number}"),
        ("2026-01-02T03:04:05.678Z", "{time}"),
        ("2012-10-17", "2012-10-17"),
        ("prod.cluster-abcdefghij12.us-east-1.rds.amazonaws.com",
         "prod.cluster-{id}.{region}.rds.amazonaws.com"),
        ("arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-AbCdEf",
         "arn:aws:secretsmanager:{region}:{account}:secret:rds!db-{suffix}"),
        ("sha256 deadbeef", "sha256 deadbeef"),
    ],
)  # fmt: skip
def test_names_and_ids_by_their_kind(text: str, expected: str) -> None:
    assert normalise(text, THERE) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("saas-us-east-1", "saas-eu-central-2"),
        ("Alarms_US_East_1_X", "Alarms_EU_Central_2_X"),
        ("useast1", "eucentral2"),
        ("use1-az1", "euc2-az1"),
    ],
)
def test_two_regions_spelled_alike_give_the_same(one: str, other: str) -> None:
    assert normalise(one, THERE) == normalise(other, HERE)


def test_another_spelling_is_another_name() -> None:
    assert normalise("Alarms_US_East_1", THERE) != normalise("Alarms_Eu_Central_2", HERE)


def test_ids_may_stay_while_names_go() -> None:
    text = "vpc-0123456789abcdef0 in us-east-1"
    assert normalise(text, THERE, ids=False) == "vpc-0123456789abcdef0 in {region}"


def test_keys_and_nested_values_are_normalised() -> None:
    value = {"us-east-1": {"bucket": ["a-us-east-1"], "count": 3, "on": True, "none": None}}
    assert normalise(value, THERE) == {
        "{region}": {"bucket": ["a-{region}"], "count": 3, "on": True, "none": None}
    }


def test_keys_that_would_fall_together_stay() -> None:
    value: Json = {"vpc-01234567": 1, "vpc-89abcdef": 2}
    assert normalise(value, THERE) == value


def test_the_order_of_lists_does_not_matter_at_any_depth() -> None:
    one = {"statements": [{"actions": ["a", "b"]}, {"actions": ["c"]}]}
    other = {"statements": [{"actions": ["c"]}, {"actions": ["b", "a"]}]}
    assert same(one, other)
    assert not same(["a", "a", "b"], ["a", "b", "b"])
    assert not same({"a": 1}, {"a": True})
    assert same({"a": 1}, {"a": 1.0})


def test_documents_inside_texts_are_data() -> None:
    assert opened({"policy": '{"b": 1, "a": [2]}'}) == {"policy": {"a": [2], "b": 1}}
    assert opened("{region}") == "{region}"
    assert opened("[not json") == "[not json"


def test_an_empty_account_or_region_is_not_looked_for() -> None:
    assert normalise("text", Place(account_id="", region="")) == "text"
