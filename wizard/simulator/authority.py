"""The certificate authority of the simulated account: signs what its load balancers present."""

import datetime as dt
import ssl
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# The trust test of the wizard runs on the real clock, whatever the account's clock says.
_BACKDATE = dt.timedelta(days=1)
_VALID = dt.timedelta(days=365)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _name(common_name: str) -> x509.Name:
    # X.520 allows 64 characters; the full name stands in the subject alternative names.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])


class Authority:
    """A root made for this account alone; it is trusted by no system and vouches only here."""

    def __init__(self, key_pem: str | None = None, certificate_pem: str | None = None) -> None:
        if key_pem is not None and certificate_pem is not None:
            key = serialization.load_pem_private_key(key_pem.encode(), password=None)
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise ValueError("the saved key of the simulated authority is not an EC key")
            self._key = key
            self._certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
        else:
            self._key = ec.generate_private_key(ec.SECP256R1())
            subject = _name("Simulated account authority (demo, do not trust elsewhere)")
            self._certificate = (
                self._builder(subject, self._key.public_key(), subject, None, None)
                .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                .add_extension(_usage(sign=True), critical=True)
                .add_extension(
                    x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()),
                    critical=False,
                )
                .sign(self._key, hashes.SHA256())
            )
        self._contexts = lru_cache(maxsize=128)(self._make_context)

    @property
    def pem(self) -> str:
        """The root certificate, as a client needs it to trust the account's names."""
        return _pem(self._certificate)

    @property
    def key_pem(self) -> str:
        """The root's key; it leaves the process only into the state file."""
        return self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    def server_context(
        self, names: Iterable[str], not_after: dt.datetime | None = None, *, signed: bool = True
    ) -> ssl.SSLContext:
        """A server-side TLS context with a certificate for `names`, kept once made.

        `not_after` is the real time at which it ends (an expired ACM certificate shows as expired);
        `signed=False` makes it self-signed, as an instance's own certificate is.
        """
        return self._contexts(tuple(names), not_after, signed)

    def _make_context(
        self,
        names: tuple[str, ...],
        not_after: dt.datetime | None,
        signed: bool,  # noqa: FBT001
    ) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(names[0])
        issuer = self._certificate.subject if signed else subject
        now = dt.datetime.now(dt.UTC)
        not_before = None if not_after is None else min(now, not_after) - _BACKDATE
        alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = (
            self._builder(subject, key.public_key(), issuer, not_before, not_after)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign=False), critical=True)
            .add_extension(alternative, critical=False)
        )
        if signed:
            identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
            builder = builder.add_extension(identifier, critical=False)
        certificate = builder.sign(self._key if signed else key, hashes.SHA256())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory(prefix="st-wizard-tls-") as folder:
            chain = Path(folder) / "chain.pem"
            chain.touch(mode=0o600)
            secret = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ).decode()
            chain.write_text(secret + _pem(certificate) + (self.pem if signed else ""))
            context.load_cert_chain(chain)
        return context

    @staticmethod
    def _builder(
        subject: x509.Name,
        public_key: ec.EllipticCurvePublicKey,
        issuer: x509.Name,
        not_before: dt.datetime | None,
        not_after: dt.datetime | None,
    ) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before or now - _BACKDATE)
            .not_valid_after(not_after or now + _VALID)
        )


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=sign,
        crl_sign=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
