"""Writes contact sheets of the offline artist, to look at: `python -m bench.contact_sheet [folder]` (./scratch)."""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw

from dalle.painters.sketch import draw
from dalle.painters.sketch.hands import HANDS
from dalle.painters.sketch.painting import technique_name
from dalle.storage.folder.series import SeriesFolder
from dalle.words.catalog import Catalog
from dalle.words.selection import Selection, select
from dalle.words.shelf import SeriesShelf


def address(number: int) -> str:
    """Returns a made-up address."""
    return "0x" + hashlib.sha256(f"sheet {number}".encode()).hexdigest()[:40]


def sheet(path: Path, pictures: list[tuple[Selection, str]], columns: int, side: int = 256) -> None:
    """Lays pictures out in rows, each above its technique and noun."""
    rows = -(-len(pictures) // columns)
    page = Image.new("RGB", (columns * (side + 8), rows * (side + 22)), "white")
    pen = ImageDraw.Draw(page)
    for k, (selection, technique) in enumerate(pictures):
        at = (k % columns * (side + 8) + 4, k // columns * (side + 22) + 4)
        page.paste(draw(selection, (side, side), technique), at)
        mood, trade = selection["emotion"].field("group"), selection["occupation"].word
        words = f"{technique or technique_name(selection)}: {selection['noun'].word}, {mood}, {trade}"
        pen.text((at[0], at[1] + side + 2), words.encode("ascii", "replace").decode()[:42], fill="black")
    page.save(path)
    print(path)


def menagerie(selections: list[Selection], catalog: Catalog) -> list[Selection]:
    """Returns one noun of every class, with the other attributes of each selection in turn."""
    nouns = catalog.databases["nouns"]
    every = [dict(zip(nouns.columns, row, strict=True)) for row in nouns.rows]
    rows = {(row["kind"], row["group"], row["class"]): row for row in every}
    found = []
    for number, key in enumerate(sorted(rows)):
        selection = selections[number % len(selections)]
        noun = replace(selection["noun"], value=rows[key]["name"], fields=rows[key])
        attributes = tuple(noun if attribute.name == "noun" else attribute for attribute in selection)
        found.append(replace(selection, original=address(number), attributes=attributes))
    return found


def main() -> None:
    """Writes all sheets, or those named after the folder."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "scratch")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:] or ["simple1", "simple2", "nouns", "series", "hands"]
    catalog, shelf = Catalog.load(), SeriesShelf(SeriesFolder(folder / "none"))
    simple = shelf.get("simple")
    assert simple is not None
    selections = [select(address(n), simple, catalog) for n in range(64)]
    if "simple1" in wanted:
        sheet(folder / "simple1.png", [(selection, "") for selection in selections[:32]], 8)
    if "simple2" in wanted:
        sheet(folder / "simple2.png", [(selection, "") for selection in selections[32:]], 8)
    if "nouns" in wanted:
        sheet(folder / "nouns.png", [(selection, "storybook") for selection in menagerie(selections, catalog)], 12, 200)
    if "hands" in wanted:
        sheet(folder / "hands.png", [(selections[3 + 2 * k], name) for k, name in enumerate(HANDS)], 7)
    if "series" in wanted:
        every = [series for name in shelf.names() if (series := shelf.get(name))]
        pictures = [(select(address(n), series, catalog), "") for series in every for n in range(8)]
        sheet(folder / "series.png", pictures, 8, 160)


if __name__ == "__main__":
    main()
