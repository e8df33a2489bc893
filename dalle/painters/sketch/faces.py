"""Faces: twelve moods, and eyes that look where the gaze says."""

from dataclasses import dataclass

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, arc, drop, ellipse, mirrored, ribbon, smooth


@dataclass(frozen=True, slots=True)
class Mood:
    """brow: inner ends up (-1, worried) … down (1, angry); lid: 0 open … 1 closed; smile -1…1; gape 0…1 open mouth;
    blush 0…1; wide: size of the eyes; tilt: of the head, in radians; slump: how far the body sinks."""

    brow: float = 0.0
    lift: float = 0.0
    lid: float = 0.1
    smile: float = 0.4
    gape: float = 0.0
    blush: float = 0.3
    wide: float = 1.0
    tilt: float = 0.0
    slump: float = 0.0
    tear: bool = False


MOODS = {
    "joy": Mood(-0.1, 0.12, 0.0, 1.0, 0.75, 0.8, 1.05, 0.07, -0.03),
    "love": Mood(-0.3, 0.06, 0.16, 0.8, 0.0, 1.0, 1.08, 0.14),
    "surprise": Mood(-0.1, 0.2, 0.0, 0.0, 1.0, 0.3, 1.2, 0.0, -0.03),
    "anger": Mood(0.9, -0.08, 0.28, -0.7, 0.25, 0.2, 0.95, 0.0, 0.0),
    "sadness": Mood(-0.9, 0.05, 0.32, -0.8, 0.0, 0.2, 1.0, 0.12, 0.05, True),
    "fear": Mood(-0.8, 0.15, 0.0, -0.5, 0.55, 0.0, 1.16, -0.05, 0.04),
    "calm": Mood(0.0, 0.03, 0.42, 0.45, 0.0, 0.45, 0.96, 0.03),
    "disgust": Mood(0.5, -0.03, 0.4, -0.6, 0.0, 0.1, 0.92, -0.1),
    "pride": Mood(0.25, 0.08, 0.36, 0.6, 0.0, 0.4, 0.96, -0.06, -0.05),
    "shame": Mood(-0.6, 0.03, 0.3, -0.25, 0.0, 1.0, 0.92, 0.15, 0.06),
    "curiosity": Mood(-0.15, 0.16, 0.0, 0.25, 0.3, 0.35, 1.12, 0.16),
    "longing": Mood(-0.6, 0.07, 0.24, 0.05, 0.0, 0.45, 1.04, 0.1, 0.02),
}
POLARITIES = {"positive": MOODS["joy"], "negative": MOODS["sadness"], "neutral": MOODS["calm"]}


KINDS = {  # iris, pupil and glint in parts of the eye
    "glossy": (0.62, 0.42, 0.2),
    "dark": (0.7, 0.56, 0.21),
    "keen": (0.5, 0.3, 0.12),
    "slit": (0.66, 0.0, 0.16),
}
EYES = ("glossy", "glossy", "glossy", "dark", "dark", "keen", "keen", "slit")


def mood_of(group: str, polarity: str, dice: Dice) -> Mood:
    """The mood of an emotion; an unknown group follows its polarity; without both the mood is random."""
    return MOODS.get(group) or POLARITIES.get(polarity) or MOODS[dice.pick("mood", ("joy", "calm", "curiosity"))]


def gaze_of(phrase: str) -> tuple[complex, str]:
    """Where the eyes look (x to the viewer's right, y down, about -1…1) and how: open, closed, wink, wide or half."""
    x = 0.75 * (("right" in phrase) - ("left" in phrase))
    y = 0.7 * (("down" in phrase or "ground" in phrase) - ("up" in phrase.split() or "sky" in phrase))
    if "wink" in phrase:
        how = "wink"
    elif "closed" in phrase and "half" not in phrase:
        how = "closed"
    elif "half" in phrase:
        how = "half"
    elif "wide" in phrase:
        how = "wide"
    else:
        how = "open"
    if "past the viewer" in phrase:
        x, y = 0.25, -0.15
    return complex(x, y), how


