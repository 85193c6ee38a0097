"""Whether two documents are one, compressed by two versions of zlib.

The same text is not the same bytes once another zlib has compressed it, and machines have several.
What fpdf2 writes is simple enough to compare the rest to the letter; of anything else it is said
that it is another document.
"""

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(
    rb"/Filter /FlateDecode\n(.*?)/Length \d+\n(.*?)>>\nstream\n(.*?)\nendstream", re.S
)
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf]) \n")
_TAIL = re.compile(
    rb"xref\n0 (?P<count>\d+)\n(?P<entries>(?:\d{10} \d{5} [nf] \n)+)"
    rb"trailer\n<<\n/Size \d+\n(?P<root>/Root \d+ 0 R\n/Info \d+ 0 R\n)"
    rb"/ID \[<[0-9A-F]{32}><[0-9A-F]{32}>\]\n>>\nstartxref\n(?P<start>\d+)\n%%EOF\n"
)


def same_but_for_compression(one: bytes, other: bytes) -> bool:
    """Whether they have the same objects in the same order, their streams the same once they are
    decompressed, and nothing besides."""
    try:
        return list(_parts(one)) == list(_parts(other))
    except (ValueError, zlib.error):
        return False


def _parts(document: bytes) -> Iterator[bytes]:
    """All that the document says, in order; ValueError when it is not as fpdf2 writes one."""
    start = document.rfind(b"\nxref\n") + 1
    tail = _TAIL.fullmatch(document, start)
    if not start or tail is None or int(tail["start"]) != start:
        raise ValueError("not the one table of objects at the end")
    body = document[:start]
    # Where a stream is, no object may begin.
    hidden = _STREAM.sub(lambda found: b"\0" * len(found[0]), body)
    entries = _ENTRY.findall(tail["entries"])
    if len(entries) != int(tail["count"]):
        raise ValueError("a table of another length")
    for number, (offset, _generation, kind) in enumerate(entries):
        if kind == b"n" and not hidden.startswith(b"%d 0 obj\n" % number, int(offset)):
            raise ValueError(f"object {number} is elsewhere")
    yield tail["root"]
    place = 0
    for found in _STREAM.finditer(body):
        yield body[place : found.start()]
        yield found[1] + found[2]
        yield _expanded(found[3])
        place = found.end()
    yield body[place:]


def _expanded(compressed: bytes) -> bytes:
    """The text, which must be all that is there."""
    reader = zlib.decompressobj()
    text = reader.decompress(compressed) + reader.flush()
    if not reader.eof or reader.unused_data:
        raise ValueError("a stream that goes on, or ends early")
    return text
