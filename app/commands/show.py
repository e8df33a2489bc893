"""`dalleserver show` and `dalleserver preview`: what an address wears and what is written about it. No call is made."""

from dataclasses import asdict
from typing import Any

import click

from app.client import options, terminal
from app.client import words as library
from dalle.key import Key
from dalle.storage import journal as journals
from dalle.storage.folder.layout import Store
from dalle.words.attributes import Attribute
from dalle.words.selection import Selection

TEXTS = ("title", "terse", "prompt", "technical", "author", "data")


@click.command(short_help="Show attributes, texts and state of one key.")
@options.key
@options.data_dir
@options.as_json
def show(series: str, address: str, data_dir: str | None, as_json: bool) -> None:
    """Show the attributes, the palette, the texts and the state of one key. Nothing is called or written.

    \b
    Example:
      dalleserver show simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045

    Exit codes: 0 shown; 2 wrong arguments; 5 the data folder cannot be read.
    """
    books = library.opened(options.configured(data_dir))
    key = books.key(series, address)
    selection, texts, state = books.selection(key), asdict(books.texts(key)), stand(books.store, key)
    if as_json:
        attributes = [asdict(attribute) for attribute in selection]
        told = {"series": key.series, "address": key.address, "seed": selection.seed, "catalog": books.catalog.version}
        terminal.emit(told | {"state": state, "attributes": attributes, "palette": palette(selection), "texts": texts})
        return
    click.secho(str(key), bold=True)
    click.echo(terminal.flowing(texts["title"]) + "\n")
    terminal.table([(name, str(value)) for name, value in state.items() if value != ""])
    click.echo(
        "\n" + "  ".join(f"{swatch(color['hex'])}{color['name']} {color['hex']}" for color in palette(selection)) + "\n"
    )
    rows = [(one.name, f"{one.selector + 1}/{one.count}", one.value) for one in selection]
    terminal.table(rows, ("attribute", "row", "value"), numbers=[1])
    for name in TEXTS[1:-1]:
        click.secho(f"\n{name}", bold=True)
        click.echo(terminal.flowing(texts[name]))


@click.command()
@click.argument("address")
@options.some_series
@options.data_dir
@options.as_json
def preview(address: str, series: tuple[str, ...], data_dir: str | None, as_json: bool) -> None:
    """Show what would be painted: the prompts of an address. Nothing is called or written.

    Without a series: the captions in all of them.

    \b
    Examples:
      dalleserver preview 0xd8da6bf26964af9d7eed9e03e53415d37aa96045
      dalleserver preview 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 simple deep-sea

    Exit codes: 0 shown; 2 wrong arguments; 5 the data folder cannot be read.
    """
    books = library.opened(options.configured(data_dir))
    keys = [books.key(name, address) for name in series or books.shelf.names()]
    texts = {key.series: books.texts(key) for key in keys}
    if as_json:
        terminal.emit({name: asdict(written) for name, written in texts.items()})
    elif not series:
        terminal.table([(name, written.terse) for name, written in texts.items()], ("series", "caption"), wrapped=True)
    else:
        for name, written in texts.items():
            click.secho(terminal.flowing(f"{name}: {written.title}"), bold=True)
            click.echo(terminal.flowing(f"{written.prompt}\n\n{written.technical}") + "\n")


def stand(store: Store, key: Key) -> dict[str, Any]:
    """How the key stands: its picture and its last run."""
    picture = store.annotated(key)
    there = picture.exists()
    journal = journals.read(store.journal(key))
    return {
        "state": "finished" if there else journal.state if journal and journal.state != "completed" else "idle",
        "picture": str(picture) if there else "",
        "painter": journal.painter if journal else "",
        "error": f"{journal.errorCode}: {journal.error}" if journal and journal.error else "",
        "calls": len(journal.attempts) if journal else 0,
        "usd": round(sum(one.cost for one in journal.attempts), 6) if journal else 0.0,
    }


def palette(selection: Selection) -> list[dict[str, str]]:
    """The colours, as many as the series lets the texts name."""
    colors: list[Attribute] = [selection["color1"], selection["color2"], selection["color3"]]
    given = [color for color in colors[: selection.color_limit or 3] if color.present]
    return [{"name": color.field("name") or color.word, "hex": color.field("hex")} for color in given]


def swatch(color: str) -> str:
    """A patch of the colour, for terminals."""
    try:
        red, green, blue = bytes.fromhex(color.removeprefix("#"))
    except ValueError:
        return ""
    return click.style("  ", bg=(red, green, blue)) + " "
