"""The hands: each treatment takes ground and figure and makes a picture of its own kind of them."""

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from dalle.painters.sketch.canvas import Brushwork, edges, gradient, grain, multiply, paint
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.palette import Palette, Rgb, mix
from dalle.painters.sketch.shapes import Shape


@dataclass(frozen=True, slots=True)
class Work:
    """What a hand gets: the painted ground, the shapes in pixels, their colours and the common width of a line."""

    ground: Image.Image
    shapes: list[Shape]
    palette: Palette
    dice: Dice
    width: float

    @property
    def unit(self) -> float:
        """A thousandth of the shorter side."""
        return min(self.ground.size) / 1000

    def figure(
        self,
        image: Image.Image,
        line: Rgb | None,
        width: float,
        model: float,
        wobble: float = 0.0,
        opacity: float = 1.0,
        palette: Palette | None = None,
    ) -> Image.Image:
        """Paint the figure onto an image."""
        brush = Brushwork(image, self.dice, wobble * self.unit)
        paint(brush, self.shapes, palette or self.palette, line, width * self.width, model, opacity)
        return brush.done()

    def face(
        self, image: Image.Image, line: Rgb | None = None, width: float = 1.0, palette: Palette | None = None
    ) -> Image.Image:
        """Paint only the face again, crisp."""
        brush = Brushwork(image, self.dice)
        paint(
            brush, [s for s in self.shapes if s.part == "face"], palette or self.palette, line, width * self.width, 0.0
        )
        return brush.done()

    def mask(self, grow: float = 0.0) -> Image.Image:
        """White where the figure is."""
        brush = Brushwork(Image.new("L", self.ground.size), self.dice)
        for shape in self.shapes:
            brush.shape(shape.points, 255, 255 if grow else None, grow * 2)
        return brush.done()


Hand = Callable[[Work], Image.Image]


def _paper(size: tuple[int, int], colour: Rgb, low: int = 232) -> Image.Image:
    return multiply(Image.new("RGB", size, colour), grain(size, 2, low, 255, "paper"))


