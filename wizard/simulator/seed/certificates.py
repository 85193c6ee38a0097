"""The ACM certificates: the right one, an expired one of the same name, one of another domain."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from moto.acm.models import CertBundle

from wizard.simulator.seed.company import CERTIFICATE_NAME, OWNER
from wizard.simulator.seed.ground import Ground, tag_list


@dataclass(frozen=True, slots=True)
class Made:
    """A certificate to make; it is valid for `days` more (negative: it has expired)."""

    domain: str
    key: str
    days: int


# The right one is neither the first of its name nor of the key type that ACM lists unasked.
CERTIFICATES = (
    Made(CERTIFICATE_NAME, "EC_prime256v1", days=-41),
    Made("*.supertokens.io", "RSA_2048", days=212),
    Made(CERTIFICATE_NAME, "EC_prime256v1", days=287),
)


def plant_certificates(ground: Ground, region: str) -> str:
    """Put the certificates into ACM; returns the ARN of the valid `*.aws.supertokens.com`."""
    acm = ground.backend("acm", region)
    right = ""
    for made in CERTIFICATES:
        # moto takes no certificate that has expired already: it goes in valid, then time passes.
        valid = _certificate(made.domain, made.key, max(made.days, 1))
        bundle = CertBundle(
            ground.account,
            _pem(valid),
            _key_pem(made.key),
            region=region,
            cert_type="AMAZON_ISSUED",
            cert_status="ISSUED",
        )
        if made.days < 0:
            bundle._cert = _certificate(made.domain, made.key, made.days)  # noqa: SLF001
            bundle.cert = _pem(bundle._cert)  # noqa: SLF001
            bundle.status = "EXPIRED"
        elif made.domain == CERTIFICATE_NAME:
            right = bundle.arn
        acm._certificates[bundle.arn] = bundle  # noqa: SLF001
        bundle.tags.add(tag_list({"VantaOwner": OWNER}))
    return right


Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def _key(kind: str) -> Key:
    """A key of that type; both regions use the same one, because making an RSA key takes long."""
    if kind == "RSA_2048":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _key_pem(kind: str) -> bytes:
    return _key(kind).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _certificate(domain: str, kind: str, days: int) -> x509.Certificate:
    # Validity is real time: ACM's model in moto compares it with the real clock.
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Amazon ECDSA 256 M02")])
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain)]))
        .issuer_name(issuer)
        .public_key(_key(kind).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - dt.timedelta(days=395))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(domain)]), critical=False)
        .sign(_key(kind), SHA256())
    )
