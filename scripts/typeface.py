"""Makes the bundled typeface out of Gentium Book Plus.

python scripts/typeface.py GentiumBookPlus-Regular.ttf dalle/data/font/CaptionBook-Regular.ttf

The programs that fit each glyph to coarse screens are taken out: to run them takes four fifths of the time that setting
a caption needs, and letters of thirty pixels gain nothing by it. The licence wants another name for what was changed.
Needs fonttools.
"""

import sys

from fontTools.ttLib import TTFont

NAME = "Caption Book"
TOLD = {
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
    # A font without any program is hinted by FreeType itself: one that does nothing, and says that there are some.
    for table in ("cvt ", "prep", "gasp"):
        del font[table]
    font["fpgm"].program.fromAssembly(["PUSHB[ ]", "0", "POP[ ]"])
    names = font["name"]
    names.names = [one for one in names.names if one.nameID in (0, 13, 14) or one.nameID > 255]
    for number, text in TOLD.items():
        names.setName(text, number, 3, 1, 0x409)
    font.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
