"""What a person sees of the offline artist's pictures: every word, one figure beside another, the colours."""

import random
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageStat

from dalle.painters.sketch import bodies, draw
from dalle.painters.sketch.avatar import EYES as AVATAR_EYES
from dalle.painters.sketch.canvas import Brushwork
from dalle.painters.sketch.contours import formed, outline, walked
from dalle.painters.sketch.contrast import LEAST, distance, set_apart
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.figure.creature import Drawn, figure_of
from dalle.painters.sketch.figure.eyes import Eyes
from dalle.painters.sketch.figure.faces import face
from dalle.painters.sketch.figure.moods import MOODS
from dalle.painters.sketch.hands import HANDS
from dalle.painters.sketch.painting import placed, technique_name
from dalle.painters.sketch.shapes import LOOSE, SEEING, Figure, bounds, ellipse, inside
from dalle.painters.sketch.words import Words
from dalle.words.selection import Selection
from tests.kit.selections import CATALOG, selected

SIDE = 48


def swapped(selection: Selection, which: str, database: str, stream: random.Random) -> Selection:
    """The same selection with another word of one attribute."""
    table, fields = CATALOG.databases[database], selection[which].fields
    while fields == selection[which].fields:
        row = table.rows[int(stream.random() * len(table.rows))]
        fields = dict(zip(table.columns, row, strict=True))
    other = replace(selection[which], value=",".join(fields.values()), fields=fields)
    return replace(selection, attributes=tuple(other if each.name == which else each for each in selection))


@pytest.mark.parametrize(
    ("which", "database"),
    [
        ("place", "places"),
        ("action", "actions"),
        ("emotion", "emotions"),
        ("occupation", "occupations"),
        ("adjective", "adjectives"),
        ("adverb", "adverbs"),
        ("litStyle", "litstyles"),
        ("trope", "tropes"),
    ],
)
def test_changes_with_each_word(which: str, database: str) -> None:
    """In the drawing of a hand that adds no chance of its own; `bench.sketch` counts over all hands."""
    stream = random.Random(which)
    for selection in map(selected, range(20, 23)):
        other = swapped(selection, which, database, stream)
        first, second = (draw(each, (96, 96), "storybook") for each in (selection, other))
        changed = ImageChops.difference(first, second).convert("L").point([255 * (i > 20) for i in range(256)])
        assert ImageStat.Stat(changed).mean[0] / 255 > 0.001


def masks(count: int) -> list[Image.Image]:
    found = []
    for selection in map(selected, range(count)):
        brush = Brushwork(Image.new("L", (SIDE, SIDE)), Dice("mask"))
        for shape in placed(selection, (SIDE, SIDE), HANDS[technique_name(selection)]).figure.shapes:
            if shape.part not in LOOSE:
                brush.shape(shape.points, 255)
        found.append(brush.done().point([255 * (i > 127) for i in range(256)]))
    return found


def test_has_silhouettes_and_places_of_its_own_for_each_address() -> None:
    found = masks(60)
    shared = [
        max(
            ImageStat.Stat(ImageChops.darker(one, other)).sum[0] / ImageStat.Stat(ImageChops.lighter(one, other)).sum[0]
            for other in found
            if other is not one
        )
        for one in found
    ]
    assert sum(most > 0.8 for most in shared) < 6
    down = Image.linear_gradient("L").resize((SIDE, SIDE))
    across = down.transpose(Image.Transpose.ROTATE_90)
    centres = [complex(ImageStat.Stat(across, mask).mean[0], ImageStat.Stat(down, mask).mean[0]) for mask in found]
    middle = sum(centres) / len(centres)
    assert (sum(abs(c - middle) ** 2 for c in centres) / len(centres)) ** 0.5 / 255 >= 0.08


def drawn(number: int) -> Figure:
    selection = selected(number)
    return figure_of(Words(selection), selection.original)


def test_keeps_things_off_the_eyes() -> None:
    for number in range(40, 64):
        figure = drawn(number)
        eyes = [shape for shape in figure.shapes if shape.part == "face" and shape.fill == "iris"]
        for shape in (shape for shape in figure.shapes if shape.part == "tool"):
            left, top, right, bottom = bounds(shape.points)
            for eye in eyes:
                at = sum(eye.points) / len(eye.points)
                assert not (left < at.real < right and top < at.imag < bottom), number


def test_keeps_arms_and_things_off_eyes_noses_and_mouths() -> None:
    for number in range(200):
        figure = drawn(number)
        features = [s.points for s in figure.shapes if s.part == "face" and s.fill in SEEING]
        for shape in (s for s in figure.shapes if s.part in ("arm", "tool")):
            hidden = [sum(inside(p, shape.points) for p in points) / len(points) for points in features]
            assert max(hidden) < 0.25, (number, shape.part)


def test_shows_one_eye_of_a_creature_from_the_side() -> None:
    for number in range(200):
        figure = drawn(number)
        if figure.heading:
            assert len([s for s in figure.shapes if s.fill == "white" and s.part == "face" and s.line == 0.9]) <= 1
            return
    pytest.fail("no creature is seen from the side")


