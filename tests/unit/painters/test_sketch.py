"""The offline artist."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from dalle.errors import GenerationError
from dalle.imaging.decoding import Examined, examine
from dalle.imaging.thumbnails import avatar_in, unpacked
from dalle.key import Key
from dalle.painters.protocol import Admit, Answer, Call, Order
from dalle.painters.sketch import SIZES, Sketch, draw
from dalle.painters.sketch.canvas import Brushwork
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.figure import creature
from dalle.painters.sketch.figure.faces import gaze_of
from dalle.painters.sketch.hands import HANDS
from dalle.painters.sketch.painting import composed, placed
from dalle.painters.sketch.scene.stage import FULL, place_figure
from dalle.painters.sketch.shapes import Figure
from dalle.painters.sketch.words import Words
from dalle.storage.blob import Content
from dalle.words.attributes import Attribute
from dalle.words.orientation import Orientation
from dalle.words.selection import Selection
from tests.kit.selections import CATALOG, address, selected

GOLDEN = Path(__file__).parents[1] / "golden" / "sketch.json"


def with_row(selection: Selection, which: str, /, **fields: str) -> Selection:
    """The same selection with some columns of one attribute changed."""

    def changed(attribute: Attribute) -> Attribute:
        different = attribute.name == which
        return replace(attribute, fields={**attribute.fields, **fields}) if different else attribute

    return replace(selection, attributes=tuple(map(changed, selection)))


def with_noun(noun: str, number: int = 7) -> Selection:
    """A selection whose noun is one of the catalogue's, by name."""
    nouns = CATALOG.databases["nouns"]
    row = next(row for row in nouns.rows if row[nouns.columns.index("name")] == noun)
    return with_row(selected(number), "noun", **dict(zip(nouns.columns, row, strict=True)))


def figure_of(selection: Selection) -> Figure:
    return creature.figure_of(Words(selection), selection.original)


def silhouette(selection: Selection, side: int = 96) -> Image.Image:
    """The creature without its arms and things, white on black, in the middle."""
    figure = figure_of(selection)
    figure.shapes = [shape for shape in figure.shapes if shape.part not in ("arm", "tool", "hat", "mark", "trail")]
    place_figure(figure, replace(FULL, centre=0.5 + 0.5j, half=0.45), (side, side))
    brush = Brushwork(Image.new("L", (side, side)), Dice("mask"))
    for shape in figure.shapes:
        brush.shape(shape.points, 255)
    return brush.done()


def pixels(selection: Selection, side: int = 96, technique: str = "") -> str:
    return hashlib.sha256(draw(selection, (side, side), technique).tobytes()).hexdigest()[:16]


def goldens() -> dict[str, str]:
    found = {address(n): pixels(selected(n)) for n in range(24)}
    found |= {f"{address(n)} avatar": pixels(selected(n), 48) for n in range(12)}
    return found | {
        f"{address(n)} {technique}": pixels(selected(n), 96, technique) for n, technique in enumerate(HANDS)
    }


class Record:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def sent(self, call: Call, admit: Admit | None = None) -> int:
        self.lines.append(f"sent {call.size}")
        return 1

    def confirm_claim(self, number: int) -> None:
        """The key is always ours."""

    def failed(self, number: int, error: GenerationError) -> None:
        self.lines.append(f"failed {number}")

    def received(self, number: int, answer: Content) -> None:
        self.lines.append(f"received {number}")

    def make_room(self, size: int) -> None:
        self.lines.append(f"read {size}")

    def examine(self, data: bytes) -> Examined:
        return examine(data)

    def submitted(self, number: int, task: Sequence[str], ids: Mapping[str, str]) -> None:
        self.lines.append(f"submitted {number}")

    def answered(self, number: int, answer: Answer) -> None:
        self.lines.append(f"answered {number} {answer.model}")


