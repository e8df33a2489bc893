"""Draws arms by the action, with the tool of the trade in one hand."""

import math
from collections.abc import Callable

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.faces import Mood
from dalle.painters.sketch.matching import begins
from dalle.painters.sketch.shapes import Figure, ellipse, leaf, ribbon, smooth, star
from dalle.painters.sketch.tools import tool

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
    "hug": (0.4 + 0.34j, -0.36 + 0.44j),
}


def bearing(mood: Mood) -> tuple[str, ...]:
    """Returns the poses that suit a mood, for an action that demands none."""
    if mood.smile < -0.2:
        return ("hip", "hip", "hold") if mood.brow > 0 else ("rest", "hug", "rest")
    if mood.smile > 0.7:
        return ("raise", "wave", "fly") if mood.gape else ("hug", "wave")
    return ("wave", "hip", "raise", "hold")


def gesture(figure: Figure, dice: Dice, text: str, trade: str, mood: Mood) -> None:
    """Arms by the action or the mood, with the tool of the trade in a hand; balls, notes, bubbles or stars around."""
    pose = next((name for name, words in POSES if begins(text, words)), "") or dice.pick("pose", bearing(mood))
    hand = _arms(figure, dice, pose, figure.shoulders) if figure.shoulders else figure.hand
    tool(figure, dice, trade, hand)
    surround = next((surround for words, surround in SURROUNDINGS if begins(text, words)), None)
    if surround:
        surround(figure)


def _arms(figure: Figure, dice: Dice, pose: str, shoulders: tuple[complex, complex]) -> complex:
    """Both arms in a pose or in its mirror image; returns the hand that is free for a tool."""
    left, right = HANDS[pose]
    flip = dice.chance("other hand", 0.5)
    if flip:
        left, right = complex(-right.real, right.imag), complex(-left.real, left.imag)
    hands = (shoulders[0] + left * figure.reach, shoulders[1] + right * figure.reach)
    for side, shoulder, hand in zip((-1, 1), shoulders, hands, strict=True):
        _arm(figure, shoulder, hand, side)
    return hands[0 if flip else 1]


def _arm(figure: Figure, shoulder: complex, hand: complex, side: int) -> None:
    elbow = (shoulder + hand) / 2 + complex(0.35 * side, 0.1) * figure.reach * 0.5
    claw = figure.arm_fill == "claw"
    fill = "body" if claw else figure.arm_fill
    if not (claw or figure.feathered):
        figure.add(ellipse(hand, figure.arm[1] * 1.3, figure.arm[1] * 1.25), fill, "arm", 1, 0.4)
    sleeve = ribbon([shoulder, elbow, hand], figure.arm[0], figure.arm[0], figure.arm[1])
    figure.add(sleeve, fill, "arm", 1, 0.3)
    out = (hand - shoulder) / max(abs(hand - shoulder), 1e-6)
    if claw:
        _claw(figure, hand, out)
    elif figure.feathered:
        _plumes(figure, shoulder, hand, out)


def _claw(figure: Figure, hand: complex, out: complex) -> None:
    """Two fingers that pinch, pointing out of the arm."""
    for lean in (0.55, -0.55):
        tip = hand + out * complex(math.cos(lean * 0.4), math.sin(lean * 0.4)) * 0.34
        finger = smooth([hand - out * 0.08, hand + out * 0.18 + out * 1j * lean * 0.36, tip, hand + out * 0.14])
        figure.add(finger, "body", "arm", 1, 0.4)


def _plumes(figure: Figure, shoulder: complex, hand: complex, out: complex) -> None:
    """Feathers that hang from an arm."""
    for k in range(4):
        root = shoulder + (hand - shoulder) * (0.55 + 0.15 * k)
        plume = out * (0.16 + 0.02 * k) + (0.17 - 0.04 * k) * 1j
        figure.add(leaf(root, root + plume, 0.5), ("deep", figure.arm_fill)[k % 2], "arm", 0.8, 0.2)


def _balls(figure: Figure) -> None:
    top = figure.box()[1]
    for k, fill in enumerate(("accent", "second", "cloth")):
        ball = ellipse(complex(-0.45 + 0.45 * k, top - 0.1 - 0.12 * (k == 1)), 0.09, 0.09)
        figure.add(ball, fill, "tool", 1, 0.6)


def _notes(figure: Figure) -> None:
    right = figure.box()[2]
    for k in range(2):
        p = complex(right - 0.05 + 0.12 * k, -0.55 + 0.3 * k)
        figure.add(ellipse(p, 0.06, 0.045, -0.3), "accent", "tool", 0.7)
        figure.add(ribbon([p + 0.05, p + 0.05 - 0.24j], 0.012), "ink", "tool", 0)


def _bubbles(figure: Figure) -> None:
    left = figure.box()[0]
    for k in range(5):
        p = complex(left + 0.1 + 0.06 * (k % 2), -0.1 - 0.2 * k)
        figure.add(ellipse(p, 0.05 + 0.012 * k, 0.05 + 0.012 * k), "light", "back", 0.8)


def _stars(figure: Figure) -> None:
    right = figure.box()[2]
    for k in range(3):
        one = star(complex(right - 0.1 + 0.1 * k, -0.6 - 0.16 * k), 0.09 + 0.02 * k, 0.04, 5)
        figure.add(one, "metal", "tool", 0.7)


SURROUNDINGS: tuple[tuple[tuple[str, ...], Callable[[Figure], None]], ...] = (
    (("jugg", "ball", "throw", "catch"), _balls),
    (("sing", "music", "drum", "flut", "whistl", "hum", "play"), _notes),
    (("swim", "div", "bath", "bubbl", "float", "surf"), _bubbles),
    (("star", "dream", "sleep", "wish", "moon"), _stars),
)
