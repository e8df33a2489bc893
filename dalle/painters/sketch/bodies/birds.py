"""Birds."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, arc, box, egg, ellipse, leaf, ribbon, smooth, turned
from dalle.painters.sketch.words import has


def bird(figure: Figure, dice: Dice, text: str) -> None:
    """Birds: an egg with wings for arms, a tail fan and a beak that tells the trade."""
    wader = has(
        text, ("wader", "heron", "crane", "flamingo", "stork", "ibis", "ostrich", "emu", "egret", "rhea", "avocet")
    )
    owl = "owl" in text
    wide = dice.span("girth", 0.36, 0.46)
    rise = -0.12 if wader else 0.0
    for i in range(5):
        figure.add(
            turned(leaf(0.5j, 1.08j, 0.32), (i - 2) * 0.3 - 0.45 * dice.side("tail side"), 0.55j),
            ("accent", "deep")[i % 2],
            "back",
            0.8,
        )
    leg = 0.95
    figure.both(ribbon([complex(0.14, 0.6 + rise), complex(0.15, leg)], 0.03, 0.026), "metal", "tail")
    for toe in (-0.09, 0.02, 0.12):
        figure.both(ribbon([complex(0.15, leg), complex(0.15 + toe, leg + 0.05)], 0.028, 0.018), "metal", "tail", 0.7)
    figure.add(egg(complex(0, 0.36 + rise), wide, 0.46 - 0.05 * wader, 0.08), "body", "body", 1, 1)
    figure.add(egg(complex(0, 0.44 + rise), wide * 0.68, 0.34, 0.08), "belly", "body", 0)
    for row in range(3):
        for k in range(-2 + row % 2, 3):
            spot = complex((k - 0.5 * (row % 2)) * 0.11, 0.36 + row * 0.11 + rise)
            figure.add(leaf(spot - 0.03j, spot + 0.05j, 0.9), "light", "body", 0)
    rx, ry = dice.span("head width", 0.36, 0.44), dice.span("head height", 0.33, 0.39)
    if wader:
        rx, ry = rx * 0.8, ry * 0.8
        figure.add(ribbon([0.15j, 0.04 * dice.side("neck") - 0.15j, -0.4j], 0.17, 0.1, 0.12), "body", "body", 1, 0.5)
    head = complex(0, -0.48 if wader else -0.2)
    top = head - complex(0, ry)
    crest = dice.count("crest", 0, 3)
    if owl:
        figure.both(
            leaf(head + complex(rx * 0.6, -ry * 0.5), head + complex(rx * 1.0, -ry * 1.45), 0.5), "body", "skull"
        )
    elif crest or has(
        text, ("cockatoo", "hoopoe", "crested", "peacock", "cassowary", "cardinal", "phoenix", "waxwing")
    ):
        for i in range(crest + 2):
            lean = (i - (crest + 1) / 2) * 0.3
            figure.add(turned(leaf(top + 0.12j, top - 0.26j, 0.36), lean, top + 0.12j), "accent", "skull", 0.8)
    figure.add(egg(head, rx, ry, dice.span("jaw", 0, 0.1)), "body", "head", 1, 1)
    if owl:
        figure.both(ellipse(head + complex(rx * 0.42, 0.0), rx * 0.5, ry * 0.56), "belly", "head", 0.6)
    elif dice.chance("mask", 0.55):
        figure.both(egg(head + complex(rx * 0.42, 0.02), rx * 0.42, ry * 0.48), "belly", "head", 0)
    if dice.chance("cap", 0.4) and not owl:
        cap = arc(head, rx * 0.97, ry * 0.98, 0.56, 0.94)
        figure.add([*cap, head - complex(0, ry * 0.42)], "deep", "head", 0)
    beak = head + complex(0, ry * 0.34)
    long = has(
        text,
        (
            "hummingbird",
            "wader",
            "heron",
            "ibis",
            "kiwi",
            "stork",
            "kingfisher",
            "snipe",
            "crane",
            "hoopoe",
            "woodpecker",
            "avocet",
            "egret",
        ),
    )
    if has(text, ("duck", "goose", "swan", "waterfowl", "spoonbill", "flamingo", "pelican", "platypus")):
        figure.add(box(beak + 0.03j, 0.2, 0.085, 0.75), "metal", "face", 1, 0.6)
        figure.both(ellipse(beak + 0.05, 0.014, 0.01), "ink", "face", 0)
    elif has(
        text,
        (
            "parrot",
            "raptor",
            "eagle",
            "hawk",
            "falcon",
            "vulture",
            "owl",
            "macaw",
            "cockatoo",
            "kite",
            "toucan",
            "hornbill",
            "puffin",
            "roc",
            "condor",
        ),
    ):
        big = 1.7 if has(text, ("toucan", "hornbill", "puffin")) else 1.0
        figure.add(
            smooth(
                [
                    beak - 0.11 * big - 0.05j,
                    beak - 0.1j * big,
                    beak + 0.11 * big - 0.05j,
                    beak + (0.05 + 0.12j) * big,
                    beak + 0.24j * big,
                    beak + (-0.05 + 0.12j) * big,
                ]
            ),
            "metal",
            "face",
            1,
            0.6,
        )
    else:
        length = dice.span("beak", 0.34, 0.46) if long else dice.span("beak", 0.15, 0.22)
        figure.add(
            smooth(
                [
                    beak - 0.1 - 0.02j,
                    beak - 0.08j,
                    beak + 0.1 - 0.02j,
                    beak + 0.03 + 0.08j,
                    beak + complex(0, length),
                    beak - 0.03 + 0.08j,
                ]
            ),
            "metal",
            "face",
            1,
            0.6,
        )
    figure.mouth = "none"
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head - complex(0, ry * 0.02), rx * 0.95
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.86
    figure.shoulders = (complex(-wide * 0.82, 0.2 + rise), complex(wide * 0.82, 0.2 + rise))
    figure.arm, figure.arm_fill, figure.reach = (0.15, 0.06), "shade", 0.56
