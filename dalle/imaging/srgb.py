"""Turns the pixels that files hold into what they mean: RGB or RGBA, 8 bits a channel, in sRGB."""

import io
from typing import Any

from PIL import Image

# The colour space of a profile (ICC.1, 7.2.6) → the mode of pixels that it can describe.
_MODES = {"GRAY": "L", "RGB ": "RGB", "CMYK": "CMYK", "Lab ": "LAB"}

_FULL = {"I": (65_535, 2**31 - 1), "F": (1, 255, 65_535)}
"""The levels that may stand for white in whole and in floating numbers; the least that no pixel exceeds is taken."""


_NEAR = 0.05
"""Gammas this near to that of sRGB mean it: what encoders round to 0.45455. Chromium and libpng have the same bound."""


def plain(image: Image.Image, gamma: float = 0.0) -> Image.Image:
    """Return the picture in RGB, or in RGBA when a pixel is not opaque, converted from its colour profile to sRGB.

    `gamma` is what a PNG file without one says of its levels (`chunks.gamma`), 0.0 for nothing.
    """
    profile = image.info.get("icc_profile")
    gamma = 0.0 if abs(gamma * 2.2 - 1) < _NEAR else gamma
    if image.mode == "RGBA" and not profile and not gamma and image.getchannel("A").getextrema() != (255, 255):
        return _shared(image)
    color, alpha = _split(image)
    color = color.point(_levels(gamma) * len(color.getbands())) if gamma else _in_srgb(color, profile)
    if color.mode != "RGB":
        color = color.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        color.putalpha(alpha)
    return color


def _split(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return the colours, in a mode without alpha or palette, and the alpha channel."""
    if image.mode.startswith(("I", "F")):
        image = _eight_bits(image)
    if image.mode in ("La", "RGBa"):
        image = image.convert("LA" if image.mode == "La" else "RGBA")
    if not image.has_transparency_data:
        mode = {"P": "RGB", "1": "L"}.get(image.mode, image.mode)
        return _shared(image) if mode == image.mode else image.convert(mode), None
    with_alpha = image.convert("LA" if image.mode in ("1", "L", "LA") else "RGBA")
    return with_alpha.convert("L" if with_alpha.mode == "LA" else "RGB"), with_alpha.getchannel("A")


def _levels(gamma: float) -> list[int]:
    """Return the level in sRGB (IEC 61966-2-1) of each level that was encoded with a gamma."""
    lights = ((level / 255) ** (1 / gamma) for level in range(256))
    return [round(255 * (12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055)) for x in lights]


def _shared(image: Image.Image) -> Image.Image:
    """Return the same pixels without the file that they came from: its decoder may hold several copies of them.

    A copy of forty megapixels would take 160 MB.
    """
    return image._new(image.im)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale 16-bit and floating levels, which Pillow's own conversion clips at 255."""
    transparency = image.info.get("transparency")
    if image.mode.startswith("I;"):
        image = image.convert("I")
        white: Any = 65_535
    else:
        extrema: Any = image.getextrema()  # a pair: there is one channel
        highest = extrema[1]
        white = next((level for level in _FULL[image.mode] if highest <= level), highest)
    scale = 1 / 256 if white == 65_535 else 255 / white
    image = image.point(lambda level: level * scale + 0).convert("L")
    if transparency is not None:
        image.info["transparency"] = transparency
    return image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert from the picture's colour profile: written files carry none, so their numbers must mean sRGB."""
    if not profile and image.mode != "LAB":
        return image
    from PIL import ImageCms  # noqa: PLC0415 — our own files and most others have no profile

    try:
        if profile:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        else:
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        mode = _MODES.get(source.profile.xcolor_space)
        if mode == "RGB" and image.mode in ("L", "YCbCr"):
            image = image.convert("RGB")
        if mode != image.mode:
            return image
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # the profile is broken: take the numbers for sRGB