def poster(work: Work) -> Image.Image:
    """Flat colour, no outline, a soft cast shadow."""
    image = work.ground.copy()
    shadow = work.mask().filter(ImageFilter.BoxBlur(14 * work.unit))
    image.paste(
        work.palette["near"],
        (round(14 * work.unit), round(18 * work.unit)),
        shadow.point([i * 5 // 10 for i in range(256)]),
    )
    return multiply(work.figure(image, None, 0, 1.0), grain(image.size, 1, 238, 255))


def storybook(work: Work) -> Image.Image:
    """Gouache: modelled shapes, a coloured line, grain."""
    image = work.figure(work.ground.copy(), mix(work.palette["ink"], work.palette["deep"], 0.25), 1.0, 1.2, 1.5)
    return multiply(multiply(image, grain(image.size, 9, 236, 255)), grain(image.size, 1, 236, 255))


def ink(work: Work) -> Image.Image:
    """Pen and ink: an uneven black line, hatching in the shade, thin washes of colour."""
    p = work.palette
    size = work.ground.size
    image = Image.blend(_paper(size, (248, 243, 232)), work.ground, 0.68 if p.dark else 0.3)
    thin = Palette({role: mix(colour, (250, 246, 236), 0.52) for role, colour in p.roles.items()}, p.dark)
    thin = thin.with_roles(ink=(26, 24, 28), iris=(60, 56, 60), white=(252, 250, 244))
    image = work.figure(image, (26, 24, 28), 1.1, 0, 3.2, palette=thin)
    hatch = Brushwork(Image.new("L", size, 255), work.dice, 2 * work.unit)
    step = 11 * work.unit
    for k in range(int((size[0] + size[1]) / step)):
        hatch.line([complex(k * step, 0), complex(k * step - size[1], size[1])], 20, 1.7 * work.unit)
    lines = hatch.done()
    mask = work.mask()
    shade = ImageChops.subtract(
        mask,
        ImageChops.offset(
            mask.filter(ImageFilter.BoxBlur(26 * work.unit)), round(-26 * work.unit), round(-30 * work.unit)
        ),
    )
    image = Image.composite(
        multiply(image, lines), image, ImageChops.multiply(shade, mask).point([min(255, i * 2) for i in range(256)])
    )
    return work.face(image, (26, 24, 28), 0.9, thin)


def watercolour(work: Work) -> Image.Image:
    """Wet washes: translucent layers, dark rims, blooms and grain of the paper."""
    size = work.ground.size
    u = work.unit
    paper = _paper(size, (253, 251, 245), 236)
    image = Image.blend(paper, work.ground.filter(ImageFilter.BoxBlur(9 * u)), 0.88 if work.palette.dark else 0.6)
    edge = Brushwork(Image.new("L", size), work.dice, 26 * u)
    edge.shape([complex(x * size[0], y * size[1]) for x, y in _frame(0.035)], 255)
    image = Image.composite(image, paper, edge.done().filter(ImageFilter.BoxBlur(3 * u)))
    light = work.mask(2 * u)
    image.paste(mix((253, 251, 245), work.palette["light"], 0.35), (0, 0), light)
    for opacity in (0.55, 0.45):
        image = work.figure(image, None, 0, 1.0, 6.0, opacity)
    rim = edges(light, 7 * u)
    image = Image.composite(multiply(image, Image.new("L", size, 150)), image, rim)
    image = multiply(multiply(image, grain(size, 60, 205, 255, "bloom")), grain(size, 3, 228, 255, "paper"))
    return work.face(image, mix(work.palette["ink"], work.palette["deep"], 0.4), 0.6)


def _frame(inset: float) -> list[tuple[float, float]]:
    side = [i / 20 for i in range(21)]
    a, b = inset, 1 - inset
    return (
        [(a + (b - a) * t, a) for t in side]
        + [(b, a + (b - a) * t) for t in side]
        + [(b - (b - a) * t, b) for t in side]
        + [(a, b - (b - a) * t) for t in side]
    )


def linocut(work: Work) -> Image.Image:
    """Cut and printed: black, paper and one colour, with the marks of the gouge around the figure."""
    p, size, u = work.palette, work.ground.size, work.unit
    cream = (246, 238, 220)
    black = (28, 25, 30)
    tint = p["accent"]
    tones = {role: (cream if sum(c) > 560 else tint if sum(c) > 330 else black) for role, c in p.roles.items()}
    tones |= {
        "ink": black,
        "white": cream,
        "iris": black,
        "body": p["body"],
        "light": cream,
        "belly": cream,
        "shade": black,
        "deep": black,
        "accent": tint,
    }
    flat = ImageOps.posterize(work.ground, 2)
    image = Image.blend(Image.new("RGB", size, mix(tint, black, 0.75) if p.dark else cream), flat, 0.2)
    brush = Brushwork(image, work.dice, 2 * u)
    stream = work.dice.stream("gouge")
    centre = complex(size[0] / 2, size[1] / 2)
    mark = mix(tint, cream, 0.25) if p.dark else mix(tint, black, 0.1)
    for ring in range(4, 16):
        far = ring * 46 * u
        n = int(far / (15 * u))
        for k in range(n):
            a = math.tau * (k + stream.random() * 0.6) / n
            start, end = centre + cmath.rect(far, a), centre + cmath.rect(far + (18 + 22 * stream.random()) * u, a)
            brush.shape(
                [
                    start,
                    (start + end) / 2 + cmath.rect(3.4 * u, a + 1.57),
                    end,
                    (start + end) / 2 - cmath.rect(3.4 * u, a + 1.57),
                ],
                mark,
            )
    image = brush.done()
    image.paste(cream, (0, 0), work.mask(13 * u))
    palette = Palette(tones, p.dark)
    image = work.figure(image, black, 1.9, 0, 3, palette=palette)
    cut = ImageChops.multiply(grain(size, 2, 0, 255, "ink"), grain(size, 14, 90, 255, "press")).point(
        [255 if i < 8 else 0 for i in range(256)]
    )
    image.paste(cream, (0, 0), cut)
    return work.face(image, black, 1.0, palette.with_roles(shade=p["shade"]))


def dots(work: Work) -> Image.Image:
    """Pointillism: the whole picture in dots of pure, jittered colour."""
    size, u = work.ground.size, work.unit
    source = work.figure(work.ground.copy(), work.palette["ink"], 0.9, 1.2)
    source = ImageEnhance.Color(source).enhance(1.35)
    step = max(12.5 * u, 3.0)
    brush = Brushwork(Image.blend(source, Image.new("RGB", size, work.palette["paper"]), 0.45), work.dice)
    stream = work.dice.stream("dots")
    rows, columns = int(size[1] / step) + 1, int(size[0] / step) + 1
    small = source.resize((columns, rows), Image.Resampling.BOX).load()
    assert small is not None  # noqa: S101 - an image always loads
    for r in range(rows):
        for c in range(columns):
            red, green, blue = small[c, r][:3]  # type: ignore[index]
            x, y, s = stream.random(), stream.random(), stream.random()
            d = int(44 * (s - 0.5))
            colour = (min(255, max(0, red + d)), min(255, max(0, green - d // 3)), min(255, max(0, blue - d)))
            brush.dot(complex((c + 0.2 + 0.6 * x) * step, (r + 0.2 + 0.6 * y) * step), step * (0.46 + 0.22 * s), colour)
    return work.face(brush.done(), work.palette["ink"], 0.7)


def oil(work: Work) -> Image.Image:
    """Oil: long strokes that follow the forms, thick enough to catch the light."""
    size, u = work.ground.size, work.unit
    source = work.figure(work.ground.copy(), work.palette["deep"], 0.8, 1.3)
    source = ImageEnhance.Color(source).enhance(1.15)
    brush = Brushwork(source.filter(ImageFilter.BoxBlur(3 * u)), work.dice)
    relief = Brushwork(Image.new("L", size, 128), work.dice)
    stream = work.dice.stream("strokes")
    step = max(23 * u, 4.0)
    rows, columns = int(size[1] / step) + 1, int(size[0] / step) + 1
    small = source.resize((columns, rows), Image.Resampling.BOX).load()
    assert small is not None  # noqa: S101 - an image always loads
    places = [(r, c) for r in range(rows) for c in range(columns)]
    swirl = work.dice.span("swirl", 0, math.tau)
    for r, c in places:
        red, green, blue = small[c, r][:3]  # type: ignore[index]
        a = swirl + 1.8 * math.sin(c * 0.13 + swirl) + 1.4 * math.cos(r * 0.16)
        d = int(26 * (stream.random() - 0.5))
        at = complex((c + stream.random()) * step, (r + stream.random()) * step)
        along = cmath.rect(step * (0.5 + 0.45 * stream.random()), a)
        colour = (min(255, max(0, red + d)), min(255, max(0, green + d)), min(255, max(0, blue + d)))
        brush.line([at - along, at + along * cmath.rect(1, 0.25)], colour, step * 0.42, 205)
        for k in (-1, 0, 1):
            side = along * 1j / max(abs(along), 1e-6) * step * 0.14 * k
            relief.line([at - along + side, at + along + side], 128 + 50 * k + int(30 * stream.random()), 2.2 * u)
    image = brush.done()
    image = Image.blend(image, source, 0.25)
    bump = relief.done().filter(ImageFilter.EMBOSS if size[0] > 300 else ImageFilter.SMOOTH)
    image = ImageChops.overlay(image, Image.merge("RGB", (bump, bump, bump)))
    return work.face(image, work.palette["ink"], 0.5)


def glass(work: Work) -> Image.Image:
    """Stained glass: rays of coloured panes, lead between them, light behind."""
    p, size, u = work.palette, work.ground.size, work.unit
    lead = (22, 20, 26)
    brush = Brushwork(work.ground.copy(), work.dice)
    centre = complex(size[0] * 0.5, size[1] * 0.5)
    n = work.dice.count("panes", 9, 13)
    roles = ("ground", "second", "far", "sky", "accent", "mid", "leaf")
    radii = [0.0, 0.34, 0.54, 1.2]
    for ring in range(3):
        for k in range(n):
            a, b = math.tau * (k + 0.5 * (ring % 2)) / n, math.tau * (k + 1 + 0.5 * (ring % 2)) / n
            inner, outer = radii[ring] * 1000 * u, radii[ring + 1] * 1000 * u
            colour = mix(p[roles[(k * 2 + ring * 3) % len(roles)]], p["ground"], 0.35 if ring else 0.6)
            spots = [
                centre + cmath.rect(inner, a),
                centre + cmath.rect(outer, a),
                centre + cmath.rect(outer, b),
                centre + cmath.rect(inner, b),
            ]
            brush.shape(spots, colour, lead, 7 * u)
    image = brush.done()
    image = multiply(image, grain(size, 24, 175, 255, "glass"))
    bold = ImageEnhance.Color(work.figure(image, lead, 3.0, 0.0)).enhance(1.35)
    glow = Image.radial_gradient("L").resize(size).point([255 - i * 2 // 5 for i in range(256)])
    bold = multiply(multiply(bold, glow), grain(size, 7, 225, 255, "glass"))
    frame = Brushwork(bold, work.dice)
    w, h = size
    frame.shape([0j, complex(w, 0), complex(w, h), complex(0, h)], None, lead, 32 * u)
    return work.face(frame.done(), lead, 1.2)


def riso(work: Work) -> Image.Image:
    """Risograph: three inks out of register, screens and speckle."""
    p, size, u = work.palette, work.ground.size, work.unit
    paper = Image.new("RGB", size, (247, 242, 230))
    tone = work.figure(work.ground.copy(), None, 0, 1.2).convert("L")
    ground = ImageOps.autocontrast(work.ground.convert("L"))
    mask = work.mask()
    screen = Brushwork(Image.new("L", size, 0), work.dice)
    step = 13 * u
    for r in range(int(size[1] / step) + 2):
        for c in range(int(size[0] / step) + 2):
            screen.dot(complex((c + 0.5 * (r % 2)) * step, r * step * 0.87), step * 0.36, 255)
    dot = screen.done()
    back = ImageChops.add(
        ImageChops.invert(ground).point([i // 2 for i in range(256)]), dot.point([i // 4 for i in range(256)])
    )
    back.paste(20, (0, 0), mask)
    body = Image.new("L", size)
    body.paste(ImageChops.invert(tone).point([min(255, 40 + i * 5 // 4) for i in range(256)]), (0, 0), mask)
    speck = grain(size, 1, 0, 255, "riso").point([255 if i > 18 else 90 for i in range(256)])
    image = paper
    for plate, ink_, shift in (
        (back, mix(p["near"], p["accent"], 0.5) if not p.dark else p["near"], (0, 0)),
        (body, p["body"] if not p.dark else p["shade"], (round(5 * u), round(-4 * u))),
    ):
        printed = Image.composite(
            Image.new("RGB", size, ink_),
            Image.new("RGB", size, (255, 255, 255)),
            ImageChops.multiply(ImageChops.offset(plate, *shift), speck),
        )
        image = ImageChops.multiply(image, printed)
    white = Palette(dict.fromkeys(p.roles, (255, 255, 255)), p.dark)
    inky = mix(p["ink"], p["cloth"], 0.25)
    detail = white.with_roles(
        ink=inky,
        accent=p["accent"],
        cloth=p["accent"],
        leaf=p["accent"],
        metal=p["second"],
        deep=mix(inky, p["body"], 0.4),
        shade=mix(p["body"], (255, 255, 255), 0.35),
        iris=inky,
        mouth=inky,
        wood=inky,
        cheek=mix(p["accent"], (255, 255, 255), 0.5),
    )
    plate3 = work.figure(Image.new("RGB", size, (255, 255, 255)), inky, 1.0, 0, 1, palette=detail)
    image = ImageChops.multiply(image, ImageChops.offset(plate3, round(-4 * u), round(3 * u)))
    return work.face(image, inky, 0.9, p)


def ukiyoe(work: Work) -> Image.Image:
    """Woodblock: graded sky, drifting mist, fine line, the grain of the plank and a red seal."""
    p, size, u = work.palette, work.ground.size, work.unit
    w, h = size
    warm = (240, 228, 200)
    image = Image.blend(Image.new("RGB", size, warm), work.ground, 0.55)
    band = gradient(size, mix(p["near"], (38, 62, 110), 0.5), (255, 255, 255))
    fade = Image.new("L", (1, 64))
    fade.putdata([max(0, 230 - i * 14) for i in range(64)])
    image.paste(band, (0, 0), fade.resize(size, Image.Resampling.BICUBIC))
    brush = Brushwork(image, work.dice, 1.0)
    for k in range(4):
        y, x, long = h * (0.2 + 0.19 * k), w * work.dice.unit(f"mist {k}"), w * 0.42
        for j in (0, 1):
            r = 15 * u
            left, right = x - long / 2 + j * 60 * u, x + long / 2 + j * 90 * u
            row = y + j * 1.9 * r
            bar = [complex(left, row) + cmath.rect(r, a) for a in (math.pi / 2 + math.pi * t / 8 for t in range(9))]
            bar += [complex(right, row) + cmath.rect(r, a) for a in (-math.pi / 2 + math.pi * t / 8 for t in range(9))]
            brush.shape(bar, mix(warm, p["paper"], 0.4))
    muted = Palette({role: mix(c, (196, 170, 128), 0.16) for role, c in p.roles.items()}, p.dark)
    image = work.figure(brush.done(), (34, 34, 52), 0.8, 0.7, 0.6, palette=muted)
    streak = grain((max(8, size[0] // 30), size[1]), 3, 222, 255, "plank").resize(size, Image.Resampling.BICUBIC)
    image = multiply(image, streak)
    seal = Brushwork(image, work.dice)
    at = complex(w - 92 * u, h - 130 * u)
    seal.shape([at, at + 52 * u, at + (52 + 84j) * u, at + 84j * u], (178, 44, 38))
    for k in range(3):
        seal.line([at + complex(11, 20 + 22 * k) * u, at + complex(41, 14 + 24 * k) * u], (244, 232, 208), 5 * u)
    seal.line([at + (26 + 10j) * u, at + (26 + 74j) * u], (244, 232, 208), 5 * u)
    border = seal
    d = 20 * u
    border.shape(
        [complex(d, d), complex(w - d, d), complex(w - d, h - d), complex(d, h - d)], None, (34, 34, 52), 3 * u
    )
    return border.done()


def blueprint(work: Work) -> Image.Image:
    """Technical: white lines on blue, grid, construction circles and dimensions."""
    size, u = work.ground.size, work.unit
    w, h = size
    hue = mix((24, 66, 138), work.palette["near"], 0.22)
    hue = mix(hue, (10, 34, 80), 0.35)
    brush = Brushwork(multiply(Image.new("RGB", size, hue), grain(size, 40, 225, 255)), work.dice)
    pale = mix(hue, (255, 255, 255), 0.24)
    for k in range(int(max(w, h) / (40 * u)) + 1):
        x = k * 40 * u
        strong = 1.8 if k % 5 == 0 else 0.8
        brush.line([complex(x, 0), complex(x, h)], pale, strong * u, 150)
        brush.line([complex(0, x), complex(w, x)], pale, strong * u, 150)
    points = [q for s in work.shapes for q in s.points]
    x0, x1 = min(q.real for q in points), max(q.real for q in points)
    y0, y1 = min(q.imag for q in points), max(q.imag for q in points)
    centre = complex((x0 + x1) / 2, (y0 + y1) / 2)
    line = (226, 238, 252)
    for far in (0.36, 0.48):
        ring = [centre + cmath.rect(far * 1000 * u, math.tau * k / 90) for k in range(91)]
        for k in range(0, 90, 2):
            brush.line(ring[k : k + 2], mix(hue, line, 0.6), 1.6 * u)
    for x in (x0, x1):
        brush.line([complex(x, y0), complex(x, h - 38 * u)], line, 1.4 * u, 170)
    brush.line([complex(x0, h - 50 * u), complex(x1, h - 50 * u)], line, 2 * u)
    for x, s in ((x0, 1), (x1, -1)):
        brush.shape(
            [complex(x, h - 50 * u), complex(x + 20 * s * u, h - 57 * u), complex(x + 20 * s * u, h - 43 * u)], line
        )
    d = 16 * u
    brush.shape([complex(d, d), complex(w - d, d), complex(w - d, h - d), complex(d, h - d)], None, line, 3 * u)
    p = work.palette
    tinted = Palette(
        {role: mix(hue, line, min(0.62, max(0.02, (sum(c) / 765 - 0.3) * 0.62))) for role, c in p.roles.items()}, True
    )
    tinted = tinted.with_roles(
        white=line,
        ink=(240, 246, 255),
        iris=mix(hue, line, 0.5),
        accent=mix(hue, p["accent"], 0.4),
        body=mix(hue, line, 0.2),
        mouth=mix(hue, (0, 0, 0), 0.3),
    )
    image = work.figure(brush.done(), line, 0.9, 0, 0.6, palette=tinted)
    return work.face(image, line, 0.9, tinted.with_roles(ink=mix(hue, (0, 0, 20), 0.6), iris=hue))


def mosaic(work: Work) -> Image.Image:
    """Mosaic: small stones set in rows, mortar between them."""
    size, u = work.ground.size, work.unit
    source = work.figure(work.ground.copy(), work.palette["ink"], 1.5, 0.8)
    step = max(17 * u, 4.0)
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


def comic(work: Work) -> Image.Image:
    """Comic: heavy line, screen of dots, flat bright colour."""
    p, size, u = work.palette, work.ground.size, work.unit
    brush = Brushwork(ImageEnhance.Color(work.ground).enhance(1.5), work.dice)
    step = 24 * u
    dot = mix(p["near"], p["ground"], 0.25)
    for r in range(int(size[1] / step) + 2):
        for c in range(int(size[0] / step) + 2):
            brush.dot(
                complex((c + 0.5 * (r % 2)) * step, r * step * 0.87), step * (0.12 + 0.26 * r * step / size[1]), dot
            )
    image = brush.done()
    image.paste((255, 255, 255), (0, 0), work.mask(12 * u))
    image = ImageEnhance.Color(work.figure(image, (14, 12, 18), 2.1, 0.9)).enhance(1.3)
    w, h = size
    frame = Brushwork(image, work.dice)
    frame.shape([0j, complex(w, 0), complex(w, h), complex(0, h)], None, (255, 255, 255), 34 * u)
    frame.shape(
        [
            complex(18 * u, 18 * u),
            complex(w - 18 * u, 18 * u),
            complex(w - 18 * u, h - 18 * u),
            complex(18 * u, h - 18 * u),
        ],
        None,
        (14, 12, 18),
        5 * u,
    )
    return frame.done()


def pixel(work: Work) -> Image.Image:
    """Digital: large pixels of few colours."""
    size = work.ground.size
    source = work.figure(work.ground.copy(), work.palette["ink"], 1.3, 0.9)
    cell = max(1, round(min(size) / 96))
    small = source.resize((math.ceil(size[0] / cell), math.ceil(size[1] / cell)), Image.Resampling.BOX)
    small = small.quantize(24, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    return small.resize((small.width * cell, small.height * cell), Image.Resampling.NEAREST).crop((0, 0, *size))


def pencil(work: Work) -> Image.Image:
    """Coloured pencil: strokes of one slant through which the paper shows."""
    p, size, u = work.palette, work.ground.size, work.unit
    paper = _paper(size, (246, 242, 234))
    colour = work.figure(work.ground.copy(), None, 0, 1.2)
    slant = Brushwork(Image.new("L", size, 70), work.dice)
    stream = work.dice.stream("slant")
    for _ in range(2600):
        at = complex(size[0] * stream.random(), size[1] * stream.random())
        slant.line(
            [at, at + complex(70 + 60 * stream.random(), -90 - 50 * stream.random()) * u],
            150 + int(105 * stream.random()),
            4.5 * u,
        )
    image = Image.composite(colour, paper, ImageChops.multiply(slant.done(), grain(size, 1, 170, 255, "tooth")))
    lines = Palette(dict.fromkeys(p.roles, (255, 255, 255)), p.dark)
    drawn = work.figure(
        Image.new("RGB", size, (255, 255, 255)), mix(p["ink"], p["deep"], 0.3), 0.8, 0, 2.5, palette=lines
    )
    return work.face(ImageChops.multiply(image, drawn), p["ink"], 0.7)


def textile(work: Work) -> Image.Image:
    """Woven: threads over and under, a fringe of bands."""
    size, u = work.ground.size, work.unit
    source = work.figure(work.ground.copy(), work.palette["deep"], 1.5, 0.6)
    cell = max(2, round(9 * u))
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
        inset = (8 + 20 * k) * u
        for row in (inset, h - inset - 20 * u):
            brush.shape(
                [complex(0, row), complex(w, row), complex(w, row + 20 * u), complex(0, row + 20 * u)],
                work.palette[role],
            )
    return multiply(brush.done(), weave)


def fresco(work: Work) -> Image.Image:
    """Fresco: chalky colour on plaster with cracks and worn places."""
    size, u = work.ground.size, work.unit
    plaster = multiply(Image.new("RGB", size, (226, 208, 178)), grain(size, 18, 205, 255, "plaster"))
    image = Image.blend(plaster, work.figure(work.ground.copy(), (92, 58, 40), 1.0, 1.2, 1.5), 0.72)
    worn = grain(size, 46, 0, 255, "worn").point([max(0, min(190, (i - 170) * 4)) for i in range(256)])
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


def _outside(size: tuple[int, int], left: int, top: int, frame: tuple[int, int]) -> Image.Image:
    """White where a cut-out at left, top leaves the frame."""
    mask = Image.new("L", size, 255)
    mask.paste(0, (max(0, -left), max(0, -top), min(size[0], frame[0] - left), min(size[1], frame[1] - top)))
    return mask


def facets(work: Work) -> Image.Image:
    """Cubist: the picture broken into planes, each shifted and lit in its own way."""
    size, u = work.ground.size, work.unit
    source = work.figure(work.ground.copy(), work.palette["ink"], 1.0, 1.0)
    image = source.copy()
    stream = work.dice.stream("facets")
    for _ in range(26):
        at = complex(size[0] * stream.random(), size[1] * stream.random())
        a, far = math.tau * stream.random(), (120 + 170 * stream.random()) * u
        corners = [at + cmath.rect(far * (0.6 + 0.5 * stream.random()), a + math.tau * k / 4) for k in range(4)]
        left, top = (max(0, math.floor(min(c))) for c in ([q.real for q in corners], [q.imag for q in corners]))
        right = min(size[0], math.ceil(max(q.real for q in corners)))
        bottom = min(size[1], math.ceil(max(q.imag for q in corners)))
        shift = cmath.rect(22 * u, a)
        lit = stream.random() < 0.5
        if right - left < 2 or bottom - top < 2:
            continue
        plane = Brushwork(Image.new("L", (right - left, bottom - top)), work.dice)
        plane.shape([q - complex(left, top) for q in corners], 255)
        mask = plane.done()
        x, y = round(shift.real), round(shift.imag)
        moved = source.crop((left - x, top - y, right - x, bottom - y))
        moved.paste(source.crop((left, top, right, bottom)), (0, 0), _outside(moved.size, left - x, top - y, size))
        light = Image.new("RGB", moved.size, work.palette["paper"] if lit else work.palette["deep"])
        image.paste(Image.blend(moved, light, 0.14), (left, top), mask)
        rim = Brushwork(image, work.dice)
        rim.line([corners[0], corners[1], corners[2]], work.palette["ink"], 2 * u, 150)
        image = rim.done()
    return multiply(work.face(image, work.palette["ink"], 1.0), grain(size, 3, 226, 255, "paper"))


def silver(work: Work) -> Image.Image:
    """Photograph: silver greys with a breath of colour, vignette, grain."""
    p, size, u = work.palette, work.ground.size, work.unit
    backcloth = (24, 24, 28) if p.dark else (236, 232, 224)
    ground = Image.blend(work.ground.filter(ImageFilter.BoxBlur(12 * u)), Image.new("RGB", size, backcloth), 0.5)
    glow = Image.radial_gradient("L").resize(size).point([255 - i * (3 if p.dark else 1) // 5 for i in range(256)])
    image = work.figure(multiply(ground, glow), None, 0, 2.0)
    mask = work.mask()
    shade = ImageChops.offset(mask.filter(ImageFilter.BoxBlur(60 * u)), round(-40 * u), round(-40 * u)).point(
        [150 + i * 105 // 255 for i in range(256)]
    )
    image = Image.composite(multiply(image, shade), image, mask)
    grey = ImageOps.autocontrast(image.convert("L"), cutoff=1)
    toned = ImageOps.colorize(
        grey, mix(p["ink"], (8, 8, 12), 0.6), (246, 240, 228), mid=mix((126, 122, 118), p["shade"], 0.18)
    )
    return multiply(
        work.face(
            toned,
            None,
            0,
            Palette({r: (v := round(0.3 * c[0] + 0.6 * c[1] + 0.1 * c[2]), v, v) for r, c in p.roles.items()}, p.dark),
        ),
        grain(size, 1, 205, 255, "silver"),
    )


def gilded(work: Work) -> Image.Image:
    """Illumination: gold leaf, a nimbus, a border of beads and leaves."""
    p, size, u = work.palette, work.ground.size, work.unit
    w, h = size
    gold = multiply(gradient(size, (240, 206, 120), (206, 158, 70)), grain(size, 30, 218, 255, "gold"))
    image = Image.blend(gold, work.ground, 0.62 if p.dark else 0.16)
    brush = Brushwork(image, work.dice)
    head = [q for s in work.shapes if s.part in ("head", "face") for q in s.points]
    centre = complex(sum(q.real for q in head) / len(head), sum(q.imag for q in head) / len(head))
    for far, colour in ((0.34, (176, 124, 44)), (0.325, (250, 226, 150)), (0.3, (226, 184, 92))):
        brush.shape([centre + cmath.rect(far * 1000 * u, math.tau * k / 72) for k in range(72)], colour)
    for k in range(40):
        brush.dot(centre + cmath.rect(312 * u, math.tau * k / 40), 6 * u, (150, 96, 30))
    band = 62 * u
    for inset, width, colour in (
        (band / 2, band, mix(p["near"], p["cloth"], 0.5)),
        (band, 5 * u, (250, 226, 150)),
        (4 * u, 8 * u, (150, 96, 30)),
    ):
        brush.shape(
            [
                complex(inset, inset),
                complex(w - inset, inset),
                complex(w - inset, h - inset),
                complex(inset, h - inset),
            ],
            None,
            colour,
            width,
        )
    middle = band / 2
    for total, upright in ((w, False), (h, True)):
        count = max(3, int(total / (52 * u)))
        for k in range(count):
            t = (k + 0.5) * total / count
            for q in (
                (complex(middle, t), complex(w - middle, t))
                if upright
                else (complex(t, middle), complex(t, h - middle))
            ):
                brush.dot(q, 12 * u if k % 2 else 7 * u, (250, 226, 150))
                brush.dot(q, 5 * u, p["accent"])
    return work.figure(brush.done(), (58, 30, 22), 1.1, 1.0, 0.8)


def papercut(work: Work) -> Image.Image:
    """Cut paper: layers that throw shadows on each other."""
    size, u = work.ground.size, work.unit
    image = multiply(work.ground, grain(size, 2, 236, 255, "paper"))
    ordered = work.shapes
    groups = [
        [s for s in ordered if s.part in parts]
        for parts in (("back",), ("tail", "body", "front"), ("skull", "head", "face", "hat"), ("arm", "tool"))
    ]
    for group in groups:
        if not group:
            continue
        brush = Brushwork(Image.new("L", size), work.dice)
        for shape in group:
            brush.shape(shape.points, 255, 255, 7 * u)
        cut = brush.done()
        shadow = ImageChops.offset(cut.filter(ImageFilter.BoxBlur(9 * u)), round(7 * u), round(11 * u)).point(
            [i * 45 // 100 for i in range(256)]
        )
        image.paste(mix(work.palette["ink"], work.palette["near"], 0.2), (0, 0), shadow)
        image.paste(work.palette["paper"], (0, 0), cut)
        layer = Brushwork(image, work.dice)
        paint(layer, group, work.palette, None, 0, 0.5)
        image = layer.done()
    return multiply(image, grain(size, 1, 240, 255, "paper"))


HANDS: dict[str, Hand] = {
    "poster": poster,
    "storybook": storybook,
    "ink": ink,
    "watercolour": watercolour,
    "linocut": linocut,
    "dots": dots,
    "oil": oil,
    "glass": glass,
    "riso": riso,
    "ukiyoe": ukiyoe,
    "blueprint": blueprint,
    "mosaic": mosaic,
    "comic": comic,
    "pixel": pixel,
    "pencil": pencil,
    "textile": textile,
    "fresco": fresco,
    "facets": facets,
    "silver": silver,
    "gilded": gilded,
    "papercut": papercut,
}

SCHOOLS: dict[str, tuple[str, ...]] = {
    "renaissance": ("fresco", "oil"),
    "baroque": ("oil", "gilded"),
    "romanticism": ("oil", "watercolour"),
    "realism": ("oil", "pencil"),
    "impressionism": ("dots", "oil"),
    "expressionism": ("linocut", "oil"),
    "cubism": ("facets",),
    "surrealism": ("storybook", "facets"),
    "abstraction": ("facets", "papercut"),
    "minimalism": ("poster", "papercut"),
    "pop": ("comic", "riso"),
    "poster": ("poster", "riso"),
    "printmaking": ("linocut",),
    "ink": ("ink",),
    "drawing": ("pencil", "ink"),
    "watercolour": ("watercolour",),
    "oil": ("oil",),
    "fresco": ("fresco",),
    "icon": ("gilded",),
    "mosaic": ("mosaic",),
    "stained-glass": ("glass",),
    "textile": ("textile",),
    "folk": ("papercut", "textile", "storybook"),
    "street": ("comic", "riso"),
    "comics": ("comic",),
    "digital": ("pixel", "poster"),
    "photography": ("silver",),
    "technical": ("blueprint",),
    "decorative": ("papercut", "glass", "gilded"),
    "medieval": ("gilded", "glass"),
    "ancient": ("mosaic", "fresco"),
    "east-asian": ("ink", "watercolour"),
    "ukiyo-e": ("ukiyoe",),
    "south-asian": ("gilded", "storybook"),
    "islamic": ("mosaic", "gilded"),
    "african": ("textile", "linocut"),
    "oceanic": ("linocut", "textile"),
    "american": ("storybook", "poster"),
    "modernism": ("poster", "facets", "riso"),
}


def hand_of(group: str, dice: Dice) -> str:
    """The name of the hand for a group of art styles; any of them when the group is unknown."""
    return dice.pick("hand", SCHOOLS.get(group) or tuple(HANDS))


def trace(ground: Image.Image, group: str, palette: Palette, dice: Dice) -> Image.Image:
    """What the second style leaves on the ground: a screen, a weave, strokes, blooms, a grid."""
    size = ground.size
    u = min(size) / 1000
    name = hand_of(group, dice)
    brush = Brushwork(ground.copy(), dice)
    tint = mix(palette["ground"], palette["near"], 0.55)
    if name in ("riso", "comic", "dots", "mosaic"):
        step = 30 * u
        for r in range(int(size[1] / step) + 2):
            for c in range(int(size[0] / step) + 2):
                brush.dot(complex((c + 0.5 * (r % 2)) * step, r * step), 5 * u, tint)
    elif name in ("blueprint", "textile", "facets", "pixel"):
        for k in range(int(sum(size) / (52 * u))):
            brush.line([complex(k * 52 * u, 0), complex(k * 52 * u - size[1], size[1])], tint, 2 * u)
            if name != "facets":
                brush.line([complex(k * 52 * u - size[1], 0), complex(k * 52 * u, size[1])], tint, 2 * u)
    elif name in ("ink", "pencil", "linocut", "oil", "ukiyoe"):
        stream = dice.stream("trace")
        for _ in range(240):
            at = complex(size[0] * stream.random(), size[1] * stream.random())
            brush.line([at, at + complex(40 + 50 * stream.random(), -14 * stream.random()) * u], tint, 3 * u)
    else:
        return multiply(ground, grain(size, max(2, round(70 * u)), 222, 255, "trace"))
    return Image.blend(ground, brush.done(), 0.6)
