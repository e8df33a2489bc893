"""Bodies that stand on legs: fur, feathers, scales on four feet, frogs and people of legend."""

import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Points, arc, box, egg, ellipse, leaf, mirrored, ribbon, smooth, turned

EARS = {
    "long": ("rabbit", "hare", "donkey", "kangaroo", "wallaby", "jerboa", "aardvark", "lagomorph", "pika", "ass"),
    "point": ("canid", "felid", "wolf", "fox", "cat", "lynx", "jackal", "dog", "tiger", "genet", "caracal", "serval"),
    "fan": ("elephant", "bat", "fennec", "mouse", "koala", "galago", "aye-aye", "loris", "lemur", "chinchilla"),
    "horn": (
        "bovid",
        "goat",
        "sheep",
        "ibex",
        "bison",
        "ox",
        "buffalo",
        "antelope",
        "gazelle",
        "minotaur",
        "satyr",
        "faun",
        "yak",
        "cattle",
        "oryx",
        "rhino",
        "chimera",
        "demon",
        "bull",
        "ram",
    ),
    "antler": ("deer", "elk", "moose", "reindeer", "cervid", "stag", "jackalope", "hart"),
    "drop": (
        "pig",
        "boar",
        "tapir",
        "peccary",
        "horse",
        "equid",
        "zebra",
        "camel",
        "llama",
        "alpaca",
        "giraffe",
        "okapi",
        "unicorn",
        "centaur",
        "hippo",
        "hound",
    ),
    "none": (
        "seal",
        "sea lion",
        "walrus",
        "whale",
        "dolphin",
        "porpoise",
        "mole",
        "platypus",
        "otter",
        "pinniped",
        "manatee",
        "dugong",
        "pangolin",
        "armadillo",
        "anteater",
        "echidna",
        "merm",
    ),
}
STRIPED = ("zebra", "tiger", "okapi", "badger", "skunk", "raccoon", "bongo", "numbat", "tamarin", "chipmunk")
SPOTTED = ("leopard", "cheetah", "jaguar", "genet", "serval", "ocelot", "giraffe", "hyena", "quoll", "fawn", "deer")
SPINY = ("hedgehog", "porcupine", "echidna", "tenrec")


