"""Pictures for tests. All are deterministic but `photo`."""

import io
import random
from typing import Any

from PIL import Image


def photo(side: int = 64, kind: str = "PNG") -> bytes:
    """A small picture, never the same twice."""
    return as_file(Image.effect_noise((side, side), 40).convert("RGB"), kind)


def png(color: str = "rebeccapurple", size: tuple[int, int] = (96, 112)) -> bytes:
    """A picture of one colour."""
    return as_file(Image.new("RGB", size, color))


def noise(width: int, height: int, mode: str = "RGB", seed: int = 1) -> Image.Image:
    """Every pixel by chance: what compresses worst."""
    data = random.Random(seed).randbytes(width * height * len(mode))
    return Image.frombytes(mode, (width, height), data)


def clouds(side: int, seed: int = 7) -> Image.Image:
    """Clouds of colour in six octaves: a megapixel takes 1.8 MB as PNG, as a photograph does."""
    chance = random.Random(seed)
    image = Image.new("RGB", (side, side), (128, 128, 128))
    for cells, weight in ((3, 0.6), (8, 0.45), (32, 0.3), (128, 0.18), (512, 0.09), (side, 0.035)):
        octave = Image.frombytes("RGB", (cells, cells), chance.randbytes(cells * cells * 3))
        image = Image.blend(image, octave.resize((side, side), Image.Resampling.BICUBIC), weight)
    return image


def gradient(width: int, height: int) -> Image.Image:
    """Smooth in three directions."""
    vertical = Image.linear_gradient("L")
    bands = (vertical, vertical.rotate(90), Image.radial_gradient("L"))
    return Image.merge("RGB", [band.resize((width, height)) for band in bands])


def as_file(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def reopened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
