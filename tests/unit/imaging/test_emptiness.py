"""Pictures that show nothing, and pictures that show little."""

import random
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from dalle.imaging.emptiness import is_empty
from tests.kit.images import as_file, clouds, gradient, reopened

SIZE = (512, 384)


def flat(*color: int) -> Image.Image:
    return Image.new("RGBA" if len(color) == 4 else "RGB", SIZE, color)


def noisy(level: int, by: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """One level, changed by chance in each channel of each pixel."""
    chance = random.Random(5)
    return Image.frombytes("RGB", size, bytes(level + chance.randint(-by, by) for _ in range(size[0] * size[1] * 3)))


def compressed(image: Image.Image, quality: int) -> Image.Image:
    return reopened(as_file(image, "JPEG", quality=quality))


def with_shape(ground: Image.Image, side: int, color: tuple[int, ...]) -> Image.Image:
    ImageDraw.Draw(ground).rectangle((201, 133, 200 + side, 132 + side), fill=color)
    return ground


def invisible() -> Image.Image:
    image = clouds(128)
    image.putalpha(0)
    return image


def silhouette() -> Image.Image:
    return with_shape(flat(0, 0, 0, 0), 20, (0, 0, 0, 255))


@pytest.mark.parametrize(
    "made",
    [
        lambda: flat(0, 0, 0),
        lambda: flat(255, 255, 255),
        lambda: flat(127, 127, 127),
        lambda: flat(102, 51, 153),
        lambda: flat(0, 0, 0, 0),
        lambda: flat(102, 51, 153, 128),
        invisible,
        lambda: noisy(2, 2),
        lambda: noisy(128, 2),
        lambda: noisy(128, 5),
        lambda: noisy(128, 2, (64, 64)),
        lambda: compressed(noisy(2, 2), 95),
        lambda: compressed(noisy(2, 2), 75),
        lambda: compressed(noisy(131, 2), 20),
        lambda: compressed(noisy(2, 2, (64, 96)), 75),
        lambda: with_shape(flat(0, 0, 0), 2, (20, 20, 20)),
    ],
    ids=[
        "black",
        "white",
        "grey",
        "purple",
        "transparent",
        "half-transparent",
        "invisible-colours",
        "black-noise",
        "grey-noise",
        "more-noise",
        "small-noise",
        "black-jpeg",
        "blacker-jpeg",
        "coarse-jpeg",
        "small-jpeg",
        "speck",
    ],
)
def test_finds_nothing_in(made: Callable[[], Image.Image]) -> None:
    assert is_empty(made())


@pytest.mark.parametrize(
    "made",
    [
        lambda: clouds(64),
        lambda: gradient(*SIZE),
        lambda: Image.merge("RGB", [Image.linear_gradient("L").point(lambda level: level // 32)] * 3),
        lambda: clouds(256).point(lambda level: level // 16),
        lambda: with_shape(flat(255, 255, 255), 1, (200, 255, 255)),
        lambda: with_shape(flat(0, 0, 0), 24, (12, 12, 12)),
        lambda: with_shape(noisy(10, 2), 40, (26, 26, 40)),
        lambda: compressed(with_shape(flat(0, 0, 0), 24, (20, 10, 10)), 75),
        silhouette,
        lambda: with_shape(flat(40, 40, 40, 255), 30, (40, 40, 40, 0)),
    ],
    ids=[
        "clouds",
        "gradient",
        "dark-gradient",
        "dark-clouds",
        "point",
        "dark-square",
        "square-in-noise",
        "dark-jpeg",
        "silhouette",
        "hole",
    ],
)
def test_finds_something_in(made: Callable[[], Image.Image]) -> None:
    assert not is_empty(made())
