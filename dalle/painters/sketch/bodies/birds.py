"""Birds of the bough, the air and the yard: an egg with wings for arms."""

import math

from dalle.painters.sketch.bodies.beaks import beak
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Points, arc, box, egg, ellipse, leaf, lobes, ribbon, smooth, turned

CRESTED = (
    "cockatoo",
    "cockatiel",
    "hoopoe",
    "waxwing",
    "northern cardinal",
    "turaco",
    "hoatzin",
    "crowned pigeon",
    "firebird",
    "eurasian jay",
    "woodpecker",
    "secretary bird",
    "mousebird",
    "kingfisher",
)
TRAINED = (
    "peacock",
    "lyrebird",
    "quetzal",
    "bird of paradise",
    "pheasant",
    "fenghuang",
    "motmot",
    "firebird",
    "marvellous spatuletail",
    "vermilion bird",
    "alicanto",
    "simurgh",
)
LONG_TAILED = ("mousebird", "cuckoo", "magpie", "tropicbird", "turaco", "bee eater")
FORKED = ("swift", "barn swallow", "arctic tern", "red kite", "frigatebird")


def talons(figure: Figure, x: float, top: float, foot: float = 0.95, fill: str = "metal") -> None:
    """Two thin legs with three toes each."""
    figure.both(ribbon([complex(x, top), complex(x + 0.01, foot)], 0.03, 0.026), fill, "tail")
    for toe in (-0.1, 0.02, 0.13):
        figure.both(ribbon([complex(x, foot), complex(x + toe, foot + 0.05)], 0.028, 0.018), fill, "tail", 0.7)


def wings(figure: Figure, x: float, y: float) -> None:
    """Wings instead of arms, hung at the shoulders."""
    figure.shoulders = (complex(-x, y), complex(x, y))
    figure.arm, figure.arm_fill, figure.reach, figure.feathered = (0.15, 0.06), "shade", 0.56, True


def crest(figure: Figure, dice: Dice, top: complex, count: int, tall: float) -> None:
    """A fan of feathers on the head."""
    for i in range(count):
        lean = (i - (count - 1) / 2) * 0.32
        figure.add(
            turned(leaf(top + 0.12j, top - tall * 1j, 0.36), lean, top + 0.12j),
            ("accent", "accent shade")[i % 2],
            "skull",
            0.8,
        )


def _train(figure: Figure, dice: Dice, text: str) -> None:
    if has(text, ("peacock",)):
        for ring in (1, 0):
            for i in range(11):
                a = -math.pi / 2 + (i - 5) * 0.29 + 0.14 * ring
                tip = 0.4j + complex(math.cos(a), math.sin(a)) * (1.12 - 0.2 * ring)
                figure.add(leaf(0.45j, tip, 0.24), ("accent", "accent shade")[ring], "back", 0.6)
                eye = 0.4j + (tip - 0.4j) * 0.84
                figure.add(ellipse(eye, 0.07, 0.07), "second", "back", 0)
                figure.add(ellipse(eye, 0.035, 0.035), "ink", "back", 0)
        return
    for k in range(3):
        side = dice.side("train")
        line = [
            0.6j,
            complex((0.4 + 0.12 * k) * side, 0.86),
            complex((0.85 + 0.1 * k) * side, 0.78 - 0.2 * k),
            complex((1.0 + 0.06 * k) * side, 0.3 - 0.24 * k),
        ]
        figure.add(ribbon(line, 0.07, 0.06, 0.05, 0.03), ("accent", "accent shade", "second")[k], "back", 0.8, 0.3)
        figure.add(ellipse(line[-1], 0.09, 0.11), "metal", "back", 0.8, 0.4)
        figure.add(ellipse(line[-1], 0.045, 0.055), "ink", "back", 0)


def bird(figure: Figure, dice: Dice, text: str) -> None:
    """A bird of trees, skies or the farmyard."""
    wide = dice.span("girth", 0.36, 0.46)
    if has(text, TRAINED):
        _train(figure, dice, text)
    else:
        _tail_feathers(figure, dice, text)
    talons(figure, 0.14, 0.6)
    if has(text, ("three legged",)):
        talons(figure, 0.0, 0.6)
    figure.add(egg(0.36j, wide, 0.46, 0.08), "body", "body", 1, 1)
    figure.add(egg(0.44j, wide * 0.68, 0.34, 0.08), "belly", "body", 0)
    _speckles(figure, text)
    rx, ry = dice.span("head width", 0.36, 0.43), dice.span("head height", 0.33, 0.39)
    head, top = -0.2j, complex(0, -0.2 - ry)
    _comb_or_crest(figure, dice, text, head, ry)
    figure.add(egg(head, rx, ry, dice.span("jaw", 0, 0.1)), "body", "head", 1, 1)
    _mask_and_cap(figure, dice, text, head, rx, ry)
    _breast(figure, text, wide)
    beak(figure, dice, text, head + complex(0, ry * 0.34))
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head - complex(0, ry * 0.02), rx * 0.95
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.86
    wings(figure, wide * 0.82, 0.2)
    if has(text, ("swift",)):
        figure.reach, figure.arm = 0.8, (0.09, 0.03)


