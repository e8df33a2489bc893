"""Small copies: widths, weight, likeness."""

import math

import pytest
from PIL import Image, ImageChops, ImageStat

from dalle.errors import BadAnswer
from dalle.imaging import png
from dalle.imaging.thumbnails import AVATAR, avatar_in, packed, thumbnail, thumbnails
from dalle.storage.blob import WIDTHS
from tests.kit.images import as_file, clouds, gradient, noise, reopened


def test_makes_webp_in_all_four_widths() -> None:
    made = thumbnails(clouds(1024), WIDTHS)
    assert tuple(sorted(made)) == WIDTHS == (64, 128, 256, 512)
    for width, data in made.items():
        image = reopened(data)
        assert (image.format, image.size) == ("WEBP", (width, width))


@pytest.mark.parametrize("size", [(1024, 1224), (1000, 777), (1536, 1024), (64, 64), (33, 50), (4096, 4500)])
def test_keeps_the_proportions(size: tuple[int, int]) -> None:
    for width, data in thumbnails(gradient(*size), WIDTHS).items():
        assert reopened(data).size == (width, math.ceil(size[1] * width / size[0]))


def test_shows_the_same_picture() -> None:
    original = gradient(1024, 1224)
    for width, data in thumbnails(original, WIDTHS).items():
        copy = reopened(data).convert("RGB")
        wanted = original.resize(copy.size, Image.Resampling.BOX)
        assert max(ImageStat.Stat(ImageChops.difference(copy, wanted)).mean) < 4, width


@pytest.mark.parametrize(
    "image",
    [noise(64, 64), noise(64, 256), noise(64, 64, "RGBA"), noise(64, 256, "RGBA"), clouds(1024), noise(1024, 1024)],
    ids=["noise", "tall noise", "noisy alpha", "tall noisy alpha", "photo", "large noise"],
)
def test_keeps_the_smallest_under_three_kilobytes(image: Image.Image) -> None:
    assert len(thumbnail(image, 64)) <= 3 * 1024


def test_keeps_even_noisy_transparency_in_the_smallest() -> None:
    assert reopened(thumbnail(noise(64, 64, "RGBA"), 64)).mode == "RGBA"


def test_takes_a_file_as_well_as_an_image() -> None:
    image = clouds(256)
    assert thumbnails(as_file(image), WIDTHS) == thumbnails(image, WIDTHS)


def test_makes_one_width_alone() -> None:
    assert reopened(thumbnail(as_file(gradient(300, 300), "JPEG"), 128)).size == (128, 128)


def test_keeps_transparent_corners() -> None:
    image = gradient(512, 512)
    image.putalpha(Image.radial_gradient("L").resize((512, 512)).point([255] * 180 + [0] * 76))
    small = reopened(thumbnail(image, 128))
    assert small.mode == "RGBA"
    assert small.getpixel((0, 0))[3] < 40  # type: ignore[index]
    assert small.getpixel((64, 64))[3] > 215  # type: ignore[index]


def test_shows_the_upper_part_of_a_very_high_picture() -> None:
    high = Image.new("RGB", (20, 9000), (0, 0, 200))
    high.paste((200, 0, 0), (0, 0, 20, 40))
    made = reopened(thumbnail(high, 512)).convert("RGB")
    assert made.size == (512, 2048)
    assert made.getpixel((256, 500))[0] > 150  # type: ignore[index]


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", as_file(clouds(128))[:9000]])
def test_refuses_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(BadAnswer):
        thumbnails(data, WIDTHS)


def test_shows_the_avatar_that_a_file_brings_along_in_the_smallest_only() -> None:
    avatar, picture = Image.new("RGB", (64, 64), (200, 30, 30)), gradient(256, 320)
    file = png.encode(picture, {AVATAR: packed(avatar), "Title": "as"})
    assert avatar_in(file) == packed(avatar)
    made, plain = thumbnails(file, WIDTHS[:2]), thumbnails(picture, WIDTHS[:2])
    assert made[128] == plain[128]
    shown, ordinary = (reopened(each[64]).convert("RGB") for each in (made, plain))
    assert shown.size == ordinary.size == (64, 80)
    assert max(ImageStat.Stat(ImageChops.difference(shown.crop((0, 0, 64, 62)), avatar.crop((0, 0, 64, 62)))).mean) < 6
    below = (0, 68, 64, 80)
    assert max(ImageStat.Stat(ImageChops.difference(shown.crop(below), ordinary.crop(below))).mean) < 6
    assert thumbnails(picture, WIDTHS[:2], avatar=packed(avatar)) == made


@pytest.mark.parametrize(
    "text", ["", "nonsense", packed(Image.new("RGB", (32, 32))), packed(Image.new("RGB", (64, 300)))]
)
def test_ignores_what_is_no_avatar(text: str) -> None:
    picture = gradient(128, 128)
    assert thumbnails(png.encode(picture, {AVATAR: text}), [64]) == thumbnails(picture, [64])
