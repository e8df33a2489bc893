"""A hand: how it draws figures before it paints, and the technique that it paints with."""

from dataclasses import dataclass

from dalle.painters.sketch.figure.eyes import Eyes
from dalle.painters.sketch.hands.work import Technique


@dataclass(frozen=True, slots=True)
class Hand:
    """head: size of heads, 1 is common; contour: "even" or one of `dalle.painters.sketch.contours`; detail: shapes
    below that share of a face are left out; tall: how tall and slender figures are; scene: whether the technique draws
    the scenery itself."""

    paint: Technique
    eyes: Eyes
    head: float = 1.0
    contour: str = "even"
    detail: float = 0.0
    tall: float = 1.0
    scene: bool = False
