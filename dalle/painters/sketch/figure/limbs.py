"""Arms and legs in the poses that actions ask for."""

import math
from dataclasses import dataclass, replace

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.figure.moods import Mood
from dalle.painters.sketch.shapes import Figure, Leg, Points, Shape, box, covered, ellipse, leaf, ribbon, smooth


@dataclass(frozen=True, slots=True)
class Pose:
    """Hands in parts of the reach, the second one leads; how the legs stand, how far the spine bends forward and
    how high the feet are above the ground."""

    off: complex
    lead: complex
    stance: str = "stand"
    bend: float = 0.0
    lift: float = 0.0


POSES = {
    "box": Pose(0.36 - 0.06j, 0.86 - 0.12j, "stride", 0.06),
    "chin": Pose(-0.3 + 0.75j, 0.1 - 0.2j, "cross"),
    "clap": Pose(0.34 + 0.12j, -0.34 + 0.12j),
    "dance": Pose(-0.55 - 0.8j, 0.9 - 0.05j, "kick", -0.12, 0.05),
    "fly": Pose(-0.95 - 0.15j, 0.95 - 0.3j, "trail", 0.1, 0.12),
    "hide": Pose(-0.3 + 0.7j, 0.16 + 0.1j, "cross", 0.12),
    "hip": Pose(-0.5 + 0.5j, 0.55 + 0.46j),
    "hold": Pose(0.26 + 0.52j, 0.42 + 0.3j),
    "hug": Pose(0.42 + 0.34j, -0.38 + 0.44j, "cross"),
    "kick": Pose(-0.85 + 0.05j, 0.7 + 0.3j, "kick", -0.1),
    "leap": Pose(-0.8 - 0.65j, 0.85 - 0.6j, "leap", 0.0, 0.2),
    "point": Pose(-0.3 + 0.78j, 1.0 - 0.2j),
    "pray": Pose(0.44 + 0.2j, -0.44 + 0.2j, "sit"),
    "pull": Pose(0.55 + 0.5j, 0.8 + 0.2j, "stride", 0.12),
    "raise": Pose(-0.5 + 0.4j, 0.76 - 0.62j),
    "reach": Pose(0.34 + 0.4j, 0.98 + 0.02j, "stride", 0.08),
    "rest": Pose(-0.3 + 0.85j, 0.3 + 0.85j, "sit", -0.06),
    "ride": Pose(0.12 + 0.45j, 0.58 + 0.34j, "sit", 0.08, 0.1),
    "sneak": Pose(0.0 + 0.3j, 0.6 + 0.05j, "stride", 0.2),
    "stride": Pose(-0.56 + 0.55j, 0.66 + 0.42j, "stride", 0.1),
    "strum": Pose(0.5 + 0.55j, 0.4 + 0.2j, "cross"),
    "up": Pose(-0.36 - 0.95j, 0.36 - 0.95j),
    "wave": Pose(-0.36 + 0.8j, 0.72 - 0.68j),
    "write": Pose(0.1 + 0.55j, 0.62 + 0.2j),
}
STANCES: dict[str, tuple[complex, complex]] = {  # where the left and the right foot go
    "stand": (0j, 0j),
    "stride": (-0.2 - 0.03j, 0.16 + 0j),
    "cross": (0.04 + 0j, -0.03 + 0j),
    "kick": (0j, 0.32 - 0.2j),
    "leap": (-0.26 - 0.12j, 0.26 - 0.2j),
    "trail": (-0.16 - 0.04j, -0.1 - 0.1j),
    "sit": (-0.2 + 0j, 0.2 + 0j),
}
ONE_HANDED = {"box", "chin", "dance", "fly", "kick", "point", "raise", "stride", "up", "wave", "hip"}
"""Poses whose other hand is free for the tool of a trade."""


def bearing(mood: Mood, dice: Dice) -> str:
    """Returns a pose that suits a mood, for an action that demands none."""
    if mood.droop > 0.15:
        return dice.pick("pose", ("rest", "hide", "hug"))
    if mood.smile > 0.7:
        return dice.pick("pose", ("raise", "wave", "up"))
    return "hip" if mood.brow > 0.2 else dice.pick("pose", ("wave", "hip", "chin"))


def limbs(figure: Figure, pose: Pose, mood: Mood, lead: int) -> tuple[complex, complex]:
    """Draws legs and arms, the leading hand on that side; returns the free hand and the leading one."""
    _legs(figure, pose.stance, lead)
    if not figure.shoulders:
        other = complex(2 * figure.neck.real - figure.hand.real, figure.hand.imag)
        return (other, figure.hand) if (figure.hand.real >= figure.neck.real) == (lead > 0) else (figure.hand, other)
    off, ahead = pose.off, pose.lead
    left, right = (off, ahead) if lead > 0 else (_flip(ahead), _flip(off))
    sink = complex(0, mood.droop * 0.5)
    hands = [
        _below(figure, shoulder + complex(way.real, min(0.9, way.imag + sink.imag * (way.imag < 0.4))) * figure.reach)
        for shoulder, way in zip(figure.shoulders, (left, right), strict=True)
    ]
    features, placed = figure.features(), []
    for side, shoulder, hand in zip((-1, 1), figure.shoulders, hands, strict=True):
        free, shapes = _free_arm(figure, shoulder, hand, side, features)
        placed.append(free)
        figure.shapes += shapes
    hands = placed
    return (hands[0], hands[1]) if lead > 0 else (hands[1], hands[0])


