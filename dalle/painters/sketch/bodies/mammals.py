"""Mammals and the beasts of legend: sitting upright, facing the viewer."""

import math

from dalle.painters.sketch.bodies.anatomy import bands, legs, spots
from dalle.painters.sketch.bodies.builds import Build, build_of
from dalle.painters.sketch.bodies.ears import ears
from dalle.painters.sketch.bodies.muzzles import beard, muzzle, trunk_tusks
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Points, egg, ellipse, leaf, lobes, ribbon, smooth

# thickness of the tails without long fur
SLIM = {"long": 0.085, "thin": 0.035, "tuft": 0.04, "curl": 0.06}


def _tail(figure: Figure, dice: Dice, build: Build) -> None:
    side, kind = dice.side("tail side"), build.tail
    end = complex(dice.span("tail tip", 0.62, 0.9) * side, dice.span("tail up", -0.05, 0.25))
    curve = [complex(0.25 * side, 0.8), complex(0.68 * side, 0.78), complex(0.82 * side, 0.42), end]
    if kind == "curl":
        curve += [end + complex(-0.16 * side, -0.1), end + complex(-0.2 * side, 0.1)]
    elif kind == "squirrel":
        curve[1:] = [complex(x * side, y) for x, y in ((0.8, 0.8), (0.92, 0.1), (0.6, -0.35), (0.86, -0.52))]
    if kind in SLIM:
        _slim_tail(figure, curve, kind)
    elif kind in ("bushy", "squirrel"):
        figure.add(ribbon(curve, 0.07, 0.2, 0.22, 0.18, 0.05), "body", "tail", 1, 0.5)
        tip = "belly" if dice.chance("tail tip light", 0.5) else "deep"
        figure.add(ribbon([curve[-2] * 0.3 + curve[-1] * 0.7, curve[-1]], 0.11, 0.05), tip, "tail", 0)
    elif kind == "hair":
        for k in range(3):
            bend, low = complex((0.62 + 0.09 * k) * side, 0.5), complex((0.66 + 0.1 * k) * side, 0.9)
            strand = ribbon([complex(0.2 * side, 0.5), bend, low], 0.05, 0.08, 0.02)
            figure.add(strand, ("accent", "accent shade")[k % 2], "tail", 0.8, 0.3)
    elif kind == "flat":
        paddle = [curve[0], complex(0.7 * side, 0.62), complex(1.02 * side, 0.74), complex(0.74 * side, 0.94)]
        figure.add(smooth(paddle), "deep", "tail", 1, 0.4)
    elif kind == "pom":
        figure.add(lobes(complex(0.46 * side, 0.72), 0.16, 0.15, 6, 0.2), "belly", "tail", 1, 0.5)
    if build.coat == "rings" and kind in ("bushy", "long"):
        _tail_rings(figure, curve)


def _slim_tail(figure: Figure, curve: Points, kind: str) -> None:
    thick = SLIM[kind]
    figure.add(ribbon(curve, thick * 1.2, thick, thick, thick * 0.5), "body", "tail", 1, 0.3)
    if kind == "tuft":
        figure.add(leaf(curve[-1] + 0.12j, curve[-1] - 0.2j, 0.75), "accent", "tail", 1, 0.3)


def _tail_rings(figure: Figure, curve: Points) -> None:
    line = smooth(curve, closed=False, steps=3)
    for p, q in zip(line[3::2], line[4::2], strict=False):
        out = (q - p) * 1j / max(abs(q - p), 1e-6) * 0.135
        figure.add(ribbon([p - out, p + out], 0.035), "deep", "tail", 0)


def _behind(figure: Figure, dice: Dice, build: Build, wide: float) -> None:
    if "wings" in build.more:
        wing = smooth([0.25 + 0.25j, 0.6 - 0.4j, 1.15 - 0.55j, 1.1 - 0.1j, 0.98 + 0.14j, 0.75 + 0.2j, 0.55 + 0.45j])
        figure.both(wing, "accent", "back", 1, 0.4)
        for tip in (1.05 - 0.12j, 0.92 + 0.12j, 0.7 + 0.2j):
            figure.both(ribbon([0.45 + 0.02j, tip], 0.014, 0.008), "accent shade", "back", 0)
    if "quills" in build.more:
        for i in range(40):
            a = math.pi * (0.94 + 1.12 * i / 39)
            root = complex(wide * 1.0 * math.cos(a), 0.2 + 0.55 * math.sin(a))
            figure.add(
                leaf(root, root + complex(0.4 * math.cos(a), 0.4 * math.sin(a)), 0.24),
                ("deep", "shade")[i % 2],
                "back",
                0.6,
            )
    if "hump" in build.more:
        for x in (-1, 1):
            figure.add(egg(complex(wide * 0.8 * x, 0.02), 0.26, 0.32, 0.2), "body", "back", 1, 0.6)
    if "shell" in build.more:
        figure.add(egg(0.36j, wide * 1.4, 0.66, 0.1), "accent", "back", 1, 0.9)
        for k in range(5):
            y = -0.1 + 0.2 * k
            half = wide * 1.36 * math.sqrt(max(0.0, 1 - ((y - 0.36) / 0.66) ** 2))
            figure.add(
                ribbon([complex(-half, y), complex(0, y - 0.06), complex(half, y)], 0.014), "accent shade", "back", 0
            )


