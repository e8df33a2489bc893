"""Hands of light and gold: stained glass and illumination."""

import cmath
import math

from PIL import Image, ImageEnhance

from dalle.painters.sketch.canvas import Brushwork, gradient, grain, multiply
from dalle.painters.sketch.hands.work import Work
from dalle.painters.sketch.palette import mix


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
