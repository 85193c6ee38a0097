"""Certificates of any validity for the simulated ACM, past what ImportCertificate accepts."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from moto.acm.models import CertBundle, acm_backends

from tests.simulator.in_process import START, Account

_ACCOUNT = "123456789012"


def plant(
    account: Account,
    domain: str = "*.aws.supertokens.com",
    *,
    days: int = 90,
    region: str | None = None,
) -> str:
    """An issued ECDSA certificate that ends `days` after the account's start; its ARN."""
    where = region or account.region
    made = CertBundle(_ACCOUNT, _certificate(domain, None), _key_pem(), region=where)
    made._cert = x509.load_pem_x509_certificate(_certificate(domain, days))
    acm_backends[_ACCOUNT][where]._certificates[made.arn] = made
    arn: str = made.arn
    return arn


_KEY = ec.generate_private_key(ec.SECP256R1())


def _key_pem() -> bytes:
    return _KEY.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def _certificate(domain: str, days: int | None) -> bytes:
    """Valid until `days` after the account's start; None: at the real time of the test."""
    if days is None:
        until = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    else:
        until = dt.datetime.fromtimestamp(START, dt.UTC) + dt.timedelta(days=days)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_KEY.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - dt.timedelta(days=395))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(domain)]), critical=False)
        .sign(_KEY, SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
