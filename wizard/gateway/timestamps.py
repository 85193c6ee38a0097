"""Timestamps of RFC 3161: that some bytes existed at a time, in the word of an authority.

https://www.rfc-editor.org/rfc/rfc3161
"""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from wizard.clock import iso
from wizard.effects import Request
from wizard.errors import CallError, UnreachableError, UsageError, WizardError
from wizard.gateway.der import with_certificates_in_order
from wizard.gateway.describe import without_password
from wizard.gateway.http import Http, refuse_unsafe
from wizard.gateway.network import AccountNetwork
from wizard.safe import safe_line

if TYPE_CHECKING:
    import httpx

REPLY_LIMIT = 256 * 1024
"""Bytes of a reply that are read: it holds a signature and a few certificates."""


class Timestamp(msgspec.Struct, frozen=True, kw_only=True):
    """What a timestamp says; whether to believe it is the certificate's matter."""

    at: str
    """UTC, ISO 8601."""
    authority: str
    """By the name in it; empty when it has none."""


def fetched(data: bytes, url: str, *, timeout: float = 30.0) -> bytes:
    """The reply of the authority at `url` about `data`, checked to be about it and to be granted.

    Only the SHA-256 of `data` is sent, over TLS beyond this machine; no redirect is followed.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415

    asked = (
        TimestampRequestBuilder()
        .data(data)
        .hash_algorithm(HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .build()
    )
    where = safe_line(without_password(url))
    refuse_unsafe(Request("POST", url))
    http = Http(AccountNetwork(""), secret=str, scrub=str, timeout=timeout)
    try:
        reply = _posted(url, asked.as_bytes(), where, http.client)
    finally:
        http.close()
    read = _read(reply)
    if read is None or read.status != 0:
        said = "; ".join(safe_line(text) for text in read.status_string) if read else ""
        raise WizardError(
            "The authority did not give a timestamp" + (f": {said}" if said else "."),
            where=where,
            todo="Check the address, or choose another authority.",
        )
    if read.tst_info.nonce != asked.nonce or problem_of(reply, data):
        raise WizardError(
            "The timestamp is not of what was asked.",
            where=where,
            todo="It was not kept. Choose another authority.",
        )
    return reply


def told(reply: bytes) -> Timestamp | None:
    """What a reply says; None when it is none."""
    read = _read(reply)
    if read is None or read.status != 0:
        return None
    name: Any = getattr(read.tst_info.name, "value", None)
    named = name.rfc4514_string() if hasattr(name, "rfc4514_string") else name
    return Timestamp(at=iso(read.tst_info.gen_time), authority=safe_line(named) if named else "")


def problem_of(reply: bytes, data: bytes) -> str:
    """Why a reply is no timestamp of `data`; empty when it is one, whoever made it."""
    read = _read(reply)
    if read is None:
        return "it is no reply of a timestamp authority"
    if read.status != 0:
        return "it is a refusal"
    if read.tst_info.message_imprint.message != _imprint(read, data):
        return "it is of other bytes"
    return ""


def distrust_of(reply: bytes, data: bytes, certificates: bytes) -> str:
    """Why a timestamp of `data` is not of an authority under these certificates (PEM); empty when
    it is. Certificates need to have been valid at its time, not now."""
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415
    from rfc3161_client import VerificationError, VerifierBuilder  # noqa: PLC0415

    try:
        roots = load_pem_x509_certificates(certificates)
    except ValueError as error:
        raise UsageError(
            "It holds no certificates.",
            where="--tsa-certificate",
            todo="Give the authority's root certificate as PEM.",
        ) from error
    builder = VerifierBuilder()
    for root in dict.fromkeys(roots):
        builder = builder.add_root_certificate(root)
    read = _read(reply)
    if read is None:
        return "it is no reply of a timestamp authority"
    try:
        builder.build().verify_message(read, data)
    except VerificationError as error:
        return safe_line(str(error).partition("[")[0].rstrip(": "))
    return ""


def _posted(url: str, content: bytes, where: str, client: "Callable[[str], httpx.Client]") -> bytes:
    import httpx  # noqa: PLC0415  costs 0.1 s: not before it is needed

    headers = {"Content-Type": "application/timestamp-query", "User-Agent": "st-wizard"}
    todo = "Check the address and the network. The evidence is written without a timestamp."
    try:
        with client(url).stream("POST", url, content=content, headers=headers) as response:
            body = bytearray()
            for part in response.iter_bytes():
                body += part
                if len(body) > REPLY_LIMIT:
                    break
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnreachableError(
            f"The authority could not be reached ({type(error).__name__}).",
            code=type(error).__name__,
            where=where,
            todo=todo,
        ) from None
    if response.status_code != 200 or len(body) > REPLY_LIMIT:
        raise CallError(
            "The authority's answer is no timestamp.",
            code=f"HTTP {response.status_code}",
            where=where,
            todo=todo,
        )
    return bytes(body)


def _read(reply: bytes) -> Any:
    """The reply as the library reads it; None when it is none."""
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415

    try:
        read = decode_timestamp_response(with_certificates_in_order(reply))
        if read.status == 0:
            _ = read.tst_info.message_imprint.message  # raises here, where it is read
    except ValueError:
        return None
    return read


def _imprint(read: Any, data: bytes) -> bytes:
    known = {
        "2.16.840.1.101.3.4.2.1": hashlib.sha256,
        "2.16.840.1.101.3.4.2.2": hashlib.sha384,
        "2.16.840.1.101.3.4.2.3": hashlib.sha512,
    }
    algorithm = known.get(read.tst_info.message_imprint.hash_algorithm.dotted_string)
    return algorithm(data).digest() if algorithm is not None else b""
