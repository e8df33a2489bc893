"""`dalleserver costs`: sums up the call log."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from app.client import options, terminal
from app.client.data_folder import check_folder
from app.client.target import configuration
from app.wiring import studio_settings
from dalle.engines import open_storage
from dalle.storage.attempt import OFFLINE_ARTIST

BY = ("day", "month", "series", "kind", "model", "code")
COUNTED = ("calls", "accepted", "refused", "unknown", "usd", "atRisk")
HEADING = ("calls", "made", "refused", "unknown", "USD", "at risk")

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
    earliest = moment(since, datetime.now(UTC)) if since else datetime.min.replace(tzinfo=UTC)
    sums = sum_up(storage.calls.since(), earliest, by)
    if as_json:
        terminal.emit([{by: group, **counts} for group, counts in sums])
    elif sums:
        total = {column: sum(counts[column] for _, counts in sums) for column in COUNTED}
        rows = [line(group, counts) for group, counts in [*sums, ("total", total)]]
        terminal.table(rows, (by, *HEADING), numbers=range(1, 7))
    else:
        terminal.remark("No calls.")


def line(group: str, counts: Counts) -> tuple[str, ...]:
    """Returns one line of the table: whole numbers, then money."""
    return (group, *(f"{counts[name]:.0f}" for name in COUNTED[:4]), *(f"{counts[name]:.3f}" for name in COUNTED[4:]))


def sum_up(calls: Iterator[dict[str, Any]], earliest: datetime, by: str) -> list[tuple[str, Counts]]:
    """Returns the sums of the calls since a moment, one for each group, sorted."""
    sums: dict[str, Counts] = {}
    for call in calls:
        sent = datetime.fromtimestamp(call["sentNs"] / 1e9, UTC)
        if sent >= earliest:
            add(sums.setdefault(group_of(call, sent, by), dict.fromkeys(COUNTED, 0)), call)
    return sorted(sums.items())


def add(counts: Counts, call: dict[str, Any]) -> None:
    outcome = call.get("outcome") or "unknown"
    counts["calls"] += 1
    counts[outcome] += 1
    counts["usd"] = round(counts["usd"] + call.get("cost", 0), 6)
    if call.get("paid") and outcome == "unknown":
        counts["atRisk"] = round(counts["atRisk"] + call.get("estimate", 0), 6)


def group_of(call: dict[str, Any], sent: datetime, by: str) -> str:
    """Returns the group that a call belongs to."""
    match by:
        case "day":
            return f"{sent:%Y-%m-%d}"
        case "month":
            return f"{sent:%Y-%m}"
        case "model":
            maker = (OFFLINE_ARTIST,) if call.get("painter") == "sketch" else (call.get("painter"), call.get("model"))
            return " ".join(str(part) for part in (*maker, call.get("size"), call.get("quality")) if part)
        case "code":
            return str(call.get("errorCode") or "OK")
        case "kind":
            return str(call.get("kind") or "image")  # older lines have no kind: they are image calls
    return str(call.get(by, ""))


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
