"""`dalleserver remove`: deletes one picture."""

from contextlib import closing

import click

from app.client import exits, options, terminal
from app.client.target import Target


@click.command()
@options.key
@options.target
@options.as_json
def remove(series: str, address: str, target: Target, as_json: bool) -> None:
    """Delete a finished picture.

    Texts and the original picture are kept. Generating it again is a new run, which may cost money again.

    \b
    Example:
      dalleserver remove simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045

    Exit codes: 0 removed; 2 wrong arguments; 3 no finished picture, or a run is open; 5 the server or the data folder
    cannot be used.
    """
    with closing(target.open(jobs=0, existing=True)) as client:
        key = client.key(series, address)
        removed = client.remove(key)
    if as_json:
        terminal.emit({"removed": removed})
    elif removed:
        click.secho(f"{key}: removed", fg="green")
    if not removed:
        raise exits.Stop(f"{key}: no finished picture to remove", exits.NOT_FOUND)
