"""Makes the pictures of the evidence: the page as browsers show it, and pages of the PDF.

`make docs` runs it. The sessions are those of `st-wizard demo --auto`. It needs `chromium`,
`pdftoppm` and `pngquant`.
"""  # noqa: INP001  a script, no package

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from photographer import HERE, command, keep
from pypdf import PdfReader

WIZARD = str(Path(sys.executable).with_name("st-wizard"))
SHARP = "96"
"""Pixels in an inch of paper."""
PAGES = {
    "add-load-balancer": {
        "report-pdf": "Summary",
        "report-pdf-contents": "Contents",
        "report-pdf-time": "The run in time",
        "report-pdf-made": "What was made and how it hangs together",
        "report-pdf-item": "3.1 Create target group",
    },
    "add-region": {"report-pdf-region": "What was made and how it hangs together"},
}
"""By checklist, which page of its PDF is kept under which name: where that begins."""


def _evidence(checklist: str, folder: Path) -> Path:
    home = folder / checklist
    command(WIZARD, "demo", "--auto", checklist, "--home", str(home))
    command(WIZARD, "export", "1", "--to", str(folder / "out"), "--home", str(home))
    [evidence] = (folder / "out").glob(f"st-wizard-1-{checklist}-*")
    return evidence


def _page(evidence: Path, folder: Path, name: str, size: tuple[int, int]) -> None:
    """The page in a window of that size."""
    target = HERE / f"{name}.png"
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    command(
        *("chromium", "--headless", "--disable-gpu", "--hide-scrollbars", *root),
        f"--user-data-dir={folder / 'browser'}",
        f"--window-size={size[0]},{size[1]}",
        f"--screenshot={target}",
        (evidence / "report.html").as_uri(),
    )
    keep(target)


def _pages(evidence: Path, wanted: dict[str, str]) -> None:
    """Pages of the PDF, as paper shows them."""
    file = evidence / "report.pdf"
    reader = PdfReader(file)
    begins = {str(entry.title): entry for entry in _entries(reader.outline)}
    for name, title in wanted.items():
        number = reader.get_destination_page_number(begins[title])
        if number is None:
            raise SystemExit(f"{title} stands on no page of {file.name}.")
        page = str(number + 1)
        command(
            *("pdftoppm", "-png", "-singlefile", "-r", SHARP, "-f", page, "-l", page),
            *(str(file), str(HERE / name)),
        )
        keep(HERE / f"{name}.png")


def _entries(outline: Sequence[Any]) -> Iterator[Any]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(entry)
        else:
            yield entry


def main() -> None:
    """Make all pictures of the evidence."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for checklist, wanted in PAGES.items():
            evidence = _evidence(checklist, folder)
            if checklist == "add-load-balancer":
                _page(evidence, folder, "report", (1100, 1400))
                _page(evidence, folder, "report-phone", (390, 844))
            _pages(evidence, wanted)


if __name__ == "__main__":
    main()
