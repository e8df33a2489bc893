"""Lists of addresses for `warm`."""

import sys
from contextlib import nullcontext

import click

from dalle.key import ADDRESS

SHOWN = 5
MOST_BYTES = 100_000_000
"""Two million addresses with a remark each."""


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
            f"expected 0x and 40 hexadecimal digits: {', '.join(invalid[:SHOWN])}{more}", param_hint="--addresses"
        )
    return list(addresses)


def read_text(source: str) -> str:
    """Returns the text of the file, of a pipe or of stdin. Raises BadParameter."""
    try:
        with nullcontext(sys.stdin.buffer) if source == "-" else open(source, "rb") as file:
            content = file.read(MOST_BYTES + 1)
        reason = f"larger than {MOST_BYTES // 1_000_000} MB"
        if len(content) <= MOST_BYTES:
            return content.decode("utf-8-sig")
    except OSError as exc:
        reason = str(exc.strerror)
    except UnicodeDecodeError:
        reason = "not UTF-8"
    raise click.BadParameter(f"{source}: {reason}", param_hint="--addresses")
