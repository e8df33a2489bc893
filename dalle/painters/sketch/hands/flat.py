"""Techniques with flat colour: poster, comic, cut paper."""

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from dalle.painters.sketch.canvas import Brushwork, grain, multiply
from dalle.painters.sketch.hands.work import Work
from dalle.painters.sketch.palette import mix
from dalle.painters.sketch.penwork import Pen, paint
from dalle.painters.sketch.shapes import TILTED


def poster(work: Work) -> Image.Image:
    """Flat colour in a few steps, no outline, no modelling, a hard shadow thrown far."""
    image = ImageOps.posterize(work.ground, 4)
    far = max(1, round(24 * work.unit))
    image.paste(mix(work.palette["near"], work.palette["ink"], 0.45), (far, far), work.mask())
    return work.figure(image, None, 0, 0.0)


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


def papercut(work: Work) -> Image.Image:
    """Cut paper: layers that throw shadows on each other."""
    size, u = work.ground.size, work.unit
    image = multiply(work.ground, grain(size, 2, 236, 255, "paper"))
    ordered = work.shapes
    groups = [
        [s for s in ordered if s.part in parts]
        for parts in (
            ("trail", "back"),
            ("tail", "body", "front"),
            TILTED,
            ("arm", "tool", "mark"),
        )
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
        paint(layer, group, work.palette, Pen(manner=work.contour), 0.5)
        image = layer.done()
    return multiply(image, grain(size, 1, 240, 255, "paper"))