def _tail_feathers(figure: Figure, dice: Dice, text: str) -> None:
    long, forked = has(text, LONG_TAILED), has(text, FORKED)
    lean = (0.45 + 0.6 * long) * dice.side("tail side")
    for i in range(5):
        far = 1.08 + 0.28 * long + (0.13 * (abs(i - 2) - 1) if forked else 0.0)
        feather = turned(leaf(0.5j, far * 1j, 0.32 - 0.1 * long), (i - 2) * (0.26 - 0.14 * long) - lean, 0.55j)
        figure.add(feather, ("accent", "deep")[i % 2], "back", 0.8)


def _speckles(figure: Figure, text: str) -> None:
    speckled = has(text, ("raptor", "gamebird", "thrush", "starling", "flicker", "cuckoo", "nightjar", "potoo", "lark"))
    for row in range(3):
        for k in range(-2 + row % 2, 3):
            spot = complex((k - 0.5 * (row % 2)) * 0.11, 0.36 + row * 0.11)
            figure.add(leaf(spot - 0.03j, spot + 0.05j, 0.9), "deep" if speckled else "light", "body", 0)


def _comb_or_crest(figure: Figure, dice: Dice, text: str, head: complex, ry: float) -> None:
    top = head - complex(0, ry)
    if has(text, ("rooster", "turkey", "capercaillie", "grouse", "cockatrice", "guineafowl")):
        for k in range(4):
            figure.add(
                ellipse(top + complex(-0.16 + 0.11 * k, 0.0 - 0.04 * (k % 3 > 0)), 0.08, 0.13),
                "cloth",
                "skull",
                0.9,
                0.4,
            )
        figure.both(egg(head + complex(0.07, ry * 0.86), 0.07, 0.13, 0.2), "cloth", "horn", 0.9, 0.3)
    elif has(text, CRESTED):
        crest(figure, dice, top, dice.count("crest", 3, 5), 0.3)
    elif dice.chance("tuft", 0.35):
        crest(figure, dice, top, 2, 0.16)


def _mask_and_cap(figure: Figure, dice: Dice, text: str, head: complex, rx: float, ry: float) -> None:
    corvid = has(text, ("corvid", "blackbird", "crow"))
    if has(text, ("vulture", "condor")):
        figure.add(lobes(head + complex(0, ry * 0.9), rx * 0.9, 0.15, 9, 0.2), "belly", "horn", 0.8, 0.4)
    if has(text, ("bald eagle", "osprey")) or (not corvid and dice.chance("mask", 0.5)):
        figure.both(egg(head + complex(rx * 0.42, 0.02), rx * 0.46, ry * 0.5), "belly", "head", 0)
    if dice.chance("cap", 0.45):
        cap = arc(head, rx * 0.97, ry * 0.98, 0.56, 0.94)
        figure.add([*cap, head - complex(0, ry * 0.42)], "deep", "head", 0)


def _breast(figure: Figure, text: str, wide: float) -> None:
    if has(text, ("robin", "bullfinch", "bluethroat", "tanager", "oriole", "bluebird", "swallow", "hummingbird")):
        figure.add(egg(0.2j, wide * 0.8, 0.2, 0.1), "accent", "body", 0)
    elif has(text, ("pigeon",)):
        for k in range(3):
            y = 0.12 + 0.05 * k
            band = [complex(-wide * 0.62, y), complex(0, y + 0.05), complex(wide * 0.62, y)]
            figure.add(ribbon(band, 0.03), ("second", "accent", "light")[k], "body", 0)


