"""S3's refusals with the HTTP status and headers that clients act on.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from moto.s3.exceptions import S3ClientError

_STATUS = {
    "AccessDenied": 403,
    "BucketAlreadyExists": 409,
    "BucketAlreadyOwnedByYou": 409,
    "InvalidBucketState": 409,
    "NoSuchBucket": 404,
    "ObjectLockConfigurationNotFoundError": 404,
    "PermanentRedirect": 301,
}


class S3Refusal(S3ClientError):  # noqa: N818  AWS calls it so
    """One of S3's refusals; `headers` go out with it."""

    def __init__(
        self, code: str, message: str, headers: dict[str, str] | None = None, **details: str
    ) -> None:
        super().__init__(code, message)
        self.headers = headers or {}
        self.details = details

    def answer(self, method: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and body. A HEAD has no body: its client sees only the number."""
        status = _STATUS.get(self.code, 400)
        headers = {**self.headers, "content-type": "application/xml", "status": str(status)}
        if method == "HEAD":
            return status, headers, ""
        fields = {"Code": self.code, "Message": self.message, **self.details}
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'
        return status, headers, body
