"""Makes the fonts of report.pdf: DejaVu of Debian's fonts-dejavu-core, less what is not written.

Run it by hand when a script is to be added; the fonts are kept beside the code that writes the PDF.
"""  # noqa: INP001  a script, no package

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/truetype/dejavu")
TARGET = Path(__file__).parent.parent / "wizard" / "evidence" / "pdf" / "fonts"
FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono")
KEPT = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0x24F),  # Latin of all European languages
    (0x300, 0x36F),  # combining marks
    (0x370, 0x3FF),  # Greek
    (0x400, 0x4FF),  # Cyrillic
    (0x1E00, 0x1EFF),  # Vietnamese and others
    (0x2000, 0x206F),  # dashes, quotation marks, dots
    (0x2070, 0x20BF),  # superscripts, currencies
    (0x2100, 0x214F),  # letter-like
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x2500, 0x25FF),  # boxes, blocks, shapes
    (0x2600, 0x26FF),  # symbols
    (0x2700, 0x27BF),  # ticks and crosses
    (0x27E8, 0x27E9),  # what stands around a code
    (0xFFFD, 0xFFFD),
)


def main() -> None:
    """Write the fonts."""
    for name in FONTS:
        font = TTFont(SOURCE / f"{name}.ttf", recalcTimestamp=False)
        options = Options()
        options.layout_features = []
        options.hinting = False
        options.drop_tables += ["FFTM", "GDEF", "GPOS", "GSUB", "kern"]
        options.name_IDs = ["*"]
        subsetter = Subsetter(options)
        subsetter.populate(
            unicodes={code for first, last in KEPT for code in range(first, last + 1)}
        )
        subsetter.subset(font)
        target = TARGET / f"{name}.ttf"
        font.save(target)
        sys.stderr.write(f"{target.name}  {target.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    main()
