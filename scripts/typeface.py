"""Makes the bundled typeface from Gentium Book Plus.

python scripts/typeface.py GentiumBookPlus-Regular.ttf dalle/data/font/CaptionBook-Regular.ttf

Removes the programs that fit glyphs to coarse screens: running them takes four fifths of the time that typesetting a
caption needs, and letters of thirty pixels gain nothing. The licence requires another name for a changed font.
Needs fonttools.
"""

import sys

from fontTools.ttLib import TTFont

NAME = "Caption Book"
NAMES = {
    1: NAME,
    2: "Regular",
    3: f"{NAME} Regular",
    4: NAME,
    6: "CaptionBook-Regular",
    10: "Gentium Book Plus without its hinting programs",
}


def main(source: str, target: str) -> None:
    font = TTFont(source)
    for name in font.getGlyphOrder():
        font["glyf"][name].removeHinting()
    # FreeType itself hints a font without programs: keep one that does nothing.
    for table in ("cvt ", "prep", "gasp"):
        del font[table]
    font["fpgm"].program.fromAssembly(["PUSHB[ ]", "0", "POP[ ]"])
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in (0, 13, 14) or record.nameID > 255]
    for number, text in NAMES.items():
        names.setName(text, number, 3, 1, 0x409)
    font.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
