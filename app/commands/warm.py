"""`dalleserver warm`: many keys."""

import os
from collections.abc import Callable, Sequence

import click

from app.client import addresses, estimates, exits, options, terminal
from app.client import signals as stops
from app.client.batch import Warming
from app.client.local import Desk
from dalle.key import Key

ASK_ABOVE = 1.0
MOST_SHOWN = 10


@click.command()
@options.all_series
@click.option("--addresses", "source", metavar="FILE", help="One address a line, # is a remark; - is stdin.")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Pictures at work at once.")
@click.option("--yes", is_flag=True, help="Do not ask, whatever it costs.")
@click.option(
    "--ask-above", type=click.FloatRange(min=0), default=ASK_ABOVE, show_default=True, help="USD that need a yes."
)
@options.where
@options.as_json
def warm(
    series: tuple[str, ...],
    source: str | None,
    jobs: int,
    yes: bool,
    ask_above: float,
    server: str | None,
    data_dir: str | None,
    as_json: bool,
) -> None:
    """Make the pictures of many addresses in one or more series.

    Without --addresses: of every address that has a picture in some series of the data folder. Pictures that are
    there are left alone, so run it again to go on; two at once, or beside a server, share the work.
    Ctrl-C finishes what is being painted; a second one leaves at once.

    \b
    Examples:
      dalleserver warm simple --addresses addresses.txt --jobs 4 --yes
      cut -d, -f1 holders.csv | dalleserver warm simple empty --addresses -
      dalleserver warm deep-sea --addresses addresses.txt --server http://localhost:8080

    Exit codes: 0 every picture is there; 1 some failed or were not tried; 2 wrong arguments, or a yes is needed;
    3 there is no address; 5 the server or the data folder cannot be used; 130 interrupted.
    """
    if server and source is None:
        raise click.UsageError("--addresses is needed beside --server")
    desk = options.desk(server, data_dir, jobs=jobs)
    found = addresses.read(source) if source is not None else addresses.known(desk)
    keys = list(dict.fromkeys(desk.key(name, address) for name in series for address in found))
    if not keys:
        raise exits.Stop("no addresses: give some with --addresses", exits.NOTHING)
    missing = [key for key in keys if not desk.finished(key)]
    expect(desk, keys, missing, jobs=jobs, ask_above=ask_above, yes=yes)
    warming = Warming(desk, missing, jobs=jobs)
    warming.there = len(keys) - len(missing)
    with stops.heard(stopping(warming)), terminal.bar(len(keys), "warm", counts=True) as bar:
        warming.run(lambda: bar.show(warming.settled, warming.text()))
    summarize(warming, as_json=as_json)
    if warming.stopped in INTERRUPTIONS:
        raise SystemExit(exits.INTERRUPTED)
    if warming.failed or warming.untried or warming.active:
        raise SystemExit(exits.FAILED)


INTERRUPTIONS = ("SIGINT", "SIGTERM")


def expect(desk: Desk, keys: Sequence[Key], missing: Sequence[Key], *, jobs: int, ask_above: float, yes: bool) -> None:
    """Say what will be made, what it costs and how long it takes; ask when it is dear."""
    estimate = estimates.of(desk, missing, jobs)
    usd = estimate.usd
    cost = (
        ""
        if not missing
        else ", at the server's cost"
        if usd is None
        else f", about {usd:.2f} USD"
        if usd
        else ", free"
    )
    time = f" and {terminal.time_left(estimate.seconds)}" if estimate.seconds and missing else ""
    sentence = f"{len(keys)} pictures: {len(keys) - len(missing)} are there, {len(missing)} to make{cost}{time}."
    dear = missing and not yes and not (usd or 0) <= ask_above  # also above what is no number
    if not dear:
        terminal.remark(sentence)
        return
    if not terminal.is_watched():
        raise exits.Stop(
            f"{sentence} That is above {ask_above:.2f} USD: say --yes, or raise --ask-above.", exits.MISUSED
        )
    click.echo(sentence, err=True)
    if not click.confirm("Go on?", err=True):
        raise exits.Stop("Nothing was started.", exits.MISUSED)


def stopping(warming: Warming) -> Callable[[str], None]:
    """What the first signal does: nothing more is begun."""

    def stop(name: str) -> None:
        warming.stopped = name
        if terminal.is_watched():
            os.write(2, b"\nWhat is being painted is finished first; press Ctrl-C again to leave at once.\n")

    return stop


def summarize(warming: Warming, *, as_json: bool) -> None:
    """What came of it."""
    if as_json:
        failed = {str(key): [report["errorCode"], report["error"]] for key, report in warming.failed.items()}
        terminal.emit(
            {
                "made": warming.made,
                "there": warming.there,
                "failed": failed,
                "codes": dict(warming.codes()),
                "open": [str(key) for key in warming.active],
                "untried": warming.untried,
                "stopped": warming.stopped,
            }
        )
        return
    rows: list[tuple[object, ...]] = [("made", warming.made, ""), ("already there", warming.there, "")]
    rows += [("failed", count, code) for code, count in warming.codes()]
    if warming.active:
        rows.append(("in the queue", len(warming.active), "a server, or the next warm, makes them"))
    if warming.untried:
        why = "interrupted" if warming.stopped in INTERRUPTIONS else f"stopped after {warming.stopped}"
        rows.append(("not tried", warming.untried, f"{why}: run it again to go on"))
    terminal.table(rows, numbers=[1])
    for key, report in list(warming.failed.items())[:MOST_SHOWN]:
        click.secho(f"{key}: {report['errorCode']}: {report['error']}", fg="red", err=True)
    if len(warming.failed) > MOST_SHOWN:
        click.echo(f"… and {len(warming.failed) - MOST_SHOWN} more: see dalleserver runs", err=True)
