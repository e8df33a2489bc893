"""Colour profiles whose effect on a pixel is known, made here: `ImageCms` only makes sRGB, Lab and XYZ."""

import struct

from PIL import ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

RED_IS_BLUE = SRGB.replace(b"rXYZ", b"xXYZ").replace(b"bXYZ", b"rXYZ").replace(b"xXYZ", b"bXYZ")
"""sRGB with the first and the last channel changed over."""


def linear_grey() -> bytes:
    """Grey levels in proportion to the light: 128 is 188 in sRGB."""
    return _profile(b"GRAY", b"XYZ ", {b"wtpt": _D50, b"kTRC": b"curv" + bytes(8)})


def cyan_is_red() -> bytes:
    """Four inks, of which the first is red, the others have no colour and the last is black: a table of corners."""
    corners = bytearray()
    for cyan in (False, True):
        for _ in range(4):
            for black in (False, True):
                corners += bytes((0, 128, 128) if black else (138, 209, 198) if cyan else (255, 128, 128))
    straight = bytes(range(256))
    identity = struct.pack(">9i", *(65536 * (n % 4 == 0) for n in range(9)))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + straight * 4 + bytes(corners) + straight * 3
    return _profile(b"CMYK", b"Lab ", {b"wtpt": _D50, b"A2B0": table})


_D50 = b"XYZ " + bytes(4) + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)


def _profile(space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    at = 128 + 4 + 12 * len(tags)
    index, bodies = b"", b""
    for name, body in tags.items():
        padded = body + bytes(-len(body) % 4)
        index += struct.pack(">4sII", name, at + len(bodies), len(body))
        bodies += padded
    head = struct.pack(
        ">I4s4s4s4s4s12s4s", at + len(bodies), bytes(4), b"\x02\x40\0\0", b"prtr", space, connection, bytes(12), b"acsp"
    )
    head += bytes(68 - len(head)) + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + index + bodies
