"""Techniques with a pen: ink, coloured pencil, blueprint."""

import cmath
import math

from PIL import Image, ImageChops, ImageFilter

from dalle.painters.sketch.canvas import Brushwork, grain, multiply
from dalle.painters.sketch.hands.work import Work, paper
from dalle.painters.sketch.palette import Palette, Rgb, mix

CHALK: Rgb = (226, 238, 252)


def ink(work: Work) -> Image.Image:
    """Pen and ink: an uneven black line, hatching in the shade, thin washes of colour."""
    p = work.palette
    size = work.ground.size
    image = Image.blend(paper(size, (248, 243, 232)), work.ground, 0.8 if p.dark else 0.3)
    thin = Palette({role: mix(colour, (250, 246, 236), 0.2) for role, colour in p.roles.items()}, p.dark)
    thin = thin.set_off(mix((248, 243, 232), p["ground"], 0.8 if p.dark else 0.3), 0.26)
    thin = thin.with_roles(
        ink=(26, 24, 28), iris=(60, 56, 60), white=(252, 250, 244), brow=mix((26, 24, 28), p["brow"], 0.4)
    )
    image = work.scene(image, mix((26, 24, 28), p["ground"], 0.5), 0.6, thin, 0.7)
    image = work.figure(image, (26, 24, 28), 1.1, 0, 3.2, palette=thin)
    hatch = Brushwork(Image.new("L", size, 255), work.dice, 2 * work.unit)
    step = 11 * work.unit
    for k in range(int((size[0] + size[1]) / step)):
        hatch.line([complex(k * step, 0), complex(k * step - size[1], size[1])], 110, 1.7 * work.unit)
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


def pencil(work: Work) -> Image.Image:
    """Coloured pencil: strokes of one slant through which the paper shows, pressed harder in the figure."""
    p, size, u = work.palette, work.ground.size, work.unit
    sheet = paper(size, (246, 242, 234))
    off = p.set_off(mix((246, 242, 234), p["ground"], 0.55), 0.28)
    colour = work.figure(work.ground.copy(), None, 0, 1.2, palette=off)
    slant = Brushwork(Image.new("L", size, 110), work.dice)
    stream = work.dice.stream("slant")
    for _ in range(2600):
        at = complex(size[0] * (1.14 * stream.random() - 0.12), size[1] * 1.14 * stream.random())
        slant.line(
            [at, at + complex(70 + 60 * stream.random(), -90 - 50 * stream.random()) * u],
            150 + int(105 * stream.random()),
            4.5 * u,
        )
    pressed = ImageChops.lighter(slant.done(), work.mask().point([round(i * 0.8) for i in range(256)]))
    image = Image.composite(colour, sheet, ImageChops.multiply(pressed, grain(size, 1, 170, 255, "tooth")))
    lines = Palette(dict.fromkeys(p.roles, (255, 255, 255)), p.dark)
    far = work.scene(Image.new("RGB", size, (255, 255, 255)), mix(p["ink"], p["ground"], 0.3), 0.8, lines)
    drawn = work.figure(far, mix(p["ink"], p["deep"], 0.3), 0.8, 0, 2.5, palette=lines)
    return work.face(multiply(image, drawn), p["ink"], 0.7)


def blueprint(work: Work) -> Image.Image:
    """Technical: white lines on blue, grid, construction circles and dimensions."""
    size, u = work.ground.size, work.unit
    w, h = size
    blue = mix(mix((24, 66, 138), work.palette["near"], 0.22), (10, 34, 80), 0.35)
    brush = Brushwork(multiply(Image.new("RGB", size, blue), grain(size, 40, 225, 255)), work.dice)
    pale = mix(blue, (255, 255, 255), 0.24)
    for k in range(int(max(w, h) / (40 * u)) + 1):
        x = k * 40 * u
        strong = 1.8 if k % 5 == 0 else 0.8
        brush.line([complex(x, 0), complex(x, h)], pale, strong * u, 150)
        brush.line([complex(0, x), complex(w, x)], pale, strong * u, 150)
    _construction(work, brush, mix(blue, CHALK, 0.6))
    d = 16 * u
    brush.shape([complex(d, d), complex(w - d, d), complex(w - d, h - d), complex(d, h - d)], None, CHALK, 3 * u)
    tints = _tints(work.palette, blue)
    plan = Palette({role: mix(blue, CHALK, 0.06) for role in tints.roles}, True)
    sheet = work.scene(brush.done(), mix(blue, CHALK, 0.6), 0.6, plan.with_roles(lamp=mix(blue, CHALK, 0.3)))
    image = work.figure(sheet, CHALK, 0.9, 0, 0.6, palette=tints)
    return work.face(image, CHALK, 0.9, tints.with_roles(ink=mix(blue, (0, 0, 20), 0.6), iris=blue, brow=CHALK))


def _construction(work: Work, brush: Brushwork, dashes: Rgb) -> None:
    """Two dashed circles around the figure and, below it, its width between two arrows."""
    u, h = work.unit, work.ground.size[1]
    points = [q for s in work.shapes for q in s.points]
    x0, x1 = min(q.real for q in points), max(q.real for q in points)
    y0, y1 = min(q.imag for q in points), max(q.imag for q in points)
    centre = complex((x0 + x1) / 2, (y0 + y1) / 2)
    for far in (0.36, 0.48):
        ring = [centre + cmath.rect(far * 1000 * u, math.tau * k / 90) for k in range(91)]
        for k in range(0, 90, 2):
            brush.line(ring[k : k + 2], dashes, 1.6 * u)
    for x in (x0, x1):
        brush.line([complex(x, y0), complex(x, h - 38 * u)], CHALK, 1.4 * u, 170)
    brush.line([complex(x0, h - 50 * u), complex(x1, h - 50 * u)], CHALK, 2 * u)
    for x, s in ((x0, 1), (x1, -1)):
        back = x + 20 * s * u
        brush.shape([complex(x, h - 50 * u), complex(back, h - 57 * u), complex(back, h - 43 * u)], CHALK)


def _tints(palette: Palette, blue: Rgb) -> Palette:
    """A palette in blue and white: the lighter a colour, the whiter."""
    whiteness = {role: min(0.62, max(0.02, (sum(c) / 765 - 0.3) * 0.62)) for role, c in palette.roles.items()}
    return Palette({role: mix(blue, CHALK, share) for role, share in whiteness.items()}, True).with_roles(
        white=CHALK,
        ink=(240, 246, 255),
        iris=mix(blue, CHALK, 0.5),
        accent=mix(blue, palette["accent"], 0.4),
        body=mix(blue, CHALK, 0.2),
        mouth=mix(blue, (0, 0, 0), 0.3),
    )
