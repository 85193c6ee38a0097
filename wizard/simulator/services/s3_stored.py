"""Settings of buckets that moto would take for something else, kept as they were sent.

moto has no metrics, analytics, Intelligent-Tiering, ABAC or Requester Pays: it reads a PUT of them
as the creation of the bucket, and a GET as a listing of its objects.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketMetricsConfiguration.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html
"""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from moto.s3.models import S3Backend
from moto.s3.responses import S3Response

from wizard.simulator.services.patching import Method, wrap
from wizard.simulator.services.s3_refusals import S3Refusal

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Query → the document of a bucket that never had one.
_SINGLE = {
    "requestPayment": "<RequestPaymentConfiguration><Payer>BucketOwner</Payer>"
    "</RequestPaymentConfiguration>",
    "abac": "<AbacStatus><Status>Disabled</Status></AbacStatus>",
}
# Query → the element that holds each of several.
_SEVERAL = {
    "metrics": "MetricsConfiguration",
    "analytics": "AnalyticsConfiguration",
    "intelligent-tiering": "IntelligentTieringConfiguration",
}


def install() -> None:
    """Take these documents before moto does."""

    @wrap(S3Response, "_bucket_response_get")
    def get(original: Method, self: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        kind = _kind(querystring)
        if kind is None:
            return original(self, bucket_name, querystring)
        kept = _documents(self.backend.get_bucket(bucket_name))
        if kind in _SINGLE:
            return _answer(kept.get((kind, ""), _SINGLE[kind]))
        if "id" in querystring:
            found = kept.get((kind, querystring["id"][0]))
            if found is None:
                raise S3Refusal("NoSuchConfiguration", "The specified configuration does not exist")
            return _answer(found)
        parts = "".join(text for (held, _), text in sorted(kept.items()) if held == kind)
        return _answer(f"<Listed><IsTruncated>false</IsTruncated>{parts}</Listed>")

    @wrap(S3Response, "_bucket_response_put")
    def put(
        original: Method, self: Any, request: Any, bucket_name: str, querystring: dict[str, Any]
    ) -> Any:
        kind = _kind(querystring)
        if kind is None:
            return original(self, request, bucket_name, querystring)
        body = self.body if isinstance(self.body, str) else self.body.decode()
        text = re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", body)
        kept = _documents(self.backend.get_bucket(bucket_name))
        if kind in _SINGLE:
            kept[kind, ""] = text
        else:
            name = querystring["id"][0]
            inside = re.search(r"<Id>([^<]*)</Id>", text)
            if inside is None or inside[1] != escape(name):
                raise S3Refusal(
                    "InvalidArgument", "The Id in the configuration and in the request differ"
                )
            kept[kind, name] = text
        return 200, {}, ""

    @wrap(S3Response, "_bucket_response_delete")
    def delete(original: Method, self: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        kind = _kind(querystring)
        if kind is None:
            return original(self, bucket_name, querystring)
        kept = _documents(self.backend.get_bucket(bucket_name))
        if kept.pop((kind, querystring["id"][0]), None) is None:
            raise S3Refusal("NoSuchConfiguration", "The specified configuration does not exist")
        return 204, {}, ""

    @wrap(S3Backend, "put_bucket_tagging")
    def put_bucket_tagging(original: Method, self: Any, bucket_name: str, tags: Any) -> None:
        if goes_by_tags(self.get_bucket(bucket_name)):
            raise S3Refusal(
                "InvalidRequest",
                "PutBucketTagging is not supported for buckets with ABAC enabled. Use TagResource "
                "instead.",
            )
        original(self, bucket_name, tags)


def goes_by_tags(bucket: Any) -> bool:
    """Whether access to the bucket goes by its tags (ABAC)."""
    return "<Status>Enabled</Status>" in _documents(bucket).get(("abac", ""), "")


def requesters_pay(bucket: Any) -> bool:
    """Whether who asks for objects of the bucket pays for it."""
    return "<Payer>Requester</Payer>" in _documents(bucket).get(("requestPayment", ""), "")


def _kind(query: dict[str, Any]) -> str | None:
    return next((kind for kind in (*_SINGLE, *_SEVERAL) if kind in query), None)


def _documents(bucket: Any) -> dict[tuple[str, str], str]:
    kept: dict[tuple[str, str], str] = bucket.__dict__.setdefault("documents", {})
    return kept


def _answer(text: str) -> tuple[int, dict[str, str], str]:
    return 200, {"content-type": "application/xml"}, f"{_XML}{text}"
