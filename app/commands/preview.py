"""`dalleserver preview`: the texts of pictures before they are made. Calls no provider."""

from dataclasses import asdict

import click

from app.client import options, terminal
from app.client.words import words_of
from dalle.words import prompts


@click.command()
@click.argument("address")
@options.some_series
@options.data_dir
@options.as_json
def preview(address: str, series: tuple[str, ...], data_dir: str | None, as_json: bool) -> None:
    """Show the texts for an address.

    With series, the prompts of each; without, the captions in all series. No provider is called, and nothing is
    written.

    \b
    Examples:
      dalleserver preview 0xd8da6bf26964af9d7eed9e03e53415d37aa96045
      dalleserver preview 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 simple deep-sea

    Exit codes: 0 shown; 2 wrong arguments; 5 the data folder cannot be read.
    """
    words = words_of(data_dir)
    keys = [words.key(name, address) for name in series or words.shelf.names()]
    texts = {key.series: prompts.write(words.selection(key)) for key in keys}
    if as_json:
        terminal.emit({name: asdict(each) for name, each in texts.items()})
    elif not series:
        terminal.table([(name, each.terse) for name, each in texts.items()], ("series", "caption"), wrapped=True)
    else:
        for name, each in texts.items():
            click.secho(terminal.flowing(f"{name}: {each.title}"), bold=True)
            click.echo(terminal.flowing(f"{each.prompt}\n\n{each.technical}") + "\n")
