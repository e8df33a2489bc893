"""`dalleserver show`: everything about one picture that can be computed or is stored. Calls no provider."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from app.client import options, terminal
from app.client.words import Words, words_of
from dalle.key import Key
from dalle.storage.attempt import OFFLINE_ARTIST, Attempt, Chat
from dalle.storage.blob import Blob
from dalle.storage.journal import Journal
from dalle.words import prompts
from dalle.words.selection import Selection

TEXTS = ("terse", "prompt", "technical", "author")


@click.command()
@options.key
@options.data_dir
@options.as_json
def show(series: str, address: str, data_dir: str | None, as_json: bool) -> None:
    """Show attributes, texts and state of one picture.

    No provider is called, and nothing is written.

    \b
    Example:
      dalleserver show simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045

    Exit codes: 0 shown; 2 wrong arguments; 5 the data folder cannot be read.
    """
    words = words_of(data_dir)
    key = words.key(series, address)
    selection, journal = words.selection(key), words.storage.journal(key)
    state, calls = state_of(words, key, journal), calls_of(journal)
    colors, texts = palette(selection), asdict(prompts.write(selection))
    if as_json:
        attributes = [asdict(attribute) for attribute in selection]
        head = {"series": key.series, "address": key.address, "seed": selection.seed, "catalog": words.catalog.version}
        picture = {"state": state, "calls": calls, "attributes": attributes, "palette": colors, "texts": texts}
        terminal.emit(head | picture)
        return
    click.secho(str(key), bold=True)
    click.echo(terminal.flowing(texts["title"]) + "\n")
    terminal.table([(name, shown(value)) for name, value in state.items() if value != ""])
    if calls:
        click.echo()
    terminal.table([row(call) for call in calls], ("sent", "kind", "model", "outcome", "USD", "ids"), numbers=[4])
    click.echo("\n" + "  ".join(f"{swatch(color['hex'])}{color['name']} {color['hex']}" for color in colors) + "\n")
    rows = [(attribute.name, f"{attribute.selector + 1}/{attribute.count}", attribute.value) for attribute in selection]
    terminal.table(rows, ("attribute", "row", "value"), numbers=[1])
    for name in TEXTS:
        click.secho(f"\n{name}", bold=True)
        click.echo(terminal.flowing(texts[name]))


def state_of(words: Words, key: Key, journal: Journal | None) -> dict[str, Any]:
    """Returns the state of the picture and of its last run."""
    blobs, picture = words.storage.blobs, Blob.picture(key)
    finished = blobs.has(picture)
    return {
        "state": "finished" if finished else journal.state if journal and journal.state != "completed" else "idle",
        "picture": blobs.locate(picture) if finished else "",
        "painter": journal.painter if journal else "",
        "error": f"{journal.error_code}: {journal.error}" if journal and journal.error else "",
        "calls": len(journal.attempts) if journal else 0,
        "usd": round(sum(attempt.cost for attempt in journal.attempts), 6) if journal else 0.0,
    }


def shown(value: object) -> str:
    return OFFLINE_ARTIST if value == "sketch" else str(value)


def calls_of(journal: Journal | None) -> list[dict[str, Any]]:
    """Returns the calls that were sent for the picture, oldest first; by their ids a gateway finds them in its logs."""
    if journal is None:
        return []
    calls: list[tuple[str, Attempt | Chat]]
    calls = [("chat", chat) for chat in journal.chats] + [("image", attempt) for attempt in journal.attempts]
    return [
        {
            "sentNs": call.sent_ns,
            "kind": kind,
            "model": call.maker if isinstance(call, Attempt) else call.model,
            "outcome": call.outcome,
            "errorCode": call.error_code,
            "usd": call.cost,
            "ids": call.ids or ({"x-request-id": call.request_id} if call.request_id else {}),
        }
        for kind, call in sorted(calls, key=lambda row: row[1].sent_ns)
    ]


def row(call: dict[str, Any]) -> tuple[str, ...]:
    """Returns one line of the table of calls."""
    sent = f"{datetime.fromtimestamp(call['sentNs'] / 1e9, UTC):%Y-%m-%d %H:%M:%SZ}"
    outcome = " ".join(filter(None, (call["outcome"] or "no answer yet", call["errorCode"])))
    ids = ", ".join(f"{name} {value}" for name, value in call["ids"].items())
    return sent, call["kind"], call["model"], outcome, f"{call['usd']:.3f}", ids


def palette(selection: Selection) -> list[dict[str, str]]:
    """Returns the colours that the series lets the texts name."""
    colors = [selection["color1"], selection["color2"], selection["color3"]]
    present = [color for color in colors[: selection.color_limit or 3] if color.present]
    return [{"name": color.field("name") or color.word, "hex": color.field("hex")} for color in present]


def swatch(color: str) -> str:
    """Returns a patch of the colour, for terminals."""
    try:
        red, green, blue = bytes.fromhex(color.removeprefix("#"))
    except ValueError:
        return ""
    return click.style("  ", bg=(red, green, blue)) + " "
