"""Decodes base64 as providers write it: of any alphabet, in lines, unpadded, as a data URI."""

from urllib.parse import unquote, unquote_to_bytes

import pybase64

from dalle.errors import BadAnswer
from dalle.painters.openai.answers.sniffing import is_picture

PREVIEW = 64
STANDARD = bytes.maketrans(b"-_", b"+/")
SPACE = b" \t\r\n\x0b\x0c"


def decode(encoded: str) -> bytes:
    """Return the bytes. Raises BadAnswer."""
    if encoded[:5].lower() == "data:":
        return _of_uri(encoded)
    try:
        try:
            data = pybase64.b64decode(encoded, validate=True)
        except ValueError:  # rare: searching megabytes for odd characters takes longer than decoding them
            plain = unquote(encoded) if "%" in encoded else encoded
            bare = plain.encode("ascii").translate(STANDARD, SPACE).rstrip(b"=")
            data = pybase64.b64decode(bare + b"=" * (-len(bare) % 4), validate=True)
    except ValueError as exc:
        raise BadAnswer("the picture in the answer is not valid base64") from exc
    if not data:
        raise BadAnswer("the picture in the answer is empty")
    return data


def _of_uri(uri: str) -> bytes:
    head, _, payload = uri.partition(",")
    if not head.lower().rstrip().endswith("base64"):
        data = unquote_to_bytes(payload)
        if is_picture(data):
            return data
    return decode("" if payload[:5].lower() == "data:" else payload)


def begins_a_picture(text: str) -> bool:
    """Return whether a text is base64, or a data URI, whose first bytes are those of a picture. Decodes no more."""
    start = text[: 4 * PREVIEW]
    if start[:5].lower() == "data:":
        start = start.partition(",")[2]
    if "%" in start:
        start = unquote(start)
    bare = start.encode("ascii", "replace").translate(STANDARD, SPACE)[:PREVIEW].rstrip(b"=")
    bare = bare[: len(bare) // 4 * 4]
    try:
        return is_picture(pybase64.b64decode(bare, validate=True))
    except ValueError:
        return False
