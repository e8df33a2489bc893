"""Mammals, primates, beasts, hybrids and giants."""

import math

from dalle.painters.sketch.bodies.anatomy import bands, legs, spots
from dalle.painters.sketch.bodies.ears import EARS, ears
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, ribbon, smooth
from dalle.painters.sketch.words import has

STRIPED = ("zebra", "tiger", "okapi", "badger", "skunk", "raccoon", "bongo", "numbat", "tamarin", "chipmunk")


SPOTTED = ("leopard", "cheetah", "jaguar", "genet", "serval", "ocelot", "giraffe", "hyena", "quoll", "fawn", "deer")


SPINY = ("hedgehog", "porcupine", "echidna", "tenrec")


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
    legs(figure, dice, wide * 0.62, 0.17, 0.12)
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
    ears(figure, dice, kind, rx, ry, top)
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
