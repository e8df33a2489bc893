"""Techniques with a brush: gouache, watercolour, oil, fresco."""

import cmath
import math
from collections.abc import Callable

from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from dalle.painters.sketch.canvas import Brushwork, by_channels, edges, grain, multiply
from dalle.painters.sketch.hands.work import Work, paper
from dalle.painters.sketch.palette import mix


def storybook(work: Work) -> Image.Image:
    """Gouache: modelled shapes, a coloured line, grain."""
    image = work.figure(work.ground.copy(), mix(work.palette["ink"], work.palette["deep"], 0.25), 1.0, 1.2, 1.5)
    return multiply(multiply(image, grain(image.size, 9, 236, 255)), grain(image.size, 1, 236, 255))


def watercolour(work: Work) -> Image.Image:
    """Wet washes: translucent layers, dark rims, blooms and grain of the paper."""
    size = work.ground.size
    u = work.unit
    sheet = paper(size, (255, 253, 248), 248)
    image = Image.blend(sheet, work.ground.filter(ImageFilter.BoxBlur(9 * u)), 0.88 if work.palette.dark else 0.6)
    edge = Brushwork(Image.new("L", size), work.dice, 26 * u)
    edge.shape([complex(x * size[0], y * size[1]) for x, y in _frame(0.035)], 255)
    image = Image.composite(image, sheet, edge.done().filter(ImageFilter.BoxBlur(3 * u)))
    light = work.mask(2 * u)
    image.paste(mix((253, 251, 245), work.palette["light"], 0.35), (0, 0), light)
    p = work.palette
    off = p.set_off(mix((255, 253, 248), p["ground"], 0.88 if p.dark else 0.6), 0.28)
    image = work.figure(image, None, 0, 1.0, 6.0, 0.55, off)
    image = work.figure(image, mix(work.palette["deep"], work.palette["ink"], 0.3), 0.8, 1.0, 6.0, 0.45, off)
    rim = edges(light, 7 * u)
    image = Image.composite(multiply(image, Image.new("L", size, 150)), image, rim)
    image = multiply(multiply(image, grain(size, 60, 236, 255, "bloom")), grain(size, 3, 240, 255, "paper"))
    return work.face(image, mix(work.palette["ink"], work.palette["deep"], 0.4), 0.6)


def _frame(inset: float) -> list[tuple[float, float]]:
    side = [i / 90 for i in range(91)]
    a, b = inset, 1 - inset
    return (
        [(a + (b - a) * t, a) for t in side]
        + [(b, a + (b - a) * t) for t in side]
        + [(b - (b - a) * t, b) for t in side]
        + [(a, b - (b - a) * t) for t in side]
    )


def oil(work: Work) -> Image.Image:
    """Oil: a ground of broad strokes of the knife, the figure in shorter ones around its forms, all in relief."""
    size, u = work.ground.size, work.unit
    line = mix(work.palette["ink"], work.palette["deep"], 0.5)
    source = ImageEnhance.Color(work.figure(work.ground.copy(), line, 1.4, 1.6)).enhance(1.2)
    brush = Brushwork(source.filter(ImageFilter.BoxBlur(4 * u)), work.dice)
    relief = Brushwork(Image.new("L", size, 128), work.dice)
    mask = work.mask()
    swirl = work.dice.span("swirl", 0, math.tau)
    _strokes(work, brush, relief, source, max(34 * u, 4.0), lambda at: swirl + 0.9 * math.sin(at.real * 0.004 / u))
    image = work.scene(brush.done(), line, 0.8, opacity=0.6)
    image = Image.blend(image, work.figure(image.copy(), None, 0, 1.6), 0.5)
    image.paste(source, (0, 0), mask.point([round(i * 0.8) for i in range(256)]))
    brush = Brushwork(image, work.dice)
    heart = _heart_of(work)
    step = max(work.grains(22, 0.13), 4.0)
    _strokes(work, brush, relief, source, step, lambda at: cmath.phase(at - heart) + math.pi / 2, mask)
    bump = relief.done().filter(ImageFilter.EMBOSS if size[0] > 300 else ImageFilter.SMOOTH)
    image = by_channels(ImageChops.overlay, Image.blend(brush.done(), source, 0.4), bump)
    return work.face(image, mix(work.palette["ink"], work.palette["deep"], 0.4), 0.5)


def _heart_of(work: Work) -> complex:
    """The middle of the body, around which strokes turn."""
    points = [q for s in work.shapes if s.part in ("body", "head") for q in s.points] or [0j]
    return sum(points) / len(points) + 0.5 * work.unit


def _strokes(
    work: Work,
    brush: Brushwork,
    relief: Brushwork,
    source: Image.Image,
    step: float,
    way: Callable[[complex], float],
    mask: Image.Image | None = None,
) -> None:
    """Strokes in the colours of a picture, a step apart, in that direction; with a mask only inside it."""
    size, stream = work.ground.size, work.dice.stream(f"strokes {mask is None}")
    rows, columns = int(size[1] / step) + 1, int(size[0] / step) + 1
    small = source.resize((columns, rows), Image.Resampling.BOX).tobytes()
    inside = mask.resize((columns, rows), Image.Resampling.BOX).tobytes() if mask else b""
    for r in range(rows):
        for c in range(columns):
            x, y, s, t = stream.random(), stream.random(), stream.random(), stream.random()
            if inside and inside[r * columns + c] < 230:
                continue
            spot = 3 * (r * columns + c)
            d = int(30 * (s - 0.5))
            red, green, blue = (min(255, max(0, one + d)) for one in small[spot : spot + 3])
            at = complex((c + x) * step, (r + y) * step)
            along = cmath.rect(step * (0.5 + 0.5 * t), way(at))
            brush.line([at - along, at + along * cmath.rect(1, 0.2)], (red, green, blue), step * 0.5, 200)
            side = along * 1j / max(abs(along), 1e-6) * step * 0.16
            for k in (-1, 1):
                relief.line([at - along + side * k, at + along + side * k], 128 + 42 * k, step * 0.1)


def fresco(work: Work) -> Image.Image:
    """Fresco: chalky colour on plaster with cracks and worn places."""
    size, u = work.ground.size, work.unit
    plaster = multiply(Image.new("RGB", size, (226, 208, 178)), grain(size, 18, 205, 255, "plaster"))
    image = Image.blend(plaster, work.figure(work.ground.copy(), (92, 58, 40), 1.0, 1.2, 1.5), 0.8)
    worn = grain(size, max(2, round(34 * u)), 0, 255, "worn").point(
        [max(0, min(110, (i - 205) * 3)) for i in range(256)]
    )
    image = Image.composite(plaster, image, ImageChops.multiply(worn, ImageChops.invert(work.mask())))
    brush = Brushwork(image, work.dice)
    stream = work.dice.stream("cracks")
    for _ in range(7):
        at, a = complex(size[0] * stream.random(), size[1] * stream.random()), math.tau * stream.random()
        crack = [at]
        for _ in range(14):
            a += 0.9 * (stream.random() - 0.5)
            crack.append(crack[-1] + cmath.rect(32 * u, a))
        brush.line(crack, (112, 88, 66), 1.8 * u, 190)
    return work.face(multiply(brush.done(), grain(size, 3, 222, 255, "paper")), (92, 58, 40), 0.7)
