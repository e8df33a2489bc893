"""Sharks: long, smooth, with a grin."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Place, box, ellipse, ribbon, smooth


def shark(figure: Figure, dice: Dice, text: str) -> None:
    """A shark on patrol: pointed snout, one great fin, a half moon of a tail, gills and teeth."""
    side = dice.side("tail side")

    def at(x: float, y: float) -> complex:
        return complex(x * side, y)

    _shark_fins(figure, at)
    _shark_hull(figure, at)
    if has(text, ("hammerhead", "bonnethead")):
        figure.add(box(at(-0.66, -0.2), 0.66, 0.15, 0.7), "body", "body", 1, 0.5)
    _gills(figure, at)
    if has(text, ("whale shark", "zebra shark", "carpet shark", "leopard")):
        _shark_spots(figure, dice, at)
    if has(text, ("tiger",)):
        _shark_stripes(figure, at)
    face = at(-0.5, -0.1)
    figure.heading = -side
    _shark_grin(figure, at)
    figure.mouth = "none"
    figure.neck, figure.face, figure.face_size = 0j, face, 0.36
    figure.hat, figure.hat_size, figure.floats = at(-0.5, -0.32), 0.28, True
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (at(-0.3, 0.3) - 0.2, at(-0.3, 0.3) + 0.2),
        (0.085, 0.05),
        "shade",
        0.42,
    )


def _shark_fins(figure: Figure, at: Place) -> None:
    figure.add(
        smooth(
            [at(0.72, 0.02), at(0.98, -0.5), at(1.14, -0.66), at(1.02, -0.1), at(1.08, 0.28), at(0.92, 0.26)], steps=6
        ),
        "body",
        "back",
        1,
        0.4,
    )
    figure.add(
        smooth([at(-0.14, -0.26), at(0.1, -0.86), at(0.2, -0.9), at(0.26, -0.2)], steps=6), "body", "back", 1, 0.4
    )
    figure.add(smooth([at(0.52, -0.1), at(0.62, -0.32), at(0.68, -0.06)], steps=5), "shade", "back", 1)
    figure.add(smooth([at(0.0, 0.24), at(0.32, 0.66), at(0.36, 0.2)], steps=6), "shade", "back", 1, 0.3)


def _shark_hull(figure: Figure, at: Place) -> None:
    hull = smooth(
        [
            at(-0.98, -0.06),
            at(-0.66, -0.32),
            at(-0.16, -0.42),
            at(0.4, -0.2),
            at(0.84, -0.02),
            at(0.82, 0.08),
            at(0.4, 0.2),
            at(-0.1, 0.4),
            at(-0.6, 0.38),
            at(-0.88, 0.16),
        ]
    )
    figure.add(hull, "body", "body", 1, 1)
    low = [
        at(-0.93, 0.04),
        at(-0.7, 0.1),
        at(-0.2, 0.14),
        at(0.3, 0.12),
        at(0.8, 0.05),
        at(0.4, 0.19),
        at(-0.1, 0.385),
        at(-0.6, 0.36),
        at(-0.86, 0.17),
    ]
    figure.add(smooth(low, steps=6), "belly", "body", 0)


def _gills(figure: Figure, at: Place) -> None:
    for k in range(4):
        x = -0.02 + 0.075 * k
        figure.add(ribbon([at(x, -0.14), at(x + 0.03, 0.0), at(x, 0.14)], 0.013), "deep", "body", 0)


def _shark_spots(figure: Figure, dice: Dice, at: Place) -> None:
    stream = dice.stream("spots")
    for _ in range(26):
        p = at(-0.1 + 0.8 * stream.random(), -0.3 + 0.36 * stream.random())
        if abs(p.imag + 0.02) < 0.26 - 0.2 * max(0.0, abs(p.real) - 0.1):
            figure.add(ellipse(p, 0.026, 0.022), "light", "body", 0)


def _shark_stripes(figure: Figure, at: Place) -> None:
    for k in range(4):
        figure.add(
            ribbon([at(0.1 + 0.16 * k, -0.3 + 0.07 * k), at(0.13 + 0.16 * k, -0.02)], 0.03, 0.012),
            "deep",
            "body",
            0,
        )


def _shark_grin(figure: Figure, at: Place) -> None:
    """A long mouth below the snout, as it is seen from the side, with a row of teeth."""
    grin = [at(-0.86, 0.06), at(-0.6, 0.16), at(-0.26, 0.12), at(-0.3, 0.2), at(-0.58, 0.3), at(-0.8, 0.2)]
    figure.add(smooth(grin, steps=6), "mouth", "head", 0.9)
    for k in range(6):
        x, y = -0.78 + 0.085 * k, 0.09 + 0.018 * min(k, 3)
        figure.add([at(x - 0.036, y), at(x + 0.036, y + 0.01), at(x, y + 0.085)], "white", "head", 0.4)
