"""Keeping a bundle in S3: whole, once, with its checksums, whatever becomes of the answers."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest

from tests.e2e.account import Account
from wizard.errors import DeniedError, RefusedError, UsageError
from wizard.evidence.receipt import Place
from wizard.evidence.s3_address import Address, address
from wizard.evidence.s3_place import Bucket, Retention, look, retention
from wizard.evidence.s3_upload import Upload
from wizard.gateway.backoff import Backoff
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator

FILES = {
    "evidence/0001-sns.CreateTopic.json": b"{}",
    "journal.jsonl": b"1\n",
    "report.pdf": b"%PDF",
    "SHA256SUMS": b"sums\n",
    "SHA256SUMS.operator.sig": b"signed",
}
FOLDER = "st-wizard-7"
NO_WAIT = Backoff(sleep=lambda _: None)


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Simulator(seed="empty") as running:
        yield Account(running.ready)


@pytest.fixture(scope="module")
def gateway(account: Account) -> Iterator[WorldGateway]:
    made = WorldGateway(
        endpoint_url=account.ready.endpoint_url,
        secrets=Secrets({}, keyring=object()),
        backoff=NO_WAIT,
    )
    yield made
    made.close()


@pytest.fixture
def s3(account: Account) -> Any:
    return account.client("s3", "us-east-1")


@pytest.fixture
def bucket(s3: Any, request: pytest.FixtureRequest) -> str:
    """A bucket with Object Lock, of this test's own."""
    name = f"acme-{hashlib.sha256(request.node.name.encode()).hexdigest()[:20]}"
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    return name


def at(bucket: str) -> Address:
    return Address(bucket, "audits/")


def seen(gateway: WorldGateway, bucket: str, account: Account) -> Bucket:
    return look(gateway, at(bucket), account.ready.account_id, "us-east-1")


def upload(
    gateway: WorldGateway,
    account: Account,
    bucket: str,
    files: dict[str, bytes] = FILES,
    wanted: Retention | None = None,
) -> Upload:
    return Upload(
        gateway,
        seen(gateway, bucket, account),
        FOLDER,
        files,
        place=at(bucket),
        retention=wanted,
        backoff=NO_WAIT,
    )


PLACE = Place(where="s3://there/", sums_sha256="ab")


def run(made: Upload, start: Place = PLACE) -> tuple[Place, list[Place]]:
    told: list[Place] = []
    return made.run(start, told.append), told


def versions(s3: Any, bucket: str) -> Counter[str]:
    found = s3.list_object_versions(Bucket=bucket).get("Versions", [])
    return Counter(one["Key"].removeprefix(f"audits/{FOLDER}/") for one in found)


def writes(account: Account) -> list[str]:
    return [call["operation"] for call in account.calls() if call["operation"].startswith("Put")]


ONCE = Counter(dict.fromkeys(FILES, 1))


