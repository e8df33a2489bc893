"""Moods: what an emotion does to head, spine, eyes and mouth."""

from dataclasses import dataclass, replace

from dalle.painters.sketch.dice import Dice


@dataclass(frozen=True, slots=True)
class Mood:
    """brow: inner ends up (-1, worried) … down (1, angry); lift: of the brows; lid: 0 open … 1 closed; low: the same
    from below; smile -1…1; gape 0…1 open mouth; blush 0…1; wide: size of the eyes; pupil: of the pupils; tilt: of the
    head, in radians; bend: of the spine; droop: how far the arms sink; sign: the mark beside the head; skew: of the
    mouth and brows; mouth: a design of its own; glance: where the eyes go by themselves."""

    brow: float = 0.0
    lift: float = 0.0
    lid: float = 0.1
    low: float = 0.0
    smile: float = 0.4
    gape: float = 0.0
    blush: float = 0.3
    wide: float = 1.0
    pupil: float = 1.0
    tilt: float = 0.0
    bend: float = 0.0
    droop: float = 0.0
    sign: str = ""
    skew: float = 0.0
    mouth: str = ""
    glance: complex = 0j


MOODS = {
    "joy": Mood(-0.1, 0.14, 0.0, 0.2, 1.0, 0.8, 0.8, 1.06, 1.15, 0.08, -0.05, -0.25, "sparkle", mouth="laugh"),
    "love": Mood(-0.3, 0.08, 0.0, 0.14, 0.85, 0.0, 1.0, 1.12, 1.2, 0.16, 0.0, -0.05, "heart"),
    "surprise": Mood(-0.1, 0.3, 0.0, 0.0, 0.0, 1.0, 0.2, 1.28, 0.6, 0.0, -0.08, -0.3, "shock", mouth="round"),
    "anger": Mood(1.0, -0.12, 0.26, 0.0, -0.8, 0.3, 0.5, 1.04, 0.8, 0.0, 0.08, 0.0, "anger", mouth="teeth"),
    "sadness": Mood(-1.0, 0.06, 0.14, 0.0, -0.6, 0.0, 0.5, 1.14, 1.25, 0.14, 0.12, 0.4, "drop"),
    "fear": Mood(-0.9, 0.2, 0.0, 0.0, -0.5, 0.5, 0.0, 1.26, 0.48, -0.06, -0.1, 0.25, "sweat", mouth="wave"),
    "calm": Mood(0.0, 0.04, 0.28, 0.15, 0.6, 0.0, 0.6, 1.0, 1.1, 0.04, 0.0, 0.12, "leaf"),
    "disgust": Mood(0.5, -0.03, 0.3, 0.14, -0.7, 0.0, 0.05, 0.96, 0.85, -0.12, -0.1, 0.1, "spiral", 0.7, "tongue"),
    "pride": Mood(0.25, 0.14, 0.3, 0.0, 0.75, 0.0, 0.5, 1.0, 1.05, -0.1, -0.14, -0.1, "star", 0.5),
    "shame": Mood(-0.7, 0.02, 0.24, 0.0, -0.3, 0.0, 1.4, 1.0, 1.05, 0.2, 0.12, 0.35, "gloom", 0.3, "wave", 0.7 + 0.7j),
    "curiosity": Mood(-0.1, 0.16, 0.0, 0.0, 0.3, 0.3, 0.35, 1.18, 1.15, 0.2, 0.06, 0.0, "question", 0.8, "round"),
    "longing": Mood(-0.6, 0.1, 0.13, 0.0, 0.2, 0.0, 0.6, 1.1, 1.3, 0.14, -0.03, 0.2, "moon", 0.0, "", -0.75j),
}
POLARITIES = {"positive": MOODS["joy"], "negative": MOODS["sadness"], "neutral": MOODS["calm"]}
STRONG = ("over", "fierce", "wild", "burst", "intense", "extreme", "deep", "great", "utter", "violent", "unrestrained")
MILD = ("quiet", "gentle", "mild", "slight", "soft", "tinge", "faint", "light", "small", "calm", "vague", "half")


def mood_of(group: str, polarity: str, word: str, text: str) -> Mood:
    """The mood of an emotion: its group's, or its polarity's, as strong as its description says.

    Each emotion of a group is a little different from the others. Without any word the mood is calm.
    """
    mood = MOODS.get(group) or POLARITIES.get(polarity) or MOODS["calm"]
    dice = Dice("emotion", word)
    force = 1.0 + 0.2 * (any(part in text for part in STRONG) - any(part in text for part in MILD))
    force *= dice.span("force", 0.88, 1.12)
    return replace(
        mood,
        brow=mood.brow * force + dice.span("brow", -0.08, 0.08),
        smile=mood.smile * dice.span("smile", 0.85, 1.12),
        gape=mood.gape * force,
        blush=min(1.4, mood.blush * force),
        wide=1 + (mood.wide - 1) * force,
        tilt=mood.tilt * force,
        bend=mood.bend * force,
        droop=mood.droop * force,
        skew=mood.skew + dice.span("skew", -0.09, 0.09),
    )
