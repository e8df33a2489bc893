"""Mouths by the mood."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.figure.moods import Mood
from dalle.painters.sketch.shapes import Figure, box, ellipse, mirrored, ribbon, smooth


def mouth(figure: Figure, dice: Dice, mood: Mood, bold: float = 1.0) -> None:
    """Draws the mouth of a figure; of one seen from the side, the half at its front."""
    at, size = figure.face, figure.face_size
    wide = size * (0.42 if figure.mouth == "wide" else 0.28) * dice.span("mouth", 0.9, 1.15)
    where = figure.lips or complex(at.real, at.imag + size * (0.46 if figure.mouth == "wide" else 0.5))
    wide *= 0.7 + 0.3 * bold
    if figure.heading:
        where += complex(figure.heading * size * 0.5, -size * 0.06)
        wide *= 0.8
    bend, gape = mood.smile * wide * 0.6, wide * 0.95 * mood.gape
    DESIGNS.get(mood.mouth, _lips if mood.gape <= 0.15 else _round)(figure, mood, where, wide, bend, gape)


def _ends(where: complex, wide: float, bend: float, skew: float = 0.0) -> tuple[complex, complex]:
    """The left and the right end of a mouth, up in a smile; skewed, the right one is higher."""
    return (
        where + complex(-wide, -bend * 0.5 + 0.14 * wide * skew),
        where + complex(wide, -bend * 0.5 - 0.3 * wide * skew),
    )


def _round(figure: Figure, mood: Mood, where: complex, wide: float, bend: float, gape: float) -> None:
    gape = max(gape, wide * 0.3)
    figure.add(ellipse(where + complex(0, gape * 0.2), max(wide * 0.5, gape * 0.5), gape * 0.8), "mouth", "face", 0.9)
    figure.add(ellipse(where + complex(0, gape * 0.66), wide * 0.28, gape * 0.24), "cheek", "face", 0)


def _laugh(figure: Figure, mood: Mood, where: complex, wide: float, bend: float, gape: float) -> None:
    wide *= 1.25
    left, right = _ends(where, wide, bend)
    low = (
        where + complex(wide * 0.6, gape * 0.8),
        where + complex(0, gape * 1.1),
        where + complex(-wide * 0.6, gape * 0.8),
    )
    figure.add(smooth([left, where + complex(0, bend * 0.2), right, *low]), "mouth", "face", 0.9)
    figure.add(ellipse(where + complex(0, gape * 0.84), wide * 0.42, gape * 0.26), "cheek", "face", 0)
    teeth = [left * 0.8 + where * 0.2, where + complex(0, bend * 0.22), right * 0.8 + where * 0.2]
    figure.add(ribbon([p + 0.1j * wide for p in teeth], 0.03 * wide, 0.1 * wide, 0.03 * wide), "white", "face", 0)


def _teeth(figure: Figure, mood: Mood, where: complex, wide: float, bend: float, gape: float) -> None:
    """Clenched teeth, the corners down."""
    high = wide * 0.34
    outline = [
        where + complex(-wide, high * 0.9),
        where + complex(-wide * 0.6, -high * 0.5),
        where + complex(wide * 0.6, -high * 0.5),
        where + complex(wide, high * 0.9),
        where + complex(wide * 0.5, high * 0.62),
        where + complex(-wide * 0.5, high * 0.62),
    ]
    figure.add(smooth(outline, steps=5), "white", "face", 1.2)
    for x in (-0.42, 0.0, 0.42):
        line = [where + complex(x * wide, -high * 0.46), where + complex(x * wide, high * 0.6)]
        figure.add(ribbon(line, 0.035 * wide), "ink", "face", 0)
    middle = [where + complex(-wide * 0.72, high * 0.12), where + complex(wide * 0.72, high * 0.12)]
    figure.add(ribbon(middle, 0.035 * wide), "ink", "face", 0)


def _wave(figure: Figure, mood: Mood, where: complex, wide: float, bend: float, gape: float) -> None:
    """A trembling line."""
    line = [where + complex(wide * (-1 + k / 3), wide * (0.18 if k % 2 else -0.14)) for k in range(7)]
    figure.add(ribbon(line, 0.09 * wide, 0.13 * wide, 0.09 * wide), "ink", "face", 0)


def _tongue(figure: Figure, mood: Mood, where: complex, wide: float, bend: float, gape: float) -> None:
    """A crooked mouth that shows its tongue."""
    left, right = _ends(where, wide, bend, -mood.skew)
    figure.add(box(where + complex(wide * 0.3, wide * 0.3), wide * 0.34, wide * 0.4, 0.8), "cheek", "face", 0.9)
    line = ribbon([left, where + complex(0, bend * 0.3), right], 0.08 * wide, 0.14 * wide, 0.08 * wide)
    figure.add(line, "ink", "face", 0)


def _lips(figure: Figure, mood: Mood, where: complex, wide: float, bend: float, gape: float) -> None:
    size = figure.face_size
    left, right = _ends(where, wide, bend, mood.skew)
    lips = ribbon([left, where + complex(0, bend * 0.6), right], 0.032 * size, 0.055 * size, 0.032 * size)
    figure.add(lips, "ink", "face", 0)
    if mood.smile > 0.3:
        for end in (left, right):
            tick = [end + complex(-0.03 * size, -0.03 * size), end, end + complex(0.03 * size, -0.02 * size)]
            dimple = ribbon(tick, 0.02 * size)
            figure.add(dimple if end is right else mirrored(dimple, end.real), "ink", "face", 0)


DESIGNS = {"laugh": _laugh, "round": _round, "teeth": _teeth, "wave": _wave, "tongue": _tongue}
