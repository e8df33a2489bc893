"""The ground while it is being painted."""

from PIL import Image

from dalle.painters.sketch.canvas import Brushwork
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.palette import Palette
from dalle.painters.sketch.scene.stage import Stage
from dalle.painters.sketch.shapes import Points


class Ground:
    """A ground being painted: its surface, colours, throws and measures in pixels."""

    def __init__(self, image: Image.Image, palette: Palette, dice: Dice, stage: Stage, focus: complex) -> None:
        self.brush = Brushwork(image, dice)
        self.palette, self.dice, self.stage, self.focus = palette, dice, stage, focus
        self.w, self.h = image.size
        self.unit = min(image.size)
        self.horizon = stage.horizon * self.h

    def bar(self, x: float, y: float, wide: float, high: float, role: str, opacity: int = 255) -> None:
        """A rectangle by its upper left corner."""
        at = complex(x, y)
        self.brush.shape(
            [at, at + wide, at + complex(wide, high), at + high * 1j], self.palette[role], None, 0, opacity
        )

    def fill(self, points: Points, role: str, opacity: int = 255) -> None:
        """A shape in a colour of the palette."""
        self.brush.shape(points, self.palette[role], None, 0, opacity)
