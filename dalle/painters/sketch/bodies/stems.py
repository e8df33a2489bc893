"""Parts of flowers: a stem with leaves at its foot, and leaves for arms."""

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, leaf, ribbon


def stem(figure: Figure, dice: Dice, top: complex, narrow: bool = False) -> None:
    """A stem from the ground to the flower, with two pairs of leaves, broad or narrow."""
    figure.add(ribbon([top, complex(0.06 * dice.side("stem"), 0.4), 0.97j], 0.055, 0.06, 0.07), "leaf", "tail", 1, 0.5)
    for k in (0, 1):
        root = complex(0, 0.93 - 0.04 * k)
        tip = root + (complex(0.22 + 0.1 * k, -0.62 + 0.1 * k) if narrow else complex(0.52 - 0.1 * k, -0.16 - 0.18 * k))
        figure.both(leaf(root, tip, 0.24 if narrow else 0.42), "leaf", "tail", 1, 0.4)


def leaf_arms(figure: Figure, face: complex, size: float, hat: complex) -> None:
    """The places of face and hat, and arms like leaves that grow from the stem."""
    face_at(figure, face, size, hat, 0.36)
    figure.neck = 0.1j
    figure.shoulders, figure.arm = (-0.03 + 0.44j, 0.03 + 0.44j), (0.03, 0.085)
    figure.arm_fill, figure.reach = "leaf", 0.6
