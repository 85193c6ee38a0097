"""How long S3 is to keep a bundle: as asked for, or as the bucket says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.e2e.account import Account
from tests.evidence.in_s3 import ONCE, run, seen, upload, versions, writes
from wizard.errors import UsageError
from wizard.evidence.s3_place import Bucket, Retention, retention
from wizard.gateway.world import WorldGateway


def test_asked_for_retention_is_given_and_read_back(
    account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    made = seen(gateway, bucket, account)
    wanted = retention(made, 30, "GOVERNANCE", gateway.now())
    assert wanted is not None
    assert wanted.until.endswith("T23:59:59Z")
    place, _ = run(upload(gateway, account, bucket, wanted=wanted))
    for kept in place.files.values():
        assert (kept.mode, kept.retain_until) == ("GOVERNANCE", wanted.until)
        held = s3.head_object(Bucket=bucket, Key=kept.key)
        assert held["ObjectLockMode"] == "GOVERNANCE"


def test_what_is_kept_for_a_shorter_time_is_kept_longer_and_not_uploaded_again(
    account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    made = seen(gateway, bucket, account)
    run(upload(gateway, account, bucket))
    account.forget()
    wanted = retention(made, 30, "GOVERNANCE", gateway.now())
    assert wanted is not None
    place, _ = run(upload(gateway, account, bucket, wanted=wanted))
    assert set(writes(account)) == {"PutObjectRetention"}
    assert {kept.retain_until for kept in place.files.values()} == {wanted.until}
    assert versions(s3, bucket) == ONCE


def test_the_buckets_default_is_left_to_the_bucket(
    account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 1}}
    s3.put_object_lock_configuration(
        Bucket=bucket,
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule},
    )
    made = seen(gateway, bucket, account)
    wanted = retention(made, None, "", gateway.now())
    assert wanted == Retention(mode="COMPLIANCE", days=365)
    place, _ = run(upload(gateway, account, bucket, wanted=wanted))
    assert {kept.mode for kept in place.files.values()} == {"COMPLIANCE"}
    # A date of its own takes the bucket's mode, unless another is asked for.
    longer = retention(made, 400, "", gateway.now())
    assert longer is not None
    assert longer.mode == "COMPLIANCE"


def test_a_date_is_the_same_all_day_and_a_mode_needs_one() -> None:
    locked = Bucket(name="a", region="us-east-1", owner="1", locks=True)
    morning, night = (
        datetime(2026, 11, 28, 0, 1, tzinfo=UTC),
        datetime(2026, 11, 28, 23, 59, tzinfo=UTC),
    )
    found = {retention(locked, 1, "", one.timestamp()) for one in (morning, night)}
    assert found == {Retention(mode="GOVERNANCE", days=1, until="2026-11-29T23:59:59Z")}
    assert retention(locked, None, "", 0.0) is None
    with pytest.raises(UsageError, match="retain-days"):
        retention(locked, None, "COMPLIANCE", 0.0)