def _eye(figure: Figure, dice: Dice, at: complex, size: float, mood: Mood, look: complex, how: str, flip: int) -> None:
    if how == "closed":
        lash = arc(at, size, size * 0.7, 0.06, 0.44, 9)
        figure.add(ribbon(lash, 0.1 * size, 0.17 * size, 0.1 * size, steps=3), "ink", "face", 0)
        for turn in (0.12, 0.25, 0.38):
            end = arc(at, size * 1.3, size * 1.05, turn, turn, 2)[0]
            figure.add(ribbon([arc(at, size, size * 0.7, turn, turn, 2)[0], end], 0.06 * size), "ink", "face", 0)
        return
    tall = size * (1.12 + 0.12 * (how == "wide"))
    figure.add(ellipse(at, size, tall), "white", "face", 0.9)
    kind = EYES[int(dice.unit("eye kind") * len(EYES))]
    iris, pupil_size, glint = KINDS[kind]
    room = 1.0 - iris
    pupil = at + complex(look.real * size * max(room, 0.38) * 0.9, look.imag * tall * max(room, 0.38) * 0.9)
    figure.add(ellipse(pupil, size * iris, tall * iris), "iris", "face", 0)
    if kind == "slit":
        figure.add(ellipse(pupil, size * 0.14, tall * iris * 0.92), "ink", "face", 0)
    else:
        figure.add(ellipse(pupil, size * pupil_size, tall * pupil_size), "ink", "face", 0)
    spot = pupil + complex(-0.32 * size, -0.38 * tall) * iris
    figure.add(ellipse(spot, size * glint, tall * glint), "white", "face", 0)
    spot = pupil + complex(0.3 * size, 0.36 * tall) * iris
    figure.add(ellipse(spot, size * glint * 0.45, tall * glint * 0.45), "white", "face", 0)
    if dice.chance("lashes", 0.25):
        for k in (0.56, 0.62, 0.68) if flip < 0 else (0.82, 0.88, 0.94):
            root, tip = arc(at, size, tall, k, k, 2)[0], arc(at, size * 1.28, tall * 1.24, k, k, 2)[0]
            figure.add(ribbon([root, tip], 0.05 * size, 0.02 * size), "ink", "face", 0)
    lid = max(mood.lid, 0.45 if how == "half" else 0.0)
    if lid > 0.12:
        edge = at.imag - tall + 2 * tall * lid
        slope = 0.3 * size * mood.brow * flip
        rim = [p for p in arc(at, size * 1.03, tall * 1.03, 0.5, 1.0, 25) if p.imag <= edge + 0.1 * size]
        if len(rim) > 3:
            figure.add(
                [*rim, complex(rim[-1].real, edge + slope * -1), complex(rim[0].real, edge + slope)],
                "shade",
                "face",
                0.8,
            )


def face(figure: Figure, dice: Dice, mood: Mood, gaze: complex, how: str) -> None:
    """Put eyes, brows, cheeks and a mouth on a figure."""
    at, size = figure.face, figure.face_size
    apart = size * dice.span("eyes apart", 0.4, 0.48)
    eye = size * dice.span("eye size", 0.235, 0.3) * mood.wide
    y = at.imag - size * 0.12
    if figure.eyes == 1:
        apart, eye, y = 0.0, eye * 1.5, at.imag - size * 0.3
    for side in (-1, 1)[-figure.eyes :]:
        centre = complex(at.real + apart * side, y)
        shut = how == "closed" or (how == "wink" and side == 1)
        _eye(figure, dice, centre, eye, mood, gaze, "closed" if shut else how, side)
        _brow(figure, mood, centre, eye, side)
        if mood.blush > 0.25:
            _cheek(figure, mood, side)
    if mood.tear:
        figure.add(drop(complex(at.real + apart * 1.05, y + eye * 1.7), size * 0.12), "second", "face", 0.6)
    if figure.mouth != "none":
        _mouth(figure, dice, mood)


