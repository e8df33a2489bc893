"""Lists of addresses for `warm`."""

import sys
from pathlib import Path

import click

from dalle.key import ADDRESS

SHOWN = 5


def read(source: str) -> list[str]:
    """Returns the addresses of a file or of stdin (-), lower case, in order, without duplicates; # starts a comment.

    Raises BadParameter that names the first invalid lines; then nothing is started.
    """
    addresses: dict[str, None] = {}
    invalid = []
    for number, line in enumerate(read_text(source).splitlines(), 1):
        address = line.partition("#")[0].strip().lower()
        if ADDRESS.fullmatch(address):
            addresses[address] = None
        elif address:
            invalid.append(f"line {number}: {address[:50]}")
    if invalid:
        more = f" and {len(invalid) - SHOWN} more" if len(invalid) > SHOWN else ""
        raise click.BadParameter(
            f"not 0x and 40 hexadecimal digits: {', '.join(invalid[:SHOWN])}{more}", param_hint="--addresses"
        )
    return list(addresses)


def read_text(source: str) -> str:
    """Returns the text of the file or of stdin. Raises BadParameter."""
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "not UTF-8"
        raise click.BadParameter(f"{source}: {reason}", param_hint="--addresses") from None
