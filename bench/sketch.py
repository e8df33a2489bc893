"""Measures the offline artist: `python -m bench.sketch [quality] [distinct] [words] [silhouettes] [speed]`, else all.

quality   1,000 addresses: figure against ground, share of the frame, distance of the colours; the worst 20
distinct  5,000 addresses: luminance hash of 64 bits and mean colours; the closest 20 pairs
words     300 addresses: the share of pictures that another word of one attribute leaves as it is, or hardly changes
silhouettes  500 addresses: the share with a twin, and how far the centre of the figure is spread over the frame
speed     60 pictures of 1024 x 1024: milliseconds of processor and clock, and the memory they take
"""

import cmath
import hashlib
import math
import operator
import random
import resource
import sys
import time
from collections import Counter
from dataclasses import replace

from PIL import Image, ImageChops, ImageStat

from dalle.painters.sketch import draw
from dalle.painters.sketch.canvas import Brushwork
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.hands import HANDS
from dalle.painters.sketch.painting import composed, placed, technique_name
from dalle.painters.sketch.palette import lch_of
from dalle.painters.sketch.shapes import LOOSE
from dalle.words.catalog import Catalog
from dalle.words.selection import Selection, select
from dalle.words.series import Series

PLAIN, CATALOG = Series(name="plain"), Catalog.load()
LEAST_CONTRAST, LEAST_COVERAGE, MOST_COVERAGE = 0.05, 0.1, 0.75


def selected(number: int) -> Selection:
    """Returns the selection of a made-up address in a series without filters."""
    return select("0x" + hashlib.sha256(f"bench {number}".encode()).hexdigest()[:40], PLAIN, CATALOG)


def lab(image: Image.Image, mask: Image.Image | None = None) -> tuple[float, float, float]:
    """Returns the mean colour as lightness, a, b of OKLab."""
    red, green, blue = (round(c) for c in ImageStat.Stat(image, mask).mean)
    light, chroma, hue = lch_of((red, green, blue))
    spot = cmath.rect(chroma, hue * cmath.pi / 180)
    return light, spot.real, spot.imag


def apart(one: tuple[float, float, float], two: tuple[float, float, float]) -> float:
    """Returns the distance in OKLab."""
    return math.dist(one, two)


def quality(count: int = 1000, side: int = 96) -> None:
    """Prints the contrast of the figure's mean with the ground around it, and the figure's share of the frame."""
    found = []
    for n in range(count):
        selection = selected(n)
        shapes = composed(selection, (side, side)).shapes
        brush = Brushwork(Image.new("L", (side, side)), Dice("mask"))
        for shape in shapes:
            brush.shape(shape.points, 255)
        mask = brush.done()
        image = draw(selection, (side, side))
        share = ImageStat.Stat(mask).mean[0] / 255
        contrast = apart(lab(image, mask), lab(image, ImageChops.invert(mask)))
        found.append((contrast, share, n, technique_name(selection), selection["noun"].word))
    found.sort()
    shares = sorted(row[1] for row in found)
    print(f"contrast   worst {found[0][0]:.3f}  1 % {found[count // 100][0]:.3f}  median {found[count // 2][0]:.3f}")
    print(f"coverage   least {shares[0]:.2f}  median {shares[count // 2]:.2f}  most {shares[-1]:.2f}")
    for row in found[:20]:
        print(f"   {row[0]:.3f}  {row[1]:.2f}  {row[2]}  {row[3]}  {row[4]}")
    bad = [r for r in found if r[0] < LEAST_CONTRAST or not LEAST_COVERAGE < r[1] < MOST_COVERAGE]
    print(f"beyond the thresholds: {len(bad)} of {count}")


WAVES = [[math.cos(math.pi * (2 * x + 1) * k / 64) for x in range(32)] for k in range(9)]


def luminance_hash(image: Image.Image) -> int:
    """Returns 64 bits: signs, against their median, of the 8 x 8 lowest waves (without mean) of 32 x 32 luminances."""
    raw = image.convert("L").resize((32, 32), Image.Resampling.BOX).tobytes()
    rows = [[sum(map(operator.mul, raw[32 * y : 32 * y + 32], wave)) for wave in WAVES] for y in range(32)]
    waves = [sum(rows[y][k] * WAVES[m][y] for y in range(32)) for m in range(1, 9) for k in range(1, 9)]
    middle = sorted(waves)[32]
    return sum(1 << k for k, v in enumerate(waves) if v > middle)


def average_hash(image: Image.Image) -> int:
    """Returns 64 bits, coarser: whether each of 8 x 8 luminances is above their mean."""
    small = image.convert("L").resize((8, 8), Image.Resampling.BOX).tobytes()
    mean = sum(small) / 64
    return sum(1 << k for k, v in enumerate(small) if v > mean)


