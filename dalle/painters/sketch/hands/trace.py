"""A trace of the second style on the ground."""

from PIL import Image

from dalle.painters.sketch.canvas import Brushwork, grain, multiply
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.hands import technique_of
from dalle.painters.sketch.palette import Palette, mix


def trace(ground: Image.Image, group: str, palette: Palette, dice: Dice) -> Image.Image:
    """Returns the ground with a trace of the second style: a screen, a weave, strokes, blooms or a grid."""
    size = ground.size
    u = min(size) / 1000
    name = technique_of(group, dice)
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
        return multiply(ground, grain(size, max(2, round(70 * u)), 234, 255, "trace"))
    return Image.blend(ground, brush.done(), 0.35)
