"""`dalleserver costs`: sums up the call log."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import click

from app.client import options, terminal
from app.client.data_folder import check_folder
from app.client.target import configuration
from app.wiring import studio_settings
from dalle.engines import open_storage
from dalle.storage.expenses import Expense, Group

BY = ("day", "month", "series", "kind", "model", "code")
HEADING = ("calls", "made", "refused", "unknown", "USD", "at risk")

EPOCH = datetime.fromtimestamp(0, UTC)

Counts = dict[str, float]


@click.command()
@click.option(
    "--since", metavar="WHEN", callback=options.not_empty, help="A day such as 2026-11-01, or an age such as 7d or 12h."
)
@click.option("--by", type=click.Choice(BY), default="day", show_default=True, help="One line for each of these.")
@options.data_dir
@options.as_json
def costs(since: str | None, by: str, data_dir: str | None, as_json: bool) -> None:
    """Sum up what calls to the provider cost.

    These are image calls and the chat calls that enhance prompts. Days end at midnight UTC. `unknown` counts calls
    without an answer: they may have been charged, up to the sum in `at risk`.

    \b
    Examples:
      dalleserver costs --since 7d
      dalleserver costs --by model --json

    Exit codes: 0 shown, even if there were no calls; 2 wrong arguments; 5 the data folder does not exist, or cannot be
    read.
    """
    config = configuration(data_dir)
    check_folder(config)
    storage = open_storage(studio_settings(config))
    earliest = moment(since, datetime.now(UTC)) if since else EPOCH
    sums = sum_up(storage.calls.expenses(max(0, nanoseconds(earliest))), by)
    if as_json:
        terminal.emit([{by: group, **counts(expense)} for group, expense in sums])
    elif sums:
        total = Expense()
        for _, expense in sums:
            total.add(expense)
        rows = [line(group, counts(expense)) for group, expense in [*sums, ("total", total)]]
        terminal.table(rows, (by, *HEADING), numbers=range(1, 7))
    else:
        terminal.remark("No calls.")


def sum_up(expenses: Mapping[Group, Expense], by: str) -> list[tuple[str, Expense]]:
    """Returns the sums for each value of what is asked for, sorted."""
    sums: dict[str, Expense] = {}
    for group, expense in expenses.items():
        sums.setdefault(value_of(group, by), Expense()).add(expense)
    return sorted(sums.items())


def value_of(group: Group, by: str) -> str:
    """Returns what `--by` shows of a group."""
    if by in ("day", "month"):
        day = (EPOCH + timedelta(days=group.day)).date().isoformat()
        return day if by == "day" else day.rpartition("-")[0]
    return str(getattr(group, by))


def counts(expense: Expense) -> Counts:
    """Returns the columns of a sum, money in USD."""
    return {
        "calls": expense.calls,
        "accepted": expense.accepted,
        "refused": expense.refused,
        "unknown": expense.unknown,
        "usd": expense.spent / 1e6,
        "atRisk": expense.at_risk / 1e6,
    }


def line(group: str, counts: Counts) -> tuple[str, ...]:
    """Returns one line of the table: whole numbers, then money."""
    *numbers, usd, at_risk = counts.values()
    return (group, *(f"{number:.0f}" for number in numbers), f"{usd:.3f}", f"{at_risk:.3f}")


def nanoseconds(moment: datetime) -> int:
    """Returns a moment in Unix nanoseconds, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1) * 1000


def moment(text: str, now: datetime) -> datetime:
    """Reads 2026-11-01, 2026-11-01T08:00, 7d or 12h; UTC unless the text has an offset. Raises BadParameter."""
    if match := re.fullmatch(r"([0-9]{1,5})([dh])", text):
        amount = int(match[1])
        return now - (timedelta(days=amount) if match[2] == "d" else timedelta(hours=amount))
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text}: expected 2026-11-01, 7d or 12h", param_hint="--since") from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
