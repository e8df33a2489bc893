"""Where a page of the gallery begins, as a text that clients carry and do not read."""

import base64
import json

from dalle.errors import InvalidRequest
from dalle.storage.picture import Position

UNKNOWN = "after: not a position that this server returned"


def text_of(position: Position | None) -> str:
    """Return the text of a position, "" for None."""
    if position is None:
        return ""
    values = [position.newest_ns, position.series, position.modified_ns, position.name]
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def parse(text: str) -> Position | None:
    """Return the position of a text, None for "". Raises InvalidRequest."""
    if not text:
        return None
    try:
        value = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        newest_ns, series, modified_ns, name = value
        f"{series}{name}".encode()  # half a surrogate pair is no text that an index could look for
    except (ValueError, TypeError):
        raise InvalidRequest(UNKNOWN) from None
    numbers = all(type(number) is int and abs(number) < 1 << 62 for number in (newest_ns, modified_ns))
    if not (numbers and isinstance(series, str) and isinstance(name, str)):
        raise InvalidRequest(UNKNOWN)
    return Position(newest_ns, series, modified_ns, name)
