"""Birds on long legs and birds afloat."""

import math

from dalle.painters.sketch.bodies.beaks import beak
from dalle.painters.sketch.bodies.birds import crest, talons, wings
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, ribbon, smooth, turned


def wader(figure: Figure, dice: Dice, text: str) -> None:
    """Herons, cranes, flamingos and shore birds: high legs, a bent neck, a long bill."""
    side = dice.side("neck")
    tall = has(text, ("waterbird",))
    pink = has(text, ("flamingo",))
    neck = 0.5 if tall else 0.26
    legs = 0.3 if tall else 0.42
    for i in range(4):
        figure.add(
            turned(
                leaf(complex(0.1 * -side, legs - 0.02), complex(0.62 * -side, legs + 0.16), 0.32),
                -side * (i - 1.5) * 0.2,
                complex(0, legs),
            ),
            ("accent", "deep")[i % 2],
            "back",
            0.8,
        )
    talons(figure, 0.13, legs + 0.1, 0.95, "cheek" if pink else "metal")
    figure.both(
        ellipse(complex(0.135, (legs + 1.0) / 2 + 0.06), 0.045, 0.04), "cheek" if pink else "metal", "tail", 0.6
    )
    body = complex(0, legs - 0.12)
    figure.add(egg(body, 0.46, 0.32, 0.05), "body", "body", 1, 1)
    figure.add(egg(body + 0.08j, 0.32, 0.2, 0.05), "belly", "body", 0)
    head = complex(0.06 * side, body.imag - 0.2 - neck)
    bend = [
        body - 0.06j,
        body + complex(-0.3 * side, -0.24),
        complex(0.2 * side, (body.imag + head.imag) / 2 - 0.02),
        head,
    ]
    figure.add(ribbon(bend, 0.17, 0.11, 0.1, 0.13), "body", "body", 1, 0.6)
    rx, ry = dice.span("head width", 0.29, 0.34), dice.span("head height", 0.27, 0.31)
    top = head - complex(0, ry)
    if has(text, ("heron", "egret", "bittern", "crane", "hamerkop", "lapwing", "stork")):
        for k in range(3):
            figure.add(
                ribbon(
                    [
                        top + 0.1j,
                        top + complex(-0.3 * side, -0.1 + 0.08 * k),
                        top + complex(-0.52 * side, 0.1 + 0.1 * k),
                    ],
                    0.04,
                    0.03,
                    0.008,
                ),
                "accent",
                "skull",
                0.7,
            )
    figure.add(egg(head, rx, ry, 0.04), "body", "head", 1, 1)
    if dice.chance("cap", 0.5):
        figure.add(
            smooth(
                [
                    head + complex(-rx * 0.8, -ry * 0.5),
                    top + 0.02j,
                    head + complex(rx * 0.8, -ry * 0.5),
                    head - complex(0, ry * 0.45),
                ]
            ),
            "cloth",
            "head",
            0,
        )
    at = head + complex(0, ry * 0.42)
    if pink:
        figure.add(
            smooth(
                [
                    at - 0.12 - 0.06j,
                    at + 0.12 - 0.06j,
                    at + complex(0.16 * side, 0.1),
                    at + complex(0.02 * side, 0.3),
                    at - 0.1 + 0.12j,
                ]
            ),
            "light",
            "face",
            1,
            0.5,
        )
        figure.add(ellipse(at + complex(0.05 * side, 0.24), 0.06, 0.075), "ink", "face", 0)
        figure.mouth = "none"
    elif has(text, ("spoonbill", "shoebill")):
        beak(figure, dice, text, at)
    else:
        curve = 0.2 if has(text, ("ibis", "curlew", "avocet")) else 0.04
        tip = at + complex(0.42 * side, 0.3 + curve)
        figure.add(
            smooth(
                [
                    at - 0.08 - 0.04j,
                    at + 0.08 - 0.05j,
                    at + complex(0.26 * side, 0.1),
                    tip,
                    tip - 0.02,
                    at + complex(0.12 * side, 0.14),
                ],
                steps=5,
            ),
            "metal",
            "face",
            1,
            0.4,
        )
        figure.mouth = "none"
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head - complex(0, ry * 0.05), rx * 0.98
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.86
    wings(figure, 0.34, body.imag - 0.06)
    figure.arm = (0.12, 0.05)


