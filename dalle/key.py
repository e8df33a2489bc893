"""The key of a picture: a series and an address."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dalle.errors import InvalidAddress, InvalidSeries, MissingParameter

SERIES = re.compile(r"[a-z0-9-]{1,64}")
ADDRESS = re.compile(r"0x[0-9a-f]{40}")


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A validated pair; both parts are lower case and safe as a file name."""

    series: str
    address: str

    @classmethod
    def of(cls, series: str, address: str) -> "Key | None":
        """Returns the key of a raw pair in any case; None when a part is malformed. The series may not exist."""
        series, address = series.lower(), address.lower()
        return cls(series, address) if SERIES.fullmatch(series) and ADDRESS.fullmatch(address) else None

    @classmethod
    def parse(cls, series: str | None, address: str | None, known: Callable[[str, str], bool]) -> "Key":
        """Returns the key of raw text; `known(series, address)` is whether the series may be requested.

        Raises the first that applies: MissingParameter, InvalidSeries, InvalidAddress.
        """
        if not series:
            raise MissingParameter("series is missing: expected the name of one, such as simple")
        if not address:
            raise MissingParameter("address is missing: expected 0x and 40 hexadecimal digits")
        series, address = series.lower(), address.lower()
        if not SERIES.fullmatch(series) or not known(series, address):
            raise InvalidSeries(f"Series '{series[:64]}' not found")
        if not ADDRESS.fullmatch(address):
            raise InvalidAddress(f"'{address[:64]}': expected 0x and 40 hexadecimal digits")
        return cls(series, address)

    def __str__(self) -> str:
        return f"{self.series}/{self.address}"