def distinct(count: int = 5000, side: int = 64) -> None:
    """Prints how many have another one within 4 bits and a distance of 0.1 (about ΔE 10) in mean colours."""
    hashes: list[tuple[int, int]] = []
    colors = []
    for n in range(count):
        image = draw(selected(n), (side, side))
        hashes.append((luminance_hash(image), average_hash(image)))
        colors.append(lab(image))
    for which, name in ((0, "waves"), (1, "averages")):
        close: list[tuple[float, int, float, int, int]] = []
        twins: set[int] = set()
        for n, hashed in enumerate(hashes):
            for m in range(n + 1, count):
                bits = (hashed[which] ^ hashes[m][which]).bit_count()
                if bits <= 6:
                    far = apart(colors[n], colors[m])
                    close.append((bits + far * 40, bits, far, n, m))
                    if bits <= 4 and far < 0.1:
                        twins |= {n, m}
        close.sort()
        for _, bits, far, n, m in close[:20]:
            print(f"   {bits} bits  {far:.3f}  {n} {selected(n)['noun'].word} / {m} {selected(m)['noun'].word}")
        print(f"{name}: with no other close by {100 * (1 - len(twins) / count):.2f} % of {count}")


SWAPPED = {
    "place": "places",
    "action": "actions",
    "emotion": "emotions",
    "occupation": "occupations",
    "adjective": "adjectives",
    "adverb": "adverbs",
    "litStyle": "litstyles",
    "trope": "tropes",
}
"""Attribute → its database."""


def swapped(selection: Selection, which: str, stream: random.Random) -> Selection:
    """Returns the selection with another word of one attribute."""
    table = CATALOG.databases[SWAPPED[which]]
    fields = dict(selection[which].fields)
    while fields == selection[which].fields:
        fields = dict(zip(table.columns, table.rows[int(stream.random() * len(table.rows))], strict=True))
    other = replace(selection[which], value=",".join(fields.values()), fields=fields)
    return replace(selection, attributes=tuple(other if each.name == which else each for each in selection))


def words(count: int = 300, side: int = 128) -> None:
    """Prints how often another word of one attribute leaves the same picture, or changes under 0.3 % of it."""
    stream, same, faint = random.Random("words"), Counter[str](), Counter[str]()
    for n in range(count):
        selection = selected(n)
        image = draw(selection, (side, side))
        for which in SWAPPED:
            other = draw(swapped(selection, which, stream), (side, side))
            changed = ImageChops.difference(image, other).convert("L").point([255 * (i > 20) for i in range(256)])
            share = ImageStat.Stat(changed).mean[0] / 255
            same[which] += image.tobytes() == other.tobytes()
            faint[which] += share < 0.003
    for which in SWAPPED:
        print(f"{which:10}  the same {100 * same[which] / count:5.1f} %   faint {100 * faint[which] / count:5.1f} %")


def silhouettes(count: int = 500, side: int = 64) -> None:
    """Prints the share of figures with a twin (more than 0.8 of both together is shared) and the spread of centres."""
    masks, centres = [], []
    for n in range(count):
        selection = selected(n)
        hand = HANDS[technique_name(selection)]
        brush = Brushwork(Image.new("L", (side, side)), Dice("mask"))
        for shape in placed(selection, (side, side), hand).figure.shapes:
            if shape.part not in LOOSE:
                brush.shape(shape.points, 255)
        mask = brush.done().point([i > 127 for i in range(256)], "1")
        grid = mask.convert("L").tobytes()
        area = sum(i > 0 for i in grid) or 1
        centres.append(
            complex(
                sum(k % side for k, i in enumerate(grid) if i) / area / side,
                sum(k // side for k, i in enumerate(grid) if i) / area / side,
            )
        )
        masks.append(int.from_bytes(mask.tobytes(), "big"))
    twins = {
        n
        for n, one in enumerate(masks)
        for m, other in enumerate(masks)
        if m != n and (one & other).bit_count() > 0.8 * (one | other).bit_count()
    }
    middle = sum(centres) / count
    spread = math.sqrt(sum(abs(c - middle) ** 2 for c in centres) / count)
    print(f"with a twin {100 * len(twins) / count:.1f} % of {count}; spread of the centre {spread:.3f} of the frame")


def speed(count: int = 60) -> None:
    """Prints the milliseconds of processor and clock for one picture of 1024 x 1024."""
    selections = [selected(n) for n in range(count)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    spent, passed = [], []
    for selection in selections:
        start, clock = time.process_time(), time.perf_counter()
        draw(selection)
        spent.append(((time.process_time() - start) * 1000, technique_name(selection)))
        passed.append((time.perf_counter() - clock) * 1000)
    spent.sort()
    passed.sort()
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"processor  median {spent[count // 2][0]:.0f} ms, worst {spent[-1][0]:.0f} ms ({spent[-1][1]})")
    print(f"clock      median {passed[count // 2]:.0f} ms, worst {passed[-1]:.0f} ms; memory {memory:.0f} MB")


if __name__ == "__main__":
    tasks = {"quality": quality, "distinct": distinct, "words": words, "silhouettes": silhouettes, "speed": speed}
    for name, task in tasks.items():
        if name in sys.argv[1:] or len(sys.argv) == 1:
            task()
