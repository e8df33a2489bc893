"""`dalleserver verify`: reads everything that is kept and holds it against each other."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click

from app.client import exits, options, terminal
from app.client.data_folder import check_folder
from app.client.selected import addresses_of, series_of
from app.client.target import configuration
from app.config import Config
from app.wiring import studio_settings
from dalle.audit.audit import Audit
from dalle.engines import open_storage
from dalle.limits.budget import Budget
from dalle.progress.averages import Averages
from dalle.progress.journals import Journals
from dalle.progress.reports import Reports
from dalle.storage.inventory import Fault
from dalle.storage.protocol import Storage

COLORS = {"warning": "yellow", "error": "red"}


@click.command()
@click.argument("series", required=False, default="", shell_complete=options.series_names)
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option("--fix", is_flag=True, help="Mend what can be mended without losing anything.")
@options.data_dir
@options.as_json
def verify(series: str, addresses: tuple[str, ...], fix: bool, data_dir: str | None, as_json: bool) -> None:
    """Read all that is kept, and hold it against each other.

    This is every picture, text, journal and call of the data folder, of a series, or of some addresses of it. What is
    damaged, missing, paid for without a picture, or contradicts something else is named, with what to do about it.
    Nothing is wrong with a picture without a journal: an older server made it. A service may go on meanwhile.

    \b
    Examples:
      dalleserver verify
      dalleserver verify simple --json
      dalleserver verify simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --fix

    Exit codes: 0 no errors, perhaps warnings; 1 an error that was not mended; 2 wrong arguments; 5 the data folder does
    not exist, or cannot be read.
    """
    series, chosen = series_of(series), addresses_of(addresses)
    config = configuration(data_dir)
    check_folder(config)
    keys, faults = run(open_storage(studio_settings(config)), config, series, chosen, fix=fix, as_json=as_json)
    if as_json:
        terminal.emit({"keys": keys, "faults": [fields(fault) for fault in faults]})
    else:
        click.echo(summary(keys, faults))
    if any(fault.level == "error" and not fault.fixed for fault in faults):
        raise SystemExit(exits.FAILED)


def run(
    storage: Storage, config: Config, series: str, addresses: Sequence[str], *, fix: bool, as_json: bool
) -> tuple[int, list[Fault]]:
    """Verifies; prints each fault as it is found unless it is for programs. Returns how many keys there were."""
    reports = Reports(storage, Journals(storage, config.pause_unknown), Averages(storage.documents))
    audit = Audit(storage, reports, Budget(storage.documents), fix=fix)
    keys, found = 0, []
    with storage.inventory(series=series, addresses=addresses) as inventory:
        total = len(inventory)
        with terminal.bar(total, "verify", counts=True) as bar:
            for part in audit.verify(inventory, is_whole=not series):
                keys += part.keys
                for fault in part.faults:
                    found.append(fault)
                    if not as_json:
                        show(fault)
                bar.show(keys, terminal.count(len(found), "fault") if found else "")
    return keys, found


def show(fault: Fault) -> None:
    """Prints a fault, and what to do about it."""
    level = "mended" if fault.fixed else fault.level
    click.echo(click.style(f"{level:<7}", fg="green" if fault.fixed else COLORS[fault.level]), nl=False)
    click.echo(f"  {terminal.hanging(f'{fault.about}: {fault.message}', 9)}")
    if not fault.fixed:
        click.echo(f"         {terminal.hanging(f'→ {fault.cure}', 11)}")


def summary(keys: int, faults: Sequence[Fault]) -> str:
    """Returns the last line: how much was verified, and what was found."""
    counts = Counter("mended" if fault.fixed else fault.level for fault in faults)
    parts = [
        *([terminal.count(counts["error"], "error")] if counts["error"] else []),
        *([terminal.count(counts["warning"], "warning")] if counts["warning"] else []),
        *([f"{counts['mended']} mended"] if counts["mended"] else []),
    ]
    return f"{terminal.count(keys, 'key')} verified: {', '.join(parts) or 'nothing is wrong'}."


def fields(fault: Fault) -> dict[str, Any]:
    """Returns a fault for programs; `mendable`: --fix mends it."""
    return {
        "code": fault.code,
        "level": fault.level,
        "about": fault.about,
        "message": fault.message,
        "cure": fault.cure,
        "mendable": fault.mend is not None or fault.fixed,
        "fixed": fault.fixed,
    }
