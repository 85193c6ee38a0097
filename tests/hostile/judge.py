"""Says whether a text may reach a terminal, a browser or a spreadsheet as it is."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser

ACTIVE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
FORMULA = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def active(text: str, allowed: str = "\n") -> set[str]:
    """What a terminal would obey or an eye not see."""
    return {
        f"U+{ord(char):04X}"
        for char in set(text)
        if char not in allowed and unicodedata.category(char) in ACTIVE
    }


class _Kinds(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.kinds: set[tuple[str, ...]] = set()
        self.leading: set[str] = set()
        self._style = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        for name, value in attrs:
            self.kinds.add((tag, name))
            if name in {"href", "src", "action", "data", "xlink:href", "poster", "srcset"}:
                self.leading.add(value or "")
            if name == "style" and re.search(r"url|expression|import", value or "", re.I):
                self.leading.add(f"style: {value}")
        self.kinds.add((tag,))

    def handle_data(self, data: str) -> None:
        if self._style and re.search(r"@import|url\(|expression\(", data):
            self.leading.add(f"style: {data[:80]}")

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_comment(self, data: str) -> None:
        self.kinds.add(("comment",))


def kinds(page: str) -> set[tuple[str, ...]]:
    """Every kind of element, and each with every attribute it has."""
    return _Kinds(page).kinds


def leads_out(page: str) -> set[str]:
    """Addresses that a browser would load or follow and that are not in the page."""
    return {link for link in _Kinds(page).leading if not link.startswith("#")}


def formulas(table: str) -> Iterator[str]:
    """Cells that a spreadsheet would evaluate."""
    for row in csv.reader(io.StringIO(table, newline="")):
        for cell in row:
            if cell.strip().startswith(FORMULA):
                yield cell
