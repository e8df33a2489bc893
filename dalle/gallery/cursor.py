"""Where a page of the gallery begins."""

import base64
import json
from dataclasses import dataclass

from dalle.errors import InvalidRequest

STRANGE = "after: not a position that this server gave"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in the gallery's order, opaque to clients."""

    newest: int
    series: str
    moment: int
    name: str

    def __str__(self) -> str:
        told = json.dumps([self.newest, self.series, self.moment, self.name], separators=(",", ":"))
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises InvalidRequest."""
        try:
            value = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
            newest, series, moment, name = value
            f"{series}{name}".encode()  # half a surrogate pair is no text that anybody could look for
        except (ValueError, TypeError):
            raise InvalidRequest(STRANGE) from None
        numbers = all(type(one) is int and abs(one) < 1 << 62 for one in (newest, moment))
        if not (numbers and isinstance(series, str) and isinstance(name, str)):
            raise InvalidRequest(STRANGE)
        return cls(newest, series, moment, name)
