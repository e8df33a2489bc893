"""`dalleserver warm`: makes many pictures."""

import os
from collections.abc import Callable
from contextlib import closing

import click

from app.client import addresses, exits, options, signals, terminal
from app.client.batch import Batch
from app.client.client import Client, Estimate
from app.client.target import Target
from dalle.key import Key

ASK_ABOVE = 1.0
MOST_SHOWN = 10
INTERRUPTIONS = ("SIGINT", "SIGTERM")


@click.command()
@options.all_series
@click.option("--addresses", "source", metavar="FILE", help="One address per line, # starts a comment; - is stdin.")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Pictures to make at once.")
@click.option("--yes", is_flag=True, help="Do not ask, whatever it costs.")
@click.option(
    "--ask-above",
    type=click.FloatRange(min=0),
    default=ASK_ABOVE,
    show_default=True,
    help="Ask above this cost in USD.",
)
@options.target
@options.as_json
def warm(
    series: tuple[str, ...],
    source: str | None,
    jobs: int,
    yes: bool,
    ask_above: float,
    target: Target,
    as_json: bool,
) -> None:
    """Make the pictures of many addresses.

    Without --addresses, these are the addresses that have a picture in any series of the data folder. Existing
    pictures are skipped, so run it again to continue; two at once, or one beside a server, share the work. Ctrl-C
    finishes the pictures that are being painted; a second one stops at once.

    \b
    Examples:
      dalleserver warm simple --addresses addresses.txt --jobs 4 --yes
      cut -d, -f1 holders.csv | dalleserver warm simple empty --addresses -
      dalleserver warm deep-sea --addresses addresses.txt --server http://localhost:8080

    Exit codes: 0 every picture exists; 1 some failed or were not tried; 2 wrong arguments, or not confirmed;
    3 no addresses; 5 the server or the data folder cannot be used; 130 interrupted.
    """
    if target.server and source is None:
        raise click.UsageError("--server needs --addresses")
    # Before root becomes the owner of the data folder, who may be unable to read the list.
    listed = addresses.read(source) if source is not None else None
    with closing(target.open(jobs=jobs)) as client:
        batch = prepare(client, series, client.addresses() if listed is None else listed, jobs)
        confirm(batch, ask_above=None if yes else ask_above)
        total = batch.existing + len(batch.keys)
        with signals.handled(stopper(batch)), terminal.bar(total, "warm", counts=True) as bar:
            batch.run(lambda: bar.show(batch.done, batch.describe()))
    terminal.emit(summary(batch)) if as_json else print_summary(batch)
    if batch.stopped in INTERRUPTIONS:
        raise SystemExit(exits.INTERRUPTED)
    if batch.failed or batch.untried or batch.active:
        raise SystemExit(exits.FAILED)


def prepare(client: Client, series: tuple[str, ...], found: list[str], jobs: int) -> Batch:
    """Returns the batch of all keys that have no picture yet. Raises Stop without addresses."""
    keys = list(dict.fromkeys(client.key(name, address) for name in series for address in found))
    if not keys:
        raise exits.Stop("no addresses: name a file with --addresses", exits.NOT_FOUND)
    missing: list[Key] = [key for key in keys if not client.has_picture(key)]
    return Batch(client, missing, jobs=jobs, existing=len(keys) - len(missing))


def confirm(batch: Batch, *, ask_above: float | None) -> None:
    """Prints what will be made, its cost and its duration; asks above `ask_above` USD (None: never). Raises Stop."""
    missing = len(batch.keys)
    estimate = batch.client.estimate(batch.keys, batch.jobs) if missing else Estimate(0)
    exist = f"{batch.existing} {'exists' if batch.existing == 1 else 'exist'}"
    text = f"{terminal.count(batch.existing + missing, 'picture')}: {exist}, {missing} to make"
    if missing:
        text += price(estimate)
    text += "."
    if ask_above is None or (estimate.usd or 0) <= ask_above:  # nan asks always
        terminal.remark(text)
        return
    if not terminal.is_watched():
        raise exits.Stop(f"{text} That is above {ask_above:.2f} USD: use --yes, or raise --ask-above.", exits.MISUSED)
    click.echo(text, err=True)
    if not click.confirm("Continue?", err=True):
        raise exits.Stop("Nothing was started.", exits.MISUSED)


def price(estimate: Estimate) -> str:
    """Returns the end of the sentence: cost and duration."""
    cost = "free" if estimate.usd == 0 else f"about {estimate.usd:.2f} USD" if estimate.usd else "paid by the server"
    return f", {cost}" + (f", about {terminal.duration(estimate.seconds)}" if estimate.seconds else "")


def stopper(batch: Batch) -> Callable[[str], None]:
    """Returns what the first signal does: no more runs are started."""

    def stop(name: str) -> None:
        batch.stopped = name
        if terminal.is_watched():
            os.write(2, b"\nPictures that are being painted are finished first; press Ctrl-C again to stop at once.\n")

    return stop


def summary(batch: Batch) -> dict[str, object]:
    """Returns the result, for programs."""
    return {
        "made": batch.made,
        "there": batch.existing,
        "failed": {str(key): [report["errorCode"], report["error"]] for key, report in batch.failed.items()},
        "codes": dict(batch.codes()),
        "open": [str(key) for key in batch.active],
        "untried": batch.untried,
        "stopped": batch.stopped,
    }


def print_summary(batch: Batch) -> None:
    rows: list[tuple[object, ...]] = [("made", batch.made, ""), ("existed already", batch.existing, "")]
    rows += [("failed", count, code) for code, count in batch.codes()]
    if batch.active:
        rows.append(("in the queue", len(batch.active), "made by a server, or by the next warm"))
    if batch.untried:
        reason = "interrupted" if batch.stopped in INTERRUPTIONS else f"stopped after {batch.stopped}"
        rows.append(("not tried", batch.untried, f"{reason}: run it again to continue"))
    terminal.table(rows, numbers=[1])
    for key, report in list(batch.failed.items())[:MOST_SHOWN]:
        click.secho(f"{key}: {report['errorCode']}: {report['error']}", fg="red", err=True)
    if len(batch.failed) > MOST_SHOWN:
        click.echo(f"… and {len(batch.failed) - MOST_SHOWN} more: see dalleserver runs", err=True)
