"""Beaks: hooked, great, flat, long or plain, by the kind of the bird."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, box, ellipse, ribbon, smooth

HOOKED = ("raptor", "parrot", "owl", "firebird", "roc", "alerion", "huma bird", "stymphalian bird", "cockatrice")
GREAT = ("hornbill", "toucan", "puffin")
GAPING = ("nightjar", "potoo", "swift")
FLAT = ("waterfowl", "spoonbill", "pelican", "shoebill")
LONG = ("hummingbird", "kingfisher", "hoopoe", "woodpecker", "bee eater", "diver", "grebe")


def beak(figure: Figure, dice: Dice, text: str, at: complex) -> None:
    """The beak of a bird's kind, at the middle of its face; it takes the place of the mouth."""
    figure.mouth = "none"
    if has(text, FLAT):
        _flat(figure, at)
        if has(text, ("pelican",)):
            pouch = [at - 0.18 + 0.1j, at + 0.18 + 0.1j, at + 0.12 + 0.36j, at + 0.42j, at - 0.12 + 0.36j]
            figure.add(smooth(pouch), "cheek", "face", 0.8, 0.5)
    elif has(text, GREAT):
        _great(figure, dice, text, at)
    elif has(text, GAPING):
        _gaping(figure, at)
    elif has(text, HOOKED):
        hook = [at - 0.12 - 0.07j, at - 0.12j, at + 0.12 - 0.07j, at + 0.06 + 0.12j, at + 0.25j, at - 0.06 + 0.12j]
        figure.add(smooth(hook), "metal", "face", 1, 0.6)
        figure.both(ellipse(at + 0.04 - 0.05j, 0.014, 0.014), "ink", "face", 0)
    elif has(text, LONG):
        side = dice.side("bill")
        tip = at + complex(0.16 * side, dice.span("beak", 0.36, 0.46))
        figure.add([at - 0.08 - 0.03j, at + 0.08 - 0.03j, tip], "metal", "face", 1, 0.5)
    else:
        _plain(figure, at, dice.span("beak", 0.15, 0.21))


def _flat(figure: Figure, at: complex) -> None:
    """A broad bill like a duck's."""
    figure.add(box(at + 0.03j, 0.22, 0.1, 0.75), "metal", "face", 1, 0.6)
    figure.add(ribbon([at - 0.2 + 0.05j, at + 0.08j, at + 0.2 + 0.05j], 0.01), "wood", "face", 0)
    figure.both(ellipse(at + 0.05 - 0.01j, 0.016, 0.012), "ink", "face", 0)


def _gaping(figure: Figure, at: complex) -> None:
    """A short wide beak that snaps insects, with bristles at its corners."""
    figure.add(smooth([at - 0.26 - 0.02j, at - 0.08j, at + 0.26 - 0.02j, at + 0.13j]), "metal", "face", 1, 0.6)
    figure.add(ribbon([at - 0.23 + 0.01j, at + 0.05j, at + 0.23 + 0.01j], 0.012), "ink", "face", 0)
    for x in (0.2, 0.26, 0.32):
        figure.both(ribbon([at + complex(x - 0.06, 0.03), at + complex(x, 0.13)], 0.01), "ink", "face", 0)


def _plain(figure: Figure, at: complex, length: float) -> None:
    """A small cone, as songbirds have."""
    right, left = at + 0.035 + 0.09j, at - 0.035 + 0.09j
    cone = [at - 0.11 - 0.02j, at - 0.09j, at + 0.11 - 0.02j, right, at + complex(0, length), left]
    figure.add(smooth(cone), "metal", "face", 1, 0.6)
    figure.add(ribbon([at - 0.08 + 0.02j, at + 0.05j, at + 0.08 + 0.02j], 0.008), "wood", "face", 0)


def _great(figure: Figure, dice: Dice, text: str, at: complex) -> None:
    """A bill as long as the body; the hornbill's carries a casque."""
    side = dice.side("bill")
    scale = 0.75 if has(text, ("puffin",)) else 1.45

    def to(x: float, y: float) -> complex:
        return at + complex(x * side, y) * scale

    if has(text, ("hornbill",)):
        figure.add(smooth([to(-0.12, -0.06), to(-0.06, -0.28), to(0.3, -0.2), to(0.2, 0.0)]), "cloth", "face", 1, 0.5)
    bill = [to(-0.14, -0.08), to(0.14, -0.12), to(0.4, 0.0), to(0.5, 0.36), to(0.24, 0.24), to(-0.12, 0.14)]
    figure.add(smooth(bill), "metal", "face", 1, 0.6)
    figure.add(smooth([to(0.42, 0.16), to(0.5, 0.36), to(0.36, 0.28)]), "cloth", "face", 0)
    figure.add(ribbon([to(-0.12, 0.05), to(0.22, 0.1), to(0.46, 0.31)], 0.012), "wood", "face", 0)
