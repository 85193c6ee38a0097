"""A bundle kept in S3 by a test, and what is there then."""

from collections import Counter
from typing import Any

from tests.e2e.account import Account
from wizard.evidence.receipt import Place
from wizard.evidence.s3_address import Address
from wizard.evidence.s3_place import Bucket, Retention, look
from wizard.evidence.s3_upload import Upload
from wizard.gateway.backoff import Backoff
from wizard.gateway.world import WorldGateway

FILES = {
    "evidence/0001-sns.CreateTopic.json": b"{}",
    "journal.jsonl": b"1\n",
    "report.pdf": b"%PDF",
    "SHA256SUMS": b"sums\n",
    "SHA256SUMS.operator.sig": b"signed",
}
FOLDER = "st-wizard-7"
NO_WAIT = Backoff(sleep=lambda _: None)


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
