"""The pictures that arguments name: a series that may not be defined any more, and some of its addresses."""

from collections.abc import Sequence

import click

from dalle.key import ADDRESS, SERIES


def series_of(name: str) -> str:
    """Returns the name of a series in lower case, or "" for none. Raises BadParameter."""
    name = name.lower()
    if name and not SERIES.fullmatch(name):
        raise click.BadParameter(f"{name[:64]}: expected 1 to 64 of a-z, 0-9 and -", param_hint="SERIES")
    return name


def addresses_of(texts: Sequence[str]) -> list[str]:
    """Returns addresses in lower case, each once. Raises BadParameter."""
    found = dict.fromkeys(text.lower() for text in texts)
    for text in found:
        if not ADDRESS.fullmatch(text):
            raise click.BadParameter(f"{text[:64]}: expected 0x and 40 hexadecimal digits", param_hint="ADDRESS")
    return list(found)
