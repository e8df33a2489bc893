"""`dalleserver costs`: what the calls cost, from the call log."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from app.client import options, terminal
from dalle.storage.folder.layout import Store

BY = ("day", "month", "series", "kind", "model", "code")


@click.command(short_help="Sum up what calls cost.")
@click.option(
    "--since", metavar="WHEN", callback=options.filled, help="A day such as 2026-11-01, or an age such as 7d or 12h."
)
@click.option("--by", type=click.Choice(BY), default="day", show_default=True, help="What a line stands for.")
@options.data_dir
@options.as_json
def costs(since: str | None, by: str, data_dir: str | None, as_json: bool) -> None:
    """Sum up what image calls and the enhancement of prompts (chat) cost. Days end at midnight UTC.

    `unknown` are calls without an answer: they may have been charged, up to the estimate in `at risk`.

    \b
    Examples:
      dalleserver costs --since 7d
      dalleserver costs --by model --json

    Exit codes: 0 shown, also when there were no calls; 2 wrong arguments; 5 the data folder cannot be read.
    """
    store = Store(options.configured(data_dir).data_dir)
    earliest = moment(since, datetime.now(UTC)) if since else datetime.min.replace(tzinfo=UTC)
    sums: dict[str, dict[str, float]] = {}
    for call in calls(store.calls):
        at = datetime.fromtimestamp(call["sentNs"] / 1e9, UTC)
        if at >= earliest:
            add(sums.setdefault(named(call, at, by), dict.fromkeys(COUNTED, 0)), call)
    if as_json:
        terminal.emit([{by: name, **counts} for name, counts in sorted(sums.items())])
        return
    if not sums:
        terminal.remark("There were no calls.")
        return
    total = {column: sum(one[column] for one in sums.values()) for column in COUNTED}
    rows = [
        (
            name,
            *(f"{counts[column]:.0f}" for column in COUNTED[:4]),
            *(f"{counts[column]:.3f}" for column in COUNTED[4:]),
        )
        for name, counts in [*sorted(sums.items()), ("in all", total)]
    ]
    terminal.table(rows, (by, "calls", "made", "refused", "unknown", "USD", "at risk"), numbers=range(1, 7))


COUNTED = ("calls", "accepted", "refused", "unknown", "usd", "atRisk")


def add(counts: dict[str, float], call: dict[str, Any]) -> None:
    outcome = call.get("outcome") or "unknown"
    counts["calls"] += 1
    counts[outcome] += 1
    counts["usd"] = round(counts["usd"] + call.get("cost", 0), 6)
    if call.get("paid") and outcome == "unknown":
        counts["atRisk"] = round(counts["atRisk"] + call.get("estimate", 0), 6)


def calls(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of the call log; a torn one is left out."""
    try:
        file = open(path, encoding="utf-8", errors="replace")  # noqa: SIM115
    except FileNotFoundError:
        return
    with file:
        for line in file:
            try:
                call = json.loads(line)
            except ValueError:
                continue
            if isinstance(call, dict) and isinstance(call.get("sentNs"), int):
                yield call


def named(call: dict[str, Any], at: datetime, by: str) -> str:
    """The line that a call belongs to."""
    match by:
        case "day":
            return f"{at:%Y-%m-%d}"
        case "month":
            return f"{at:%Y-%m}"
        case "model":
            return " ".join(
                str(call.get(part, "")) for part in ("painter", "model", "size", "quality") if call.get(part)
            )
        case "code":
            return str(call.get("errorCode") or "OK")
        case "kind":
            return str(call.get("kind") or "image")  # older lines do not tell: they are image calls
    return str(call.get(by, ""))


def moment(text: str, now: datetime) -> datetime:
    """2026-11-01, 2026-11-01T08:00, 7d, 12h; UTC unless it says otherwise."""
    if match := re.fullmatch(r"([0-9]{1,5})([dh])", text):
        amount = int(match[1])
        return now - (timedelta(days=amount) if match[2] == "d" else timedelta(hours=amount))
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text}: expected 2026-11-01, 7d or 12h", param_hint="--since") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