@pytest.mark.parametrize("orientation", ["square", "landscape"])
def test_paints_an_order_and_records_it(orientation: Orientation) -> None:
    record = Record()
    order = Order(Key("plain", address(1)), "run", "plain/0x/token", selected(1), "", orientation, 1e9)
    answer = Sketch().paint(order, record)
    with Image.open(io.BytesIO(answer.data)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", SIZES[orientation])
    avatar = unpacked(avatar_in(answer.data))
    width, height = SIZES[orientation]
    assert avatar
    assert avatar.size == (64, 64 * height // width)
    assert avatar.tobytes() == draw(selected(1), avatar.size).tobytes()
    assert record.lines == [f"sent {width}x{height}", "answered 1 sketch-4"]
    assert answer.cost == 0


def test_always_paints_the_same_pixels() -> None:
    assert goldens() == json.loads(GOLDEN.read_text())


def test_paints_any_size_in_any_technique() -> None:
    sizes = cycle([(64, 64), (128, 192), (192, 128), (65, 333)])
    for technique, size in zip(HANDS, sizes, strict=False):
        assert draw(selected(2), size, technique).size == size


def test_refuses_a_size_that_makes_no_picture() -> None:
    with pytest.raises(ValueError, match="each side must be"):
        draw(selected(2), (0, 1024))


def test_paints_a_selection_without_any_row() -> None:
    bare = tuple(replace(a, value="none", fields={}) for a in selected(3))
    for attributes in (bare, ()):
        image = draw(replace(selected(3), attributes=attributes), (128, 128))
        assert len(image.getcolors(1 << 14) or []) > 20


def test_paints_a_selection_of_unknown_words() -> None:
    def unknown(a: Attribute) -> Attribute:
        return replace(a, value="wug", fields={"word": "wug"} if a.name != "noun" else {"name": "wug", "group": "wugs"})

    strange = replace(selected(4), attributes=tuple(unknown(a) for a in selected(4)))
    assert draw(strange, (128, 128)).size == (128, 128)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("great hammerhead shark", "sardine"),
        ("barn owl", "flamingo"),
        ("emperor penguin", "mallard"),
        ("saguaro", "lady fern"),
        ("blue whale", "giraffe"),
        ("garden snail", "banana slug"),
        ("seahorse", "giant manta ray"),
        ("brontosaur", "triceratops"),
        ("red squirrel", "african elephant"),
        ("carrot", "pumpkin"),
        ("banana", "blackberry"),
        ("honeybee", "praying mantis"),
        ("emperor scorpion", "red velvet mite"),
        ("giant squid", "chambered nautilus"),
        ("penny bun mushroom", "turkey tail fungus"),
        ("spirillum", "staphylococcus"),
        ("azure dragon", "welsh red dragon"),
        ("phantom", "flower fairy"),
        ("toco toucan", "rock dove"),
        ("wood elf", "garden gnome"),
        ("african elephant", "elephant shrew"),
        ("stymphalian bird", "fenrir wolf"),
        ("silverfish", "mayfly"),
    ],
)
def test_draws_the_nouns_of_one_group_differently(one: str, two: str) -> None:
    first, second = silhouette(with_noun(one)), silhouette(with_noun(two))
    shared = ImageStat.Stat(ImageChops.darker(first, second)).sum[0]
    whole = ImageStat.Stat(ImageChops.lighter(first, second)).sum[0]
    assert shared / whole < 0.8


def test_draws_a_cyclops_with_one_eye() -> None:
    def eyes(noun: str) -> int:
        return sum(shape.fill == "iris" for shape in figure_of(with_row(with_noun(noun), "gaze", phrase="")).shapes)

    assert (eyes("cyclops"), eyes("titan")) == (1, 2)


@pytest.mark.parametrize(
    ("noun", "world"), [("sardine", "water"), ("blue whale", "water"), ("stentor", "lens"), ("barn owl", "land")]
)
def test_puts_a_creature_into_its_world(noun: str, world: str) -> None:
    assert Words(with_noun(noun)).world == world


def test_lets_the_arms_hang_in_sadness_and_fly_up_in_joy() -> None:
    def highest_hand(group: str, number: int) -> float:
        idle = with_row(with_noun("brown bear", number), "action", word="", definition="")
        figure = figure_of(with_row(idle, "emotion", group=group))
        return min(p.imag for shape in figure.shapes if shape.part == "arm" for p in shape.points)

    for number in range(16):
        assert highest_hand("joy", number) < highest_hand("sadness", number), number


@pytest.mark.parametrize(
    ("phrase", "x", "y", "how"),
    [
        ("looking up to the left", -1, -1, "open"),
        ("looking straight down at the ground", 0, 1, "open"),
        ("with eyes peacefully closed", 0, 0, "closed"),
        ("peering sideways to the right with half-closed eyes", 1, 0, "half"),
        ("with one eye closed in a wink straight at the viewer", 0, 0, "wink"),
    ],
)
def test_looks_where_the_gaze_says(phrase: str, x: int, y: int, how: str) -> None:
    look, manner = gaze_of(phrase)
    assert ((look.real > 0) - (look.real < 0), (look.imag > 0) - (look.imag < 0), manner) == (x, y, how)


def test_keeps_a_whole_creature_inside_the_frame() -> None:
    for number in range(90):
        size = ((300, 300), (200, 300), (300, 200))[number % 3]
        put = placed(selected(number), size, HANDS["storybook"])
        left, top, right, bottom = put.figure.core()
        if put.stage.frame == "full":
            assert min(left, top, size[0] - right, size[1] - bottom) >= 0, (number, size)
        else:
            face = put.figure.face
            assert min(face.real, face.imag, size[0] - face.real, size[1] - face.imag) >= put.reach * 0.6, number


def test_lets_no_figure_sink_into_its_ground_in_any_technique() -> None:
    for number, technique in enumerate(HANDS):
        selection, size = selected(100 + number), (96, 96)
        brush = Brushwork(Image.new("L", size), Dice("mask"))
        for shape in composed(selection, size, technique).shapes:
            brush.shape(shape.points, 255)
        mask = brush.done()
        image = draw(selection, size, technique)
        inside, outside = ImageStat.Stat(image, mask).mean, ImageStat.Stat(image, ImageChops.invert(mask)).mean
        assert sum((a - b) ** 2 for a, b in zip(inside, outside, strict=True)) ** 0.5 > 12, (number, technique)


def test_paints_the_same_creature_in_another_manner_for_another_series() -> None:
    assert pixels(selected(5)) != pixels(selected(5, "other"))
    assert figure_of(selected(5)).box() == figure_of(selected(5, "other")).box()


def test_is_never_empty_or_muddy() -> None:
    for number in range(30):
        image = draw(selected(number), (96, 96))
        spread = ImageStat.Stat(image.convert("L")).stddev[0]
        assert spread > 12, number


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(goldens(), indent=1) + "\n")
