"""Fish, sharks and whales."""

import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, arc, box, leaf, ribbon, smooth
from dalle.painters.sketch.words import has


def fish(figure: Figure, dice: Dice, text: str) -> None:
    """Fish, sharks and whales: three quarters to the viewer, the tail swung to one side."""
    side = dice.side("tail side")
    shark = has(text, ("shark", "ray", "whale", "dolphin", "porpoise", "orca", "narwhal", "skate", "manta"))
    rx, ry = dice.span("length", 0.56, 0.68), dice.span("height", 0.42, 0.54)
    root = complex(0.5 * side, 0.12)
    tip = dice.span("tail", 0.34, 0.52)
    fan = smooth(
        [
            root,
            complex(0.86 * side, -tip),
            complex(1.12 * side, -tip - 0.12),
            complex(0.95 * side, 0.1),
            complex(1.1 * side, tip + 0.28),
            complex(0.84 * side, tip + 0.18),
        ]
    )
    figure.add(fan, "accent" if not shark else "shade", "back", 1, 0.4)
    for k in (-1, 0, 1):
        figure.add(
            ribbon([complex(0.66 * side, 0.1 + 0.04 * k), complex(0.96 * side, 0.1 + 0.27 * k)], 0.012, 0.008),
            "accent shade" if not shark else "deep",
            "back",
            0,
        )
    if shark:
        figure.add(
            smooth(
                [complex(-0.12, -0.3), complex(0.06 * side, -0.9), complex(0.22 * side, -0.92), complex(0.34, -0.2)]
            ),
            "body",
            "back",
            1,
            0.4,
        )
    else:
        crest = [
            complex(x, -0.3 - dice.span("dorsal", 0.3, 0.5) * (1 - abs(x) * 1.3) - 0.06 * (k % 2))
            for k, x in enumerate(i / 10 - 0.5 for i in range(11))
        ]
        figure.add(smooth([*crest, complex(0.5, 0), complex(-0.5, 0)], steps=4), "accent", "back", 1, 0.4)
    figure.add(
        leaf(complex(0.02 * side, 0.2), complex(0.34 * side, 0.86), 0.62), "accent" if not shark else "shade", "back", 1
    )
    spine = [complex(-rx + 1.9 * rx * t, 0) for t in (0.0, 1.0)]
    outline = smooth(
        [
            complex(-rx * side, 0.06),
            complex(-rx * 0.72 * side, -ry * 0.7),
            complex(0, -ry),
            complex(rx * 0.75 * side, -ry * 0.5),
            complex(rx * 1.12 * side, 0.06),
            complex(rx * 0.75 * side, ry * 0.62),
            complex(0, ry),
            complex(-rx * 0.75 * side, ry * 0.76),
        ]
    )
    figure.add(outline, "body", "body", 1, 1)
    lower = [p for p in outline if p.imag > ry * 0.34]
    figure.add(sorted_round([p * 0.985 for p in lower]), "belly", "body", 0)
    if shark:
        for k in range(3):
            x = complex((0.24 + 0.08 * k) * side, 0.02)
            figure.add(ribbon([x - 0.1j, x + 0.03 * side, x + 0.1j], 0.012), "deep", "body", 0)
    elif dice.chance("banded", 0.45) or "clown" in text:
        for k in range(3):
            x = (0.08 + 0.26 * k) * rx * side
            half = ry * math.sqrt(1 - min(0.95, (abs(x) / (rx * 1.12)) ** 2)) * 0.9
            figure.add(
                ribbon([complex(x, -half), complex(x + 0.06 * side, 0), complex(x, half)], 0.05 - 0.008 * k),
                "accent",
                "body",
                0,
            )
    else:
        for row in range(4):
            for k in range(5):
                p = complex((0.02 + 0.13 * k + 0.065 * (row % 2)) * side, -0.2 + 0.13 * row)
                if abs(p.real) < rx * 0.9 and abs(p.imag) < ry * 0.62 * (1 - abs(p.real) / rx * 0.5):
                    figure.add(
                        ribbon(
                            arc(p, 0.055, 0.06, -0.25, 0.25, 5) if side > 0 else arc(p, 0.055, 0.06, 0.25, 0.75, 5),
                            0.01,
                            steps=2,
                        ),
                        "shade",
                        "body",
                        0,
                    )
    if "hammerhead" in text:
        figure.add(box(complex(-0.3 * side, -0.12), 0.5, 0.16, 0.7), "body", "body", 1, 0.5)
    face = complex(-rx * 0.36 * side, -0.04)
    figure.neck, figure.face, figure.face_size = spine[0] * 0, face, 0.42
    figure.mouth = "wide" if shark else "mouth"
    figure.hat, figure.hat_size = complex(-rx * 0.3 * side, -ry * 0.84), 0.32
    figure.shoulders = (complex(-0.5, 0.28), complex(0.45, 0.3))
    figure.arm, figure.arm_fill, figure.reach = (0.08, 0.11), "shade" if shark else "accent", 0.4
    figure.floats = True


def sorted_round(points: list[complex]) -> list[complex]:
    """Points of a lower rim from left to right, closed by a hanging line."""
    rim = sorted(points, key=lambda p: p.real)
    if len(rim) < 3:
        return points
    left, right = rim[0], rim[-1]
    return [*rim, (left + right) / 2 + 0.1j * abs(right - left) * 0.4]
