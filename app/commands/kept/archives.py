"""`dalleserver archives`: pictures that were deleted in the older server, which keeps them."""

import time

import click

from app.client import options, terminal
from app.client.data_folder import check_folder
from app.client.exits import FAILED, NOT_FOUND, Stop
from app.client.target import configuration
from app.commands.group import Suggesting
from app.wiring import studio_settings
from dalle.engines import open_storage
from dalle.storage.protocol import Archives
from dalle.words.series import name_of


@click.group(cls=Suggesting)
def archives() -> None:
    """List and restore pictures that the older server has archived."""


@archives.command("list")
@options.data_dir
@options.as_json
def list_(data_dir: str | None, as_json: bool) -> None:
    """List the archived pictures. They are neither shown nor served.

    \b
    Example:
      dalleserver archives list

    Exit codes: 0 listed, even if there are none; 5 the data folder does not exist, or cannot be read.
    """
    listed = opened(data_dir).list()
    if as_json:
        terminal.emit(
            [
                {"series": each.series, "name": each.name, "modifiedNs": each.modified_ns, "bytes": each.size}
                for each in listed
            ]
        )
        return
    rows = [
        (each.series, each.name, time.strftime("%Y-%m-%d", time.gmtime(each.modified_ns / 1e9)), each.size)
        for each in listed
    ]
    terminal.table(rows, ("series", "picture", "made", "bytes"), numbers=[3])
    if not listed:
        terminal.remark("No picture is archived.")


@archives.command()
@click.argument("series", shell_complete=options.series_names)
@click.argument("name")
@options.data_dir
def restore(series: str, name: str, data_dir: str | None) -> None:
    """Put an archived picture back, with what belongs to it.

    \b
    Example:
      dalleserver archives restore simple harbour

    Exit codes: 0 restored; 1 another picture is in its place; 3 no such picture is archived; 5 the data folder does not
    exist, or cannot be written.
    """
    try:
        restored = opened(data_dir).restore(name_of(series), name)
    except FileExistsError:
        raise Stop(f"{series}/{name}: another picture is in its place, and nothing was moved", FAILED) from None
    if not restored:
        raise Stop(f"{series}/{name} is not archived: dalleserver archives list shows what is", NOT_FOUND)
    click.secho(f"{name_of(series)}/{name}: restored", fg="green")


def opened(data_dir: str | None) -> Archives:
    config = configuration(data_dir)
    check_folder(config)
    return open_storage(studio_settings(config)).archives
