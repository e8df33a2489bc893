"""Techniques that set a picture from pieces: dots, mosaic, pixels, threads."""

import cmath
import math

from PIL import Image, ImageEnhance

from dalle.painters.sketch.canvas import Brushwork, grain, multiply
from dalle.painters.sketch.hands.work import Work
from dalle.painters.sketch.palette import mix


def dots(work: Work) -> Image.Image:
    """Pointillism: pure, jittered colours dot by dot over a pale wash, small ones of the opposite hue between."""
    size, u = work.ground.size, work.unit
    source = work.figure(work.ground.copy(), work.palette["ink"], 1.1, 1.3)
    source = ImageEnhance.Color(source).enhance(1.5)
    brush = Brushwork(Image.blend(source, Image.new("RGB", size, work.palette["paper"]), 0.3), work.dice)
    stream = work.dice.stream("dots")
    for step, share, opposite in ((13.0, 1.0, False), (21.0, 0.7, True)):
        cell = max(step * u, 3.0)
        rows, columns = int(size[1] / cell) + 2, int(size[0] / cell) + 2
        small = source.resize((columns, rows), Image.Resampling.BOX).load()
        assert small is not None  # noqa: S101 - an image always loads
        for r in range(rows):
            for c in range(columns):
                x, y, s, t = stream.random(), stream.random(), stream.random(), stream.random()
                if t > share:
                    continue
                red, green, blue = small[c, r][:3]  # type: ignore[index]
                d, e = int(56 * (s - 0.5)), int(44 * (t - 0.5))
                if opposite:
                    d, e = d + (40 if blue > red else -40), e + 26
                colour = (min(255, max(0, red + d)), min(255, max(0, green + e)), min(255, max(0, blue - d)))
                at = complex((c + 0.5 * (r % 2) + 0.5 * x) * cell, (r + 0.1 + 0.5 * y) * cell)
                brush.dot(at, cell * (0.2 + 0.08 * s if opposite else 0.5 + 0.12 * s), colour)
    return work.face(brush.done(), work.palette["ink"], 0.8)


def mosaic(work: Work) -> Image.Image:
    """Mosaic: small stones set in rows, mortar between them."""
    size = work.ground.size
    source = work.figure(work.ground.copy(), work.palette["ink"], 1.5, 0.8)
    step = max(work.grains(17, 0.15), 4.0)
    brush = Brushwork(Image.new("RGB", size, mix(work.palette["paper"], (120, 110, 100), 0.5)), work.dice)
    rows, columns = int(size[1] / step) + 1, int(size[0] / step) + 1
    small = source.resize((columns, rows), Image.Resampling.BOX).load()
    assert small is not None  # noqa: S101 - an image always loads
    stream = work.dice.stream("stones")
    for r in range(rows):
        for c in range(columns):
            red, green, blue = small[c, r][:3]  # type: ignore[index]
            d = int(34 * (stream.random() - 0.5))
            at = complex((c + 0.5) * step, (r + 0.5) * step)
            corner = cmath.rect(step * 0.63, math.pi / 4 + 0.34 * (stream.random() - 0.5))
            colour = (min(255, max(0, red + d)), min(255, max(0, green + d)), min(255, max(0, blue + d)))
            brush.shape([at + corner, at + corner * 1j, at - corner, at - corner * 1j], colour)
    return multiply(work.face(brush.done(), work.palette["ink"], 1.3), grain(size, 2, 226, 255, "stone"))


def pixel(work: Work) -> Image.Image:
    """Digital: large pixels of few colours."""
    size = work.ground.size
    source = work.figure(work.ground.copy(), work.palette["ink"], 1.3, 0.9)
    cell = max(1, round(work.grains(10.4, 0.09)))
    small = source.resize((math.ceil(size[0] / cell), math.ceil(size[1] / cell)), Image.Resampling.BOX)
    small = small.quantize(24, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    return small.resize((small.width * cell, small.height * cell), Image.Resampling.NEAREST).crop((0, 0, *size))


def textile(work: Work) -> Image.Image:
    """Woven: threads over and under, a fringe of bands."""
    size, u = work.ground.size, work.unit
    source = work.figure(work.ground.copy(), work.palette["deep"], 1.5, 0.6)
    cell = max(2, round(work.grains(9, 0.08)))
    small = source.resize((math.ceil(size[0] / cell), math.ceil(size[1] / cell)), Image.Resampling.BOX)
    image = small.resize((small.width * cell, small.height * cell), Image.Resampling.NEAREST).crop((0, 0, *size))
    image = Image.blend(image, source, 0.35)
    tile = Image.new("L", (2 * cell, 2 * cell))
    values = []
    for y in range(2 * cell):
        for x in range(2 * cell):
            over = (x // cell + y // cell) % 2
            t = ((x if over else y) % cell + 0.5) / cell
            values.append(int(165 + 90 * math.sin(math.pi * t)))
    tile.putdata(values)
    weave = Image.new("L", size)
    for y in range(0, size[1], 2 * cell):
        weave.paste(tile, (0, y))
    strip = weave.crop((0, 0, 2 * cell, size[1]))
    for x in range(2 * cell, size[0], 2 * cell):
        weave.paste(strip, (x, 0))
    image = work.face(image, work.palette["ink"], 0.8)
    brush = Brushwork(image, work.dice)
    w, h = size
    for k, role in enumerate(("near", "accent", "cloth")):
        inset = (4 + 14 * k) * u
        for row in (inset, h - inset - 14 * u):
            brush.shape(
                [complex(0, row), complex(w, row), complex(w, row + 14 * u), complex(0, row + 14 * u)],
                work.palette[role],
            )
    return multiply(brush.done(), weave)
