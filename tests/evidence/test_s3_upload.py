"""Keeping a bundle in S3: whole, once, with its checksums, whatever becomes of the answers."""

import hashlib
from typing import Any

import httpx
import msgspec
import pytest

from tests.e2e.account import Account
from tests.evidence.in_s3 import FILES, FOLDER, ONCE, PLACE, run, upload, versions, writes
from wizard.errors import DeniedError, RefusedError
from wizard.evidence.receipt import Place
from wizard.gateway.world import WorldGateway


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
