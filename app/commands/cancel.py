"""`dalleserver cancel`: cancels the run of one picture."""

from contextlib import closing

import click

from app.client import exits, options, terminal
from app.client.result import outcome
from app.client.target import Target

CANCELLED = "CANCELLED"


@click.command()
@options.key
@options.target
@options.as_json
def cancel(series: str, address: str, target: Target, as_json: bool) -> None:
    """Cancel an open run.

    A run that waits ends at no cost. Of one that has sent a paid call the answer is kept: generating the picture later
    finishes from it, and pays nothing again. A finished picture stays.

    \b
    Examples:
      dalleserver cancel simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045
      dalleserver cancel simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --server http://localhost:8080

    Exit codes: 0 cancelled, now or before; 1 the run had failed; 2 wrong arguments; 3 no run found, or its picture is
    finished; 5 the server or the data folder cannot be used.
    """
    with closing(target.open(jobs=0, existing=True)) as client:
        key = client.key(series, address)
        report = client.cancel(key)
    if as_json:
        terminal.emit(report)
    if report.get("errorCode") == CANCELLED:
        if not as_json:
            click.secho(f"{key}: cancelled", fg="green")
    elif report.get("error"):
        code, text, _ = outcome(key, report)
        raise exits.Stop(text, code)
    else:
        raise exits.Stop(f"{key}: {'the picture is finished' if report else 'no run to cancel'}", exits.NOT_FOUND)
