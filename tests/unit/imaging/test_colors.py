import pytest
from PIL import Image

from dalle.imaging.colors import BLACK, COMFORTABLE, WHITE, Color, contrast, dominant, ink_for, mix, scheme, vividness


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        (BLACK, WHITE, 21),
        (WHITE, BLACK, 21),
        (WHITE, WHITE, 1),
        ((119, 119, 119), WHITE, 4.48),
        ((0, 0, 255), WHITE, 8.59),
    ],
)
def test_computes_the_contrast_of_wcag(one: Color, other: Color, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


def test_takes_the_ink_that_has_more_contrast() -> None:
    assert (ink_for((0, 0, 128)), ink_for((255, 255, 0))) == (WHITE, BLACK)


def test_mixes_two_colours_in_proportion() -> None:
    assert [mix((0, 100, 200), (100, 100, 0), part) for part in (0, 0.25, 1)] == [
        (0, 100, 200),
        (25, 100, 150),
        (100, 100, 0),
    ]


def test_calls_vivid_what_is_far_from_grey() -> None:
    assert (vividness((90, 90, 90)), vividness((200, 20, 60))) == (0, 180)


def test_counts_dominant_colours_and_leaves_transparent_pixels_out() -> None:
    image = Image.new("RGBA", (100, 100), (0, 0, 255, 0))
    image.paste((255, 0, 0, 255), (0, 0, 100, 30))
    image.paste((0, 255, 0, 255), (0, 30, 100, 40))
    (share, red), (other, green) = dominant(image)[:2]
    assert (red, green) == ((255, 0, 0), (0, 255, 0))
    assert share == pytest.approx(0.75, abs=0.05)
    assert share + other == pytest.approx(1, abs=0.05)
    assert dominant(Image.new("RGBA", (9, 9), (0, 0, 0, 0))) == [(1.0, WHITE)]


@pytest.mark.parametrize("level", range(0, 256, 15))
def test_finds_a_comfortable_ground_for_the_text(level: int) -> None:
    colors = scheme(Image.new("RGB", (60, 60), (level, level, level)))
    assert contrast(colors.text, colors.ground) >= COMFORTABLE
