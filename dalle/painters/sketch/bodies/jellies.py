"""Jellyfish."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, arc, ellipse, ribbon, smooth


def jelly(figure: Figure, dice: Dice, text: str) -> None:
    """Jellyfish: a glowing bell, frilled arms, long threads."""
    stream = dice.stream("threads")
    for i in range(9):
        x = -0.5 + 0.125 * i
        sway = 0.12 * (stream.random() - 0.5)
        end = 0.75 + 0.22 * stream.random()
        figure.add(
            ribbon(
                [complex(x, 0.1), complex(x + sway, 0.35), complex(x - sway, 0.6), complex(x + sway * 1.6, end)],
                0.026,
                0.02,
                0.012,
            ),
            ("accent", "light")[i % 2],
            "back",
            0.5,
        )
    for i in (-1, 0, 1):
        frill = [complex(0.2 * i + 0.07 * (-1) ** k, 0.12 + 0.1 * k) for k in range(7)]
        figure.add(ribbon(frill, 0.09, 0.08, 0.02), "second" if i else "belly", "tail", 0.8, 0.3)
    rx, ry = dice.span("bell", 0.6, 0.72), dice.span("bell height", 0.62, 0.76)
    count = dice.count("lappets", 5, 8)
    hem = [complex(rx - 2 * rx * k / (2 * count), 0.12 + (0.1 if k % 2 else 0.0)) for k in range(2 * count + 1)]
    dome = arc(0.08j, rx, ry, 0.5, 1.0, 24)
    figure.add([*dome, *smooth(hem, closed=False, steps=4)], "body", "head", 1, 1)
    figure.add(
        [*arc(0.02j, rx * 0.8, ry * 0.82, 0.55, 0.95, 20), *arc(-0.1j, rx * 0.7, ry * 0.6, 0.95, 0.55, 20)],
        "light",
        "head",
        0,
    )
    for k in range(count):
        x = rx * 0.85 - 1.7 * rx * k / (count - 1)
        figure.add(ellipse(complex(x, 0.1), 0.035, 0.045), "accent", "head", 0)
    figure.neck, figure.face, figure.face_size = 0.1j, -0.16j, rx * 0.74
    figure.hat, figure.hat_size = complex(0, 0.12 - ry), rx * 0.6
    figure.shoulders, figure.arm, figure.reach = (complex(-rx * 0.8, 0.1), complex(rx * 0.8, 0.1)), (0.05, 0.03), 0.45
    figure.arm_fill, figure.floats = "accent", True


def comb(figure: Figure, dice: Dice, text: str) -> None:
    """Comb jellies: a clear egg with rows of glittering combs and two fringed threads."""
    for turn in (-1, 1):
        line = [
            complex(0.3 * turn, 0.5),
            complex(0.7 * turn, 0.66),
            complex(0.66 * turn, 0.9),
            complex(1.0 * turn, 0.98),
        ]
        figure.add(ribbon(line, 0.026, 0.02, 0.012), "accent", "back", 0.6)
        for p in smooth(line, closed=False, steps=3)[2:]:
            figure.add(ribbon([p, p + 0.12j], 0.012, 0.006), "accent", "back", 0)
    rx, ry = dice.span("width", 0.56, 0.66), dice.span("height", 0.76, 0.86)
    figure.add(ellipse(0j, rx, ry), "body", "body", 1, 1)
    figure.add(ellipse(0j, rx * 0.78, ry * 0.84), "light", "body", 0, 0, 0.5)
    for k in (-3, -2, -1, 1, 2, 3):
        for j in range(11):
            y = -0.78 + 0.156 * j
            x = rx * 0.3 * k * (1 - y * y * 0.9) ** 0.5
            p = complex(x, y * ry)
            figure.add(ellipse(p, 0.03, 0.016), ("second", "accent", "white")[j % 3], "body", 0)
    figure.add(ellipse(-0.06j, rx * 0.72, 0.34), "body", "head", 0, 0, 0.85)
    figure.neck, figure.face, figure.face_size = 0.3j, -0.08j, rx * 0.78
    figure.hat, figure.hat_size, figure.floats = complex(0, -ry * 0.9), 0.34, True
    figure.shoulders, figure.arm, figure.arm_fill = (
        (complex(-rx * 0.86, 0.16), complex(rx * 0.86, 0.16)),
        (0.05, 0.035),
        "accent",
    )
    figure.reach = 0.44
