"""A loaded checklist together with the exact text it came from."""

from collections.abc import Mapping

import msgspec

from wizard.checklist.model import Advice, Checklist


class Pinned(msgspec.Struct, frozen=True, kw_only=True):
    """What a session runs: the copy that was read when it began, whatever the file says now."""

    checklist: Checklist
    text: str
    """The file, byte for byte."""
    sha256: str
    """Of `text`, in hex."""
    advice: Mapping[str, Advice]
    """By erratum id, `E11`."""
    advice_text: str = ""
    """The file of the advice, byte for byte."""
