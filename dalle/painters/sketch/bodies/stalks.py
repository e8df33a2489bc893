"""Parts of fruit and vegetables: an outline, leaves, a stalk, a shine, thin limbs."""

from dalle.painters.sketch.bodies.anatomy import face_at, feet
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Points, ellipse, leaf, ribbon, smooth, turned

CENTRE = 0.18j


def girth(dice: Dice) -> tuple[float, float, complex]:
    """A round body about the centre: half its width, half its height, and its crown."""
    rx, ry = dice.span("width", 0.54, 0.64), dice.span("height", 0.5, 0.57)
    return rx, ry, CENTRE - complex(0, ry * 0.92)


def outline(rx: float, ry: float, *points: tuple[float, float]) -> Points:
    """A smooth outline about the centre, its points in parts of half the width and half the height."""
    return smooth([CENTRE + complex(x * rx, y * ry) for x, y in points])


def leaves(figure: Figure, dice: Dice, at: complex, count: int, tall: float, spread: float = 0.42) -> None:
    """A tuft of leaves on a crown."""
    for i in range(count):
        blade = leaf(at, at - dice.span(f"leaf {i}", tall * 0.8, tall * 1.2) * 1j, 0.42)
        figure.add(turned(blade, (i - (count - 1) / 2) * spread, at), "leaf", "skull", 0.9, 0.4)


def stalk(figure: Figure, dice: Dice, at: complex) -> None:
    """A bent stalk with one or two leaves."""
    side = dice.side("stalk")
    figure.add(ribbon([at + 0.06j, at - 0.12j, at + complex(0.08 * side, -0.24)], 0.05, 0.035), "wood", "skull", 0.9)
    figure.add(leaf(at - 0.08j, at + complex(-0.36 * side, -0.26), 0.5), "leaf", "skull", 0.9, 0.4)


def shine(figure: Figure, centre: complex, rx: float, ry: float) -> None:
    """The light of a window on a smooth skin."""
    figure.add(ellipse(centre + complex(-rx * 0.5, -ry * 0.55), rx * 0.13, ry * 0.2, 0.6), "light", "body", 0)
    figure.add(ellipse(centre + complex(-rx * 0.64, -ry * 0.2), rx * 0.06, ry * 0.07, 0.4), "light", "body", 0)


def limbs(figure: Figure, centre: complex, rx: float, crown: complex, face: complex | None = None) -> None:
    """Thin arms and legs, and the face in the middle."""
    feet(figure, 0.2, "wood")
    face_at(figure, face or centre - 0.04j, min(rx, 0.52) * 0.9, crown + 0.02j, rx * 0.62)
    figure.shoulders = (centre + complex(-rx * 0.92, 0.1), centre + complex(rx * 0.92, 0.1))
    figure.arm, figure.arm_fill = (0.05, 0.04), "wood"
