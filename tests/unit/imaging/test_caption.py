"""The caption strip, judged by its pixels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from dalle.errors import BadAnswer
from dalle.imaging.caption import Annotated, annotate, enlarged, fit
from dalle.imaging.colors import contrast
from dalle.imaging.thumbnails import thumbnails
from dalle.imaging.typesetting import clean
from dalle.storage.blob import WIDTHS
from tests.kit.images import as_file, clouds, gradient, noise, reopened

CAPTION = "A stoic, melancholic salmon — the “astronomer” — fishing for façade blues on the banks of the river in Łódź"

CAPTIONS = {
    "short": "Salmon",
    "usual": CAPTION,
    "long": " ".join([CAPTION] * 12),
    "one word of 600 letters": "ŵ" * 600,
    "an address": "0x" + "f503017d7baf7fbc0fff7492b751025c6a78179b" * 3,
    "piled accents": "Ǻ̩̂ͅ Ệ̣̂ " * 20,
    "wide letters": "W" * 90 + " " + "@" * 90,
    "Greek": "Ἀρχὴ ἥμισυ παντός, ᾧ φίλε — " * 5,
    "Cyrillic": "Съешь ещё этих мягких французских булок, да выпей же чаю, Їжак ґречний " * 2,
    "Arabic, which the typeface has not": "سمكة السلمون " * 12,
    "lines and tabs": "one\n\ntwo\tthree\u2028four\x00five",
}


def finished(picture: bytes | Image.Image, caption: str) -> Image.Image:
    """The picture in the file, with the strip."""
    return reopened(annotate(picture, caption).data)


def strip_of(image: Image.Image, picture: Image.Image) -> Image.Image:
    """The strip under the picture, as RGB."""
    return image.crop((0, picture.height, image.width, image.height)).convert("RGB")


def ground_of(strip: Image.Image) -> tuple[int, int, int]:
    return strip.getpixel((0, strip.height - 1))  # type: ignore[return-value]


def rule_of(strip: Image.Image) -> int:
    """Height of the line in pixels."""
    ground = ground_of(strip)
    return next(y for y in range(strip.height) if strip.getpixel((0, y)) == ground)


def ink_box(strip: Image.Image) -> tuple[int, int, int, int]:
    """The box that the letters cover below the line: left, top, right, bottom."""
    rule = rule_of(strip)
    below = strip.crop((0, rule, strip.width, strip.height))
    box = ImageChops.difference(below, Image.new("RGB", below.size, ground_of(strip))).getbbox()
    assert box is not None
    return box[0], box[1] + rule, box[2], box[3] + rule


@pytest.mark.parametrize("size", [(1024, 1024), (1536, 300), (64, 64), (200, 40), (2048, 100)], ids=str)
@pytest.mark.parametrize("caption", CAPTIONS.values(), ids=CAPTIONS)
def test_keeps_every_letter_inside_the_strip(caption: str, size: tuple[int, int]) -> None:
    strip = strip_of(finished(as_file(gradient(*size)), caption), enlarged(gradient(*size)))
    left, top, right, bottom = ink_box(strip)
    margin = max(1, strip.width // 20)
    assert left >= margin
    assert strip.width - right >= margin
    assert top >= rule_of(strip) + 3
    assert strip.height - bottom >= 3


@pytest.mark.parametrize("width", [64, 300, 1024, 1600])
@pytest.mark.parametrize("caption", CAPTIONS.values(), ids=CAPTIONS)
def test_sets_every_letter_of_the_caption(caption: str, width: int) -> None:
    text = clean(caption)
    lines = fit(text, (width, 1024)).lines  # what is drawn cannot be read back from pixels
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_draws_as_much_ink_as_the_caption_has_letters() -> None:
    picture = gradient(1024, 1024)

    def inked(caption: str) -> int:
        strip = strip_of(finished(picture, caption), picture).convert("L")
        strip = strip.crop((0, rule_of(strip.convert("RGB")), strip.width, strip.height))
        level = strip.getpixel((0, strip.height - 1))
        assert isinstance(level, int)
        return sum(strip.point([int(abs(shade - level) > 60) for shade in range(256)]).get_flattened_data())

    one, ten = inked("mellow"), inked(" ".join(["mellow"] * 10))
    assert ten == pytest.approx(10 * one, rel=0.06)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_leaves_the_pixels_of_the_picture_alone(mode: str) -> None:
    picture = noise(600, 500, mode)
    made = annotate(as_file(picture), CAPTION)
    assert made.width == 600
    assert made.height > 530
    assert made.preview.crop((0, 0, 600, 500)).tobytes() == picture.tobytes()
    assert reopened(made.data).format == "PNG"
    assert reopened(made.data).tobytes() == made.preview.tobytes()


def test_makes_the_strip_opaque_under_a_transparent_picture() -> None:
    image = finished(as_file(Image.new("RGBA", (600, 600), (0, 0, 0, 0))), CAPTION)
    assert image.crop((0, 600, 600, image.height)).getchannel("A").getextrema() == (255, 255)


@pytest.mark.parametrize("level", range(0, 256, 15))
@pytest.mark.parametrize("tint", [(1, 1, 1), (1, 0.4, 0.2), (0.1, 0.5, 1), (0.3, 1, 0.2)], ids=str)
def test_sets_letters_that_stand_out_on_any_ground(level: int, tint: tuple[float, float, float]) -> None:
    picture = Image.new("RGB", (600, 500), tuple(round(level * part) for part in tint))
    strip = strip_of(finished(picture, "Illegible? IIII —— HHHH"), picture)
    ground = ground_of(strip)
    colors = [color for _, color in strip.crop((0, rule_of(strip), *strip.size)).getcolors(1 << 16) or []]
    assert max(contrast(ground, color) for color in colors) >= 4.5  # type: ignore[arg-type]
    light = contrast(ground, (255, 255, 255)) >= contrast(ground, (0, 0, 0))
    text = max(colors, key=lambda color: contrast(ground, color))  # type: ignore[arg-type]
    assert (sum(text) > 3 * 128) is light  # type: ignore[arg-type]


def test_takes_the_ground_from_the_picture() -> None:
    picture = Image.new("RGB", (600, 600), (20, 40, 110))
    picture.paste((240, 200, 40), (0, 0, 600, 120))
    strip = strip_of(finished(picture, CAPTION), picture)
    red, green, blue = ground_of(strip)
    assert abs(red - 20) + abs(green - 40) + abs(blue - 110) < 12
    line = strip.getpixel((150, 0))
    assert max(abs(a - b) for a, b in zip(line, (240, 200, 40), strict=True)) < 12  # type: ignore[arg-type]


def test_does_not_count_transparent_pixels() -> None:
    picture = Image.new("RGBA", (600, 600), (255, 0, 0, 0))
    picture.paste((10, 60, 20, 255), (0, 0, 600, 180))
    red, green, _ = ground_of(strip_of(finished(picture, CAPTION), picture))
    assert green > red


def test_separates_picture_and_strip_by_a_line_even_when_all_is_one_colour() -> None:
    picture = Image.new("RGB", (512, 512), (200, 190, 170))
    strip = strip_of(finished(picture, CAPTION), picture)
    line = {strip.getpixel((x, 0)) for x in range(512)}
    assert len(line) == 1
    assert contrast(line.pop(), ground_of(strip)) > 1.3  # type: ignore[arg-type]
    assert rule_of(strip) == 2


@pytest.mark.parametrize("caption", ["", "   \n", "\x00", "\ud800"])
def test_adds_no_strip_without_a_caption(caption: str) -> None:
    picture = clouds(512)
    made = annotate(as_file(picture), caption)
    assert (made.width, made.height) == (512, 512)
    assert reopened(made.data).tobytes() == picture.tobytes()


@pytest.mark.parametrize("size", [(1, 40), (5, 8000), (1, 12_000)], ids=str)
def test_accepts_very_narrow_pictures(size: tuple[int, int]) -> None:
    made = annotate(gradient(*size), "Mild wonder")
    assert reopened(made.data).size == (made.width, made.height)


def share(made: Annotated, size: tuple[int, int]) -> float:
    """The height of the strip in proportion to that of the picture, which has as many pixels in a row."""
    picture = size[1] * (made.width // size[0])
    return (made.height - picture) / picture


@pytest.mark.parametrize("caption", ["short", "usual"])
@pytest.mark.parametrize("size", [(64, 64), (200, 4000), (4000, 200), (512, 64)], ids=str)
def test_sets_a_strip_that_takes_at_most_half_as_much_as_its_picture(size: tuple[int, int], caption: str) -> None:
    made = annotate(gradient(*size), CAPTIONS[caption])
    assert 0 < share(made, size) <= 0.5
    assert made.width >= min(512, 4 * size[0])  # 16,383 is the greatest height that all viewers show


def test_keeps_letters_readable_under_the_flattest_pictures() -> None:
    setting = fit(clean(CAPTION), (8192, 64))
    assert setting.font.size == 12
    assert len(setting.lines) == 1


@pytest.mark.parametrize(
    ("size", "letter", "rule"),
    [((1024, 1024), 32, 3), ((1536, 1024), 48, 5), ((1024, 1536), 32, 3), ((512, 512), 16, 2)],
)
def test_sets_usual_captions_under_usual_pictures_as_ever(size: tuple[int, int], letter: int, rule: int) -> None:
    setting = fit(clean(CAPTION), size)
    assert (setting.font.size, setting.rule, len(setting.lines)) == (letter, rule, 2)
    assert enlarged(gradient(*size)).size == size


def test_scales_a_small_picture_up_as_far_as_its_caption_needs() -> None:
    assert enlarged(clouds(64)).size == (512, 512)
    assert enlarged(gradient(300, 200)).size == (900, 600)
    assert enlarged(gradient(100, 8000)).size == (200, 16_000)


def test_asks_for_room_before_it_scales_up() -> None:
    weighed: list[int] = []
    annotate(as_file(gradient(100, 64)), CAPTION, weigh=weighed.append)
    assert weighed == [100 * 64, 700 * 448]


def test_keeps_the_edges_of_pixel_art_and_smooths_photographs() -> None:
    art = Image.new("RGB", (64, 64), (40, 60, 120))
    art.paste((230, 180, 60), (20, 20, 45, 45))
    assert enlarged(art).reduce(8).tobytes() == art.tobytes()
    assert enlarged(art).getcolors() == [(n * 64, color) for n, color in art.getcolors() or []]
    photo = clouds(64)
    block = enlarged(photo).crop((80, 80, 88, 88)).getcolors()
    assert block is None or len(block) > 8


@pytest.mark.parametrize("size", [(1024, 1024), (1024, 1536), (2048, 2048), (1536, 1020), (1536, 1024), (1000, 800)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_makes_the_thumbnails_that_the_file_would_have(size: tuple[int, int], mode: str) -> None:
    made = annotate(noise(*size, mode), CAPTION)
    assert thumbnails(made.preview, WIDTHS) == thumbnails(made.data, WIDTHS)


def test_makes_thumbnails_of_large_pictures_from_a_smaller_copy() -> None:
    picture = clouds(2000)
    made = annotate(picture, CAPTION)
    whole = reopened(made.data)
    assert whole.size == (made.width, made.height) == (2000, whole.height)
    assert whole.crop((0, 0, 2000, 2000)).tobytes() == picture.tobytes()
    assert made.preview.width == 1000
    difference = ImageChops.difference(whole.resize(made.preview.size, Image.Resampling.BOX), made.preview)
    assert max(ImageStat.Stat(difference.crop((0, 0, 1000, 990))).mean) < 1


def test_grows_letters_with_the_picture() -> None:
    def height(side: int) -> float:
        return fit(clean(CAPTION), (side, side)).height / side

    assert height(4096) == pytest.approx(height(1024), rel=0.05)


@pytest.mark.parametrize("mark", ["\u0301", "\u0331"], ids=["above", "below"])
def test_makes_room_for_stacked_accents(mark: str) -> None:
    picture = Image.new("RGB", (1024, 1024), (9, 9, 9))
    strip = strip_of(finished(picture, "o" + mark * 25), picture)
    _, top, _, bottom = ink_box(strip)
    assert bottom - top > 100
    assert top > 20
    assert strip.height - bottom > 20


def test_makes_lines_of_even_length() -> None:
    picture = gradient(1024, 1024)
    strip = strip_of(finished(picture, CAPTION + " at the end of a day"), picture)
    left, _, right, _ = ink_box(strip)
    middle = strip.height // 2
    upper = ink_box(strip.crop((0, 0, 1024, middle + 2)))
    lower = ImageChops.difference(
        strip.crop((0, middle + 8, 1024, strip.height)),
        Image.new("RGB", (1024, strip.height - middle - 8), ground_of(strip)),
    ).getbbox()
    assert lower is not None
    assert min(upper[2] - upper[0], lower[2] - lower[0]) > 0.75 * (right - left)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.integers(512, 700))
def test_sets_any_text(caption: str, width: int) -> None:
    picture = Image.new("RGB", (width, 520), (30, 60, 90))
    image = finished(picture, caption)
    assert image.crop((0, 0, width, 520)).tobytes() == picture.tobytes()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_reads_png_webp_and_jpeg(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    data = as_file(gradient(600, 520), kind, **options)
    image = finished(data, CAPTION)
    assert image.crop((0, 0, 600, 520)).tobytes() == reopened(data).tobytes()


def test_reads_a_palette_with_transparency() -> None:
    data = as_file(gradient(600, 520).quantize(16), transparency=2)
    picture = finished(data, CAPTION).crop((0, 0, 600, 520))
    assert picture.mode == "RGBA"
    assert picture.tobytes() == reopened(data).convert("RGBA").tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P"])
def test_reads_other_modes(mode: str) -> None:
    data = as_file(gradient(600, 520).convert(mode))
    picture = finished(data, CAPTION).crop((0, 0, 600, 520))
    assert picture.mode == "RGB"
    assert picture.tobytes() == reopened(data).convert("RGB").tobytes()


def test_reads_a_cmyk_jpeg() -> None:
    data = as_file(Image.new("CMYK", (80, 60), (0, 255, 255, 0)), "JPEG")
    red, green, blue = finished(data, CAPTION).getpixel((40, 30))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", as_file(clouds(128))[:5000]])
def test_refuses_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(BadAnswer):
        annotate(data, CAPTION)
