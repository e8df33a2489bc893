"""What a technique is applied to, and paper."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from dalle.painters.sketch.canvas import Brushwork, grain, multiply, paint
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.palette import Palette, Rgb
from dalle.painters.sketch.shapes import Shape


@dataclass(frozen=True, slots=True)
class Work:
    """The painted ground, the shapes in pixels, their colours and the common width of a line."""

    ground: Image.Image
    shapes: list[Shape]
    palette: Palette
    dice: Dice
    width: float

    @property
    def unit(self) -> float:
        """A thousandth of the shorter side."""
        return min(self.ground.size) / 1000

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
        paint(brush, self.shapes, palette or self.palette, line, width * self.width, model, opacity)
        return brush.done()

    def face(
        self, image: Image.Image, line: Rgb | None = None, width: float = 1.0, palette: Palette | None = None
    ) -> Image.Image:
        """Paint only the face again, crisp."""
        brush = Brushwork(image, self.dice)
        paint(
            brush, [s for s in self.shapes if s.part == "face"], palette or self.palette, line, width * self.width, 0.0
        )
        return brush.done()

    def mask(self, grow: float = 0.0) -> Image.Image:
        """White where the figure is."""
        brush = Brushwork(Image.new("L", self.ground.size), self.dice)
        for shape in self.shapes:
            brush.shape(shape.points, 255, 255 if grow else None, grow * 2)
        return brush.done()


Technique = Callable[[Work], Image.Image]


def paper(size: tuple[int, int], colour: Rgb, low: int = 232) -> Image.Image:
    """A sheet of paper in a colour, with its grain; low is the darkest grey of the grain."""
    return multiply(Image.new("RGB", size, colour), grain(size, 2, low, 255, "paper"))
