"""What is attached to the report: the bundle without the report as PDF, as a zip."""

import io

ATTACHED = "bundle.zip"
"""The name of the attachment."""


def attached(document: bytes) -> bytes | None:
    """The zip that a PDF carries; None if it carries none, or is no PDF that can be read."""
    import pypdf  # noqa: PLC0415  0.2 s, and few bundles come as a PDF

    try:
        found = pypdf.PdfReader(io.BytesIO(document)).attachments.get(ATTACHED, [])
    except Exception:  # noqa: BLE001  a forged file may break the reader anywhere
        return None
    return found[0] if len(found) == 1 else None
