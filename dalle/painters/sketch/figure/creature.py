"""A creature from words: body, coat, clothes, face, hat, limbs, things and marks."""

from dataclasses import dataclass

from dalle.painters.sketch import bodies
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.figure import marks, things
from dalle.painters.sketch.figure.dress import clothes, hat
from dalle.painters.sketch.figure.eyes import Eyes
from dalle.painters.sketch.figure.faces import face, gaze_of, turn_of
from dalle.painters.sketch.figure.limbs import ONE_HANDED, POSES, bearing, bent, limbs
from dalle.painters.sketch.figure.moods import Mood, mood_of
from dalle.painters.sketch.shapes import TILTED, Figure, extent, turned
from dalle.painters.sketch.tables import family
from dalle.painters.sketch.words import Words

DETAILED = {"body", "back", "tail", "front", "skull"}
BOTH = {"hold", "pray", "clap", "hug", "strum", "pull"}
"""Poses that hold a thing between both hands."""
NOTHING = ("", "-", "-")


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a hand draws: its eyes, the size of its heads, the share of a face below which parts are left out, and how
    tall and slender its figures are; whole: with limbs, clothes, things and marks."""

    eyes: Eyes = Eyes()
    head: float = 1.0
    detail: float = 0.0
    tall: float = 1.0
    whole: bool = True


def figure_of(words: Words, address: str, drawn: Drawn = Drawn()) -> Figure:
    """The creature alone, in its own space."""
    dice = Dice(address, "creature")
    group, klass, kind = (words.of("noun", column) for column in ("group", "class", "kind"))
    figure = bodies.creature(group, klass, kind, words.of("noun", "name", "class", "group"), dice)
    least = drawn.detail * figure.face_size**2
    figure.shapes = [s for s in figure.shapes if s.part not in DETAILED or extent(s.points) >= least]
    mood = feeling(words)
    trade = (family("occupations", words.word("occupation")) or " | - | -").split(" | ")
    marks.coat(figure, words.word("adjective"))
    if drawn.whole:
        clothes(figure, trade[2])
    _head(figure, dice, words, mood, drawn.eyes)
    hat(figure, trade[0])
    _carry(figure, drawn.head, mood.tilt * dice.side("tilt"))
    _act(figure, dice, words, mood, trade[1], whole=drawn.whole)
    broad = broadness(words.word("adjective")) / drawn.tall
    figure.move(lambda p: complex(p.real * broad, p.imag * drawn.tall))
    return figure


def broadness(word: str) -> float:
    """How broad an adjective makes a figure; 1 is common."""
    return Dice("build", word).span("broad", 0.9, 1.12) if word else 1.0


def feeling(words: Words) -> Mood:
    """The mood of a selection."""
    group, polarity = words.of("emotion", "group"), words.of("emotion", "polarity")
    return mood_of(group, polarity, words.word("emotion"), words.of("emotion", "description"))


def _head(figure: Figure, dice: Dice, words: Words, mood: Mood, eyes: Eyes) -> None:
    phrase, viewpoint = words.of("gaze", "phrase"), words.of("viewpoint", "name")
    gaze, how = gaze_of(phrase)
    face(figure, dice, mood, gaze, how, eyes, turn_of(figure, phrase, viewpoint, dice))


def _carry(figure: Figure, size: float, tilt: float) -> None:
    """Sizes the head from the neck and tilts it; a head that is the whole body stays as it is."""
    if not any(shape.part == "head" for shape in figure.shapes):
        size, tilt = 1.0, tilt * 0.6
    about = figure.neck

    def carried(points: list[complex]) -> list[complex]:
        return [about + (p - about) * size for p in turned(points, tilt, about)]

    for shape in figure.shapes:
        if shape.part in TILTED:
            shape.points = carried(shape.points)
    figure.face, figure.hat = carried([figure.face, figure.hat])
    figure.face_size, figure.hat_size = figure.face_size * size, figure.hat_size * size


def _act(figure: Figure, dice: Dice, words: Words, mood: Mood, tool: str, *, whole: bool) -> None:
    """What the action does with spine, limbs and things, and the mark of the emotion on the other side.

    Of a figure that is not drawn whole only the spine is seen.
    """
    word = words.word("action")
    row = family("actions", word)
    name, prop, effect = row.split(" | ")[1:] if row else NOTHING
    name = name or bearing(mood, dice)
    pose = POSES[name]
    side = figure.heading or dice.side("other hand")
    bend = pose.bend * side + mood.bend * dice.side("slump")
    if not whole:
        bent(figure, bend)
        return
    hands = limbs(figure, pose, mood, side)
    figure.lift = 0.0 if figure.floats else pose.lift
    things.thing(figure, prop, hands, side, name in BOTH)
    if name in ONE_HANDED or not figure.shoulders:
        things.held(figure, tool, hands[0], -side)
    else:
        things.laid(figure, tool, -side)
    bent(figure, bend)
    marks.effect(figure, effect, word, side)
    marks.sign(figure, mood.sign, words.word("emotion"), -side)