def _coat(figure: Figure, dice: Dice, build: Build, wide: float) -> None:
    figure.add(egg(0.42j, wide, 0.52, 0.16), "body", "body", 1, 1)
    limb = "deep" if "limbs" in build.more else "body"
    legs(figure, dice, wide * 0.62, 0.17, 0.12, limb)
    if "wool" in build.more:
        figure.add(lobes(0.4j, wide * 1.12, 0.5, 12, 0.14), "belly", "body", 1, 0.8)
    else:
        figure.add(egg(0.5j, wide * 0.62, 0.36, 0.1), "belly", "body", 0)
    if build.coat == "stripes":
        bands(figure, dice, 0.42j, wide * 1.0, 0.5, "deep")
    elif build.coat == "spots":
        spots(figure, dice, 0.42j, wide * 0.9, 0.45, "deep")
    if "locks" in build.more:
        for k in range(7):
            x = wide * (-0.9 + 0.3 * k)
            figure.add(
                leaf(complex(x, 0.36 + 0.03 * (k % 2)), complex(x * 1.12, 0.82 - 0.05 * (k % 2)), 0.34),
                "shade",
                "body",
                0.6,
            )
    if "pouch" in build.more:
        figure.add(smooth([-0.2 + 0.6j, 0.64j, 0.2 + 0.6j, 0.16 + 0.78j, 0.82j, -0.16 + 0.78j]), "light", "body", 0.8)


def _mane(figure: Figure, build: Build, head: complex, rx: float, ry: float, top: complex) -> None:
    if "mane" in build.more:
        rim = [math.tau * k / 22 for k in range(22)]
        for grow, fill in ((0.26, "accent shade"), (0.18, "accent")):
            mane = [
                head + complex((rx + grow + 0.07 * (i % 2)) * math.cos(a), (ry + grow + 0.05 * (i % 2)) * math.sin(a))
                for i, a in enumerate(rim)
            ]
            figure.add(smooth(mane, steps=4), fill, "skull", 1, 0.4)
    if "crest" in build.more:
        for k in range(5):
            root = top + complex(rx * (-0.34 + 0.17 * k), 0.05)
            figure.add(
                leaf(root + 0.1j, root + complex(0.1 * (k - 2), -0.24 + 0.02 * abs(k - 2)), 0.6), "accent", "skull", 0.8
            )
        figure.both(
            ribbon(
                [
                    head + complex(rx * 0.8, -ry * 0.3),
                    head + complex(rx * 1.12, ry * 0.6),
                    head + complex(rx * 0.95, ry * 1.2),
                ],
                0.1,
                0.1,
                0.03,
            ),
            "accent",
            "back",
            1,
            0.3,
        )
    if "cheeks" in build.more:
        for y in (0.18, 0.42):
            root = head + complex(rx * 0.78, ry * y)
            figure.both(leaf(root - 0.1, root + complex(0.26, 0.08), 0.7), "body", "skull", 0.9)
    if "unicorn" in build.more:
        horn = [top + 0.12j, top - 0.42j]
        figure.add(ribbon(horn, 0.075, 0.012), "metal", "horn", 1, 0.5)


def _markings(figure: Figure, dice: Dice, build: Build, head: complex, rx: float, ry: float) -> None:
    if "face" in build.more:
        _bare_face(figure, head, rx, ry)
    if "mask" in build.more:
        cheek = [
            head + complex(x * rx, y * ry)
            for x, y in ((0.06, 0.2), (0.5, 0.02), (0.88, 0.1), (0.72, 0.62), (0.3, 0.94), (0.04, 0.8))
        ]
        figure.both(smooth(cheek), "belly", "head", 0)
    if "patches" in build.more:
        figure.both(ellipse(head + complex(rx * 0.46, -0.03), rx * 0.44, ry * 0.54, 0.4), "deep", "head", 0)
    if build.coat == "stripes":
        bands(figure, dice, head, rx, ry, "deep", "head")
        for x in (-0.12, 0.0, 0.12):
            figure.add(leaf(head + complex(x, -ry * 0.98), head + complex(x * 0.7, -ry * 0.56), 0.3), "deep", "head", 0)
    if build.coat == "stripe":
        _badger_stripes(figure, head, rx, ry)
    if build.coat == "spots":
        spots(figure, dice, head - complex(0, ry * 0.66), rx * 0.55, ry * 0.2, "deep", "head")


