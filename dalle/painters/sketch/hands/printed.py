"""Hands at the press: linocut, risograph, woodblock."""

import cmath
import math

from PIL import Image, ImageChops, ImageOps

from dalle.painters.sketch.canvas import Brushwork, gradient, grain, multiply
from dalle.painters.sketch.hands.work import Work
from dalle.painters.sketch.palette import Palette, mix


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
