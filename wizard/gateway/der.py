"""The little of DER that a timestamp's reply needs: putting its certificates into their order.

DER sorts the members of a SET, OpenSSL's own timestamp server does not, and the library that reads
replies is strict. The certificates are not under the signature: their order says nothing.
"""

_CERTIFICATES = 0xA0


def with_certificates_in_order(reply: bytes) -> bytes:
    """A reply of RFC 3161 with the certificates of its token sorted; anything else as it is.

    https://www.rfc-editor.org/rfc/rfc5652#section-5.1
    """
    try:
        token = _members(reply, *_inside(reply, 0))[1]  # after the status
        content = _members(reply, *_inside(reply, token[0]))[1]  # after its type
        signed_data, _ = _inside(reply, content[0])  # [0], explicit
        for at, _ in _members(reply, *_inside(reply, signed_data)):
            if reply[at] == _CERTIFICATES:
                start, end = _inside(reply, at)
                members = sorted(reply[one:last] for one, last in _members(reply, start, end))
                return reply[:start] + b"".join(members) + reply[end:]
    except IndexError:
        pass  # no reply at all, or one without a token
    return reply


def _inside(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at `at` begins and ends; IndexError if it is cut off."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        more = length & 0x7F
        length = int.from_bytes(data[start : start + more], "big")
        start += more
    if start + length > len(data):
        raise IndexError
    return start, start + length


def _members(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Where each element between two places begins and ends."""
    found = []
    while start < end:
        _, last = _inside(data, start)
        found.append((start, last))
        start = last
    return found
