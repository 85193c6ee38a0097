"""Uploads a bundle to S3: nothing is overwritten, nothing is there twice, each file is read back.

Each file leaves with its SHA-256, which S3 calculates too, and on the condition that nothing has
its key. So a call whose answer was lost is settled by looking, and may be repeated.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import msgspec

from wizard.effects import Json, Read, Write
from wizard.errors import CallError, DeniedError, RefusedError, ThrottledError, UnknownOutcomeError
from wizard.evidence.bundle import OUTSIDE, SUMS
from wizard.evidence.receipt import KeptFile, Place
from wizard.evidence.s3_address import Address
from wizard.evidence.s3_place import Bucket, Retention
from wizard.gateway.backoff import Backoff
from wizard.gateway.protocol import Gateway

_VOUCHING = frozenset(OUTSIDE) - {SUMS}
"""What says of the list that it is so: there may be others of them, and more to come."""

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "yaml": "application/yaml",
}
_MEANWHILE = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})
"""Something has the key, or is just being written there."""

Told = Callable[[Place], None]
"""Is given the place after each file, to keep what is known of it."""


class Upload:
    """One bundle on its way to one folder of a bucket."""

    def __init__(
        self,
        gateway: Gateway,
        bucket: Bucket,
        folder: str,
        files: Mapping[str, bytes],
        *,
        place: Address,
        retention: Retention | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        """`folder` is the bundle's own name below the place's prefix."""
        self._gateway = gateway
        self._bucket = bucket
        self._folder = folder
        self._files = files
        self._place = place
        self._retention = retention
        self._backoff = backoff if backoff is not None else Backoff()

    def found(self) -> dict[str, KeptFile]:
        """The files that are there already and are the same.

        `RefusedError`, before anything is uploaded, when something else is there: another bundle,
        or another state of this session.
        """
        known: dict[str, KeptFile] = {}
        for name in self._names_there():
            if name not in self._files:
                if name in _VOUCHING:
                    continue  # a reviewer's, from another machine
                raise self._other(name, "is there and is no file of this bundle")
            there = self._look(name)
            if there is not None:
                known[name] = there
        return known

    def run(self, place: Place, told: Told) -> Place:
        """Upload what is missing, and read everything back. The place as it is then; `told` is
        called after each file, so that an interrupted upload goes on where it was."""
        known = self.found()
        for name in self._in_order():
            kept = known[name] if name in known else self._put(name)
            if (earlier := place.files.get(name)) is not None:
                at, request_id = kept.at or earlier.at, kept.request_id or earlier.request_id
                kept = msgspec.structs.replace(kept, at=at, request_id=request_id)
            place = msgspec.structs.replace(place, files={**place.files, name: kept})
            told(place)
        files = dict(self._read_back(place))
        others = tuple(
            f"Another {name} was there, and was left."
            for name, kept in files.items()
            if kept.sha256 != hashlib.sha256(self._files[name]).hexdigest()
        )
        warnings = tuple(dict.fromkeys((*place.warnings, *others)))
        place = msgspec.structs.replace(place, files=files, warnings=warnings, complete=True)
        told(place)
        return place

    def _in_order(self) -> list[str]:
        """SHA256SUMS after all that it names, and last what vouches for it."""
        first = sorted(name for name in self._files if name not in OUTSIDE)
        return [*first, *(name for name in OUTSIDE if name in self._files)]

    def _names_there(self) -> list[str]:
        prefix = self._place.key(self._folder)
        params = {"Prefix": prefix, **self._owned()}
        effect = Read("s3", "ListObjectsV2", params, pages="Contents", region=self._bucket.region)
        try:
            found = self._gateway.call(effect).value
        except DeniedError:
            return []  # who may only write is told by each upload that something is there
        return [str(one["Key"]).removeprefix(prefix) for one in found]

    def _put(self, name: str) -> KeptFile:
        attempt = 1
        while True:
            try:
                return self._put_once(name)
            except (UnknownOutcomeError, ThrottledError) as error:
                problem: CallError = error
                there = self._after_a_loss(name)
            except CallError as error:
                if error.code not in _MEANWHILE:
                    raise
                problem = error
                there = self._look(name)
            if there is not None:
                return there
            if attempt >= self._backoff.attempts:
                raise problem
            self._backoff.wait(attempt)
            attempt += 1

    def _after_a_loss(self, name: str) -> KeptFile | None:
        try:
            return self._look(name)
        except DeniedError:
            return None  # who may not look puts it again: S3 refuses that if it is there

    def _put_once(self, name: str) -> KeptFile:
        content = self._files[name]
        params = {
            **self._object(name),
            "Body": content,
            "ChecksumAlgorithm": "SHA256",
            "ChecksumSHA256": _checksum(content),
            "ContentType": _TYPES.get(name.rpartition(".")[2], "application/octet-stream"),
            "IfNoneMatch": "*",
            **self._lock(),
        }
        title = f"Put {name} into {self._bucket.name}"
        effect = Write("s3", "PutObject", params, region=self._bucket.region, title=title)
        answer = self._gateway.call(effect)
        said = answer.value.get("ChecksumSHA256")
        if said is not None and said != _checksum(content):
            raise self._other(name, "was answered with another checksum")
        return KeptFile(
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            key=self._place.key(self._folder, name),
            version_id=str(answer.value.get("VersionId") or ""),
            request_id=answer.request_id,
            at=answer.date,
        )

    def _lock(self) -> Mapping[str, Json]:
        """Said only when it was asked for: the bucket gives its default by itself."""
        wanted = self._retention
        if wanted is None or not wanted.until:
            return {}
        return {"ObjectLockMode": wanted.mode, "ObjectLockRetainUntilDate": wanted.until}

    def _look(self, name: str, version_id: str = "") -> KeptFile | None:
        """The file as it is there; None when it is not. `RefusedError` when it is another."""
        params = {**self._object(name), "ChecksumMode": "ENABLED"}
        if version_id:
            params["VersionId"] = version_id
        absent = ("404", "NoSuchKey", "NotFound")
        effect = Read("s3", "HeadObject", params, absent=absent, region=self._bucket.region)
        found = self._gateway.call(effect).value
        if found is None:
            return None
        said = str(found.get("ChecksumSHA256") or "")
        same = said == _checksum(self._files[name])
        if not same and not (said and "-" not in said and name in _VOUCHING):
            raise self._other(name, "is there with another content, or without a SHA-256")
        return KeptFile(
            sha256=base64.b64decode(said).hex(),
            size=int(found.get("ContentLength") or 0),
            key=self._place.key(self._folder, name),
            version_id=str(found.get("VersionId") or ""),
            mode=str(found.get("ObjectLockMode") or ""),
            retain_until=str(found.get("ObjectLockRetainUntilDate") or ""),
            read_back=True,
        )

    def _read_back(self, place: Place) -> Iterator[tuple[str, KeptFile]]:
        for name in self._in_order():
            kept = place.files[name]
            try:
                there = self._look(name, kept.version_id)
            except DeniedError:
                yield name, kept  # who may only write has S3's answer to the upload
                continue
            if there is None:
                raise self._other(name, "was uploaded and is not there any more")
            if not self._long_enough(there):
                there = self._kept_longer(name, there)
            yield (
                name,
                msgspec.structs.replace(
                    kept, mode=there.mode, retain_until=there.retain_until, read_back=True
                ),
            )

    def _kept_longer(self, name: str, there: KeptFile) -> KeptFile:
        """What was there before, and is kept for a shorter time than asked for now.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html
        """
        wanted = self._retention
        if wanted is None:
            return there
        params = {
            **self._object(name),
            "VersionId": there.version_id,
            "Retention": {"Mode": wanted.mode, "RetainUntilDate": wanted.until},
        }
        title = f"Keep {name} until {wanted.until}"
        effect = Write("s3", "PutObjectRetention", params, region=self._bucket.region, title=title)
        self._gateway.call(effect)
        return self._look(name, there.version_id) or there

    def _long_enough(self, there: KeptFile) -> bool:
        wanted = self._retention
        if wanted is None or not wanted.until:
            return True
        return bool(there.retain_until) and _moment(there.retain_until) >= _moment(wanted.until)

    def _owned(self) -> dict[str, Json]:
        return {"Bucket": self._bucket.name, "ExpectedBucketOwner": self._bucket.owner}

    def _object(self, name: str) -> dict[str, Json]:
        return {**self._owned(), "Key": self._place.key(self._folder, name)}

    def _other(self, name: str, what: str) -> RefusedError:
        return RefusedError(
            f"{name} {what}: the place holds another bundle, or another state of this session.",
            where=self._place.url(self._folder),
            todo="It was left as it is. Name another prefix.",
        )


def _checksum(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode("ascii")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
