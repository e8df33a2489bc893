"""`dalleserver runs` and `dalleserver remove`."""

import time
from typing import Any

import click

from app.client import exits, options, terminal
from app.client.following import doing

ROOMY = 100


@click.command(short_help="List open and failed runs.")
@options.where
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="Failed runs to show.")
@options.as_json
def runs(server: str | None, data_dir: str | None, limit: int, as_json: bool) -> None:
    """List the runs that are open, oldest first, and those that failed last.

    \b
    Examples:
      dalleserver runs
      dalleserver runs --server http://localhost:8080 --json

    Exit codes: 0 listed, also when there are none; 5 the server or the data folder cannot be used.
    """
    found = options.desk(server, data_dir, jobs=0).runs()
    active = [run for run in found if not run["done"]]
    failed = [run for run in found if run["done"]][:limit]
    if as_json:
        terminal.emit({"active": active, "failed": failed})
        return
    if not active and not failed:
        terminal.remark("There are no open and no failed runs.")
    rows = [(*named(run), f"{run['percent']:.0f}% {doing(run)}") for run in active]
    rows += [(*named(run), f"{run['errorCode']}: {run['error']}") for run in failed]
    terminal.table(rows, ("series", "address", "since", "state"), numbers=[1, 2], wrapped=True)


def named(run: dict[str, Any]) -> tuple[str, str, str]:
    """Series, address (short where there is little room) and age of a run."""
    address = run["address"] if terminal.columns() >= ROOMY else terminal.short_address(run["address"])
    return run["series"], address, terminal.time_left(time.time() - run["startedNs"] / 1e9)


@click.command()
@options.key
@options.where
@options.as_json
def remove(series: str, address: str, server: str | None, data_dir: str | None, as_json: bool) -> None:
    """Delete a finished picture. Prompts and the raw picture stay; generating again may cost again.

    \b
    Example:
      dalleserver remove simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045

    Exit codes: 0 removed; 2 wrong arguments; 3 there was no finished picture, or its key is at work;
    5 the server or the data folder cannot be used.
    """
    desk = options.desk(server, data_dir, jobs=0)
    key = desk.key(series, address)
    removed = desk.remove(key)
    if as_json:
        terminal.emit({"removed": removed})
    elif removed:
        click.secho(f"{key}: removed", fg="green")
    if not removed:
        raise exits.Stop(f"{key}: there was no finished picture to remove", exits.NOTHING)
