"""Ears, horns and antlers."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, ribbon, smooth

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


def ears(figure: Figure, dice: Dice, kind: str, rx: float, ry: float, top: complex) -> None:
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
