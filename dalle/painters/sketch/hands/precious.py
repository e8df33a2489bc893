"""Techniques of light and gold: stained glass and illumination."""

import cmath
import math

from PIL import Image, ImageEnhance

from dalle.painters.sketch.canvas import Brushwork, gradient, grain, multiply
from dalle.painters.sketch.hands.work import Work
from dalle.painters.sketch.palette import Rgb, lch_of, mix, rgb_of

GLEAM: Rgb = (250, 226, 150)
UMBER: Rgb = (150, 96, 30)


def glass(work: Work) -> Image.Image:
    """Stained glass: coloured panes around the figure, lead between them, light behind."""
    p, size, u = work.palette, work.ground.size, work.unit
    w, h = size
    lead = (22, 20, 26)
    brush = Brushwork(Image.new("RGB", size, p["near"]), work.dice)
    centre = complex(w * 0.5, h * 0.47)
    n = work.dice.count("panes", 9, 13)
    roles = ("ground", "accent", "sky", "second", "near", "leaf", "mid")
    turn = work.dice.span("turn", 0, 1)
    radii = (0.0, 0.36, 0.5, 0.56, 1.2)
    for ring in range(4):
        parts = n if ring < 3 else n + 4
        for k in range(parts * (2 if ring == 2 else 1)):
            step = math.tau / (parts * (2 if ring == 2 else 1))
            a = step * (k + 0.5 * (ring % 2)) + turn
            hue = lch_of(p[roles[(k * 2 + ring * 3) % len(roles)]])
            light = 0.28 + 0.05 * (k % 3) if p.dark else 0.94 - 0.03 * (k % 3)
            if ring == 2:
                light = 0.55 if p.dark else 0.8
            colour = rgb_of(
                light, min(max(hue[1], 0.06) * 1.2, (0.06, 0.06, 0.14, 0.11)[ring] * (1.4 if p.dark else 1)), hue[2]
            )
            rim = [a + step * t / 4 for t in range(5)]
            inner, outer = radii[ring] * 1000 * u, radii[ring + 1] * 1000 * u
            pane = [centre + cmath.rect(inner, b) for b in rim] + [centre + cmath.rect(outer, b) for b in reversed(rim)]
            brush.shape(pane, colour, lead, 5.5 * u)
    image = multiply(brush.done(), grain(size, max(2, round(30 * u)), 232, 255, "glass"))
    middle = rgb_of(0.3, 0.05, lch_of(p["ground"])[2]) if p.dark else rgb_of(0.82, 0.05, lch_of(p["ground"])[2])
    panes = {r: rgb_of(0.5 if p.dark else 0.8, 0.1, lch_of(p[r])[2]) for r in ("stone", "roof", "grove", "water")}
    panes |= {"stone light": panes["stone"], "stone shade": mix(panes["stone"], lead, 0.35), "timber": UMBER}
    image = work.scene(image, lead, 1.5, p.with_roles(**panes))
    image.paste(lead, (0, 0), work.mask(5 * u))
    image = work.figure(image, lead, 2.2, 0.5, palette=p.set_off(middle, 0.3))
    image = ImageEnhance.Color(image).enhance(1.25)
    glow = Image.radial_gradient("L").resize(size).point([255 - i // 9 for i in range(256)])
    image = multiply(multiply(image, glow), grain(size, max(2, round(7 * u)), 232, 255, "glass"))
    return work.face(_framed(work, image, lead), lead, 1.0)


def _framed(work: Work, image: Image.Image, lead: Rgb) -> Image.Image:
    """The window between its bars."""
    (w, h), u, p = image.size, work.unit, work.palette
    frame = Brushwork(image, work.dice)
    border = [0j, complex(w, 0), complex(w, h), complex(0, h)]
    frame.shape(border, None, lead, 46 * u)
    frame.shape(border, None, mix(p["accent"], lead if p.dark else p["paper"], 0.35), 26 * u)
    frame.shape(border, None, lead, 8 * u)
    return frame.done()


def gilded(work: Work) -> Image.Image:
    """Illumination: gold leaf, a nimbus, a border of beads and leaves."""
    p, size = work.palette, work.ground.size
    gold = multiply(gradient(size, (240, 206, 120), (206, 158, 70)), grain(size, 30, 218, 255, "gold"))
    image = Image.blend(gold, work.ground, 0.72 if p.dark else 0.16)
    if p.dark:
        image = ImageEnhance.Brightness(image).enhance(0.76)
    brush = Brushwork(work.scene(image, (96, 60, 30), 0.7, opacity=0.85), work.dice)
    leaf = (158, 108, 40) if p.dark else (226, 184, 92)
    _nimbus(work, brush, leaf)
    band = 62 * work.unit
    _border(work, brush, band)
    _beads(work, brush, band / 2)
    gold_leaf = mix(leaf, p["ground"], 0.6 if p.dark else 0.1)
    return work.figure(brush.done(), (58, 30, 22), 1.1, 1.0, 0.8, palette=p.set_off(gold_leaf, 0.26))


def _nimbus(work: Work, brush: Brushwork, leaf: Rgb) -> None:
    """A disc of gold behind the head, with a rim of dots."""
    u = work.unit
    head = [q for s in work.shapes if s.part in ("head", "face") for q in s.points]
    centre = complex(sum(q.real for q in head) / len(head), sum(q.imag for q in head) / len(head))
    for far, colour in ((0.34, (176, 124, 44)), (0.325, GLEAM), (0.3, leaf)):
        brush.shape([centre + cmath.rect(far * 1000 * u, math.tau * k / 72) for k in range(72)], colour)
    for k in range(40):
        brush.dot(centre + cmath.rect(312 * u, math.tau * k / 40), 6 * u, UMBER)


def _border(work: Work, brush: Brushwork, band: float) -> None:
    """A coloured band along the edges, between a line of gold and a line of umber."""
    p, u = work.palette, work.unit
    w, h = work.ground.size
    cloth = mix(mix(p["near"], p["cloth"], 0.5), p["ink"], 0.4 if p.dark else 0.0)
    for d, width, colour in ((band / 2, band, cloth), (band, 5 * u, GLEAM), (4 * u, 8 * u, UMBER)):
        frame = [complex(d, d), complex(w - d, d), complex(w - d, h - d), complex(d, h - d)]
        brush.shape(frame, None, colour, width)


def _beads(work: Work, brush: Brushwork, inset: float) -> None:
    """Large and small beads by turns, along the four sides at so many pixels from the edge."""
    u = work.unit
    w, h = work.ground.size
    for total, upright in ((w, False), (h, True)):
        count = max(3, int(total / (52 * u)))
        for k in range(count):
            t = (k + 0.5) * total / count
            sides = (
                (complex(inset, t), complex(w - inset, t)) if upright else (complex(t, inset), complex(t, h - inset))
            )
            for q in sides:
                brush.dot(q, 12 * u if k % 2 else 7 * u, GLEAM)
                brush.dot(q, 5 * u, work.palette["accent"])
