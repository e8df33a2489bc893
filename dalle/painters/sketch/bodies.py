"""Which body a noun has."""

from collections.abc import Callable

from dalle.painters.sketch import beasts, crawlers, growers
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure

Plan = Callable[[Figure, Dice, str], None]

PLANS: dict[str, Plan] = {
    "mammal": beasts.furry,
    "primate": beasts.furry,
    "bird": beasts.bird,
    "reptile": beasts.lizard,
    "amphibian": beasts.frog,
    "dinosaur": beasts.lizard,
    "fish": crawlers.fish,
    "shark": crawlers.fish,
    "insect": crawlers.insect,
    "butterfly": crawlers.butterfly,
    "arachnid": crawlers.spider,
    "crustacean": crawlers.crab,
    "mollusc": crawlers.snail,
    "cephalopod": crawlers.octopus,
    "jellyfish": crawlers.jelly,
    "echinoderm": crawlers.starfish,
    "worm": crawlers.serpent,
    "tree": growers.tree,
    "flower": growers.flower,
    "shrub": growers.bush,
    "fern": growers.bush,
    "grass": growers.bush,
    "vine": growers.bush,
    "succulent": growers.succulent,
    "vegetable": growers.fruit,
    "fruit": growers.fruit,
    "herb": growers.bush,
    "moss": growers.bush,
    "alga": growers.bush,
    "mushroom": growers.mushroom,
    "lichen": growers.lichen,
    "mould": growers.lichen,
    "bacterium": growers.microbe,
    "protozoan": growers.microbe,
    "diatom": growers.diatom,
    "virus": growers.virus,
    "rotifer": growers.rotifer,
    "dragon": beasts.lizard,
    "serpent": crawlers.serpent,
    "giant": beasts.furry,
    "spirit": beasts.person,
    "hybrid": beasts.furry,
    "beast": beasts.furry,
    "sprite": beasts.person,
}

KINDS: dict[str, tuple[Plan, ...]] = {
    "animals": (beasts.furry, beasts.bird, beasts.lizard, beasts.frog, crawlers.fish, crawlers.insect),
    "plants": (growers.flower, growers.bush, growers.tree, growers.fruit),
    "fungi": (growers.mushroom, growers.lichen),
    "microbes": (growers.microbe, growers.virus, growers.diatom, growers.rotifer),
    "mythical": (beasts.person, beasts.lizard, beasts.furry),
}

# what a name tells better than its group
WORDS: tuple[tuple[tuple[str, ...], Plan], ...] = (
    (("whale", "dolphin", "porpoise", "orca", "narwhal", "cetacean"), crawlers.fish),
    (
        ("snake", "python", "viper", "cobra", "adder", "boa", "mamba", "caecilian", "eel", "worm lizard"),
        crawlers.serpent,
    ),
    (("phoenix", "thunderbird", "roc", "firebird", "cockatrice", "simurgh", "harpy", "caladrius"), beasts.bird),
    (("mermaid", "merman", "hippocamp"), crawlers.fish),
    (("kraken",), crawlers.octopus),
)


def creature(group: str, kind: str, text: str, dice: Dice) -> Figure:
    """The body of a noun: by tell-tale words for animals and legends, by its group, else one of its kind."""
    figure = Figure()
    plan = None
    if kind in ("animals", "mythical") and group in (
        "mammal",
        "reptile",
        "fish",
        "beast",
        "hybrid",
        "dragon",
        "spirit",
        "amphibian",
    ):
        words = set(text.replace("-", " ").split())
        plan = next((plan for names, plan in WORDS if any(name in words for name in names)), None)
    plan = plan or PLANS.get(group)
    if plan is None:
        plan = dice.pick("plan", KINDS.get(kind) or tuple(dict.fromkeys(PLANS.values())))
    plan(figure, dice, text)
    return figure
