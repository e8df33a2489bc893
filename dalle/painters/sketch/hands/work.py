"""What a technique is applied to, and paper."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PIL import Image

from dalle.painters.sketch.canvas import Brushwork, grain, multiply
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.palette import Palette, Rgb
from dalle.painters.sketch.penwork import Pen, paint
from dalle.painters.sketch.shapes import FEATURES, LOOSE, ON_FACE, ORDER, Shape, bounds


@dataclass(frozen=True, slots=True)
class Work:
    """The painted ground, the shapes of figure and scenery in pixels, their colours, the common width of a line, half
    the width of the face, and the contour of the hand."""

    ground: Image.Image
    shapes: list[Shape]
    palette: Palette
    dice: Dice
    width: float
    scenery: list[Shape]
    reach: float
    contour: str = "even"

    @property
    def unit(self) -> float:
        """A thousandth of the shorter side."""
        return min(self.ground.size) / 1000

    def grains(self, size: float, share: float) -> float:
        """A size of stones, threads or dots in thousandths that leaves the face readable: a share of it at most."""
        return max(0.55 * size, min(size, self.reach / self.unit * share)) * self.unit

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
        pen = Pen(line, width * self.width, self.contour)
        paint(brush, self.shapes, palette or self.palette, pen, model, opacity)
        return brush.done()

    def scene(
        self, image: Image.Image, line: Rgb | None, width: float, palette: Palette | None = None, opacity: float = 1.0
    ) -> Image.Image:
        """Paint landmark, emblem and weather onto an image, in even lines: the manner of the hand is for the figure."""
        brush = Brushwork(image, self.dice)
        paint(brush, self.scenery, palette or self.palette, Pen(line, width * self.width), 0.0, opacity)
        return brush.done()

    def face(
        self, image: Image.Image, line: Rgb | None = None, width: float = 1.0, palette: Palette | None = None
    ) -> Image.Image:
        """Paint only the features of the face again, crisp; what is in front of a face stays in front."""
        left, top, right, bottom = bounds([p for s in self.shapes if s.part in FEATURES for p in s.points] or [0j])
        frame = max(0, int(left) - 9), max(0, int(top) - 9), int(right) + 9, int(bottom) + 9
        corner = complex(frame[0], frame[1])
        near = [replace(s, points=[p - corner for p in s.points]) for s in self.shapes]
        before = image.crop(frame)
        cover = Brushwork(Image.new("L", before.size), self.dice)
        for shape in near:
            if shape.part not in FEATURES and ORDER[shape.part] > ORDER["face"]:
                cover.shape(shape.points, 255)
        colours, pen = palette or self.palette, Pen(line, width * self.width)
        below = Brushwork(before.copy(), self.dice)
        paint(below, [s for s in near if s.part in ON_FACE], colours, pen, 0.0)
        seen = below.done()
        seen.paste(before, (0, 0), cover.done())
        above = Brushwork(seen, self.dice)
        paint(above, [s for s in near if s.part == "mark"], colours, pen, 0.0)
        image.paste(above.done(), frame[:2])
        return image

    def mask(self, grow: float = 0.0) -> Image.Image:
        """White where the figure is."""
        brush = Brushwork(Image.new("L", self.ground.size), self.dice)
        for shape in self.shapes:
            if shape.part not in LOOSE:
                brush.shape(shape.points, 255, 255 if grow else None, grow * 2)
        return brush.done()


Technique = Callable[[Work], Image.Image]


def paper(size: tuple[int, int], colour: Rgb, low: int = 232) -> Image.Image:
    """A sheet of paper in a colour, with its grain; low is the darkest grey of the grain."""
    return multiply(Image.new("RGB", size, colour), grain(size, 2, low, 255, "paper"))
