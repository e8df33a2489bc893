"""Which body a noun has."""

from collections.abc import Callable

from dalle.painters.sketch.bodies import (
    amphibians,
    birds,
    bushes,
    butterflies,
    cephalopods,
    crustaceans,
    diatoms,
    fish,
    flowers,
    fruit,
    fungi,
    insects,
    jellies,
    mammals,
    microbes,
    molluscs,
    people,
    reptiles,
    serpents,
    spiders,
    starfish,
    succulents,
    trees,
    viruses,
)
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure

Plan = Callable[[Figure, Dice, str], None]

PLANS: dict[str, Plan] = {
    "mammal": mammals.furry,
    "primate": mammals.furry,
    "bird": birds.bird,
    "reptile": reptiles.lizard,
    "amphibian": amphibians.frog,
    "dinosaur": reptiles.lizard,
    "fish": fish.fish,
    "shark": fish.fish,
    "insect": insects.insect,
    "butterfly": butterflies.butterfly,
    "arachnid": spiders.spider,
    "crustacean": crustaceans.crab,
    "mollusc": molluscs.snail,
    "cephalopod": cephalopods.octopus,
    "jellyfish": jellies.jelly,
    "echinoderm": starfish.starfish,
    "worm": serpents.serpent,
    "tree": trees.tree,
    "flower": flowers.flower,
    "shrub": bushes.bush,
    "fern": bushes.bush,
    "grass": bushes.bush,
    "vine": bushes.bush,
    "succulent": succulents.succulent,
    "vegetable": fruit.fruit,
    "fruit": fruit.fruit,
    "herb": bushes.bush,
    "moss": bushes.bush,
    "alga": bushes.bush,
    "mushroom": fungi.mushroom,
    "lichen": fungi.lichen,
    "mould": fungi.lichen,
    "bacterium": microbes.microbe,
    "protozoan": microbes.microbe,
    "diatom": diatoms.diatom,
    "virus": viruses.virus,
    "rotifer": microbes.rotifer,
    "dragon": reptiles.lizard,
    "serpent": serpents.serpent,
    "giant": mammals.furry,
    "spirit": people.person,
    "hybrid": mammals.furry,
    "beast": mammals.furry,
    "sprite": people.person,
}

KINDS: dict[str, tuple[Plan, ...]] = {
    "animals": (mammals.furry, birds.bird, reptiles.lizard, amphibians.frog, fish.fish, insects.insect),
    "plants": (flowers.flower, bushes.bush, trees.tree, fruit.fruit),
    "fungi": (fungi.mushroom, fungi.lichen),
    "microbes": (microbes.microbe, viruses.virus, diatoms.diatom, microbes.rotifer),
    "mythical": (people.person, reptiles.lizard, mammals.furry),
}

# what a name tells better than its group
WORDS: tuple[tuple[tuple[str, ...], Plan], ...] = (
    (("whale", "dolphin", "porpoise", "orca", "narwhal", "cetacean"), fish.fish),
    (
        ("snake", "python", "viper", "cobra", "adder", "boa", "mamba", "caecilian", "eel", "worm lizard"),
        serpents.serpent,
    ),
    (("phoenix", "thunderbird", "roc", "firebird", "cockatrice", "simurgh", "harpy", "caladrius"), birds.bird),
    (("mermaid", "merman", "hippocamp"), fish.fish),
    (("kraken",), cephalopods.octopus),
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
