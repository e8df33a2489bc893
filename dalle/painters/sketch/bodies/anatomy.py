"""Parts that several bodies share: spots, bands, feet, feelers, a round head."""

import math
from dataclasses import replace

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Leg, egg, ellipse, mirrored, ribbon


def spots(figure: Figure, dice: Dice, centre: complex, rx: float, ry: float, fill: str, part: str = "body") -> None:
    """A sprinkle of spots inside an ellipse, never over its rim."""
    stream = dice.stream("spots")
    for _ in range(dice.count("spot count", 7, 15)):
        turn, far = math.tau * stream.random(), 0.85 * math.sqrt(stream.random())
        size = 0.035 + 0.05 * stream.random()
        spot = centre + complex(rx * far * math.cos(turn), ry * far * math.sin(turn))
        figure.add(ellipse(spot, size, size * 0.85, turn, 16), fill, part, 0)


def bands(figure: Figure, dice: Dice, centre: complex, rx: float, ry: float, fill: str, part: str = "body") -> None:
    """Stripes across an ellipse, short on both sides and tapering inwards."""
    count = dice.count("band count", 3, 5)
    for i in range(count):
        y = -0.65 + 1.3 * i / (count - 1)
        half = math.sqrt(1 - y * y) * 0.97
        start = centre + complex(-rx * half, ry * y)
        end = centre + complex(-rx * half * 0.42, ry * (y + 0.1))
        band = ribbon([start, (start + end) / 2 + 0.02j, end], 0.042, 0.03, 0.008)
        axis = centre.real
        figure.add(band, fill, part, 0)
        figure.add(mirrored(band, axis), fill, part, 0)


def legs(figure: Figure, dice: Dice, hip: float, foot: float, thick: float, fill: str = "body") -> None:
    """Two straight legs with broad feet, their hips at ±hip."""
    length = dice.span("leg", 0.0, 0.06)
    _pair(figure, Leg(complex(hip, 0.6), complex(hip + 0.04, 0.93 + length), thick, (foot, 0.085), fill, fill))


def feelers(figure: Figure, dice: Dice, top: complex, spread: float, knob: bool) -> None:
    """A pair of feelers from the top of a head, with or without knobs."""
    up = dice.span("feeler", 0.26, 0.42)
    tip = top + complex(spread + 0.12, -up)
    figure.both(
        ribbon([top + complex(spread * 0.4, 0.08), top + complex(spread * 0.7, -up * 0.7), tip], 0.02, 0.016),
        "deep",
        "skull",
        0.6,
    )
    if knob:
        figure.both(ellipse(tip, 0.05, 0.05), "accent", "skull", 0.8)


def round_head(figure: Figure, dice: Dice, head: complex, rx: float, ry: float, fill: str = "body") -> None:
    """An egg of a head with everything that belongs to it: neck, face, hat."""
    figure.add(egg(head, rx, ry, dice.span("jaw", -0.04, 0.08)), fill, "head", 1, 1)
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head, rx * 0.98
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.84


def face_at(figure: Figure, face: complex, size: float, hat: complex, hat_size: float) -> None:
    """Sets the places of face and hat, with the neck below."""
    figure.face, figure.face_size, figure.hat, figure.hat_size, figure.neck = face, size, hat, hat_size, face + 0.4j


def feet(figure: Figure, x: float, fill: str) -> None:
    """A pair of thin short legs with shoes."""
    _pair(figure, Leg(complex(x, 0.7), complex(x + 0.04, 0.94), 0.045, (0.11, 0.055), fill, fill))


def _pair(figure: Figure, leg: Leg) -> None:
    left = replace(leg, hip=complex(-leg.hip.real, leg.hip.imag), foot=complex(-leg.foot.real, leg.foot.imag))
    figure.legs += [left, leg]
