"""What is wrong or doubtful about a series file, as commands show it."""

import json

import click

from app.suggestion import question
from dalle.words.draft import MOST_SHOWN, Draft
from dalle.words.series import KEYS


def show(draft: Draft, *, err: bool = False) -> None:
    """Prints a line for each error and each warning."""
    for error in draft.errors:
        click.secho(f"error: {error}", fg="red", err=err)
    for warning in warnings(draft):
        click.secho(f"warning: {warning}", fg="yellow", err=err)


def warnings(draft: Draft) -> list[str]:
    """Returns the warnings about a file, those about unknown keys first."""
    shown = [
        f"{json.dumps(key[:64], ensure_ascii=False)} is an unknown key and is ignored{question(key[:64], KEYS)}"
        for key in draft.unknown[:MOST_SHOWN]
    ]
    more = len(draft.unknown) - len(shown)
    if more:
        shown.append(f"{more} more unknown {'key is' if more == 1 else 'keys are'} ignored")
    return [*shown, *map(str, draft.warnings)]
