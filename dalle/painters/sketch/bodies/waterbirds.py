"""Birds on long legs and birds afloat."""

from dalle.painters.sketch.bodies.beaks import beak
from dalle.painters.sketch.bodies.birds import crest, talons, wings
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, ribbon, smooth, turned

PLUMED = ("heron", "egret", "bittern", "crane", "hamerkop", "lapwing", "stork")


def wader(figure: Figure, dice: Dice, text: str) -> None:
    """Herons, cranes, flamingos and shore birds: high legs, a bent neck, a long bill."""
    side = dice.side("neck")
    neck, legs = (0.5, 0.3) if has(text, ("waterbird",)) else (0.26, 0.42)
    _tail_plumes(figure, -side, legs)
    _stilts(figure, legs, "cheek" if has(text, ("flamingo",)) else "metal")
    body = complex(0, legs - 0.12)
    head = complex(0.06 * side, body.imag - 0.2 - neck)
    _trunk_and_neck(figure, body, head, side)
    rx, ry = dice.span("head width", 0.29, 0.34), dice.span("head height", 0.27, 0.31)
    top = head - complex(0, ry)
    if has(text, PLUMED):
        _head_plumes(figure, top, side)
    figure.add(egg(head, rx, ry, 0.04), "body", "head", 1, 1)
    if dice.chance("cap", 0.5):
        _cap(figure, head, rx, ry)
    _wader_bill(figure, dice, text, head + complex(0, ry * 0.42))
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head - complex(0, ry * 0.05), rx * 0.98
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.86
    wings(figure, 0.34, body.imag - 0.06)
    figure.arm = (0.12, 0.05)


def _tail_plumes(figure: Figure, side: int, legs: float) -> None:
    """Four plumes of a tail, above the legs."""
    for i in range(4):
        plume = leaf(complex(0.1 * side, legs - 0.02), complex(0.62 * side, legs + 0.16), 0.32)
        figure.add(turned(plume, side * (i - 1.5) * 0.2, complex(0, legs)), ("accent", "deep")[i % 2], "back", 0.8)


def _stilts(figure: Figure, legs: float, fill: str) -> None:
    """Long legs with knots for knees."""
    talons(figure, 0.13, legs + 0.1, 0.95, fill)
    figure.both(ellipse(complex(0.135, (legs + 1.0) / 2 + 0.06), 0.045, 0.04), fill, "tail", 0.6)


def _trunk_and_neck(figure: Figure, body: complex, head: complex, side: int) -> None:
    """A small trunk, and a neck bent like an S."""
    figure.add(egg(body, 0.46, 0.32, 0.05), "body", "body", 1, 1)
    figure.add(egg(body + 0.08j, 0.32, 0.2, 0.05), "belly", "body", 0)
    bend = [
        body - 0.06j,
        body + complex(-0.3 * side, -0.24),
        complex(0.2 * side, (body.imag + head.imag) / 2 - 0.02),
        head,
    ]
    figure.add(ribbon(bend, 0.17, 0.11, 0.1, 0.13), "body", "body", 1, 0.6)


def _head_plumes(figure: Figure, top: complex, side: int) -> None:
    """Three thin plumes that hang from the back of the head."""
    for k in range(3):
        plume = [top + 0.1j, top + complex(-0.3 * side, -0.1 + 0.08 * k), top + complex(-0.52 * side, 0.1 + 0.1 * k)]
        figure.add(ribbon(plume, 0.04, 0.03, 0.008), "accent", "skull", 0.7)


def _cap(figure: Figure, head: complex, rx: float, ry: float) -> None:
    """A patch of another colour on the crown."""
    patch = [
        head + complex(-rx * 0.8, -ry * 0.5),
        head - complex(0, ry) + 0.02j,
        head + complex(rx * 0.8, -ry * 0.5),
        head - complex(0, ry * 0.45),
    ]
    figure.add(smooth(patch), "cloth", "head", 0)


def _wader_bill(figure: Figure, dice: Dice, text: str, at: complex) -> None:
    """The bill in the middle of a face: bent, broad, curved or straight."""
    side = dice.side("neck")
    if has(text, ("flamingo",)):
        _bent_bill(figure, at, side)
    elif has(text, ("spoonbill", "shoebill")):
        beak(figure, dice, text, at)
    else:
        _thin_bill(figure, at, side, 0.2 if has(text, ("ibis", "curlew", "avocet")) else 0.04)


