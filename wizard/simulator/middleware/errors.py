"""AWS's errors, written in the protocol in which the call came."""

import json
from xml.sax.saxutils import escape

from wizard.simulator.middleware.call import Answer, Call

_XML = "text/xml"


def refuse(call: Call, status: int, code: str, message: str) -> Answer:
    """An answer that botocore turns into a ClientError with `code`."""
    text = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    match call.protocol:
        case "ec2":
            body = (
                f"<Response><Errors><Error>{text}</Error></Errors>"
                f"<RequestID>{call.request_id}</RequestID></Response>"
            ).encode()
            headers = [("Content-Type", _XML)]
        case "rest-xml" if call.service in {"s3", "s3control"}:
            body = (
                f"<?xml version='1.0' encoding='UTF-8'?><Error>{text}"
                f"<RequestId>{call.request_id}</RequestId></Error>"
            ).encode()
            headers = [("Content-Type", "application/xml")]
        case "query" | "rest-xml":
            kind = "Sender" if status < 500 else "Receiver"
            body = (
                f"<ErrorResponse><Error><Type>{kind}</Type>{text}</Error>"
                f"<RequestId>{call.request_id}</RequestId></ErrorResponse>"
            ).encode()
            headers = [("Content-Type", _XML)]
        case "smithy-rpc-v2-cbor":
            body = _cbor({"__type": code, "message": message})
            headers = [
                ("Content-Type", "application/cbor"),
                ("smithy-protocol", "rpc-v2-cbor"),
                ("x-amzn-query-error", f"{code};{'Sender' if status < 500 else 'Receiver'}"),
            ]
        case _:
            body = json.dumps({"__type": code, "message": message}).encode()
            headers = [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code)]
    return Answer(status, tuple(headers), body, error_code=code)


def _cbor(fields: dict[str, str]) -> bytes:
    """A CBOR map of texts (RFC 8949): all that an error needs."""
    parts = [bytes([0xA0 | len(fields)])]
    for text in (item for pair in fields.items() for item in pair):
        raw = text.encode()
        parts.append(b"\x79" + len(raw).to_bytes(2, "big") + raw)
    return b"".join(parts)
