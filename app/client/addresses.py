"""Lists of addresses for `warm`."""

import sys
from pathlib import Path

import click

from app.client.local import Desk, LocalDesk
from dalle.key import ADDRESS

SHOWN = 5


def read(source: str) -> list[str]:
    """The addresses of a file or of stdin (-), lower case, in order, each once; # begins a remark.

    Raises BadParameter that names the first lines that are none: then nothing is started.
    """
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "not UTF-8"
        raise click.BadParameter(f"{source}: {reason}", param_hint="--addresses") from None
    found: dict[str, None] = {}
    bad = []
    for number, line in enumerate(text.splitlines(), 1):
        address = line.partition("#")[0].strip().lower()
        if ADDRESS.fullmatch(address):
            found[address] = None
        elif address:
            bad.append(f"line {number}: {address[:50]}")
    if bad:
        more = f" and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise click.BadParameter(
            f"not 0x and 40 hexadecimal digits: {', '.join(bad[:SHOWN])}{more}", param_hint="--addresses"
        )
    return list(found)


def known(desk: Desk) -> list[str]:
    """Every address that has a picture in some series of this data folder, sorted."""
    if not isinstance(desk, LocalDesk):
        return []
    stems = {path.stem for path in desk.studio.store.output.glob("*/annotated/0x*.png")}
    return sorted(stem for stem in stems if ADDRESS.fullmatch(stem))
