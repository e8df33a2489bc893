"""`dalleserver storage copy`: everything from a data folder into what several hosts share, or back."""

import tempfile
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import click

from app.client import exits, options, terminal
from app.client.target import configuration
from app.config import Config, ConfigError
from app.wiring import studio_settings
from dalle.copying.copier import Copier
from dalle.copying.tally import Tally
from dalle.engines import open_cluster, open_folder
from dalle.storage.local.done import Done
from dalle.storage.protocol import Storage

CLUSTER = "cluster"
DONE = ".copied.jsonl"
UNSET = "set TB_DALLE_DATABASE_URL and TB_DALLE_BUCKET_URL"


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@options.as_json
def copy(source: str, target: str, as_json: bool) -> None:
    """Copy everything from one storage into another.

    FROM and TO are each the path of a data folder, or the word cluster: the database and the bucket of the settings.
    Stop the service first. Pictures, texts, answers that were not used yet, journals, the call log, series, budget and
    averages are brought over, with their times; everything is read again from TO and compared. A copy that was
    interrupted goes on where it was.

    \b
    Examples:
      dalleserver storage copy /var/lib/dalleserver cluster
      dalleserver storage copy cluster /var/lib/dalleserver-back

    Exit codes: 0 everything is there; 1 something is not, and is listed; 2 wrong arguments, or runs are open; 5 a
    storage cannot be read or written.
    """
    config = configuration(None)
    if (source == CLUSTER) == (target == CLUSTER):
        raise click.UsageError(f"one of FROM and TO is the path of a data folder, and the other is the word {CLUSTER}")
    if not studio_settings(config).shared:
        raise ConfigError(UNSET)
    folder = Path(target if source == CLUSTER else source)
    if source != CLUSTER and not folder.is_dir():
        raise click.BadParameter(f"{folder} is not a data folder", param_hint="'FROM'")
    with ExitStack() as stack:
        opened = storages(config, folder, source, stack)
        for storage in opened:
            stack.enter_context(closing(storage))
        tally = copied(*opened, folder)
    report(tally, target, as_json=as_json)
    raise SystemExit(exits.FAILED if tally.problems else exits.DONE)


def storages(config: Config, folder: Path, source: str, stack: ExitStack) -> tuple[Storage, Storage, Storage]:
    """Returns source, target, and the target as a host sees it that has nothing in its cache."""
    settings = studio_settings(config)
    one_host = replace(settings, data_dir=folder, shared=None)
    if source == CLUSTER:
        return open_cluster(settings), open_folder(one_host), open_folder(one_host)
    empty = stack.enter_context(tempfile.TemporaryDirectory(dir=made(settings.data_dir), prefix=".copy-"))
    witness = open_cluster(replace(settings, data_dir=Path(empty)))
    return open_folder(one_host), open_cluster(settings), witness


def copied(source: Storage, target: Storage, witness: Storage, folder: Path) -> Tally:
    """Copies while a person sees how far it is."""
    for storage in (source, target):
        storage.prepare()
        if storage.tickets():
            raise click.UsageError("runs are open: let them end, stop the service, and try again")
    with terminal.bar(100, "copy") as bar:
        return Copier(source, target, witness, Done(folder / DONE)).copy(
            lambda number, total: bar.show(100 * number / total, f"{number:,} of {total:,}")
        )


def report(tally: Tally, target: str, *, as_json: bool) -> None:
    counts = {
        "to": target,
        "keys": tally.keys,
        "skipped": tally.skipped,
        "pictures": tally.pictures,
        "blobs": tally.blobs,
        "bytes": tally.size,
        "journals": tally.journals,
        "calls": tally.calls,
        "spentUsd": round(tally.spent / 1_000_000, 6),
        "problems": tally.problems,
    }
    if as_json:
        terminal.emit(counts)
        return
    click.echo(
        f"{target}: {terminal.count(tally.keys, 'key')} copied and verified, {tally.skipped} were there; "
        f"{terminal.count(tally.pictures, 'picture')}, {terminal.count(tally.blobs, 'file')}, "
        f"{terminal.size(tally.size)}; {terminal.count(tally.journals, 'journal')}. "
        f"The call logs have {terminal.count(tally.calls, 'call')}, {tally.spent / 1_000_000:.4f} USD."
    )
    for problem in tally.problems:
        click.echo(f"  {problem}", err=True)


def made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