def owl(figure: Figure, dice: Dice, text: str) -> None:
    """Owls: no neck, two great discs for a face, tufts and a barred breast."""
    wide = dice.span("girth", 0.52, 0.6)
    talons(figure, 0.2, 0.7)
    for k in range(3):
        figure.add(leaf(complex(-0.16 + 0.16 * k, 0.6), complex(-0.22 + 0.22 * k, 1.02), 0.4), "deep", "back", 0.8)
    whole = _owl_outline(wide)
    tufted = has(text, ("eagle", "great")) or dice.chance("tufts", 0.4)
    if tufted:
        figure.both(
            smooth([complex(wide * 0.3, -0.5), complex(wide * 0.95, -0.92), complex(wide * 0.92, -0.36)]),
            "body",
            "skull",
            1,
            0.3,
        )
    figure.add(whole, "body", "body", 1, 1)
    figure.add(egg(0.42j, wide * 0.66, 0.42, 0.05), "belly", "body", 0)
    for row in range(4):
        for k in range(-2 + row % 2, 3):
            p = complex((k - 0.5 * (row % 2)) * 0.15, 0.22 + 0.13 * row)
            if abs(p.real) < wide * 0.55:
                figure.add(smooth([p - 0.05, p + 0.05j, p + 0.05, p + 0.02j]), "shade", "body", 0)
    _discs(figure, wide)
    figure.add(leaf(complex(0, -0.62), complex(0, -0.2), 0.4), "body", "head", 0)
    beak(figure, dice, text, 0.0j)
    figure.neck, figure.face, figure.face_size = 0.2j, -0.14j, wide * 0.98
    figure.hat, figure.hat_size = -0.56j, wide * 0.74
    wings(figure, wide * 0.92, 0.1)


def _owl_outline(wide: float) -> Points:
    return smooth(
        [
            complex(-wide * 0.9, -0.4),
            complex(-wide * 0.5, -0.64),
            -0.6j,
            complex(wide * 0.5, -0.64),
            complex(wide * 0.9, -0.4),
            complex(wide, 0.1),
            complex(wide * 0.86, 0.6),
            0.88j,
            complex(-wide * 0.86, 0.6),
            complex(-wide, 0.1),
        ]
    )


def _discs(figure: Figure, wide: float) -> None:
    eye = wide * 0.46
    for grow, fill in ((1.0, "light"), (0.84, "belly")):
        figure.both(ellipse(complex(eye, -0.2), wide * 0.52 * grow, wide * 0.54 * grow), fill, "head", 0.7)
    for k in range(14):
        a = math.tau * k / 14
        at = complex(eye + wide * 0.4 * math.cos(a), -0.2 + wide * 0.42 * math.sin(a))
        figure.both(ribbon([at, at + complex(0.06 * math.cos(a), 0.06 * math.sin(a))], 0.008), "shade", "head", 0)


def penguin(figure: Figure, dice: Dice, text: str) -> None:
    """Penguins and auks: a coat of one colour, a white front, flippers, flat feet."""
    wide = dice.span("girth", 0.42, 0.5)
    figure.both(box(0.2 + 0.94j, 0.19, 0.06, 0.8), "metal", "tail", 1, 0.4)
    figure.add(smooth([-0.1 + 0.7j, complex(0.42 * dice.side("tail"), 0.98), 0.1 + 0.7j]), "deep", "back", 1)
    _coat(figure, wide)
    for side in (-1, 1):
        figure.add(ellipse(complex(side * wide * 0.36, -0.36), wide * 0.4, 0.26), "belly", "head", 0)
    if has(text, ("rockhopper",)):
        for k in range(3):
            root = complex(wide * 0.3, -0.62)
            figure.both(leaf(root, root + complex(0.36, -0.22 + 0.14 * k), 0.26), "metal", "skull", 0.7)
    if has(text, ("puffin",)):
        beak(figure, dice, text, -0.24j)
    else:
        figure.add(smooth([-0.1 - 0.24j, -0.32j, 0.1 - 0.24j, 0.02 - 0.02j, -0.02 - 0.02j]), "metal", "face", 1, 0.6)
    figure.mouth = "none"
    figure.neck, figure.face, figure.face_size = 0j, -0.34j, wide * 0.84
    figure.hat, figure.hat_size = -0.72j, wide * 0.68
    wings(figure, wide * 0.9, 0.08)
    figure.arm_fill, figure.arm = "deep", (0.12, 0.07)


def _coat(figure: Figure, wide: float) -> None:
    coat = smooth(
        [
            complex(-wide * 0.72, -0.5),
            -0.8j,
            complex(wide * 0.72, -0.5),
            complex(wide * 0.84, -0.06),
            complex(wide * 1.05, 0.45),
            complex(wide * 0.7, 0.88),
            0.93j,
            complex(-wide * 0.7, 0.88),
            complex(-wide * 1.05, 0.45),
            complex(-wide * 0.84, -0.06),
        ]
    )
    figure.add(coat, "deep", "body", 1, 1)
    front = smooth(
        [
            complex(-wide * 0.44, 0.0),
            complex(wide * 0.44, 0.0),
            complex(wide * 0.8, 0.46),
            complex(wide * 0.5, 0.84),
            0.88j,
            complex(-wide * 0.5, 0.84),
            complex(-wide * 0.8, 0.46),
        ]
    )
    figure.add(front, "belly", "body", 0)
    figure.add(smooth([complex(-wide * 0.46, 0.02), -0.02j, complex(wide * 0.46, 0.02), 0.26j]), "accent", "body", 0)
