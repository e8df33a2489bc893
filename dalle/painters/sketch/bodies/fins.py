"""Parts of fish: tails, fins, spines, whiskers, a lure."""

import math

from dalle.painters.sketch.shapes import Figure, ellipse, leaf, ribbon, smooth


def tail(figure: Figure, root: complex, side: int, tall: float, veil: bool) -> None:
    """A forked tail of three rays; a veil hangs further out."""
    far = 0.62 if veil else 0.5
    fan = [
        root,
        root + complex(0.28 * side, -tall),
        root + complex((far + 0.08) * side, -tall - 0.14),
        root + complex((far - 0.12) * side, -0.02),
        root + complex((far + 0.1) * side, tall + 0.2),
        root + complex(0.26 * side, tall + 0.06),
    ]
    figure.add(smooth(fan), "accent", "back", 1, 0.4)
    for k in (-1, 0, 1):
        ray = [root + complex(0.12 * side, 0.03 * k), root + complex((far - 0.1) * side, tall * 0.75 * k)]
        figure.add(ribbon(ray, 0.013, 0.008), "accent shade", "back", 0)


def spines(figure: Figure, rx: float, ry: float) -> None:
    """Spines all around a round body."""
    for i in range(26):
        a = math.tau * i / 26
        root = complex(rx * math.cos(a), ry * math.sin(a)) * 0.95
        figure.add(leaf(root, root * 1.26, 0.34), "deep", "back", 0.6)


def back_fin(figure: Figure, ry: float, high: float) -> None:
    """A jagged fin with four rays, that high above the back."""
    comb = [
        complex(x, -ry * 0.6 - high * (1 - abs(x) * 1.2) - 0.06 * (k % 2))
        for k, x in enumerate(i / 10 - 0.45 for i in range(11))
    ]
    figure.add(smooth([*comb, complex(0.5, 0), complex(-0.5, 0)], steps=4), "accent", "back", 1, 0.4)
    for x in (-0.25, -0.05, 0.15, 0.32):
        ray = [complex(x * 0.8, -0.2), complex(x, -ry * 0.6 - high * (0.84 - abs(x)))]
        figure.add(ribbon(ray, 0.01), "accent shade", "back", 0)


def belly_fins(figure: Figure, ry: float, side: int, veil: bool) -> None:
    """Two fins below; a veil hangs lower."""
    rear = leaf(complex(0.04 * side, ry * 0.4), complex(0.34 * side, ry + 0.42 + 0.2 * veil), 0.62)
    front = leaf(complex(-0.2 * side, ry * 0.5), complex(-0.1 * side, ry + 0.34), 0.5)
    figure.add(rear, "accent", "back", 1, 0.3)
    figure.add(front, "accent shade", "back", 1, 0.3)


def side_fin(figure: Figure, side: int) -> None:
    """The small fin behind the gills."""
    root = complex(0.14 * side, 0.16)
    blade = [
        root - 0.1j,
        root + complex(0.24 * side, -0.06),
        root + complex(0.3 * side, 0.14),
        root + complex(0.04 * side, 0.12),
    ]
    figure.add(smooth(blade), "accent", "body", 0.9, 0.3)


def lure(figure: Figure, ry: float, side: int) -> None:
    """The anglerfish's rod, with a light at its end."""
    rod = [complex(-0.1 * side, -ry * 0.9), complex(-0.3 * side, -ry - 0.44), complex(-0.72 * side, -ry - 0.3)]
    figure.add(ribbon(rod, 0.03, 0.022, 0.016), "deep", "skull", 0.8)
    figure.add(ellipse(rod[-1] + 0.06j, 0.16, 0.16), "sun", "skull", 0, 0, 0.45)
    figure.add(ellipse(rod[-1] + 0.06j, 0.085, 0.085), "metal", "skull", 0.8, 0.4)


def sword(figure: Figure, rx: float, side: int) -> None:
    """A long pointed snout."""
    blade = [complex(-rx * 0.8 * side, 0.02), complex(-1.25 * side, -0.16)]
    figure.add(ribbon(blade, 0.07, 0.012), "deep", "back", 1)


def whiskers(figure: Figure, rx: float, side: int) -> None:
    """Two barbels at the mouth."""
    for k in (0, 1):
        barbel = [
            complex(-rx * 0.8 * side, 0.2),
            complex(-rx * 1.2 * side, 0.22 + 0.18 * k),
            complex(-rx * 1.1 * side, 0.42 + 0.16 * k),
        ]
        figure.add(ribbon(barbel, 0.018, 0.01), "deep", "horn", 0.5)