def ratite(figure: Figure, dice: Dice, text: str) -> None:
    """Ostriches, emus and their kin: strong legs, a skirt of plumes, a bare neck; the kiwi has none."""
    kiwi = has(text, ("kiwi", "dodo"))
    for side in (-1, 1):
        x = 0.17 * side
        figure.add(
            ribbon([complex(x, 0.5), complex(x * 1.2, 0.72), complex(x, 0.95)], 0.075, 0.05, 0.045),
            "cheek",
            "tail",
            1,
            0.3,
        )
        for toe in (-0.11, 0.02, 0.14):
            figure.add(ribbon([complex(x, 0.94), complex(x + toe, 0.99)], 0.042, 0.028), "cheek", "tail", 0.7)
    low = 0.24 if kiwi else 0.3
    for ring in range(2):
        for i in range(13):
            a = math.tau * i / 13 + 0.2 * ring
            root = complex(0.34 * math.cos(a), low + 0.24 * math.sin(a))
            figure.add(
                leaf(root, complex(0.0, low) + (root - complex(0, low)) * (1.75 - 0.2 * ring), 0.62),
                ("shade", "body")[ring],
                "body",
                0.8,
                0.3,
            )
    figure.add(egg(complex(0, low), 0.44, 0.34, 0.1), "body", "body", 0, 0.6)
    head = complex(0, -0.24 if kiwi else -0.62)
    if not kiwi:
        figure.add(
            ribbon([complex(0, low - 0.1), complex(0.1 * dice.side("neck"), -0.2), head], 0.13, 0.085, 0.1),
            "belly",
            "body",
            1,
            0.6,
        )
    rx, ry = (0.38, 0.34) if kiwi else (0.33, 0.27)
    top = head - complex(0, ry)
    if has(text, ("cassowary",)):
        figure.add(
            smooth([top - 0.14 + 0.12j, top - 0.26j, top + 0.08 - 0.28j, top + 0.16 + 0.12j]), "wood", "horn", 1, 0.5
        )
        figure.both(egg(head + complex(0.08, ry + 0.12), 0.06, 0.12, 0.2), "cloth", "horn", 0.9)
    else:
        crest(figure, dice, top, 3, 0.15)
    figure.add(egg(head, rx, ry, 0.06), "body", "head", 1, 1)
    at = head + complex(0, ry * 0.4)
    if kiwi and has(text, ("kiwi",)):
        figure.add(
            [at - 0.07 - 0.03j, at + 0.07 - 0.03j, at + complex(0.14 * dice.side("bill"), 0.52)],
            "metal",
            "face",
            1,
            0.4,
        )
        figure.mouth = "none"
    else:
        beak(figure, dice, "shoebill", at)
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head - complex(0, ry * 0.06), rx * 0.96
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.84
    wings(figure, 0.36, low - 0.08)


def swimmer(figure: Figure, dice: Dice, text: str) -> None:
    """Ducks, geese and swans: afloat, the breast to the viewer, a wake around."""
    long = has(text, ("swan", "goose", "diver", "grebe"))
    side = dice.side("tail side")
    for k in range(3):
        figure.add(
            turned(
                leaf(complex(0.5 * side, 0.5), complex(0.98 * side, 0.12 - 0.08 * k), 0.42),
                0.1 * k,
                complex(0.5 * side, 0.5),
            ),
            ("accent", "deep")[k % 2],
            "back",
            0.8,
        )
    hull = smooth(
        [
            complex(-0.62, 0.3),
            complex(-0.3, 0.16),
            complex(0.3, 0.16),
            complex(0.7, 0.26),
            complex(0.74, 0.6),
            complex(0.4, 0.86),
            complex(-0.4, 0.86),
            complex(-0.72, 0.6),
        ]
    )
    figure.add(hull, "body", "body", 1, 1)
    figure.add(egg(0.6j, 0.46, 0.26, 0.1), "belly", "body", 0)
    for k in range(3):
        y = 0.9 + 0.045 * k
        figure.add(
            ribbon([complex(-0.86 + 0.14 * k, y), complex(0.0, y + 0.03), complex(0.86 - 0.14 * k, y)], 0.018),
            "light",
            "front",
            0.5,
        )
    head = complex(0, -0.5 if long else -0.16)
    if long:
        figure.add(
            ribbon([0.34j, complex(-0.14 * side, 0.06), complex(0.06 * side, -0.2), head], 0.2, 0.13, 0.12, 0.14),
            "body",
            "body",
            1,
            0.6,
        )
        figure.add(ribbon([complex(-0.2, 0.12), complex(0.12, 0.15)], 0.03), "belly", "body", 0)
    rx, ry = (0.34, 0.31) if long else (dice.span("head width", 0.38, 0.44), 0.36)
    top = head - complex(0, ry)
    if has(text, ("mandarin", "smew", "grebe", "eider")) or dice.chance("crest", 0.3):
        crest(figure, dice, top, 3, 0.22)
    figure.add(egg(head, rx, ry, 0.06), "body" if long else "accent", "head", 1, 1)
    figure.both(egg(head + complex(rx * 0.44, -0.02), rx * 0.42, ry * 0.46), "belly", "head", 0)
    if not long:
        figure.add(
            ribbon(
                [
                    head + complex(-rx * 0.7, ry * 0.82),
                    head + complex(0, ry * 1.02),
                    head + complex(rx * 0.7, ry * 0.82),
                ],
                0.04,
            ),
            "white",
            "head",
            0,
        )
    beak(figure, dice, "waterfowl" if has(text, ("waterfowl",)) else text, head + complex(0, ry * 0.4))
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head - complex(0, ry * 0.06), rx * 0.97
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.86
    wings(figure, 0.52, 0.34)
    figure.arm = (0.16, 0.06)