def _below(figure: Figure, hand: complex) -> complex:
    """A hand that would be on eyes or mouth, moved below the face."""
    size = figure.face_size
    for _ in range(16):
        away = hand - figure.face - 0.15j * size
        if (away.real / size) ** 2 + (away.imag / (0.9 * size)) ** 2 >= 1:
            break
        hand += 0.06j * size
    return hand


def _free_arm(
    figure: Figure, shoulder: complex, hand: complex, side: int, features: Points
) -> tuple[complex, list[Shape]]:
    """A hand and its arm, as near to where the hand should be as they leave eyes and mouth free; where the shoulder
    itself is under the face, an arm behind it."""
    step = 0.16 * figure.face_size
    for k in range(7):
        for way in (1j, complex(side, 0.4), side) if k else (0j,):
            spot = hand + way * k * step
            shapes = _arm(figure, shoulder, spot, side)
            if not any(covered(shape.points, features) for shape in shapes):
                return spot, shapes
    return hand, [replace(shape, part="front") for shape in _arm(figure, shoulder, hand, side)]


def _flip(hand: complex) -> complex:
    return complex(-hand.real, hand.imag)


def _legs(figure: Figure, stance: str, lead: int) -> None:
    moves = STANCES[stance]
    if lead < 0:
        moves = _flip(moves[1]), _flip(moves[0])
    for k, leg in enumerate(figure.legs):
        _leg(figure, leg, leg.foot + moves[k % 2], -1 if k % 2 == 0 else 1)


def _leg(figure: Figure, leg: Leg, foot: complex, side: int) -> None:
    """A leg with its knee where it has to be between hip and foot."""
    ankle = foot - complex(0.04 * side, 0.03)
    far = abs(foot - leg.foot)
    knee = (leg.hip + ankle) / 2 + complex(0.3 * far * side, -0.1 * far)
    figure.add(ribbon([leg.hip, knee, ankle], leg.thick, leg.thick * 0.9), leg.bare, "tail", 1, 0.3)
    wide, high = leg.shoe
    figure.add(box(foot, wide, high, 0.8), leg.fill, "body", 1, 0.4)


def _arm(figure: Figure, shoulder: complex, hand: complex, side: int) -> list[Shape]:
    elbow = (shoulder + hand) / 2 + complex(0.35 * side, 0.1) * figure.reach * 0.5
    claw = figure.arm_fill == "claw"
    fill = "body" if claw else figure.arm_fill
    sleeve = Shape(ribbon([shoulder, elbow, hand], figure.arm[0], figure.arm[0], figure.arm[1]), fill, "arm", 1, 0.3)
    out = (hand - shoulder) / max(abs(hand - shoulder), 1e-6)
    if claw:
        return [sleeve, *_claw(hand, out)]
    if figure.feathered:
        return [sleeve, *_plumes(figure, shoulder, hand, out)]
    return [Shape(ellipse(hand, figure.arm[1] * 1.3, figure.arm[1] * 1.25), fill, "arm", 1, 0.4), sleeve]


def _claw(hand: complex, out: complex) -> list[Shape]:
    """Two fingers that pinch, pointing out of the arm."""
    fingers = []
    for lean in (0.55, -0.55):
        tip = hand + out * complex(math.cos(lean * 0.4), math.sin(lean * 0.4)) * 0.34
        finger = smooth([hand - out * 0.08, hand + out * 0.18 + out * 1j * lean * 0.36, tip, hand + out * 0.14])
        fingers.append(Shape(finger, "body", "arm", 1, 0.4))
    return fingers


def _plumes(figure: Figure, shoulder: complex, hand: complex, out: complex) -> list[Shape]:
    """Feathers that hang from an arm."""
    plumes = []
    for k in range(4):
        root = shoulder + (hand - shoulder) * (0.55 + 0.15 * k)
        plume = out * (0.16 + 0.02 * k) + (0.17 - 0.04 * k) * 1j
        plumes.append(Shape(leaf(root, root + plume, 0.5), ("deep", figure.arm_fill)[k % 2], "arm", 0.8, 0.2))
    return plumes


def bent(figure: Figure, bend: float) -> None:
    """Bends the whole figure from its feet up, to the right when positive, most at the head."""
    if abs(bend) < 0.02:
        return
    foot = figure.box({"body", "tail", "front"})[3]

    def lean(p: complex) -> complex:
        up = max(0.0, foot - p.imag) / 2
        return complex(p.real + bend * 1.6 * up * up, p.imag + abs(bend) * 0.3 * up * up)

    figure.move(lean)
