"""What a creature holds, wears and does: hats and tools by the family of its trade, arms and things by its action."""

import math

from dalle.painters.sketch.beasts import has
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Points, arc, box, ellipse, leaf, ribbon, smooth, star

TRADES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("crown", ("king", "queen", "royal", "herald", "court", "jester", "actor", "noble", "throne", "ambassador")),
    (
        "sailor",
        (
            "sea",
            "sail",
            "ship",
            "boat",
            "harbour",
            "lighthouse",
            "fish",
            "ferry",
            "pearl",
            "net",
            "river",
            "diver",
            "captain",
        ),
    ),
    (
        "toque",
        (
            "cook",
            "chef",
            "bake",
            "bread",
            "cake",
            "pastry",
            "cheese",
            "kitchen",
            "brew",
            "coffee",
            "tea",
            "chocolate",
            "food",
        ),
    ),
    (
        "helmet",
        ("guard", "knight", "soldier", "fire", "armour", "watch", "mine", "blacksmith", "sword", "rescue", "gladiator"),
    ),
    (
        "hardhat",
        (
            "build",
            "mason",
            "engineer",
            "roof",
            "carpent",
            "wood",
            "bridge",
            "stone",
            "brick",
            "plumb",
            "electric",
            "weld",
        ),
    ),
    (
        "mortar",
        (
            "teach",
            "scholar",
            "professor",
            "librarian",
            "book",
            "write",
            "poet",
            "translat",
            "historian",
            "law",
            "judge",
            "philosoph",
            "language",
        ),
    ),
    ("cone", ("alchem", "magic", "astrolog", "wizard", "fortune", "star", "planet", "moon", "sky", "potion", "conjur")),
    (
        "straw",
        (
            "farm",
            "garden",
            "shepherd",
            "bee",
            "orchard",
            "harvest",
            "field",
            "flower",
            "seed",
            "vine",
            "tree",
            "cattle",
            "rice",
        ),
    ),
    (
        "beret",
        (
            "paint",
            "artist",
            "sculpt",
            "draw",
            "potter",
            "photograph",
            "design",
            "illustrat",
            "engrav",
            "glass",
            "colour",
        ),
    ),
    (
        "tophat",
        (
            "music",
            "play",
            "sing",
            "dance",
            "conduct",
            "circus",
            "perform",
            "puppet",
            "theatre",
            "instrument",
            "string",
            "jugg",
        ),
    ),
    (
        "cap",
        ("post", "deliver", "train", "driver", "pilot", "courier", "conductor", "tram", "mail", "messenger", "taxi"),
    ),
    (
        "goggles",
        (
            "scien",
            "chem",
            "invent",
            "fly",
            "aviat",
            "balloon",
            "mechanic",
            "clock",
            "machine",
            "gear",
            "robot",
            "metal",
            "comput",
            "biolog",
        ),
    ),
    ("wreath", ("heal", "doctor", "nurse", "medic", "herb", "midwife", "pharm", "perfum")),
    (
        "band",
        ("cloth", "sew", "weav", "tailor", "thread", "shoe", "hat", "leather", "dye", "rope", "basket", "wool", "silk"),
    ),
    (
        "pith",
        (
            "explor",
            "guide",
            "travel",
            "mountain",
            "map",
            "survey",
            "hunter",
            "ranger",
            "track",
            "dig",
            "fossil",
            "geolog",
            "archaeolog",
        ),
    ),
)
FAMILIES = tuple(name for name, _ in TRADES)


def trade_of(text: str, dice: Dice) -> str:
    """The family of a trade by the words in its name and description that begin with a key word, the longest
    one first; a thrown one when none is known."""
    heads = " " + text.replace("-", " ")
    known = [(len(word), name) for name, words in TRADES for word in words if f" {word}" in heads]
    if known:
        return max(known)[1]
    return dice.pick("trade", FAMILIES) if text else ""


