"""Giants: mountains with small heads, of stone, of fur or with one eye."""

from dalle.painters.sketch.bodies.ears import ears
from dalle.painters.sketch.bodies.muzzles import trunk_tusks
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, box, egg, ellipse, leaf, lobes, ribbon, smooth


def giant(figure: Figure, dice: Dice, text: str) -> None:
    """A giant by its class; hills, houses and shirts are too small for it."""
    stone = has(text, ("living statue", "stone", "mountain"))
    wide = dice.span("girth", 0.62, 0.74)
    figure.both(box(complex(wide * 0.46, 0.86), 0.24, 0.13, 0.6), "body", "tail", 1, 0.5)
    if stone:
        _boulders(figure, wide)
    else:
        _belted_belly(figure, wide)
    head, rx, ry = -0.38j, dice.span("head width", 0.38, 0.43), dice.span("head height", 0.34, 0.38)
    top = head - complex(0, ry)
    _horns(figure, text, top)
    if stone:
        _cracked_head(figure, head, rx, ry)
    else:
        _hairy_head(figure, dice, text, head, rx, ry)
    figure.add(ellipse(head + complex(0, ry * 0.24), 0.09, 0.075), "shade", "face", 0.6, 0.4)
    figure.lips = head + complex(0, ry * 0.6)
    if has(text, ("ogre", "oni", "troll")):
        trunk_tusks(figure, figure.lips)
    figure.eyes = 1 if has(text, ("cyclops", "eyed")) else 2
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head - complex(0, ry * 0.12), rx * 0.96
    figure.hat, figure.hat_size = top + complex(0, ry * 0.16), rx * 0.86
    figure.shoulders = (complex(-wide * 0.92, 0.12), complex(wide * 0.92, 0.12))
    figure.arm, figure.reach = (0.16, 0.13), 0.62


def _boulders(figure: Figure, wide: float) -> None:
    blocks = (
        (0, 0.34, wide, 0.36),
        (-wide * 0.7, 0.06, 0.26, 0.2),
        (wide * 0.7, 0.06, 0.26, 0.2),
        (0, 0.72, wide * 0.7, 0.16),
    )
    for k, (x, y, rx, ry) in enumerate(blocks):
        figure.add(box(complex(x, y), rx, ry, 0.5), ("body", "shade", "shade", "body")[k], "body", 1, 0.7)
    for k in range(5):
        at = complex(-wide * 0.6 + wide * 0.3 * k, 0.2 + 0.22 * (k % 2))
        figure.add(ribbon([at, at + 0.1 + 0.08j, at + 0.06 + 0.2j], 0.012), "deep", "body", 0)
    figure.add(lobes(complex(-wide * 0.7, -0.12), 0.26, 0.09, 7, 0.2), "leaf", "body", 0.8, 0.4)


def _belted_belly(figure: Figure, wide: float) -> None:
    figure.add(
        smooth(
            [
                complex(-wide, 0.1),
                complex(-wide * 0.5, -0.16),
                complex(wide * 0.5, -0.16),
                complex(wide, 0.1),
                complex(wide * 0.86, 0.7),
                complex(0, 0.88),
                complex(-wide * 0.86, 0.7),
            ]
        ),
        "body",
        "body",
        1,
        1,
    )
    figure.add(egg(0.46j, wide * 0.56, 0.32, 0.1), "belly", "body", 0)
    kilt = [complex(-wide * 0.9, 0.6), complex(wide * 0.9, 0.6)]
    hem = [complex(wide * 0.9 - wide * 0.3 * k, 0.9 - 0.09 * (k % 2)) for k in range(7)]
    figure.add([*kilt, *hem], "wood", "body", 1, 0.3)
    figure.add(box(0.6j, wide * 0.9, 0.05, 0.6), "metal", "body", 0.8)
    strap = [complex(-wide * 0.8, -0.02), complex(0.1, 0.3), complex(wide * 0.78, 0.58)]
    figure.add(ribbon(strap, 0.06), "wood", "body", 0.8)


def _horns(figure: Figure, text: str, top: complex) -> None:
    if has(text, ("ogre", "oni", "troll", "fomorian")):
        figure.both(
            ribbon([top + 0.18 + 0.1j, top + 0.26 - 0.1j, top + 0.2 - 0.28j], 0.07, 0.05, 0.012),
            "belly",
            "horn",
            1,
            0.4,
        )


def _cracked_head(figure: Figure, head: complex, rx: float, ry: float) -> None:
    figure.add(box(head, rx, ry, 0.55), "body", "head", 1, 0.9)
    figure.add(
        ribbon(
            [
                head + complex(rx * 0.4, -ry * 0.9),
                head + complex(rx * 0.6, -ry * 0.5),
                head + complex(rx * 0.5, -ry * 0.2),
            ],
            0.012,
        ),
        "deep",
        "head",
        0,
    )


def _hairy_head(figure: Figure, dice: Dice, text: str, head: complex, rx: float, ry: float) -> None:
    _locks(figure, head, rx, ry, has(text, ("fire",)))
    ears(figure, dice, "side", rx, ry, head - complex(0, ry))
    figure.add(egg(head, rx, ry, 0.1), "body", "head", 1, 1)
    if dice.chance("beard", 0.6):
        _beard(figure, head, rx, ry)


def _locks(figure: Figure, head: complex, rx: float, ry: float, flames: bool) -> None:
    for k in range(9):
        lean = (k - 4) * 0.24
        root = head + complex(rx * lean * 0.9, -ry * 0.7)
        figure.add(
            leaf(root, root + complex(lean * 0.5, -0.4 + 0.18 * abs(lean)), 0.45),
            ("accent", "metal")[k % 2] if flames else "accent",
            "skull",
            0.8,
        )


def _beard(figure: Figure, head: complex, rx: float, ry: float) -> None:
    beard = [
        head + complex(-rx * 0.9, ry * 0.2),
        head + complex(rx * 0.9, ry * 0.2),
        head + complex(rx * 0.7, ry * 1.0),
        head + complex(0, ry * 1.5),
        head + complex(-rx * 0.7, ry * 1.0),
    ]
    figure.add(smooth([*beard[:1], head + complex(0, ry * 0.44), *beard[1:]]), "accent", "head", 0.9, 0.4)
