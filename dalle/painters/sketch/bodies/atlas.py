"""Which body a noun has: by its class, else its group, else its kind."""

from collections.abc import Callable

from dalle.painters.sketch.bodies import (
    amphibians,
    birds,
    bushes,
    butterflies,
    cephalopods,
    crustaceans,
    diatoms,
    dinosaurs,
    fish,
    flowers,
    fruit,
    fungi,
    giants,
    insects,
    jellies,
    mammals,
    merfolk,
    microbes,
    molluscs,
    people,
    reptiles,
    serpents,
    sharks,
    spiders,
    squids,
    starfish,
    succulents,
    trees,
    viruses,
    waterbirds,
)
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure
from dalle.painters.sketch.words import has

Plan = Callable[[Figure, Dice, str], None]

PLANS: dict[str, Plan] = {
    "mammal": mammals.furry,
    "primate": mammals.furry,
    "bird": birds.bird,
    "reptile": reptiles.lizard,
    "amphibian": amphibians.frog,
    "dinosaur": dinosaurs.dinosaur,
    "fish": fish.fish,
    "shark": sharks.shark,
    "insect": insects.beetle,
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
    "dragon": dinosaurs.dragon,
    "serpent": serpents.serpent,
    "giant": giants.giant,
    "spirit": people.maiden,
    "hybrid": mammals.furry,
    "beast": mammals.furry,
    "sprite": people.gnome,
}

CLASSES: dict[str, Plan] = {
    "cetacean": sharks.whale,
    "pinniped": sharks.seal,
    "sirenian": sharks.seal,
    "owl": birds.owl,
    "penguin": birds.penguin,
    "waterbird": waterbirds.wader,
    "wader": waterbirds.wader,
    "waterfowl": waterbirds.swimmer,
    "ratite": waterbirds.ratite,
    "extinct bird": waterbirds.ratite,
    "firebird": birds.bird,
    "crocodilian": reptiles.crocodile,
    "turtle": reptiles.turtle,
    "pterosaur": reptiles.pterosaur,
    "marine reptile": reptiles.swimmer,
    "snake": serpents.serpent,
    "caecilian": serpents.serpent,
    "ray": fish.ray,
    "syngnathid": fish.seahorse,
    "bee": insects.bee,
    "wasp": insects.bee,
    "fly": insects.bee,
    "other insect": insects.bee,
    "odonate": insects.dragonfly,
    "lacewing": insects.dragonfly,
    "ant": insects.ant,
    "mantis": insects.mantis,
    "stick insect": insects.mantis,
    "orthopteran": insects.hopper,
    "lobster": crustaceans.lobster,
    "crayfish": crustaceans.lobster,
    "shrimp": crustaceans.shrimp,
    "isopod": crustaceans.woodlouse,
    "barnacle": crustaceans.woodlouse,
    "plankton": crustaceans.shrimp,
    "squid": squids.squid,
    "cuttlefish": squids.squid,
    "nautilus": squids.nautilus,
    "extinct cephalopod": squids.nautilus,
    "eastern dragon": dinosaurs.loong,
    "ghost": people.ghost,
    "psychopomp": people.ghost,
    "genie": people.genie,
    "animated object": people.lantern,
    "fairy": people.fairy,
    "goblin": people.goblin,
    "house spirit": people.gnome,
    "wild man": mammals.furry,
    "horse hybrid": mammals.furry,
}

KINDS: dict[str, tuple[Plan, ...]] = {
    "animals": (mammals.furry, birds.bird, reptiles.lizard, amphibians.frog, fish.fish, insects.beetle),
    "plants": (flowers.flower, bushes.bush, trees.tree, fruit.fruit),
    "fungi": (fungi.mushroom, fungi.lichen),
    "microbes": (microbes.microbe, viruses.virus, diatoms.diatom, microbes.rotifer),
    "mythical": (people.maiden, dinosaurs.dragon, giants.giant, people.gnome),
}

# what a name tells better than its class
NAMES: tuple[tuple[tuple[str, ...], Plan], ...] = (
    (("great auk",), birds.penguin),
    (("turbot", "plaice"), fish.flatfish),
    (("slow worm",), serpents.serpent),
    (("chimera sinensis", "kraken", "octopus fungus"), cephalopods.octopus),
    (("mermaid", "merman", "ningyo", "selkie", "ichthyocentaur", "nure onna", "melusine"), merfolk.mermaid),
    (("centaur", "onocentaur"), merfolk.centaur),
    (("harpy", "alkonost", "sirin", "siren", "swan maiden", "kinnara", "gorgon"), merfolk.winged),
    (("tengu", "simurgh", "cockatrice"), birds.bird),
    (("hippocampus",), fish.seahorse),
    (("encantado",), sharks.whale),
    (("makara", "afanc"), reptiles.crocodile),
    (("kappa", "black tortoise", "aspidochelone", "tarasque"), reptiles.turtle),
    (("loch monster", "umibozu"), reptiles.swimmer),
    (("flame salamander",), amphibians.frog),
    (("imugi",), dinosaurs.loong),
    (("chuckwalla",), reptiles.lizard),
)
NAMED = {"bird", "fish", "reptile", "beast", "hybrid", "dragon", "serpent"}


def creature(group: str, klass: str, kind: str, text: str, dice: Dice) -> Figure:
    """The body of a noun; text holds all its words. An unknown noun gets a body of its kind, thrown."""
    figure = Figure()
    plan = next((plan for names, plan in NAMES if has(text, names)), None) if group in NAMED else None
    plan = plan or CLASSES.get(klass) or PLANS.get(group)
    if plan is None:
        plan = dice.pick("plan", KINDS.get(kind) or tuple(dict.fromkeys(PLANS.values())))
    plan(figure, dice, text)
    return figure
