"""How one mammal or legend differs from another: ears, muzzle, tail, coat."""

from dataclasses import dataclass, replace
from typing import Any

from dalle.painters.sketch.matching import has


@dataclass(frozen=True, slots=True)
class Build:
    """ears, muzzle, tail, coat: kinds by name; girth: of the body, 1 is common; neck: how far the head is lifted;
    more: wings, mane, crest, tusks, hump, shell, quills, unicorn, mask, cheeks, pouch, patches, locks or nose horn."""

    ears: str = "round"
    muzzle: str = "button"
    tail: str = "long"
    coat: str = ""
    girth: float = 1.0
    neck: float = 0.0
    more: tuple[str, ...] = ()


CLASSES = {
    "felid": Build("point", "small", "long", more=("cheeks",)),
    "cat": Build("point", "small", "long", more=("cheeks",)),
    "canid": Build("point", "long", "bushy", more=("mask",)),
    "hound": Build("drop", "long", "long", more=("mask",)),
    "fox": Build("point", "long", "bushy", more=("mask", "cheeks")),
    "bear": Build("round", "big", "stub", girth=1.16),
    "mustelid": Build("small", "small", "bushy", girth=0.88, more=("mask",)),
    "carnivoran": Build("round", "long", "bushy"),
    "rodent": Build("round", "teeth", "thin", girth=1.05),
    "lagomorph": Build("long", "teeth", "pom"),
    "small beast": Build("small", "small", "bushy", girth=0.92, more=("mask",)),
    "bovid": Build("horn", "broad", "tuft", girth=1.08),
    "bull": Build("horn", "broad", "tuft", girth=1.1),
    "boar": Build("drop", "pig", "thin", girth=1.1, more=("tusks",)),
    "cervid": Build("antler", "narrow", "pom", girth=0.92),
    "stag": Build("antler", "narrow", "pom", girth=0.92),
    "equid": Build("up", "broad", "hair", more=("crest",)),
    "horse": Build("up", "broad", "hair", more=("crest",)),
    "ungulate": Build("up", "broad", "tuft"),
    "marsupial": Build("fan", "button", "long"),
    "monotreme": Build("none", "bill", "flat"),
    "proboscidean": Build("flap", "trunk", "tuft", girth=1.16, more=("tusks",)),
    "insectivore": Build("small", "point", "thin", girth=1.05),
    "tenrec": Build("small", "point", "thin", girth=1.05),
    "sengi": Build("fan", "point", "thin", girth=0.94),
    "treeshrew": Build("small", "point", "bushy"),
    "tubulidentate": Build("long", "point", "long"),
    "hyrax": Build("small", "teeth", "stub", girth=1.1),
    "xenarthran": Build("small", "point", "long", more=("shell",)),
    "pholidotan": Build("small", "point", "long", more=("shell",)),
    "bat": Build("tall", "button", "none", girth=0.8, more=("wings",)),
    "ape": Build("side", "ape", "none", girth=1.16, more=("face",)),
    "gibbon": Build("side", "ape", "none", girth=0.9, more=("face",)),
    "lemur": Build("fan", "small", "bushy", coat="rings", more=("patches",)),
    "prosimian": Build("fan", "small", "stub", more=("patches",)),
    "monkey": Build("side", "ape", "curl", more=("face",)),
    "lion": Build("round", "small", "tuft", more=("mane",)),
    "hybrid": Build("horn", "long", "long"),
    "wild": Build("side", "ape", "none", girth=1.2, more=("face", "locks")),
}