def hat(figure: Figure, dice: Dice, trade: str) -> None:
    """A hat on top of the head."""
    at, s = figure.hat, figure.hat_size

    def put(points: Points, fill: str, line: float = 1.0, volume: float = 0.4) -> None:
        figure.add([at + p * s for p in points], fill, "hat", line, volume)

    brim = ellipse(0j, 1.0, 0.2)
    if trade == "crown":
        spikes = [complex(-0.7 + 0.35 * k, -0.34 if k % 2 else -0.82) for k in range(5)]
        put([-0.62 + 0.08j, *spikes, 0.62 + 0.08j], "metal")
        for k in range(3):
            put(ellipse(complex(-0.36 + 0.36 * k, -0.1), 0.09, 0.1), "cloth", 0.6)
    elif trade == "sailor":
        put(smooth([-0.75 - 0.2j, -0.7 - 0.55j, -0.62j, 0.7 - 0.55j, 0.75 - 0.2j]), "white")
        put(box(-0.08j, 0.72, 0.17, 0.6), "cloth")
    elif trade == "toque":
        put(smooth([-0.5 - 0.3j, -0.85 - 0.75j, -0.4 - 1.1j, -1.0j, 0.45 - 1.1j, 0.85 - 0.7j, 0.5 - 0.3j]), "white")
        put(box(-0.15j, 0.56, 0.2, 0.5), "white")
    elif trade == "helmet":
        put([*arc(0.1j, 0.85, 0.85, 0.5, 1.0)], "steel")
        put(box(0.04j, 0.9, 0.11, 0.5), "steel")
        put(smooth([-0.72j, 0.2 - 1.25j, -0.15 - 1.4j, -0.45 - 1.0j]), "cloth")
    elif trade == "hardhat":
        put([*arc(0.05j, 0.78, 0.72, 0.5, 1.0)], "metal")
        put(box(0.05j, 0.98, 0.11, 0.6), "metal")
        put(box(-0.4j, 0.1, 0.36, 0.6), "metal")
    elif trade == "mortar":
        put(box(-0.1j, 0.55, 0.24, 0.6), "ink")
        put([-1.0 - 0.34j, -0.62j, 1.0 - 0.34j, -0.06j], "cloth")
        put(ribbon([-0.34j, 0.75 - 0.3j, 0.78 + 0.12j], 0.03), "metal", 0.5)
        put(ellipse(0.78 + 0.16j, 0.07, 0.12), "metal", 0.6)
    elif trade == "cone":
        put([-0.62 + 0.04j, complex(0.1, -1.5), 0.62 + 0.04j], "cloth")
        put(brim, "cloth")
        for p, size in ((-0.1 - 0.35j, 0.17), (0.16 - 0.75j, 0.13)):
            put(star(p, size, size * 0.45, 5), "metal", 0.4)
    elif trade == "straw":
        put(ellipse(0j, 1.3, 0.24), "metal")
        put([*arc(0j, 0.66, 0.62, 0.5, 1.0)], "metal")
        put(box(-0.08j, 0.66, 0.1, 0.5), "cloth", 0.7)
    elif trade == "beret":
        put(smooth([-0.85 - 0.1j, -0.8 - 0.45j, 0.1 - 0.62j, 0.95 - 0.4j, 0.8 - 0.05j]), "cloth")
        put(ribbon([0.05 - 0.56j, 0.1 - 0.75j], 0.05), "cloth", 0.7)
    elif trade == "tophat":
        put(brim, "ink")
        put([-0.56 - 0.0j, -0.62 - 1.0j, 0.62 - 1.0j, 0.56 + 0j], "ink")
        put(box(-0.2j, 0.57, 0.12, 0.4), "cloth", 0.5)
    elif trade == "cap":
        put([*arc(-0.02j, 0.76, 0.6, 0.5, 1.0)], "cloth")
        put(smooth([-0.7 + 0j, 0.18j, 0.7 + 0j, -0.12j]), "ink")
        put(ellipse(-0.3j, 0.13, 0.13), "metal", 0.6)
    elif trade == "goggles":
        put(box(0.02j, 0.98, 0.09, 0.5), "wood")
        for x in (-0.36, 0.36):
            put(ellipse(complex(x, 0.0), 0.3, 0.27), "metal")
            put(ellipse(complex(x, 0.0), 0.2, 0.18), "sky", 0.6)
    elif trade == "wreath":
        for k in range(9):
            p = complex(-0.8 + 0.2 * k, -0.12 * math.sin(math.pi * k / 8))
            put(leaf(p, p + complex(0.12 * (k - 4) / 4, -0.34), 0.6), "leaf", 0.6)
            if k % 2:
                put(star(p - 0.04j, 0.14, 0.07, 5), "accent", 0.5)
    elif trade == "band":
        put(box(0.02j, 0.92, 0.13, 0.5), "cloth")
        put(smooth([0.6 - 0.02j, 1.0 - 0.4j, 1.05 + 0.02j]), "cloth")
        put(smooth([0.6 - 0.02j, 1.1 - 0.02j, 0.95 + 0.35j]), "cloth")
    elif trade == "pith":
        put(ellipse(0.04j, 1.1, 0.22), "belly")
        put([*arc(0.02j, 0.72, 0.74, 0.5, 1.0)], "belly")
        put(box(-0.1j, 0.72, 0.08, 0.5), "wood", 0.6)


