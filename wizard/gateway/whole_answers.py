"""Refuses answers that were cut off in the middle: botocore parses what came as if it were all."""

import json
from collections.abc import Mapping
from typing import Any

from wizard.gateway.aws_errors import TruncatedAnswerError


def check_whole(operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    """botocore's `before-parse` hook; raises TruncatedAnswerError.

    botocore sets `enforce_content_length=False`, and reads a broken JSON body as a message.
    """
    body = response_dict.get("body")
    if not isinstance(body, bytes):
        return  # streamed: its reader checks the length
    headers = response_dict["headers"]
    length = headers.get("content-length")
    if (
        length is not None
        and length.isdigit()
        and operation_model.http.get("method") != "HEAD"
        and not headers.get("content-encoding")
        and len(body) < int(length)
    ):
        raise TruncatedAnswerError(f"{len(body)} of {length} bytes of the answer came")
    if (
        body
        and response_dict["status_code"] < 300
        and "json" in str(operation_model.service_model.metadata.get("protocol"))
        and not _payload(operation_model)
    ):
        try:
            json.loads(body)
        except ValueError as problem:
            raise TruncatedAnswerError(f"the answer is not whole JSON: {problem}") from None


def _payload(operation_model: Any) -> bool:
    """Whether the body is one member by itself, and then not always JSON."""
    shape = operation_model.output_shape
    return shape is not None and "payload" in shape.serialization