def _bent_bill(figure: Figure, at: complex, side: int) -> None:
    """The flamingo's: thick, bent down, with a black tip."""
    bill = [
        at - 0.12 - 0.06j,
        at + 0.12 - 0.06j,
        at + complex(0.16 * side, 0.1),
        at + complex(0.02 * side, 0.3),
        at - 0.1 + 0.12j,
    ]
    figure.add(smooth(bill), "light", "face", 1, 0.5)
    figure.add(ellipse(at + complex(0.05 * side, 0.24), 0.06, 0.075), "ink", "face", 0)
    figure.mouth = "none"


def _thin_bill(figure: Figure, at: complex, side: int, curve: float) -> None:
    """Long and thin; the tip is lower by the curve."""
    tip = at + complex(0.42 * side, 0.3 + curve)
    bill = [
        at - 0.08 - 0.04j,
        at + 0.08 - 0.05j,
        at + complex(0.26 * side, 0.1),
        tip,
        tip - 0.02,
        at + complex(0.12 * side, 0.14),
    ]
    figure.add(smooth(bill, steps=5), "metal", "face", 1, 0.4)
    figure.mouth = "none"


def swimmer(figure: Figure, dice: Dice, text: str) -> None:
    """Ducks, geese and swans: afloat, the breast to the viewer, a wake around."""
    long = has(text, ("swan", "goose", "diver", "grebe"))
    side = dice.side("tail side")
    _raised_tail(figure, side)
    _hull(figure)
    _wake(figure)
    head = complex(0, -0.5 if long else -0.16)
    if long:
        _long_neck(figure, head, side)
    rx, ry = (0.34, 0.31) if long else (dice.span("head width", 0.38, 0.44), 0.36)
    top = head - complex(0, ry)
    if has(text, ("mandarin", "smew", "grebe", "eider")) or dice.chance("crest", 0.3):
        crest(figure, dice, top, 3, 0.22)
    figure.add(egg(head, rx, ry, 0.06), "body" if long else "accent", "head", 1, 1)
    figure.both(egg(head + complex(rx * 0.44, -0.02), rx * 0.42, ry * 0.46), "belly", "head", 0)
    if not long:
        _collar(figure, head, rx, ry)
    beak(figure, dice, "waterfowl" if has(text, ("waterfowl",)) else text, head + complex(0, ry * 0.4))
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head - complex(0, ry * 0.06), rx * 0.97
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.86
    wings(figure, 0.52, 0.34)
    figure.arm = (0.16, 0.06)


def _raised_tail(figure: Figure, side: int) -> None:
    """Three feathers above the water."""
    root = complex(0.5 * side, 0.5)
    for k in range(3):
        feather = leaf(root, complex(0.98 * side, 0.12 - 0.08 * k), 0.42)
        figure.add(turned(feather, 0.1 * k, root), ("accent", "deep")[k % 2], "back", 0.8)


def _hull(figure: Figure) -> None:
    """The trunk, broad as a boat, with a pale breast."""
    hull = [
        complex(-0.62, 0.3),
        complex(-0.3, 0.16),
        complex(0.3, 0.16),
        complex(0.7, 0.26),
        complex(0.74, 0.6),
        complex(0.4, 0.86),
        complex(-0.4, 0.86),
        complex(-0.72, 0.6),
    ]
    figure.add(smooth(hull), "body", "body", 1, 1)
    figure.add(egg(0.6j, 0.46, 0.26, 0.1), "belly", "body", 0)


def _wake(figure: Figure) -> None:
    """Three ripples in front."""
    for k in range(3):
        y = 0.9 + 0.045 * k
        ripple = [complex(-0.86 + 0.14 * k, y), complex(0.0, y + 0.03), complex(0.86 - 0.14 * k, y)]
        figure.add(ribbon(ripple, 0.018), "light", "front", 0.5)


def _long_neck(figure: Figure, head: complex, side: int) -> None:
    """The neck of a swan, with a pale ring at its foot."""
    bend = [0.34j, complex(-0.14 * side, 0.06), complex(0.06 * side, -0.2), head]
    figure.add(ribbon(bend, 0.2, 0.13, 0.12, 0.14), "body", "body", 1, 0.6)
    figure.add(ribbon([complex(-0.2, 0.12), complex(0.12, 0.15)], 0.03), "belly", "body", 0)


def _collar(figure: Figure, head: complex, rx: float, ry: float) -> None:
    """The drake's white ring below the head."""
    ring = [head + complex(-rx * 0.7, ry * 0.82), head + complex(0, ry * 1.02), head + complex(rx * 0.7, ry * 0.82)]
    figure.add(ribbon(ring, 0.04), "white", "head", 0)
