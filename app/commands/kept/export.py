"""`dalleserver export`: takes pictures along, with all that belongs to them."""

import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import click

import dalle
from app.client import exits, options, terminal
from app.client.data_folder import check_folder
from app.client.selected import addresses_of, series_of
from app.client.target import configuration
from app.commands.kept.archive import Archive, read, refusal, written
from app.commands.kept.extract import extract
from app.wiring import studio_settings
from dalle.engines import open_storage
from dalle.errors import FileSystemError
from dalle.storage.blob import Blob, OpenBlob
from dalle.storage.inventory import Holding, Inventory
from dalle.storage.protocol import Storage

README = """\
Pictures of the series {series}, taken along by dalleserver {version}.

output/          as in a data folder: copy it into that of another dalleserver, and its pictures are there
journal.jsonl    for reading: what is known of how each picture was made
calls.jsonl      for reading: each call to a provider, and what it cost
manifest.sha256  the checksum of each file; `sha256sum --check manifest.sha256` compares them

The files keep their times, by which the gallery is sorted: copy them with `cp -a`, or unpack them with `unzip`.
"""


@click.command()
@options.series
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option("--to", "target", required=True, metavar="DIR|FILE.zip", help="A folder or a zip file to write.")
@click.option("--force", is_flag=True, help="Replace an earlier export.")
@options.data_dir
@options.as_json
def export(
    series: str, addresses: tuple[str, ...], target: str, force: bool, data_dir: str | None, as_json: bool
) -> None:
    """Take the pictures of a series, or of some of its addresses, along.

    Pictures, the same without captions, texts and attributes are laid out as in a data folder. Copy the folder output
    into that of another server to import them. Beside it are an extract of the journals and of the call log, and the
    checksum of each file. Nothing is left of an export that does not come to its end.

    \b
    Examples:
      dalleserver export simple --to simple.zip
      dalleserver export simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --to vitalik

    Exit codes: 0 exported; 2 wrong arguments, or something is there already; 3 nothing is kept of the series, or of an
    address; 5 the data folder cannot be read, or the target not be written.
    """
    series, chosen, path = series_of(series), addresses_of(addresses), Path(target)
    if why := refusal(path, force=force):
        raise click.BadParameter(why, param_hint="'--to'")
    config = configuration(data_dir)
    check_folder(config)
    storage = open_storage(studio_settings(config))
    with storage.inventory(series=series, addresses=chosen) as inventory:
        check_found(inventory, series, chosen)
        archive, pictures = write(storage, inventory, series, path, whole=not chosen)
    result = {"to": str(path), "pictures": pictures, "files": archive.count, "bytes": archive.size}
    if as_json:
        terminal.emit(result)
    else:
        files = terminal.count(archive.count, "file")
        click.echo(f"{path}: {terminal.count(pictures, 'picture')}, {files}, {terminal.size(archive.size)}")


def check_found(inventory: Inventory, series: str, addresses: Sequence[str]) -> None:
    """Raises Stop where there is nothing to take along."""
    if addresses:
        kept = {holding.key.address for holding in inventory if holding.blobs}
        if missing := [address for address in addresses if address not in kept]:
            raise exits.Stop(f"{series}/{missing[0]}: no picture or text found", exits.NOT_FOUND)
    elif not any(holding.blobs for holding in inventory) and not any(inventory.others()):
        raise exits.Stop(f"series {series}: no picture or text found", exits.NOT_FOUND)


def write(storage: Storage, inventory: Inventory, series: str, path: Path, *, whole: bool) -> tuple[Archive, int]:
    """Writes the archive; returns it, and how many pictures are in it."""
    pictures = 0
    with written(path) as archive, tempfile.TemporaryFile() as journals, tempfile.TemporaryFile() as calls:
        with terminal.bar(len(inventory), "export", counts=True) as bar:
            for number, holding in enumerate(inventory, 1):
                pictures += add_files(storage, holding, archive)
                add_records(storage, holding, journals, calls)
                bar.show(number, terminal.size(archive.size))
        for name in inventory.others() if whole else ():
            if opened := storage.blobs.open_public(name):
                add(archive, name, opened)
                pictures += "/annotated/" in name
        for name, spool in (("journal.jsonl", journals), ("calls.jsonl", calls)):
            size = spool.tell()
            spool.seek(0)
            archive.add(name, read(spool), size, time.time_ns())
        text = README.format(series=series, version=dalle.__version__).encode()
        archive.add("README.txt", [text], len(text), time.time_ns())
    return archive, pictures


def add_files(storage: Storage, holding: Holding, archive: Archive) -> int:
    """Adds the files of a key that are still there; returns how many are finished pictures."""
    pictures = 0
    for blob in holding.blobs:
        if blob != Blob.previous(holding.key) and (opened := storage.blobs.open(blob)):
            add(archive, blob.path, opened)
            pictures += blob == Blob.picture(holding.key)
    return pictures


def add(archive: Archive, name: str, opened: OpenBlob) -> None:
    """Adds an open file. One that is replaced meanwhile does not matter: what is open stays as it is."""
    with opened.file as file:
        archive.add(f"output/{name}", read(file), opened.size, opened.modified_ns)


def add_records(storage: Storage, holding: Holding, journals: IO[bytes], calls: IO[bytes]) -> None:
    """Adds what is known of a key; a journal that cannot be read is left out."""
    with suppress(FileSystemError):
        if journal := storage.journal(holding.key):
            journals.write(line(extract(journal)))
    for call in holding.calls:
        calls.write(line(call))


def line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace") + b"\n"