def tool(figure: Figure, dice: Dice, trade: str, at: complex) -> None:
    """The tool of the trade, held at a hand."""
    s = 0.26

    def put(points: Points, fill: str, line: float = 1.0, volume: float = 0.3) -> None:
        figure.add([at + p * s for p in points], fill, "tool", line, volume)

    if trade == "helmet":
        shield = [-0.6 - 0.6j, -0.75j, 0.6 - 0.6j, 0.55 + 0.1j, 0.75j, -0.55 + 0.1j]
        put(smooth(shield), "steel")
        put(smooth([p * 0.76 for p in shield]), "cloth", 0.5)
        put(star(-0.08j, 0.3, 0.13, 5), "metal", 0.4)
    elif trade == "pith":
        put(ellipse(-0.2j, 0.56, 0.56), "metal")
        put(ellipse(-0.2j, 0.42, 0.42), "white", 0.6)
        put([-0.2j - 0.1, -0.55j, -0.2j + 0.1], "cheek", 0)
        put([-0.2j - 0.1, 0.15j, -0.2j + 0.1], "ink", 0)
    elif trade == "sailor":
        put(ribbon([0.5j, -0.6j], 0.07), "wood")
        put(box(-0.95j, 0.34, 0.4, 0.6), "metal")
        put(box(-0.95j, 0.2, 0.26, 0.7), "white", 0.5)
    elif trade in ("toque", "wreath"):
        put(ribbon([0.8j, -0.6j], 0.07), "wood")
        put(ellipse(-0.85j, 0.3, 0.36), "wood")
    elif trade == "hardhat":
        put(ribbon([0.8j, -0.7j], 0.09), "wood")
        put(box(-0.8j, 0.55, 0.24, 0.4), "steel")
    elif trade == "mortar":
        for side in (-1, 1):
            put([0.4j, complex(0.85 * side, 0.2), complex(0.85 * side, -0.75), -0.55j], "white")
            for k in range(3):
                put(
                    ribbon([complex(0.18 * side, -0.3 + 0.22 * k), complex(0.68 * side, -0.42 + 0.22 * k)], 0.03),
                    "ink",
                    0,
                )
    elif trade in ("cone", "crown"):
        put(ribbon([0.9j, -0.7j], 0.06), "wood")
        put(star(-0.95j, 0.46, 0.2, 5), "metal")
    elif trade == "straw":
        for lean in (-0.4, 0.0, 0.4):
            put(ribbon([0.7j, complex(lean, -0.8)], 0.04), "leaf", 0.5)
            put(star(complex(lean, -0.9), 0.26, 0.13, 6), "accent", 0.8)
    elif trade == "beret":
        put(ribbon([0.8j, -0.4j], 0.07), "wood")
        put(leaf(-0.35j, -1.1j, 0.4), "accent")
    elif trade == "tophat":
        put(ellipse(-0.1 + 0.3j, 0.26, 0.2), "ink")
        put(ribbon([0.14 + 0.3j, 0.14 - 0.9j], 0.05), "ink", 0)
        put(leaf(0.14 - 0.9j, 0.6 - 0.4j, 0.5), "ink", 0)
    elif trade == "cap":
        put(box(-0.1j, 0.66, 0.44, 0.4), "white")
        put(ribbon([-0.6 - 0.45j, 0.05j, 0.6 - 0.45j], 0.04), "cloth", 0)
    elif trade == "goggles":
        put(star(-0.2j, 0.62, 0.44, 8), "steel")
        put(ellipse(-0.2j, 0.2, 0.2), "ground")
    else:
        put(ellipse(-0.2j, 0.46, 0.46), "cloth")
        put(ribbon([-0.4 - 0.3j, 0.4 - 0.1j], 0.04), "light", 0)
        put(ribbon([-0.35 - 0.05j, 0.35 + 0.1j], 0.04), "light", 0)


POSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("rest", ("sleep", "doz", "nap", "rest", "dream", "sit", "wait", "meditat", "bask", "loung", "snooz")),
    (
        "fly",
        ("fly", "glid", "soar", "float", "hover", "swim", "div", "surf", "drift", "skat", "ski", "balanc", "climb"),
    ),
    (
        "raise",
        (
            "wav",
            "danc",
            "jump",
            "jugg",
            "leap",
            "cheer",
            "sing",
            "throw",
            "catch",
            "conduct",
            "celebrat",
            "swing",
            "play",
            "ring",
        ),
    ),
    (
        "hold",
        (
            "read",
            "writ",
            "cook",
            "bak",
            "paint",
            "knit",
            "sew",
            "carv",
            "build",
            "draw",
            "stir",
            "drink",
            "weav",
            "hold",
            "carry",
            "craft",
            "making",
        ),
    ),
)
HANDS = {  # left and right, in parts of the reach
    "rest": (-0.25 + 0.85j, 0.25 + 0.85j),
    "fly": (-0.95 - 0.1j, 0.95 - 0.3j),
    "raise": (-0.7 - 0.75j, 0.75 - 0.6j),
    "hold": (0.25 + 0.55j, 0.45 + 0.3j),
    "wave": (-0.35 + 0.8j, 0.7 - 0.65j),
    "hip": (-0.5 + 0.5j, 0.7 + 0.2j),
}


def gesture(figure: Figure, dice: Dice, text: str, trade: str) -> None:
    """Arms by the action, with the tool of the trade in one hand, and balls, notes, bubbles or stars around."""
    pose = next((name for name, words in POSES if has(text, words)), "") or dice.pick(
        "pose", ("wave", "hip", "raise", "hold")
    )
    hand = figure.hand
    if figure.shoulders:
        targets = HANDS[pose]
        flip = dice.chance("other hand", 0.5)
        for side, shoulder in zip((0, 1), figure.shoulders, strict=True):
            offset = targets[side]
            if flip:
                offset = complex(-targets[1 - side].real, targets[1 - side].imag)
            end = shoulder + offset * figure.reach
            bend = complex(0.35 * (1 if side else -1), 0.1) * figure.reach * 0.5
            claw = figure.arm_fill == "claw"
            fill = "body" if claw else figure.arm_fill
            figure.add(
                ribbon([shoulder, (shoulder + end) / 2 + bend, end], figure.arm[0], figure.arm[0], figure.arm[1]),
                fill,
                "arm",
                1,
                0.3,
            )
            if claw:
                out = (end - shoulder) / max(abs(end - shoulder), 1e-6)
                for lean in (0.55, -0.55):
                    tip = end + out * complex(math.cos(lean * 0.4), math.sin(lean * 0.4)) * 0.34
                    figure.add(
                        smooth([end - out * 0.08, end + out * 0.18 + out * 1j * lean * 0.36, tip, end + out * 0.14]),
                        "body",
                        "arm",
                        1,
                        0.4,
                    )
            if side == (0 if flip else 1):
                hand = end
    tool(figure, dice, trade, hand)
    left, top, right, _ = figure.box()
    if has(text, ("jugg", "ball", "throw", "catch")):
        for k in range(3):
            figure.add(
                ellipse(complex(-0.45 + 0.45 * k, top - 0.1 - 0.12 * (k == 1)), 0.09, 0.09),
                ("accent", "second", "cloth")[k],
                "tool",
                1,
                0.6,
            )
    elif has(text, ("sing", "music", "drum", "flut", "whistl", "hum", "play")):
        for k in range(2):
            p = complex(right - 0.05 + 0.12 * k, -0.55 + 0.3 * k)
            figure.add(ellipse(p, 0.06, 0.045, -0.3), "accent", "tool", 0.7)
            figure.add(ribbon([p + 0.05, p + 0.05 - 0.24j], 0.012), "ink", "tool", 0)
    elif has(text, ("swim", "div", "bath", "bubbl", "float", "surf")):
        for k in range(5):
            p = complex(left + 0.1 + 0.06 * (k % 2), -0.1 - 0.2 * k)
            figure.add(ellipse(p, 0.05 + 0.012 * k, 0.05 + 0.012 * k), "light", "back", 0.8)
    elif has(text, ("star", "dream", "sleep", "wish", "moon")):
        for k in range(3):
            figure.add(
                star(complex(right - 0.1 + 0.1 * k, -0.6 - 0.16 * k), 0.09 + 0.02 * k, 0.04, 5), "metal", "tool", 0.7
            )
