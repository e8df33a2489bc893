"""Techniques that bend the light: facets and the silver photograph."""

import cmath
import math

from PIL import Image, ImageChops, ImageFilter, ImageOps

from dalle.painters.sketch.canvas import Brushwork, grain, multiply
from dalle.painters.sketch.hands.work import Work
from dalle.painters.sketch.palette import Palette, mix


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
    ground = Image.blend(work.ground.filter(ImageFilter.BoxBlur(12 * u)), Image.new("RGB", size, backcloth), 0.6)
    glow = Image.radial_gradient("L").resize(size).point([255 - i * (3 if p.dark else 1) // 5 for i in range(256)])
    far = work.scene(ground, work.palette["ink"], 0.5).filter(ImageFilter.BoxBlur(2 * u))
    image = work.figure(multiply(far, glow), None, 0, 2.0)
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
