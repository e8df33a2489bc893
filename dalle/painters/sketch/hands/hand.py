"""A hand: how it draws figures before it paints, and the technique that it paints with."""

from dataclasses import dataclass

from dalle.painters.sketch.figure.eyes import Eyes
from dalle.painters.sketch.hands.work import Technique


@dataclass(frozen=True, slots=True)
class Hand:
    """head: size of heads, 1 is common; contour: "even", "brush", "loose", "cut", "stitch"; detail: shapes below that
    share of a face are left out; scene: whether the technique draws the scenery itself."""

    paint: Technique
    eyes: Eyes
    head: float = 1.0
    contour: str = "even"
    detail: float = 0.0
    scene: bool = False
