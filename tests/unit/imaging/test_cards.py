"""The pictures of link cards: JPEG, wide enough, small enough, and without the caption."""

import pytest

from dalle.imaging.cards import LEAST_WIDTH, MOST_BYTES, MOST_WIDTH, card, card_size
from tests.kit.images import as_file, clouds, gradient, noise, png, reopened

# Size of the painting → size of its card.
SIZES: list[tuple[tuple[int, int], tuple[int, int]]] = [
    ((1024, 1024), (1024, 1024)),
    ((1536, 1024), (1200, 800)),
    ((1024, 1536), (979, 1468)),
    ((64, 64), (600, 600)),
    ((3840, 1280), (1200, 400)),
    ((1280, 3840), (692, 2076)),
    ((64, 640), (600, 2400)),
    ((8192, 64), (1200, 9)),
]


@pytest.mark.parametrize(("painting", "expected"), SIZES)
def test_is_as_large_as_chats_like_it(painting: tuple[int, int], expected: tuple[int, int]) -> None:
    assert card_size(*painting) == expected


@pytest.mark.parametrize("painting", [(1024, 1024), (64, 64), (64, 640), (1000, 30)])
def test_has_the_size_that_was_said_and_a_bounded_weight(painting: tuple[int, int]) -> None:
    width, height = painting
    data = card(as_file(noise(width, height)), height)
    image = reopened(data)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", card_size(width, height))
    assert LEAST_WIDTH <= image.width <= MOST_WIDTH
    assert len(data) <= MOST_BYTES


def test_is_good_where_there_is_room() -> None:
    data = card(as_file(clouds(512)), 512)
    assert 50_000 < len(data) <= MOST_BYTES


def test_shows_the_painting_and_no_caption() -> None:
    picture = gradient(640, 700)
    picture.paste("red", (0, 640, 640, 700))
    image = reopened(card(as_file(picture), 640))
    assert image.size == (640, 640)
    bottom = image.getpixel((320, 639))
    assert isinstance(bottom, tuple)
    assert bottom != pytest.approx((255, 0, 0), abs=40)


def test_is_white_where_the_picture_is_transparent() -> None:
    image = reopened(card(as_file(noise(64, 64, "RGBA").point(lambda value: 0)), 64))
    assert image.getpixel((300, 300)) == (255, 255, 255)


def test_is_the_same_each_time() -> None:
    assert card(png(), 96) == card(png(), 96)
