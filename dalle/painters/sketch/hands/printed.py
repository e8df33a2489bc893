"""Techniques of the press: linocut, risograph, woodblock."""

import cmath
import math

from PIL import Image, ImageChops, ImageOps

from dalle.painters.sketch.canvas import Brushwork, gradient, grain, multiply
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.hands.work import Work
from dalle.painters.sketch.palette import Palette, Rgb, lch_of, mix, rgb_of

CREAM: Rgb = (246, 238, 220)
BLACK: Rgb = (28, 25, 30)
INKED = ("ink", "iris", "mouth", "deep", "shade", "brow")


def linocut(work: Work) -> Image.Image:
    """Cut and printed: black, paper and one colour, with the marks of the gouge around the figure."""
    p, size, u = work.palette, work.ground.size, work.unit
    tint = p["accent"]
    flat = ImageOps.posterize(work.ground, 2)
    image = Image.blend(Image.new("RGB", size, mix(tint, BLACK, 0.75) if p.dark else CREAM), flat, 0.2)
    brush = Brushwork(image, work.dice, 2 * u)
    _gouge_marks(work, brush, mix(tint, CREAM, 0.25) if p.dark else mix(tint, BLACK, 0.1))
    palette = _lino_palette(p)
    image = work.scene(brush.done(), BLACK, 1.4, palette.with_roles(**_lino_scene(p)))
    image.paste(CREAM, (0, 0), work.mask(13 * u))
    image = work.figure(image, BLACK, 1.9, 0, 3, palette=palette)
    cut = ImageChops.multiply(grain(size, 2, 0, 255, "ink"), grain(size, 14, 90, 255, "press")).point(
        [255 if i < 8 else 0 for i in range(256)]
    )
    image.paste(CREAM, (0, 0), cut)
    return work.face(image, BLACK, 1.0, palette.with_roles(shade=p["shade"]))


def _lino_palette(p: Palette) -> Palette:
    """Each colour as black, cream or the ornament's; only the body keeps its own."""
    tint = p["accent"]
    tones = {role: (CREAM if sum(c) > 560 else tint if sum(c) > 330 else BLACK) for role, c in p.roles.items()}
    tones |= dict.fromkeys(("white", "light", "belly"), CREAM)
    tones |= dict.fromkeys(("ink", "iris", "shade", "deep", "brow"), BLACK)
    tones |= {"body": p["body"], "accent": tint}
    if p.dark:
        tones |= {role: mix(tint, BLACK, 0.2) for role in tones if tones[role] == BLACK and role not in INKED}
        tones |= {"shade": mix(p["body"], BLACK, 0.3), "deep": mix(p["body"], BLACK, 0.45)}
    return Palette(tones, p.dark)


def _lino_scene(p: Palette) -> dict[str, Rgb]:
    """The scenery in paper and two mixtures with the one colour."""
    tint = p["accent"]
    back = mix(tint, BLACK, 0.75) if p.dark else CREAM
    pale, strong = mix(back, tint, 0.3), mix(back, tint if not p.dark else CREAM, 0.55)
    roles = dict.fromkeys(("stone", "grove", "water", "snow", "far", "near", "timber"), pale)
    return {**roles, "stone light": back, "stone shade": strong, "roof": strong, "lamp": mix(back, CREAM, 0.8)}


GOUGES = ("rays", "rings", "rows", "rain", "waves", "crosses")


def _gouge_marks(work: Work, brush: Brushwork, colour: Rgb) -> None:
    """Short cuts all over the ground, in the way that each picture has of its own."""
    (w, h), u = work.ground.size, work.unit
    stream, way = work.dice.stream("gouge"), work.dice.pick("gouges", GOUGES)
    centre = complex(w * work.dice.span("gouge x", 0.2, 0.8), h * work.dice.span("gouge y", -0.1, 0.8))
    step = 46 * u
    for row in range(int(h / step) + 2):
        for column in range(int(w / step) + 2):
            at = complex(column + 0.5 * (row % 2) + 0.4 * stream.random(), row + 0.4 * stream.random()) * step
            along = _gouge(way, at, centre, (row + column) % 2) * (15 + 14 * stream.random()) * u
            half = along * 1j / abs(along) * 3.2 * u
            brush.shape([at - along, at + half, at + along, at - half], colour)


