"""`dalleserver runs`: lists runs."""

import time
from contextlib import closing

import click

from app.client import options, terminal
from app.client.client import Fields
from app.client.following import describe
from app.client.target import Target

WIDE = 100
"""Columns of a terminal that has room for whole addresses."""


@click.command()
@options.target
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="Failed runs to show.")
@options.as_json
def runs(target: Target, limit: int, as_json: bool) -> None:
    """List open and failed runs.

    Open runs come first, the oldest on top, then the failed ones, the latest on top.

    \b
    Examples:
      dalleserver runs
      dalleserver runs --server http://localhost:8080 --json

    Exit codes: 0 listed, even if there are none; 5 the server or the data folder cannot be used.
    """
    with closing(target.open(jobs=0, existing=True)) as client:
        reports = client.runs(limit)
    active = [report for report in reports if not report["done"]]
    failed = [report for report in reports if report["done"]]
    if as_json:
        terminal.emit({"active": active, "failed": failed})
        return
    if not active and not failed:
        terminal.remark("No open or failed runs.")
    rows = [(*identify(report), f"{report['percent']:.0f}% {describe(report)}") for report in active]
    rows += [(*identify(report), f"{report['errorCode']}: {report['error']}") for report in failed]
    terminal.table(rows, ("series", "address", "since", "state"), numbers=[1, 2], wrapped=True)


def identify(report: Fields) -> tuple[str, str, str]:
    """Returns series, address (shortened on a narrow terminal) and age of a run."""
    address = report["address"] if terminal.columns() >= WIDE else terminal.short_address(report["address"])
    return report["series"], address, terminal.time_left(time.time() - report["startedNs"] / 1e9)
