"""The version of a picture: what its bytes are, in sixteen digits. Pure."""

import re
from hashlib import sha256

from dalle.storage.blob import Content

DIGITS = 16
VERSION = re.compile(rf"[0-9a-f]{{{DIGITS}}}")


def version_of(content: Content) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of bytes, or of their pieces put together."""
    digest = sha256()
    for piece in (content,) if isinstance(content, bytes) else content:
        digest.update(piece)
    return digest.hexdigest()[:DIGITS]
