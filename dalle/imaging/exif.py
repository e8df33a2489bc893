"""Which way up a picture is, as its EXIF data say."""

import struct

from PIL import Image

_TAG = 0x0112
_SHORT, _LONG = 3, 4
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation(exif: bytes) -> int:
    """Return the orientation, 1 to 8; 1, upright, for data without one and for broken data.

    Only this tag is read: Pillow reads all of them and fails where any is broken.
    """
    tiff = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for at in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(order + "HH", tiff, at)
            if tag == _TAG:
                (value,) = struct.unpack_from(order + {_SHORT: "H", _LONG: "I"}.get(kind, "B"), tiff, at + 8)
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def only(orientation: int) -> bytes:
    """Return EXIF data that say nothing but the orientation."""
    return b"Exif\0\0" + struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, _TAG, _SHORT, 1, orientation, 0, 0)


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return the picture turned or mirrored from that orientation."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)