def test_every_file_is_there_with_its_checksum_and_the_sums_come_last(
    account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    place, told = run(upload(gateway, account, bucket))
    assert place.complete
    assert versions(s3, bucket) == ONCE
    for name, content in FILES.items():
        kept = place.files[name]
        assert (kept.sha256, kept.size) == (hashlib.sha256(content).hexdigest(), len(content))
        assert kept.version_id
        assert kept.request_id
        assert kept.read_back
        head = s3.head_object(Bucket=bucket, Key=kept.key, VersionId=kept.version_id)
        assert head["ContentLength"] == len(content)
    assert list(told[-2].files)[-2:] == ["SHA256SUMS", "SHA256SUMS.operator.sig"]
    assert not told[-2].complete


def test_again_writes_nothing_and_keeps_what_the_first_answers_said(
    account: Account, gateway: WorldGateway, bucket: str
) -> None:
    first, _ = run(upload(gateway, account, bucket))
    account.forget()
    second, _ = run(upload(gateway, account, bucket), first)
    assert second == first
    # Killed after an upload and before its receipt was written: it is found all the same.
    without, _ = run(upload(gateway, account, bucket))
    assert without.complete
    assert {one.version_id for one in without.files.values()} == {
        one.version_id for one in first.files.values()
    }
    assert writes(account) == []


@pytest.mark.parametrize(
    "files",
    [
        {**FILES, "journal.jsonl": b"2\n", "SHA256SUMS": b"others\n"},
        {name: content for name, content in FILES.items() if name != "journal.jsonl"},
    ],
    ids=["another state", "a file that this one has not"],
)
def test_another_bundle_in_the_place_is_left_alone(
    files: dict[str, bytes], account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    run(upload(gateway, account, bucket))
    account.forget()
    with pytest.raises(RefusedError, match="holds another bundle"):
        run(upload(gateway, account, bucket, files))
    assert writes(account) == []
    assert versions(s3, bucket) == ONCE


def test_another_signature_of_the_same_list_is_left_and_said(
    account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    run(upload(gateway, account, bucket))
    s3.put_object(
        Bucket=bucket, Key=f"audits/{FOLDER}/SHA256SUMS.reviewer.sig", Body=b"from elsewhere",
        ChecksumAlgorithm="SHA256",
    )  # fmt: skip
    account.forget()
    again = {**FILES, "SHA256SUMS.operator.sig": b"signed anew", "SHA256SUMS.tsr": b"a time"}
    place, _ = run(upload(gateway, account, bucket, again))
    assert writes(account) == ["PutObject"]  # the timestamp alone
    assert place.warnings == ("Another SHA256SUMS.operator.sig was there, and was left.",)
    kept = place.files["SHA256SUMS.operator.sig"]
    assert kept.sha256 == hashlib.sha256(FILES["SHA256SUMS.operator.sig"]).hexdigest()
    assert kept.size == len(FILES["SHA256SUMS.operator.sig"])


def test_what_has_no_sha_256_is_not_taken_for_the_same(
    account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    s3.put_object(
        Bucket=bucket, Key=f"audits/{FOLDER}/report.pdf", Body=FILES["report.pdf"],
        ChecksumAlgorithm="CRC32",
    )  # fmt: skip
    with pytest.raises(RefusedError, match="without a SHA-256"):
        run(upload(gateway, account, bucket))


@pytest.mark.parametrize(
    "kind", ["drop_after", "drop_before", "error_after", "error_before", "throttle", "truncate"]
)
def test_a_lost_answer_is_settled_by_looking_and_nothing_is_there_twice(
    kind: str, account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    account.order("faults", service="s3", operation="PutObject", kind=kind, times=2)
    place, _ = run(upload(gateway, account, bucket))
    assert place.complete
    assert versions(s3, bucket) == ONCE


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_who_may_not_look_puts_it_again_and_it_is_not_there_twice(
    kind: str, account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    account.order("faults", service="s3", operation="PutObject", kind=kind)
    account.order("faults", service="s3", operation="HeadObject", kind="deny")
    place, _ = run(upload(gateway, account, bucket))
    assert place.complete
    assert versions(s3, bucket) == ONCE


def test_what_was_interrupted_goes_on_where_it_was(
    account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    told: list[Place] = []

    def stop_after_two(place: Place) -> None:
        told.append(place)
        if len(told) == 2:
            account.order("faults", service="s3", operation="PutObject", kind="deny")

    with pytest.raises(DeniedError):
        upload(gateway, account, bucket).run(PLACE, stop_after_two)
    assert sum(versions(s3, bucket).values()) == 2
    account.forget()
    place, _ = run(upload(gateway, account, bucket), told[-1])
    assert place.complete
    assert writes(account) == ["PutObject"] * 3
    assert versions(s3, bucket) == ONCE
    assert all(kept.request_id for kept in place.files.values())


def test_who_may_only_write_has_the_answers_to_the_uploads(
    account: Account, gateway: WorldGateway, s3: Any, bucket: str
) -> None:
    for operation in ("HeadObject", "ListObjectsV2"):
        account.order("faults", service="s3", operation=operation, kind="deny", times=20)
    try:
        place, _ = run(upload(gateway, account, bucket))
    finally:
        httpx.delete(f"{account.ready.endpoint_url}/_st-wizard/faults").raise_for_status()
    assert place.complete
    assert not any(kept.read_back for kept in place.files.values())
    assert versions(s3, bucket) == ONCE


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


def test_a_bucket_without_object_lock_promises_nothing(
    account: Account, gateway: WorldGateway, s3: Any
) -> None:
    s3.create_bucket(Bucket="acme-plain-one")
    s3.delete_public_access_block(Bucket="acme-plain-one")
    found = seen(gateway, "acme-plain-one", account)
    assert not found.locks
    said = " ".join(found.warnings)
    for words in ("Object Lock is off", "Versioning is off", "Block Public Access"):
        assert words in said
    with pytest.raises(RefusedError, match="Object Lock is not on"):
        retention(found, 30, "", gateway.now())


def test_a_good_bucket_has_no_warnings_and_is_found_in_its_region(
    account: Account, gateway: WorldGateway
) -> None:
    far = account.client("s3", "eu-west-1")
    far.create_bucket(
        Bucket="acme-far",
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
    )
    found = seen(gateway, "acme-far", account)
    assert (found.region, found.locks, found.versioned) == ("eu-west-1", True, True)
    assert found.encryption == "AES256"
    assert found.warnings == ()
    place, _ = run(upload(gateway, account, "acme-far"))
    assert place.complete


def test_what_may_not_be_read_of_the_bucket_is_said(
    account: Account, gateway: WorldGateway, bucket: str
) -> None:
    account.order("faults", service="s3", operation="GetBucketVersioning", kind="deny")
    account.order("faults", service="s3", operation="GetBucketEncryption", kind="deny")
    found = seen(gateway, bucket, account)
    assert [warning.split()[0] for warning in found.warnings] == [
        "GetBucketVersioning",
        "GetBucketEncryption",
    ]


@pytest.mark.parametrize("owner", ["111111111111"])
def test_a_bucket_of_another_account_than_said_gets_nothing(
    owner: str, account: Account, gateway: WorldGateway, bucket: str
) -> None:
    account.forget()
    with pytest.raises(RefusedError, match="not of account 111111111111"):
        look(gateway, at(bucket), owner, "us-east-1")
    assert writes(account) == []


def test_a_bucket_that_is_not_there_is_said_so(account: Account, gateway: WorldGateway) -> None:
    with pytest.raises(RefusedError, match="no such bucket"):
        seen(gateway, "acme-nowhere", account)


@pytest.mark.parametrize(
    ("url", "bucket", "prefix"),
    [
        ("s3://acme", "acme", ""),
        ("s3://acme/", "acme", ""),
        ("s3://acme/audits/2026/", "acme", "audits/2026/"),
    ],
)
def test_an_address_is_bucket_and_prefix(url: str, bucket: str, prefix: str) -> None:
    assert address(url) == Address(bucket, prefix)
    assert address(url).url("f") == f"s3://{bucket}/{prefix}f/"


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3://A", "s3://acme//x", "s3://acme/../x", "s3://acme/a b", "s3://acme/\u202e"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not a place in S3"):
        address(url)


def test_an_answer_with_another_checksum_is_not_believed(
    account: Account, gateway: WorldGateway, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = gateway.call

    def wrong(effect: Any) -> Any:
        answer = real(effect)
        if effect.operation == "PutObject":
            value = {**answer.value, "ChecksumSHA256": "AAAA"}
            return msgspec.structs.replace(answer, value=value)
        return answer

    monkeypatch.setattr(gateway, "call", wrong)
    with pytest.raises(RefusedError, match="another checksum"):
        run(upload(gateway, account, bucket))
