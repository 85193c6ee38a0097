"""The one gate between text from outside and a terminal.

AWS names, tags, error texts, checklist files and operators' notes pass here before they are
shown. What a terminal would obey, or an eye would not see, becomes visible. Markup is not
interpreted here and must not be by callers: they show the result as plain text.
"""

import re
import unicodedata

ELLIPSIS = "…"

# Categories a terminal may act on or show as nothing: controls, formats (bidi, zero-width, tags),
# surrogates, private use, unassigned, line and paragraph separators.
_ACTIVE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# Invisible although they are letters, marks or spaces by category.
_INVISIBLE = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
    | set(range(0x180B, 0x1810))
    | set(range(0xFE00, 0xFE10))
    | set(range(0xE0100, 0xE01F0))
)
_HALF = re.compile("[\ud800-\udfff]")


def safe(text: object, *, limit: int = 2000, keep_newlines: bool = True) -> str:
    """`text` as it may be shown, at most `limit` characters long.

    C0 controls become their pictures (`␛`), everything else that is active or invisible its code
    (`⟨U+202E⟩`). Newlines stay unless `keep_newlines` is false; a cut end reads `…`.
    """
    plain = _text(text)
    cut = plain[: limit + 1]
    if not (cut.isascii() and cut.isprintable()):
        cut = "".join(char if char == "\n" and keep_newlines else _visible(char) for char in cut)
    if len(cut) <= limit:
        return cut
    return cut[: max(limit - 1, 0)] + ELLIPSIS[:limit]


def safe_line(text: object, *, limit: int = 200) -> str:
    """As `safe`, on one line: newlines are made visible too."""
    return safe(text, limit=limit, keep_newlines=False)


def whole(text: str) -> str:
    """`text` as UTF-8 can hold it: half a character, a lone surrogate, becomes `\ufffd`. JSON may
    have them, and so may what is typed or given on a command line that is not UTF-8."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def json_safe(text: str) -> str:
    """JSON that means the same, and in which a terminal finds nothing to obey: what is active
    stands as an escape."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(
        char if _visible(char) == char or char in "\n\r\t" else _escaped(char) for char in text
    )


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _text(value: object) -> str:
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "backslashreplace")
    # A subclass of str may iterate and index in its own way; str() of it is its plain text.
    return str.__str__(value) if isinstance(value, str) else str(value)


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if code < 0x7F:
        return char
    if code in _INVISIBLE or unicodedata.category(char) in _ACTIVE:
        return f"⟨U+{code:04X}⟩"
    return char
