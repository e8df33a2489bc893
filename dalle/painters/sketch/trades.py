"""The family of a trade."""

from dalle.painters.sketch.dice import Dice

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
    """Returns the family of a trade by the longest key word that begins a word of its name or description; a random
    one when there is none, "" for an empty text."""
    heads = " " + text.replace("-", " ")
    known = [(len(word), name) for name, words in TRADES for word in words if f" {word}" in heads]
    if known:
        return max(known)[1]
    return dice.pick("trade", FAMILIES) if text else ""
