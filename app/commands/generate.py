"""`dalleserver generate`: makes one picture."""

from collections.abc import Callable
from contextlib import closing
from typing import NoReturn

import click

from app.client import exits, options, signals, terminal
from app.client.client import Client, Fields
from app.client.following import follow
from app.client.result import finish
from app.client.target import Target
from dalle.key import Key


@click.command()
@options.key
@options.target
@options.out
@click.option("--wait/--no-wait", default=True, help="Wait for the end of the run, or only start it.")
@click.option("--pay-again", is_flag=True, help="Make another picture, and pay for it, whatever there is.")
@options.timeout("Longest time to wait for a server, e.g. 5m; 0: no limit.")
@options.as_json
def generate(
    series: str,
    address: str,
    target: Target,
    out: str | None,
    wait: bool,
    pay_again: bool,
    timeout: float,
    as_json: bool,
) -> None:
    """Make one picture, unless it exists.

    Without --server the picture is made in this process; servers on the same data folder see the run. --no-wait
    without --server queues the run for a server on the same data folder. A picture that was paid for and did not
    come is not bought again without limit; --pay-again buys another one, also in place of a finished picture.

    \b
    Examples:
      dalleserver generate simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --out vitalik.png
      dalleserver generate simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --server http://localhost:8080

    Exit codes: 0 the picture is finished, or with --no-wait the run is accepted; 1 the run failed; 2 wrong arguments;
    3 the picture was removed meanwhile; 4 not finished within --timeout; 5 the server or the data folder cannot be
    used; 130 interrupted.
    """
    if as_json and out == "-":
        raise click.UsageError("--json and --out - cannot both write to stdout")
    if timeout and not target.server:
        raise click.UsageError("--timeout is for --server: a run of this process is always finished")
    with closing(target.open(jobs=1 if wait else 0)) as client:
        options.check_out(out)  # again: root has become the owner of the data folder
        key = client.key(series, address)
        again = f"dalleserver poll {key.series} {key.address}{target.options}"
        start = client.renew if pay_again else client.request
        report = make(client, key, start, again, wait=wait, timeout=timeout)
        if wait or report["done"]:
            finish(client, key, report, out=out, as_json=as_json)
        else:
            terminal.emit(report) if as_json else click.echo(f"{key}: accepted. Follow it with: {again}")


def make(client: Client, key: Key, start: Callable[[Key], Fields], again: str, *, wait: bool, timeout: float) -> Fields:
    """Starts the run and, with `wait`, follows it; returns the last report."""
    with signals.handled(signals.interrupt):
        try:
            report = start(key)
            if wait:
                report = follow(client, key, report, timeout=timeout)
            client.drain()
        except KeyboardInterrupt:
            end_interrupted(client, again)
    return report


def end_interrupted(client: Client, again: str) -> NoReturn:
    """Ends the command at the first signal: a server goes on with its run, and one of this process is finished."""
    if client.remote:
        remark = f"The run continues on the server. Follow it with: {again}"
    else:
        remark = "The run is finished first: its picture may be paid for already. Press Ctrl-C again to stop at once."
    click.echo(f"\n{remark}", err=True)
    client.drain()
    raise SystemExit(exits.INTERRUPTED)