def _bare_face(figure: Figure, head: complex, rx: float, ry: float) -> None:
    """The face of an ape, without fur."""
    face = []
    for a in (math.tau * i / 24 for i in range(24)):
        tall = 0.74 + 0.1 * abs(math.cos(a)) - (0.2 if a > math.pi else 0)
        face.append(head + complex(rx * 0.78 * math.cos(a), ry * tall * math.sin(a) + 0.05))
    figure.add(smooth(face, steps=3), "belly", "head", 0.5)


def _badger_stripes(figure: Figure, head: complex, rx: float, ry: float) -> None:
    """A light stripe down the middle and a dark one through each eye."""
    middle = [complex(-0.09, -ry * 0.97), complex(0.09, -ry * 0.97), complex(0.1, ry * 0.3), complex(-0.1, ry * 0.3)]
    figure.add(smooth([head + p for p in middle]), "belly", "head", 0)
    through_eye = [head + complex(rx * 0.42, -ry * 0.85), head + complex(rx * 0.42, ry * 0.5)]
    figure.both(ribbon(through_eye, 0.1, 0.13, 0.06), "deep", "head", 0)


def furry(figure: Figure, dice: Dice, text: str) -> None:
    """A fur-bearer by the build of its noun."""
    build = build_of(text)
    wide = dice.span("girth", 0.38, 0.47) * build.girth
    rx, ry = dice.span("head width", 0.44, 0.52), dice.span("head height", 0.36, 0.42)
    long_faced = build.muzzle in ("broad", "narrow")
    if long_faced:
        rx, ry = rx * (0.88 if build.muzzle == "broad" else 0.8), ry * 1.12
    head = complex(0, -0.27 - build.neck)
    limb = "deep" if "limbs" in build.more else "body"
    top = head - complex(0, ry)
    _tail(figure, dice, build)
    _behind(figure, dice, build, wide)
    if build.neck:
        _long_neck(figure, build, head)
    _coat(figure, dice, build, wide)
    _mane(figure, build, head, rx, ry, top)
    ears(figure, dice, build.ears, rx, ry, top, limb)
    figure.add(egg(head, rx, ry, dice.span("jaw", -0.05, 0.14)), "body", "head", 1, 1)
    _markings(figure, dice, build, head, rx, ry)
    mouth = muzzle(figure, dice, build.muzzle, head, rx, ry)
    _forelock(figure, build, top, rx, ry)
    if "nose horn" in build.more:
        _nose_horns(figure, head, ry)
    if "tusks" in build.more:
        trunk_tusks(figure, mouth)
    if "beard" in build.more:
        beard(figure, mouth)
    figure.neck, figure.face, figure.face_size = complex(0, 0.05 - build.neck), head - complex(0, ry * 0.08), rx * 0.98
    if long_faced:
        figure.face, figure.face_size = head - complex(0, ry * 0.22), rx * 0.96
    figure.lips = mouth + 0.1j * (build.muzzle not in ("broad", "narrow", "point", "pig", "star"))
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.86
    figure.shoulders = (complex(-wide * 0.78, 0.16), complex(wide * 0.78, 0.16))
    figure.arm, figure.arm_fill = (0.115, 0.085), limb


def _long_neck(figure: Figure, build: Build, head: complex) -> None:
    figure.add(ribbon([0.35j, head], 0.26, 0.2), "body", "back", 1, 0.6)
    if build.coat == "spots":
        for k in range(4):
            figure.add(ellipse(complex(0.07 * (-1) ** k, 0.08 - 0.17 * k), 0.07, 0.055), "deep", "back", 0)


def _forelock(figure: Figure, build: Build, top: complex, rx: float, ry: float) -> None:
    """Hair over the forehead: a cloud of wool, or locks."""
    if "wool" in build.more or "tuft" in build.more:
        figure.add(lobes(top + complex(0, ry * 0.22), rx * 0.66, ry * 0.34, 7, 0.2), "belly", "head", 0.9, 0.5)
    if "locks" in build.more:
        for k in range(5):
            root = top + complex(rx * (-0.4 + 0.2 * k), 0.03)
            figure.add(leaf(root, root + complex(0.05 * (k - 2), ry * 0.5), 0.5), "shade", "head", 0.6)


def _nose_horns(figure: Figure, head: complex, ry: float) -> None:
    """A long and a short horn, one above the other."""
    for at, tall in ((head + complex(0, ry * 0.42), 0.34), (head + complex(0, ry * 0.02), 0.2)):
        horn = [at - 0.1, at + complex(0.02, -tall), at + complex(0.06, -tall), at + 0.1]
        figure.add(smooth(horn), "belly", "face", 1, 0.5)
