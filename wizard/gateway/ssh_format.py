"""SSH's own forms of public keys and signatures, as far as one must read them to compare keys.

https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig
"""

import base64
import binascii
import hashlib
import struct

import msgspec

from wizard.errors import UsageError

_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_MAGIC = b"SSHSIG"
_LONGEST = 64 * 1024
"""Bytes of a key or signature that are read."""

_PARTS = {
    "ssh-ed25519": 1,
    "ssh-rsa": 2,
    "ecdsa-sha2-nistp256": 2,
    "ecdsa-sha2-nistp384": 2,
    "ecdsa-sha2-nistp521": 2,
    "sk-ssh-ed25519@openssh.com": 2,
    "sk-ecdsa-sha2-nistp256@openssh.com": 3,
}
"""The fields of each kind of key, its name aside."""

_CERTIFICATE = "-cert-v01@openssh.com"


class PublicKey(msgspec.Struct, frozen=True):
    """A public key by its bytes on the wire."""

    wire: bytes

    @property
    def kind(self) -> str:
        """`ssh-ed25519`, `sk-ssh-ed25519@openssh.com`, ..."""
        return _string(self.wire, 0)[0].decode("ascii", "replace")

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it: `SHA256:…`."""
        digest = base64.b64encode(hashlib.sha256(self.wire).digest()).decode()
        return f"SHA256:{digest.rstrip('=')}"

    @property
    def bare(self) -> "PublicKey":
        """The key itself where this is a certificate of it: a key stays who it is under another
        certificate."""
        if not self.kind.endswith(_CERTIFICATE):
            return self
        # `sk-ssh-ed25519-cert-v01@openssh.com` certifies a `sk-ssh-ed25519@openssh.com`.
        kind = self.kind.removesuffix(_CERTIFICATE)
        kind = kind if kind in _PARTS else f"{kind}@openssh.com"
        if kind not in _PARTS:
            raise _unreadable()
        _, at = _string(self.wire, 0)
        _, start = _string(self.wire, at)  # the nonce
        end = start
        for _ in range(_PARTS[kind]):
            _, end = _string(self.wire, end)
        name = kind.encode()
        return PublicKey(struct.pack(">I", len(name)) + name + self.wire[start:end])


class Signature(msgspec.Struct, frozen=True):
    """What a signature says of itself; that it is right is `ssh-keygen`'s to say."""

    key: PublicKey
    namespace: str


def public_key(line: str) -> tuple[PublicKey, str]:
    """A line of a `.pub` file, or of `ssh-add -L`, and its comment; `UsageError` if it is none."""
    kind, _, rest = line.strip().partition(" ")
    encoded, _, comment = rest.partition(" ")
    try:
        key = PublicKey(base64.b64decode(encoded[:_LONGEST], validate=True))
    except binascii.Error as error:
        raise _unreadable() from error
    if not kind or key.kind != kind:
        raise _unreadable()
    return key, comment.strip()


def signature(armored: bytes) -> Signature:
    """An armored signature; `UsageError` when it is none."""
    lines = armored[:_LONGEST].decode("ascii", "replace").split()
    text = " ".join(lines)
    if not (text.startswith(_BEGIN) and text.endswith(_END)):
        raise _unreadable()
    body = text.removeprefix(_BEGIN).removesuffix(_END).replace(" ", "")
    try:
        wire = base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise _unreadable() from error
    if not wire.startswith(_MAGIC):
        raise _unreadable()
    key, at = _string(wire, len(_MAGIC) + 4)
    namespace, _ = _string(wire, at)
    found = PublicKey(key)
    _ = found.kind  # raises here, where it is read
    return Signature(found, namespace.decode("utf-8", "replace"))


def _string(wire: bytes, at: int) -> tuple[bytes, int]:
    """A length and so many bytes, and where the next field begins."""
    if at + 4 > len(wire):
        raise _unreadable()
    (length,) = struct.unpack_from(">I", wire, at)
    end = at + 4 + length
    if end > len(wire):
        raise _unreadable()
    return wire[at + 4 : end], end


def _unreadable() -> UsageError:
    return UsageError(
        "This is no public key or signature of SSH.",
        where="signature",
        todo="Give a file that ssh-keygen has made.",
    )