def _brow(figure: Figure, mood: Mood, eye: complex, eye_size: float, side: int) -> None:
    size = figure.face_size
    inner, outer = eye.real - 0.75 * eye_size * side, eye.real + 0.85 * eye_size * side
    height = eye.imag - eye_size * 1.45 - mood.lift * size
    brow = [
        complex(inner, height + mood.brow * size * 0.13),
        complex(eye.real, height - 0.05 * size),
        complex(outer, height - mood.brow * size * 0.1 + 0.03 * size),
    ]
    figure.add(ribbon(brow, 0.03 * size, 0.05 * size, 0.02 * size), "ink", "face", 0)


def _cheek(figure: Figure, mood: Mood, side: int) -> None:
    at, size = figure.face, figure.face_size
    cheek = ellipse(complex(at.real + size * 0.72 * side, at.imag + size * 0.26), size * 0.15, size * 0.1)
    figure.add(cheek, "cheek", "face", 0, 0, 0.35 + 0.45 * mood.blush)


def _mouth(figure: Figure, dice: Dice, mood: Mood) -> None:
    at, size = figure.face, figure.face_size
    wide = size * (0.42 if figure.mouth == "wide" else 0.24) * dice.span("mouth", 0.85, 1.2)
    where = figure.lips or complex(at.real, at.imag + size * (0.46 if figure.mouth == "wide" else 0.5))
    bend, gape = mood.smile * wide * 0.55, wide * 0.9 * mood.gape
    if mood.gape <= 0.15:
        _closed_mouth(figure, mood, where, wide, bend)
    elif abs(mood.smile) < 0.3:
        _round_mouth(figure, where, wide, gape)
    elif mood.smile > 0:
        _laugh(figure, where, wide, bend, gape)
    else:
        _snarl(figure, where, wide, bend, gape)


def _corners(where: complex, wide: float, bend: float) -> tuple[complex, complex]:
    """The left and the right end of a mouth, up in a smile."""
    return where + complex(-wide, -bend * 0.5), where + complex(wide, -bend * 0.5)


def _round_mouth(figure: Figure, where: complex, wide: float, gape: float) -> None:
    figure.add(ellipse(where + complex(0, gape * 0.2), wide * 0.55, gape * 0.75), "mouth", "face", 0.9)
    figure.add(ellipse(where + complex(0, gape * 0.62), wide * 0.3, gape * 0.26), "cheek", "face", 0)


def _laugh(figure: Figure, where: complex, wide: float, bend: float, gape: float) -> None:
    left, right = _corners(where, wide, bend)
    lips = [
        left,
        where + complex(0, bend * 0.25),
        right,
        where + complex(wide * 0.6, gape * 0.75),
        where + complex(0, gape * 1.05),
        where + complex(-wide * 0.6, gape * 0.75),
    ]
    figure.add(smooth(lips), "mouth", "face", 0.9)
    figure.add(ellipse(where + complex(0, gape * 0.82), wide * 0.42, gape * 0.26), "cheek", "face", 0)


def _snarl(figure: Figure, where: complex, wide: float, bend: float, gape: float) -> None:
    left, right = _corners(where, wide, bend)
    lips = smooth([left, where + complex(0, bend * 0.6), right, where + complex(0, bend * 0.6 + gape)])
    figure.add(lips, "mouth", "face", 0.9)
    for x in (-0.4, 0.0, 0.4):
        tooth = where + complex(wide * x, bend * 0.5)
        figure.add([tooth - 0.12 * wide, tooth + 0.12 * wide, tooth + 0.2j * wide], "white", "face", 0)


def _closed_mouth(figure: Figure, mood: Mood, where: complex, wide: float, bend: float) -> None:
    size = figure.face_size
    left, right = _corners(where, wide, bend)
    lips = ribbon([left, where + complex(0, bend * 0.6), right], 0.025 * size, 0.042 * size, 0.025 * size)
    figure.add(lips, "ink", "face", 0)
    if mood.smile > 0.3:
        for end in (left, right):
            tick = [end + complex(-0.03 * size, -0.03 * size), end, end + complex(0.03 * size, -0.02 * size)]
            dimple = ribbon(tick, 0.018 * size)
            figure.add(dimple if end is right else mirrored(dimple, end.real), "ink", "face", 0)
