"""The avatar: the head alone in a few flat tones, for pictures of the size of a thumbnail."""

from PIL import Image

from dalle.painters.sketch.canvas import Brushwork
from dalle.painters.sketch.contrast import set_apart
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.drawings import drawings
from dalle.painters.sketch.figure.creature import Drawn, feeling, figure_of
from dalle.painters.sketch.figure.eyes import Eyes
from dalle.painters.sketch.palette import Palette, limited, mix, palette_of
from dalle.painters.sketch.penwork import Pen, paint
from dalle.painters.sketch.shapes import FEATURES, TILTED, Figure, Shape, bounds, ellipse
from dalle.painters.sketch.words import Words
from dalle.words.selection import Selection

LARGEST = 64
"""Pixels across of the largest avatar."""
EYES = Eyes("plain", 1.2, 1.1)
DROPPED = {"trail", "arm", "tool", "front", "mark", "whisker"}
TONES = {
    "light": "body",
    "deep": "shade",
    "belly": "light",
    "accent shade": "accent",
    "second": "accent",
    "leaf": "accent",
    "wood": "shade",
    "steel": "white",
    "paper": "white",
}
"""Role → the role whose tone it takes."""


def avatar(selection: Selection, size: tuple[int, int]) -> Image.Image:
    """Draws the head of a selection's creature, the same character as in the whole picture."""
    words = Words(selection)
    palette = limited(palette_of(selection, Dice(selection.original, "palette")), selection.color_limit)
    palette = flat(palette.set_off(palette["ground"], 0.26))
    figure = figure_of(words, selection.original, Drawn(EYES, whole=False))
    scale = _fill(figure, size)
    reach = figure.face_size * scale
    shapes = [s for s in figure.ordered() if s.part not in DROPPED and _counts(s, reach)]
    image = Image.new("RGB", size, palette["ground"])
    brush = Brushwork(image, Dice("avatar"))
    _ground(brush, size, palette, Dice(selection.original, "avatar"))
    paint(brush, shapes, palette, Pen(mix(palette["brow"], palette["ink"], 0.5), 0.019 * min(size)), 0.0)
    mask = Brushwork(Image.new("L", size), Dice("mask"))
    for shape in shapes:
        mask.shape(shape.points, 255)
    image = set_apart(brush.done(), mask.done())
    return _signed(image, feeling(words).sign, palette, figure.face.real > size[0] / 2)


def flat(palette: Palette) -> Palette:
    """The palette in a few tones: body, its shade, ornament and ground, and black and white for the face."""
    return palette.with_roles(**{role: palette[tone] for role, tone in TONES.items()})


def _signed(image: Image.Image, sign: str, palette: Palette, left: bool) -> Image.Image:
    """The mark of the emotion in an upper corner, as a sticker with a white rim."""
    w, h = image.size
    reach = 0.12 * min(w, h)
    at = complex(1.2 * reach if left else w - 1.2 * reach, 1.35 * reach)
    mark = [Shape([at + p * reach for p in s.points], s.fill, "mark") for s in drawings("marks").get(sign, ())]
    brush = Brushwork(image, Dice("sign"))
    paint(brush, mark, palette, Pen(palette["white"], 0.6 * reach), 0.0)
    paint(brush, mark, palette, Pen(), 0.0)
    return brush.done()


def _counts(shape: Shape, reach: float) -> bool:
    """Whether a shape is large enough to be seen; a face, a hat and a mark always are."""
    if shape.part in ("hat", *FEATURES):
        return True
    left, top, right, bottom = bounds(shape.points)
    return (right - left) * (bottom - top) > 0.1 * reach**2 * (1 if shape.line else 2.5)


def _fill(figure: Figure, size: tuple[int, int]) -> float:
    """Moves the head so that it fills the frame, and returns the scale."""
    w, h = size
    reach, at = figure.face_size, figure.face
    heads = [s for s in figure.shapes if s.part in TILTED]
    if not any(s.part == "head" for s in heads):
        heads += [s for s in figure.shapes if s.part == "body"]
    left, top, right, bottom = bounds([p for s in heads for p in s.points])
    left, right = max(left, at.real - 2.2 * reach), min(right, at.real + 2.2 * reach)
    top, bottom = max(top, at.imag - 2.45 * reach), min(bottom, at.imag + 1.6 * reach)
    scale = min(0.9 * w / (right - left), 0.94 * h / (bottom - top))
    middle = complex((left + right) / 2, (top + bottom) / 2)
    centre = complex(w / 2, h * 0.52)
    figure.move(lambda p: centre + (p - middle) * scale)
    return scale


def _ground(brush: Brushwork, size: tuple[int, int], palette: Palette, dice: Dice) -> None:
    """One more tone in the ground: a disc, half of it, or none."""
    w, h = size
    tone = mix(palette["ground"], palette["near"], 0.55)
    match dice.pick("ground", ("disc", "half", "slope", "plain")):
        case "disc":
            brush.shape(ellipse(complex(w / 2, h / 2), w * 0.47, w * 0.47), tone)
        case "half":
            brush.shape(
                [complex(-1, h * 0.62), complex(w + 1, h * 0.62), complex(w + 1, h + 1), complex(-1, h + 1)], tone
            )
        case "slope":
            side = w if dice.chance("right", 0.5) else 0
            brush.shape([complex(-1, h + 1), complex(w + 1, h + 1), complex(side, h * 0.1)], tone)