def _gouge(way: str, at: complex, centre: complex, turn: int) -> complex:
    """The direction of a cut."""
    out = at - centre
    out = out / abs(out) if abs(out) > 1e-6 else 1 + 0j
    match way:
        case "rays":
            return out
        case "rings":
            return out * 1j
        case "rows":
            return 1 + 0j
        case "rain":
            return cmath.rect(1, 1.25)
        case "waves":
            return cmath.rect(1, 0.7 * math.sin(abs(at - centre) * 0.02))
    return cmath.rect(1, 0.8 + 1.6 * turn)


def _screened(tone: Image.Image, step: float, turn: float) -> Image.Image:
    """A plate as a screen of dots: white where the ink falls; the darker a tone, the larger its dots."""
    size = tone.size
    screen = Brushwork(Image.new("L", size, 26), Dice("screen"))
    spin = cmath.rect(1, turn)
    reach = int((size[0] + size[1]) / step)
    for r in range(-reach // 2, reach):
        for c in range(-reach // 2, reach):
            at = complex(c, r) * step * spin
            if -step < at.real < size[0] + step and -step < at.imag < size[1] + step:
                for far, grey in ((0.5, 86), (0.36, 150), (0.22, 220)):
                    screen.dot(at, step * far, grey)
    raised = ImageChops.subtract(screen.done(), tone)
    return raised.point([min(255, i * 9) for i in range(256)])


def riso(work: Work) -> Image.Image:
    """Risograph: a screened ground, a flat body and a key of line, three inks a little out of register."""
    p, size, u = work.palette, work.ground.size, work.unit
    white = (255, 255, 255)
    paper = (247, 242, 230)
    hue = lch_of(p["ground"])
    back = rgb_of(0.5 if p.dark else 0.74, max(0.09, min(hue[1] * 1.5, 0.17)), hue[2])
    body = p.set_off(mix(back, paper, 0.15 if p.dark else 0.45), 0.26)
    tone = ImageOps.autocontrast(work.ground.convert("L"), cutoff=2)
    plate = _screened(tone.point([(20 if p.dark else 70) + i * 150 // 255 for i in range(256)]), 11 * u, 0.35)
    if p.dark:
        plate = ImageChops.lighter(plate, Image.new("L", size, 190))
    plate.paste(0, (0, 0), work.mask())
    speck = grain(size, 1, 0, 255, "riso").point([255 if i > 12 else 150 for i in range(256)])
    sheet = Image.new("RGB", size, paper)
    image = Image.composite(Image.new("RGB", size, back), sheet, ImageChops.multiply(plate, speck))
    flat = work.figure(Image.new("RGB", size, white), None, 0, 1.0, palette=body.with_roles(white=white, belly=paper))
    flat = Image.composite(flat, Image.new("RGB", size, white), ImageChops.multiply(work.mask(), speck))
    image = multiply(image, ImageChops.offset(flat, round(5 * u), round(-4 * u)))
    key = Palette(dict.fromkeys(p.roles, white), p.dark)
    inky = mix(p["ink"], p["cloth"], 0.2)
    seen = mix(inky, back, 0.1)
    lines = work.figure(work.scene(Image.new("RGB", size, white), seen, 1.3, key), inky, 1.0, 0, 1, palette=key)
    image = multiply(image, ImageChops.offset(lines, round(-2 * u), round(2 * u)))
    return work.face(image, inky, 0.9, body)


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
    sky = mix(warm, p["ground"], 0.55)
    muted = Palette({role: mix(c, (196, 170, 128), 0.12) for role, c in p.roles.items()}, p.dark).set_off(sky)
    image = work.scene(brush.done(), mix((34, 34, 52), sky, 0.4), 0.8, muted, 0.8)
    image = work.figure(image, (34, 34, 52), 0.8, 0.7, 0.6, palette=muted)
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