def has(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words stands in the text."""
    return any(word in text for word in words)


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


def _ears(figure: Figure, dice: Dice, kind: str, rx: float, ry: float, top: complex) -> None:
    wide = dice.span("ear width", 0.85, 1.2)
    if kind == "long":
        lean = dice.span("ear lean", 0.05, 0.28)
        ear = ribbon(
            [
                top + complex(rx * 0.35, ry * 0.35),
                top + complex(rx * 0.5, -0.25),
                top + complex(rx * 0.5 + lean, -0.62),
            ],
            0.09 * wide,
            0.13 * wide,
            0.05,
        )
        inner = ribbon(
            [
                top + complex(rx * 0.42, 0.02),
                top + complex(rx * 0.5, -0.25),
                top + complex(rx * 0.5 + lean * 0.9, -0.52),
            ],
            0.03,
            0.065 * wide,
            0.02,
        )
    elif kind == "point":
        tip = top + complex(rx * dice.span("ear out", 0.75, 0.95), -dice.span("ear up", 0.2, 0.36))
        base = top + complex(rx * 0.55, ry * 0.35)
        ear = smooth([base - 0.2 * wide, tip - 0.05 + 0.05j, tip, tip + 0.02 + 0.06j, base + 0.17 * wide + 0.12j])
        inner = [base - 0.09 * wide, tip + 0.07j, base + 0.09 * wide + 0.06j]
    elif kind == "fan":
        size = dice.span("ear size", 0.2, 0.3)
        centre = top + complex(rx * 0.88, ry * 0.3)
        ear = egg(centre, size * wide, size * 1.1, 0.1)
        inner = egg(centre + 0.02j, size * wide * 0.62, size * 0.7, 0.1)
    elif kind == "horn":
        base = top + complex(rx * 0.5, ry * 0.18)
        curl = dice.span("horn curl", -0.1, 0.2)
        horn = ribbon(
            [base, base + 0.16 - 0.14j, base + complex(0.2 + curl * 0.5, -0.34), base + complex(curl, -0.46)],
            0.085,
            0.06,
            0.012,
        )
        figure.both(horn, "belly", "skull", 1, 0.4)
        ear = leaf(top + complex(rx * 0.72, ry * 0.5), top + complex(rx * 0.9 + 0.22, ry * 0.4), 0.55)
        inner = leaf(top + complex(rx * 0.78, ry * 0.5), top + complex(rx * 0.9 + 0.14, ry * 0.42), 0.4)
    elif kind == "antler":
        base = top + complex(rx * 0.38, ry * 0.15)
        figure.both(
            ribbon([base, base + 0.1 - 0.2j, base + 0.32 - 0.3j, base + 0.42 - 0.52j], 0.045, 0.035, 0.015),
            "wood",
            "skull",
        )
        figure.both(ribbon([base + 0.09 - 0.19j, base + 0.06 - 0.42j], 0.035, 0.012), "wood", "skull")
        figure.both(ribbon([base + 0.28 - 0.29j, base + 0.24 - 0.52j], 0.03, 0.012), "wood", "skull")
        ear = leaf(top + complex(rx * 0.7, ry * 0.5), top + complex(rx * 0.9 + 0.24, ry * 0.5), 0.5)
        inner = leaf(top + complex(rx * 0.75, ry * 0.5), top + complex(rx * 0.9 + 0.16, ry * 0.5), 0.35)
    elif kind == "drop":
        base = top + complex(rx * 0.6, ry * 0.22)
        ear = ribbon([base, base + 0.13 - 0.1j, base + 0.24 + 0.04j], 0.09 * wide, 0.1 * wide, 0.035)
        inner = ribbon([base + 0.07 - 0.05j, base + 0.13 - 0.07j, base + 0.2 + 0.02j], 0.03, 0.045, 0.02)
    elif kind == "round":
        size = dice.span("ear size", 0.11, 0.17)
        centre = top + complex(rx * 0.72, ry * 0.22)
        ear, inner = ellipse(centre, size * wide, size), ellipse(centre + 0.01j, size * wide * 0.58, size * 0.58)
    else:
        return
    figure.both(ear, "body", "skull", 1, 0.3)
    figure.both(inner, "cheek" if kind in ("long", "fan", "point") else "belly", "skull", 0)


def _legs(figure: Figure, dice: Dice, hip: float, foot: float, thick: float, fill: str = "body") -> None:
    length = dice.span("leg", 0.0, 0.06)
    figure.both(ribbon([complex(hip, 0.6), complex(hip, 0.9)], thick, thick * 0.9), fill, "tail")
    figure.both(box(complex(hip + 0.04, 0.93 + length), foot, 0.085, 0.8), fill, "body", 1, 0.4)


def furry(figure: Figure, dice: Dice, text: str) -> None:
    """Mammals, primates, beasts, hybrids and giants: sitting upright, facing the viewer."""
    wide = dice.span("girth", 0.38, 0.5)
    rx, ry = dice.span("head width", 0.44, 0.53), dice.span("head height", 0.36, 0.43)
    head = complex(0, -0.27)
    top = complex(0, head.imag - ry)
    primate = has(text, ("primate", "monkey", "ape", "giant", "troll", "ogre", "cyclops", "gorilla", "titan"))
    kind = next((ear for ear, words in EARS.items() if has(text, words)), "round")
    tail = dice.side("tail side")
    thick = dice.span("tail thick", 0.05, 0.11)
    if has(text, ("fox", "squirrel", "skunk", "canid", "wolf", "red panda", "anteater")):
        thick = 0.15
    if kind != "none" or "otter" in text:
        curve = [
            complex(0.25 * tail, 0.8),
            complex(0.68 * tail, 0.78),
            complex(0.82 * tail, 0.42),
            complex(dice.span("tail tip", 0.62, 0.9) * tail, dice.span("tail up", -0.05, 0.25)),
        ]
        figure.add(ribbon(curve, 0.06, thick, thick * 1.2, thick * 0.35), "body", "tail", 1, 0.3)
        figure.add(
            ribbon([curve[-2] * 0.4 + curve[-1] * 0.6, curve[-1]], thick * 0.9, thick * 0.3),
            "belly" if dice.chance("tail tip light", 0.5) else "deep",
            "tail",
            0,
        )
    if has(text, ("griffin", "hippogriff", "pegasus", "sphinx", "winged", "bat", "simurgh", "manticore")):
        wing = smooth([0.25 + 0.25j, 0.7 - 0.35j, 1.1 - 0.45j, 1.02 - 0.05j, 0.95 + 0.15j, 0.75 + 0.2j, 0.55 + 0.45j])
        figure.both(wing, "accent", "back", 1, 0.4)
    if has(text, SPINY):
        for i in range(30):
            a = math.pi * (1.02 + 0.96 * i / 29) if i % 2 else math.pi * (0.92 + 1.16 * i / 29)
            root = complex(wide * 1.0 * math.cos(a), 0.3 + 0.5 * math.sin(a))
            figure.add(leaf(root, root + complex(0.34 * math.cos(a), 0.34 * math.sin(a)), 0.35), "deep", "back", 0.6)
    figure.add(egg(0.42j, wide, 0.52, 0.16), "body", "body", 1, 1)
    _legs(figure, dice, wide * 0.62, 0.17, 0.12)
    figure.add(egg(0.5j, wide * 0.62, 0.36, 0.1), "belly", "body", 0)
    if has(text, STRIPED) or (kind != "none" and dice.chance("banded", 0.12)):
        bands(figure, dice, 0.42j, wide * 1.0, 0.5, "deep")
    elif has(text, SPOTTED) or dice.chance("spotted", 0.15):
        spots(figure, dice, 0.42j, wide * 0.9, 0.45, "deep")
    if has(text, ("lion", "horse", "unicorn", "manticore", "bison", "sphinx", "equid", "griffin", "yeti")):
        figure.add(
            smooth(
                [
                    head + complex((rx + 0.17 + 0.05 * (i % 2)) * math.cos(a), (ry + 0.17) * math.sin(a))
                    for i, a in enumerate(math.tau * k / 18 for k in range(18))
                ]
            ),
            "accent shade",
            "skull",
            1,
            0.4,
        )
    _ears(figure, dice, kind, rx, ry, top)
    jaw = dice.span("jaw", -0.05, 0.14)
    figure.add(egg(head, rx, ry, jaw), "body", "head", 1, 1)
    if primate:
        mask = [
            head
            + complex(
                rx * 0.72 * math.cos(a),
                ry * (0.7 + 0.1 * abs(math.cos(a)) - (0.14 if a > math.pi else 0)) * math.sin(a) + 0.05,
            )
            for a in (math.tau * i / 24 for i in range(24))
        ]
        figure.add(smooth(mask, steps=3), "belly", "head", 0.5)
    if has(text, STRIPED) and not primate:
        bands(figure, dice, head, rx, ry, "deep", "head")
    if has(text, ("panda", "raccoon", "badger", "lemur")):
        figure.both(ellipse(head + complex(rx * 0.42, 0.0), 0.15, 0.18, 0.4), "deep", "head", 0)
    muzzle = head + complex(0, ry * 0.48)
    if "elephant" in text or "mammoth" in text or "tapir" in text:
        figure.add(
            ribbon(
                [muzzle - 0.06j, muzzle + 0.22j, muzzle + complex(0.06, 0.42), muzzle + complex(0.24, 0.44)],
                0.13,
                0.1,
                0.08,
                0.07,
            ),
            "body",
            "face",
            1,
            0.5,
        )
        figure.mouth = "none"
    else:
        snout = dice.span("muzzle", 0.17, 0.25)
        if not primate:
            figure.add(ellipse(muzzle, snout * 1.1, snout * 0.74), "belly", "head", 0.6, 0.5)
        pig = has(text, ("pig", "boar", "peccary"))
        nose = muzzle - complex(0, snout * 0.42)
        if pig:
            figure.add(ellipse(nose + 0.03j, 0.13, 0.095), "cheek", "head", 1)
            figure.both(ellipse(nose + 0.05 + 0.03j, 0.022, 0.035), "ink", "head", 0)
        else:
            figure.add(
                smooth([nose - 0.085 - 0.02j, nose - 0.04j, nose + 0.085 - 0.02j, nose + 0.05j]), "ink", "head", 0
            )
            figure.add(ellipse(nose - 0.025 - 0.025j, 0.022, 0.011), "white", "head", 0)
        if kind in ("point", "round", "long", "none") and not primate:
            for y in (-0.015, 0.04):
                figure.both(
                    ribbon([muzzle + complex(0.1, y), muzzle + complex(rx * 0.95, y * 2.6 - 0.03)], 0.006),
                    "ink",
                    "face",
                    0,
                )
    if has(text, ("unicorn", "rhino", "narwhal", "qilin")):
        figure.add(ribbon([top + 0.1j, top - 0.38j], 0.075, 0.012), "metal", "hat", 1, 0.5)
    if has(text, ("walrus", "boar", "smilodon", "sabre", "ogre", "mammoth", "elephant")):
        figure.both(ribbon([muzzle + 0.1 + 0.06j, muzzle + 0.13 + 0.24j], 0.035, 0.01), "white", "face")
    if kind not in ("horn", "antler", "none") and dice.chance("tuft", 0.5):
        for lean in (-0.09, 0.0, 0.09):
            figure.add(leaf(top + 0.06j, top + complex(lean * 1.4, -0.14), 0.5), "body", "head", 0.6)
    figure.neck, figure.face, figure.face_size = 0.05j, head - complex(0, ry * 0.08), rx * 0.98
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.86
    figure.shoulders = (complex(-wide * 0.78, 0.16), complex(wide * 0.78, 0.16))
    figure.arm = (0.115, 0.085)


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


def lizard(figure: Figure, dice: Dice, text: str) -> None:
    """Reptiles, dinosaurs and dragons: upright, with a great tail, plates, horns, shells and wings."""
    side = dice.side("tail side")
    wide = dice.span("girth", 0.34, 0.44)
    dragon = has(text, ("dragon", "wyvern", "drake", "pterosaur", "wyrm", "pterodactyl"))
    turtle = has(text, ("turtle", "tortoise", "terrapin", "chelonian"))
    if dragon:
        wing = [0.2 + 0.2j, 0.55 - 0.45j, 1.15 - 0.6j]
        web = smooth([1.0 - 0.15j, 0.82 - 0.1j, 0.86 + 0.22j, 0.62 + 0.15j, 0.55 + 0.45j, 0.3 + 0.4j], closed=False)
        figure.both([*smooth(wing, closed=False), *web], "accent", "back", 1, 0.5)
        for tip in (0.84 - 0.1j, 0.62 + 0.15j):
            figure.both(ribbon([0.56 - 0.42j, tip], 0.02, 0.01), "accent shade", "back", 0)
    tail = [
        complex(0.1 * side, 0.72),
        complex(0.6 * side, 0.9),
        complex(0.98 * side, 0.7),
        complex(0.9 * side, 0.34),
        complex(dice.span("tail tip", 0.72, 1.0) * side, 0.12),
    ]
    figure.add(ribbon(tail, 0.2, 0.14, 0.09, 0.05, 0.015), "body", "tail", 1, 0.4)
    for spot in smooth(tail, closed=False, steps=2)[3:]:
        figure.add(ellipse(spot, 0.035, 0.02), "deep", "tail", 0)
    if turtle:
        figure.add(egg(0.38j, wide * 1.75, 0.56, 0.05), "accent", "back", 1, 1)
        for i in range(9):
            a = math.tau * i / 9
            figure.add(
                ellipse(complex(wide * 1.45 * math.cos(a), 0.38 + 0.45 * math.sin(a)), 0.12, 0.1),
                "accent shade",
                "back",
                0,
            )
    else:
        for i in range(7):
            y = -0.62 + 0.2 * i
            figure.add(
                turned(leaf(complex(0, y), complex(0, y - 0.34), 0.7), side * (0.25 + 0.16 * i), complex(0, y)),
                "accent",
                "back",
                0.8,
            )
    figure.add(egg(0.42j, wide, 0.5, 0.14), "body", "body", 1, 1)
    _legs(figure, dice, wide * 0.72, 0.18, 0.12)
    figure.add(egg(0.48j, wide * 0.64, 0.4, 0.1), "belly", "body", 0.5)
    for i in range(5):
        y = 0.24 + 0.13 * i
        half = wide * 0.6 * math.sqrt(max(0.05, 1 - ((y - 0.48) / 0.42) ** 2))
        figure.add(ribbon([complex(-half, y), complex(0, y + 0.03), complex(half, y)], 0.009), "shade", "body", 0)
    rx, ry = dice.span("head width", 0.4, 0.5), dice.span("head height", 0.3, 0.37)
    head = -0.26j
    top = head - complex(0, ry)
    if dragon or dice.chance("horned", 0.3) or "ceratops" in text or "horn" in text:
        base = top + complex(rx * 0.48, 0.1)
        figure.both(
            ribbon([base, base + 0.08 - 0.16j, base + complex(dice.span("horn", 0.1, 0.34), -0.32)], 0.07, 0.05, 0.01),
            "belly",
            "skull",
            1,
            0.4,
        )
    if has(text, ("ceratops", "frilled", "hooded")):
        figure.add(
            smooth(
                [
                    head + complex((rx + 0.22) * math.cos(a), (ry + 0.26) * math.sin(a))
                    for a in (math.pi * (0.85 + 1.3 * k / 11) for k in range(12))
                ]
            ),
            "accent",
            "skull",
            1,
            0.5,
        )
    figure.add(box(head, rx, ry, 0.86), "body", "head", 1, 1)
    figure.add(egg(head + complex(0, ry * 0.5), rx * 0.84, ry * 0.46, -0.1), "light", "head", 0)
    figure.both(ellipse(head + complex(0.05, ry * 0.26), 0.018, 0.025), "ink", "face", 0)
    spots(figure, dice, head - complex(0, ry * 0.62), rx * 0.6, ry * 0.2, "deep", "head")
    figure.neck, figure.face, figure.face_size = 0.04j, head - complex(0, ry * 0.16), rx * 0.98
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.8
    figure.shoulders = (complex(-wide * 0.8, 0.2), complex(wide * 0.8, 0.2))
    figure.arm = (0.1, 0.075)


def frog(figure: Figure, dice: Dice, text: str) -> None:
    """Amphibians: wide and low, eyes on top; newts have a tail, axolotls gills."""
    rx = dice.span("head width", 0.56, 0.66)
    side = dice.side("tail side")
    newt = has(
        text, ("newt", "salamander", "axolotl", "caecilian", "mudpuppy", "siren", "olm", "hellbender", "urodele")
    )
    if newt:
        tail = [
            complex(0.1 * side, 0.75),
            complex(0.7 * side, 0.88),
            complex(0.98 * side, 0.6),
            complex(0.85 * side, 0.2),
        ]
        figure.add(ribbon(tail, 0.2, 0.14, 0.1, 0.02), "body", "tail", 1, 0.4)
        for i in range(3):
            root = complex(rx * 0.86, -0.12 + 0.1 * i)
            figure.both(
                ribbon(
                    [root, root + complex(0.18, -0.16 + 0.1 * i), root + complex(0.34, -0.24 + 0.16 * i)],
                    0.05,
                    0.045,
                    0.015,
                ),
                "accent",
                "back",
                0.8,
            )
    else:
        thigh = turned(ellipse(0.46 + 0.62j, 0.26, 0.2), -0.5, 0.46 + 0.62j)
        figure.both(thigh, "shade", "tail", 1, 0.5)
        for toe in (-0.14, 0.0, 0.14):
            figure.both(ribbon([0.5 + 0.86j, complex(0.58 + toe, 0.97)], 0.055, 0.05), "shade", "tail", 0.8)
    figure.add(egg(0.46j, 0.44, 0.46, 0.1), "body", "body", 1, 1)
    figure.add(egg(0.56j, 0.32, 0.34, 0.05), "belly", "body", 0)
    figure.both(box(0.2 + 0.94j, 0.15, 0.065, 0.8), "body", "front", 1, 0.3)
    head = -0.1j
    if not newt:
        figure.both(ellipse(complex(rx * 0.5, -0.42), 0.22, 0.22), "body", "skull", 1, 0.6)
    figure.add(egg(head, rx, 0.38, 0.06), "body", "head", 1, 1)
    figure.add(arc(head + 0.02j, rx * 0.93, 0.35, 0.02, 0.48), "belly", "head", 0)
    spots(figure, dice, head - 0.2j, rx * 0.66, 0.1, "deep", "head")
    figure.both(ellipse(0.045 - 0.02j, 0.014, 0.02), "ink", "face", 0)
    figure.neck, figure.face_size = 0.25j, rx * 0.85
    figure.face = complex(0, -0.12 if newt else -0.17)
    figure.mouth = "wide"
    figure.hat, figure.hat_size = complex(0, -0.42), rx * 0.55
    figure.shoulders = (-0.4 + 0.34j, 0.4 + 0.34j)
    figure.arm = (0.085, 0.065)


def person(figure: Figure, dice: Dice, text: str) -> None:
    """Spirits and sprites: a small draped body, wisps instead of feet, wings of gauze for the sprites."""
    ghostly = not has(
        text,
        (
            "sprite",
            "fairy",
            "elf",
            "gnome",
            "pixie",
            "dwarf",
            "imp",
            "goblin",
            "brownie",
            "leprechaun",
            "kobold",
            "nymph",
            "dryad",
            "puck",
            "hob",
        ),
    )
    wide = dice.span("girth", 0.4, 0.5)
    if not ghostly:
        figure.both(
            smooth([0.1 + 0.2j, 0.5 - 0.42j, 0.98 - 0.5j, 0.98 - 0.05j, 0.6 + 0.24j]), "light", "back", 0.8, 0.3
        )
        figure.both(
            smooth([0.1 + 0.25j, 0.62 + 0.24j, 0.86 + 0.5j, 0.62 + 0.72j, 0.32 + 0.55j]), "second", "back", 0.8, 0.3
        )
    waves = dice.count("waves", 3, 5)
    hem: Points = []
    for i in range(waves * 2 + 1):
        x = -wide * 1.35 + 2.7 * wide * i / (waves * 2)
        hem.append(complex(x, 0.96 - 0.16 * (i % 2)))
    robe = smooth([-0.2 - 0.1j, *[complex(-wide, 0.35)], *hem, complex(wide, 0.35), 0.2 - 0.1j], steps=5)
    if ghostly:
        curl = dice.side("wisp")
        figure.add(
            ribbon(
                [
                    complex(0.3 * curl, 0.8),
                    complex(0.8 * curl, 0.86),
                    complex(0.98 * curl, 0.5),
                    complex(0.78 * curl, 0.4),
                ],
                0.16,
                0.1,
                0.06,
                0.015,
            ),
            "body",
            "tail",
            1,
            0.4,
        )
    figure.add(robe, "body" if ghostly else "cloth", "body", 1, 0.8)
    for i in range(1, waves):
        x = -wide + 2 * wide * i / waves
        figure.add(
            ribbon([complex(x * 0.5, 0.42), complex(x * 1.05, 0.84)], 0.006, 0.018),
            "shade" if ghostly else "ink",
            "body",
            0,
        )
    rx, ry = dice.span("head width", 0.4, 0.47), dice.span("head height", 0.38, 0.44)
    head = -0.3j
    top = head - complex(0, ry)
    if ghostly:
        for i in range(7):
            lean = (i - 3) * 0.34
            figure.add(turned(leaf(head, head - complex(0, ry + 0.3), 0.5), lean, head), "light", "skull", 0.8)
    else:
        ear = leaf(head + complex(rx * 0.8, 0.1), head + complex(rx * 1.5, -0.14), 0.55)
        figure.both(ear, "body", "skull", 1)
        hair = [
            head + complex((rx + 0.09 + 0.04 * (k % 2)) * math.cos(a), (ry + 0.09) * math.sin(a))
            for k, a in enumerate(math.pi * (0.9 + 1.2 * j / 13) for j in range(14))
        ]
        figure.add(smooth(hair), "accent", "skull", 1, 0.4)
    figure.add(egg(head, rx, ry, -0.04), "body", "head", 1, 1)
    if not ghostly:
        fringe = [
            *arc(head, rx * 0.99, ry * 0.99, 0.53, 0.97),
            head + complex(rx * 0.3, -ry * 0.5),
            head + complex(0, -ry * 0.4),
            head + complex(-rx * 0.4, -ry * 0.55),
        ]
        figure.add(fringe, "accent", "head", 0.6)
    figure.floats = ghostly
    figure.neck, figure.face, figure.face_size = 0.06j, head + complex(0, ry * 0.1), rx * 0.95
    figure.hat, figure.hat_size = top + complex(0, ry * 0.16), rx * 0.9
    figure.shoulders = (complex(-wide * 0.72, 0.2), complex(wide * 0.72, 0.2))
    figure.arm, figure.arm_fill = (0.1, 0.07), "body" if ghostly else "cloth"
