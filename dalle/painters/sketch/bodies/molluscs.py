"""Snails, slugs and shells."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import round_head, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Place, box, egg, ellipse, leaf, ribbon, smooth, turned


def shell(figure: Figure, dice: Dice, text: str) -> None:
    """Clams, oysters and scallops: two halves that open on a face and a pearl."""
    scallop = has(text, ("scallop", "cockle", "clam"))
    for lower in (False, True):
        rim = [
            0.28j + complex(0.95 * math.cos(a), 0.88 * math.sin(a)) * (1 + (0.06 if scallop else 0.02) * (k % 2))
            for k, a in enumerate(math.pi * (1.0 + k / 18) for k in range(19))
        ]
        half = [p.conjugate() + 0.62j if lower else p for p in rim]
        figure.add(smooth([*half, complex(0, 0.1 if lower else -0.02)], steps=4), "accent", "body", 1, 0.9)
        for k in range(6):
            far = half[3 + 2 * k + k % 2]
            rib = [complex(0, 0.28), 0.28j + (far - 0.28j) * 0.9]
            figure.add(ribbon(rib, 0.006, 0.018), "accent shade", "body", 0)
    figure.add(box(0.28j, 0.7, 0.28, 0.8), "body", "front", 1, 0.8)
    for k in range(9):
        x = -0.6 + 0.15 * k
        figure.add(ellipse(complex(x, 0.06), 0.05, 0.04), "second", "front", 0.5)
    pearl = complex(0.44 * dice.side("pearl"), 0.46)
    figure.add(ellipse(pearl, 0.1, 0.1), "white", "front", 0.9, 0.5)
    figure.face, figure.face_size, figure.neck = 0.26j, 0.44, 0.3j
    figure.hat, figure.hat_size = -0.5j, 0.36
    figure.shoulders, figure.arm = (-0.6 + 0.4j, 0.6 + 0.4j), (0.07, 0.05)


def limpet(figure: Figure, dice: Dice, text: str) -> None:
    """Limpets, chitons and abalones: a tent of stone over a broad foot."""
    figure.add(
        smooth([-0.96 + 0.9j, -0.7 + 0.72j, 0.7 + 0.72j, 0.96 + 0.9j, 0.6 + 0.98j, -0.6 + 0.98j]),
        "belly",
        "tail",
        1,
        0.4,
    )
    if has(text, ("chiton",)):
        _plates(figure)
    else:
        _tent(figure)
    figure.add(egg(0.4j, 0.46, 0.4, 0.04), "body", "head", 1, 0.8)
    figure.face, figure.face_size, figure.neck = 0.38j, 0.43, 0.6j
    figure.hat, figure.hat_size = -0.5j, 0.32
    figure.shoulders, figure.arm = (-0.44 + 0.56j, 0.44 + 0.56j), (0.07, 0.05)


def _plates(figure: Figure) -> None:
    for k in range(6):
        wide, y = 0.92 - 0.1 * k, 0.62 - 0.2 * k
        figure.add(
            smooth(
                [
                    complex(-wide, y + 0.2),
                    complex(-wide * 0.8, y - 0.12),
                    complex(0, y - 0.24),
                    complex(wide * 0.8, y - 0.12),
                    complex(wide, y + 0.2),
                    complex(0, y + 0.26),
                ]
            ),
            ("accent", "accent shade")[k % 2],
            "body",
            1,
            0.5,
        )


def _tent(figure: Figure) -> None:
    figure.add(
        smooth(
            [
                complex(-0.95, 0.8),
                complex(-0.5, 0.0),
                complex(-0.1, -0.62),
                complex(0.12, -0.62),
                complex(0.55, 0.0),
                complex(0.95, 0.8),
                0.9j,
            ]
        ),
        "accent",
        "body",
        1,
        1,
    )
    for k in range(-4, 5):
        figure.add(ribbon([complex(0.02, -0.6), complex(0.22 * k, 0.8)], 0.008, 0.03), "accent shade", "body", 0)
    for y in (-0.1, 0.3, 0.6):
        figure.add(
            ribbon([complex(-0.5 - y * 0.45, y), complex(0, y + 0.12), complex(0.5 + y * 0.45, y)], 0.016),
            "light",
            "body",
            0,
        )


def snail(figure: Figure, dice: Dice, text: str) -> None:
    """Snails under a spiral or a spire, slugs bare, sea slugs with fringes and plumes."""
    side = dice.side("shell side")

    def at(x: float, y: float) -> complex:
        return complex(x * side, y)

    foot = smooth([at(-0.5, 0.6), at(-0.5, 0.94), at(0.5, 0.96), at(1.0, 0.98), at(0.75, 0.8), at(0.2, 0.66)])
    sea, bare = has(text, ("sea slug",)), has(text, ("slug", "sea slug"))
    if bare:
        foot = smooth(
            [at(-0.56, 0.5), at(-0.6, 0.94), at(0.5, 0.97), at(1.12, 0.96), at(0.8, 0.6), at(0.3, 0.36), at(-0.2, 0.36)]
        )
    figure.add(foot, "body", "body", 1, 0.8 if bare else 0.5)
    figure.add(ribbon([at(-0.45, 0.94), at(0.9, 0.96)], 0.04, 0.02), "belly", "body", 0)
    if sea:
        _plumes(figure, at, side)
    elif bare:
        figure.add(egg(at(0.1, 0.46), 0.4, 0.2, 0.1), "shade", "body", 0.8, 0.5)
        spots(figure, dice, at(0.5, 0.76), 0.34, 0.12, "deep")
    elif has(text, ("conch", "murex", "whelk", "cone", "tusk shell", "triton")):
        _spire(figure, text, at, side)
    else:
        _spiral(figure, dice, at(0.3, 0.28), side)
    neck, head = at(-0.42, 0.7), at(-0.46, -0.02)
    figure.add(ribbon([neck + 0.1j, (neck + head) / 2, head], 0.25, 0.22, 0.26), "body", "front", 1, 0.5)
    _eye_stalks(figure, head)
    round_head(figure, dice, head, dice.span("head width", 0.34, 0.4), 0.33)
    figure.hat = head - 0.27j
    figure.hand = head + at(-0.25, 0.55)
    figure.shoulders, figure.arm, figure.reach = (neck - 0.2 - 0.15j, neck + 0.2 - 0.15j), (0.06, 0.045), 0.4


def _plumes(figure: Figure, at: Place, side: int) -> None:
    for k in range(11):
        root = at(-0.3 + 0.125 * k, 0.46 + 0.03 * k)
        plume = leaf(root + 0.1j, root - (0.5 - 0.026 * k) * 1j, 0.42)
        figure.add(turned(plume, side * (0.1 * k - 0.4), root), ("accent", "second")[k % 2], "tail", 0.8, 0.3)
    figure.add(ribbon([at(-0.5, 0.8), at(0.0, 0.86), at(0.5, 0.8), at(1.0, 0.9)], 0.035), "accent", "body", 0)


def _spire(figure: Figure, text: str, at: Place, side: int) -> None:
    for k in range(5):
        hub = at(0.16 + 0.17 * k, 0.34 - 0.2 * k)
        figure.add(
            ellipse(hub, 0.5 - 0.09 * k, 0.4 - 0.07 * k, -0.6 * side),
            ("accent", "accent shade")[k % 2],
            "body",
            1,
            0.8,
        )
        if has(text, ("murex", "conch")):
            for s in (-1, 1):
                p = hub + cmath.rect(0.46 - 0.09 * k, 0.9 * s * side - (0 if side > 0 else math.pi))
                figure.add(leaf(p, p + (p - hub) * 0.5, 0.5), "belly", "body", 0.8)


def _spiral(figure: Figure, dice: Dice, hub: complex, side: int) -> None:
    size = dice.span("shell", 0.48, 0.58)
    figure.add(ellipse(hub, size, size * 0.96), "accent", "body", 1, 1)
    spiral = [hub + cmath.rect(size * 0.86 * (1 - k / 26), side * (0.5 + 0.62 * k)) for k in range(25)]
    figure.add(ribbon(spiral, 0.045, 0.035, 0.02, steps=4), "accent shade", "body", 0)
    for k in range(9):
        p = hub + cmath.rect(size * 0.86, math.tau * k / 9)
        figure.add(ellipse(p, 0.035, 0.035), "belly", "body", 0)


def _eye_stalks(figure: Figure, head: complex) -> None:
    for lean in (-0.2, 0.2):
        tip = head + complex(lean * 1.3, -0.58)
        figure.add(ribbon([head + complex(lean * 0.7, -0.2), tip], 0.035, 0.025), "body", "skull", 0.8)
        figure.add(ellipse(tip, 0.06, 0.06), "accent", "skull", 0.9)