NAMES: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("lion", "manticore", "sphinx", "lamassu", "nemean", "guardian"), {"ears": "round", "more": ("mane",)}),
    (("tiger", "tabby"), {"coat": "stripes"}),
    (("zebra", "okapi", "numbat", "chipmunk"), {"coat": "stripes"}),
    (
        ("leopard", "cheetah", "jaguar", "serval", "ocelot", "hyena", "giraffe", "fallow"),
        {"coat": "spots"},
    ),
    (("caracal", "lynx"), {"ears": "tassel", "tail": "stub"}),
    (("panda",), {"more": ("patches", "limbs")}),
    (("red panda", "raccoon", "tanuki"), {"ears": "point", "more": ("patches",), "coat": "rings", "tail": "bushy"}),
    (("badger", "skunk"), {"coat": "stripe"}),
    (("fennec", "maned wolf"), {"ears": "tall"}),
    (("fenrir wolf",), {"ears": "point"}),
    (("werewolf",), {"ears": "point", "tail": "bushy", "more": ("mask", "locks")}),
    (("satyr", "faun"), {"more": ("face", "beard"), "tail": "pom", "muzzle": "ape"}),
    (("minotaur",), {"muzzle": "broad", "tail": "tuft"}),
    (("kelpie", "each uisge"), {"ears": "up", "muzzle": "broad", "tail": "hair", "more": ("crest",)}),
    (("moon rabbit",), {"ears": "long", "muzzle": "teeth", "tail": "pom", "more": ()}),
    (("bonnacon", "catoblepas"), {"more": ("locks",)}),
    (("dachshund", "border collie", "greyhound", "borzoi"), {"ears": "drop"}),
    (("pangolin", "armadillo"), {"more": ("shell",)}),
    (("sloth", "giant anteater"), {"muzzle": "big", "more": ("patches",)}),
    (("hedgehog", "echidna", "tenrec", "porcupine"), {"more": ("quills",), "tail": "none", "muzzle": "point"}),
    (("baku",), {"ears": "flap", "muzzle": "trunk", "more": ("tusks",)}),
    (("koala",), {"ears": "fan", "muzzle": "koala", "tail": "none"}),
    (("red kangaroo", "wallaby", "tree kangaroo", "quokka"), {"ears": "long", "more": ("pouch",)}),
    (("bilby",), {"ears": "long", "muzzle": "point"}),
    (("beaver",), {"tail": "flat"}),
    (("red squirrel", "ratatosk"), {"ears": "tassel", "tail": "squirrel"}),
    (("chinchilla", "dormouse", "sugar glider"), {"ears": "fan", "tail": "bushy"}),
    (("mouse", "jerboa"), {"ears": "fan"}),
    (("capybara", "guinea pig", "golden hamster", "norway lemming", "mara", "cape mole"), {"tail": "none"}),
    (("mole",), {"ears": "none", "tail": "stub"}),
    (("giraffe",), {"ears": "ossicone", "neck": 0.42, "girth": 0.84}),
    (("alpaca", "llama", "vicuña"), {"neck": 0.22, "muzzle": "narrow", "more": ("tuft",), "girth": 1.05}),
    (("camel", "dromedary"), {"neck": 0.18, "muzzle": "narrow", "more": ("hump",)}),
    (("babirusa", "boar", "warthog", "peccary", "hippopotamus"), {"muzzle": "pig", "ears": "drop", "tail": "thin"}),
    (("boar", "warthog", "babirusa", "peccary"), {"more": ("tusks",)}),
    (("rhinoceros",), {"ears": "up", "muzzle": "broad", "more": ("nose horn",)}),
    (("mammoth",), {"more": ("tusks", "locks")}),
    (("tapir",), {"ears": "round"}),
    (("bighorn sheep", "merino sheep", "vegetable lamb"), {"ears": "ram", "more": ("wool",), "muzzle": "narrow"}),
    (
        (
            "ibex",
            "kudu",
            "gemsbok",
            "blackbuck",
            "markhor",
            "impala",
            "gerenuk",
            "springbok",
            "saiga",
            "chamois",
            "yale",
            "qilin",
            "sea goat",
        ),
        {"ears": "lyre", "muzzle": "narrow", "girth": 0.95},
    ),
    (("bison", "yak", "musk ox", "highland cow"), {"more": ("locks",)}),
    (("mountain goat", "chimera"), {"ears": "lyre", "muzzle": "narrow", "more": ("beard",)}),
    (("muntjac", "chevrotain"), {"ears": "up", "muzzle": "narrow", "more": ("tusks",)}),
    (("donkey", "mule", "onager"), {"ears": "long"}),
    (("unicorn", "alicorn"), {"more": ("crest", "unicorn")}),
    (("pegasus", "tulpar", "hippogriff", "alicorn"), {"more": ("crest", "wings")}),
    (
        ("griffin", "opinicus", "sphinx", "lamassu", "pixiu", "peryton", "wolpertinger", "manticore"),
        {"more": ("wings", "cheeks")},
    ),
    (("peryton", "jackalope"), {"ears": "antler"}),
    (("jackalope", "skvader", "wolpertinger"), {"muzzle": "teeth", "tail": "pom"}),
    (("mandrill", "gelada", "olive baboon", "golden lion tamarin", "emperor tamarin"), {"more": ("face", "mane")}),
    (("tarsier", "bushbaby", "aye aye"), {"ears": "tall"}),
    (("star nosed mole",), {"muzzle": "star"}),
)


def build_of(text: str) -> Build:
    """The build of a noun by its class; its name may override parts of it."""
    build = next((found for word, found in CLASSES.items() if has(text, (word,))), Build())
    for words, traits in NAMES:
        if has(text, words):
            build = replace(build, **traits)
    return build