def headed(angle: float) -> Figure:
    """A bear whose head is turned by an angle, in radians."""
    dice = Dice("bear")
    figure = bodies.creature("mammal", "bear", "animals", "brown bear", dice)
    face(figure, dice, MOODS["calm"], 0j, "open", Eyes(), angle)
    return figure


def test_turns_a_head_with_its_muzzle_and_shows_one_eye_of_it_from_the_side() -> None:
    def parts(angle: float) -> tuple[int, float]:
        shapes = headed(angle).shapes
        nose = next(s.points for s in shapes if s.part == "head" and s.fill == "ink")
        return sum(s.part == "brow" for s in shapes), sum(nose).real / len(nose) / headed(0).face_size

    (both, front), (two, half), (one, side) = map(parts, (0.0, 0.6, 0.92))
    assert (both, two, one) == (2, 2, 1)
    assert abs(front) < 0.05
    assert 0.5 < half < 0.9 < side


def test_keeps_hats_off_the_eyes() -> None:
    for number in range(60):
        figure = drawn(number)
        eyes = [p for s in figure.shapes if s.part == "face" and s.fill == "iris" for p in s.points]
        hats = [s.points for s in figure.shapes if s.part == "hat"]
        hidden = sum(inside(p, points) for points in hats for p in eyes)
        assert hidden <= 0.2 * len(eyes), number


@pytest.mark.parametrize("manner", [Drawn(), Drawn(AVATAR_EYES)])
def test_seats_hats_above_brows_and_on_heads(manner: Drawn) -> None:
    hidden, tall = [], {"head", "body", "skull", "horn"}
    for selection in map(selected, range(200)):
        figure = figure_of(Words(selection), selection.original, manner)
        order = [shape.part for shape in figure.ordered()]
        hats = [s.points for s in figure.shapes if s.part == "hat"]
        brows = [p for s in figure.shapes if s.part == "brow" for p in s.points]
        assert order.index("hat") > max(n for n, part in enumerate(order) if part == "brow"), selection.original
        hidden.append(sum(any(inside(p, hat) for hat in hats) for p in brows) / len(brows))
        left, _, right, bottom = bounds([p for hat in hats for p in hat])
        head = [p for s in figure.shapes if s.part in tall for p in s.points if left < p.real < right]
        assert bottom > min(p.imag for p in head), selection.original
    assert sum(share > 0.1 for share in hidden) <= 12
    assert sum(share > 0.5 for share in hidden) <= 4


def test_draws_the_contour_of_each_hand_in_its_own_way() -> None:
    """But for two, whose lines are plain."""
    drawings = set()
    for hand in HANDS.values():
        brush = Brushwork(Image.new("RGB", (128, 128)), Dice("contour"))
        points = formed(ellipse(64 + 64j, 50, 40), hand.contour, 3.0)
        outline(brush, points, (255, 255, 255), 3.0, hand.contour)
        drawings.add(brush.done().tobytes())
    assert len(drawings) == len(HANDS) - 1


def test_walks_along_an_outline_in_even_steps() -> None:
    spots = walked([0j, 10 + 0j, 10 + 10j, 10j], 2.5)
    assert len(spots) == 16
    assert {abs(out) for _, out in spots} == {1.0}
    assert all(abs(p + out - 5 - 5j) > abs(p - 5 - 5j) for p, out in spots)


def test_lights_or_dims_the_ground_around_a_figure_that_is_lost_in_it() -> None:
    for ground, figure in (
        ((70, 120, 70), (76, 126, 74)),
        ((200, 200, 190), (206, 203, 196)),
        ((9, 9, 9), (12, 12, 12)),
    ):
        image, mask = Image.new("RGB", (128, 128), ground), Image.new("L", (128, 128))
        brush = Brushwork(mask, Dice("mask"))
        brush.shape(ellipse(64 + 64j, 30, 40), 255)
        mask = brush.done()
        image.paste(figure, (0, 0), mask)
        assert distance(image, mask) < LEAST <= distance(set_apart(image, mask), mask)


def test_leaves_a_figure_as_it_is_that_is_seen() -> None:
    image, mask = Image.new("RGB", (64, 64), (20, 20, 30)), Image.new("L", (64, 64))
    mask.paste(255, (20, 20, 44, 44))
    image.paste((240, 230, 220), (0, 0), mask)
    assert set_apart(image, mask) is image


def test_draws_small_pictures_in_a_few_flat_tones() -> None:
    for number in range(8):
        colours = draw(selected(number), (64, 64)).getcolors(1 << 12) or []
        common = [count for count, _ in colours if count > 64 * 64 // 100]
        assert len(common) <= 12, number  # six or seven of them are black, white, cheeks and mouth
        assert sum(common) > 0.5 * 64 * 64, number  # the rest are edges of outlines


def test_shows_another_face_for_another_emotion_in_small_pictures() -> None:
    stream = random.Random("small")
    for number in range(10):
        selection = selected(number)
        other = swapped(selection, "emotion", "emotions", stream)
        assert draw(selection, (32, 32)).tobytes() != draw(other, (32, 32)).tobytes(), number
