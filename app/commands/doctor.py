"""`dalleserver doctor`: is everything in place to make pictures?"""

from collections.abc import Iterator

import click

from app.checks.host import Finding, disk, folder, fonts, key, locks, nginx, public, series, settings, words
from app.checks.provider import provider
from app.client import exits, options, terminal
from app.config import Config

COLORS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command(short_help="Look whether everything is in place.")
@click.option("--online", is_flag=True, help="Ask the provider too; this costs nothing.")
@options.data_dir
@options.as_json
def doctor(online: bool, data_dir: str | None, as_json: bool) -> None:
    """Look whether everything is in place: one line a check, ok, warning or error, with what to do.

    \b
    Examples:
      dalleserver doctor
      dalleserver doctor --online --json

    Exit codes: 0 no error, perhaps warnings; 1 an error; 2 the configuration is wrong.
    """
    config = options.configured(data_dir)
    worst, told = exits.DONE, []
    for finding in findings(config, online=online):
        worst = exits.FAILED if finding.level == "error" else worst
        told.append({"check": finding.check, "level": finding.level, "message": finding.message, "todo": finding.todo})
        if not as_json:
            level = click.style(f"{finding.level:<7}", fg=COLORS[finding.level])
            click.echo(f"{level}  {terminal.hanging(f'{finding.check}: {finding.message}', 9)}")
            if finding.todo:
                click.echo(f"         {terminal.hanging(f'→ {finding.todo}', 11)}")
    if as_json:
        terminal.emit(told)
    raise SystemExit(worst)


def findings(config: Config, *, online: bool) -> Iterator[Finding]:
    """All checks, the plain ones first."""
    yield settings()
    yield from folder(config)
    yield public(config)
    yield disk(config)
    if not config.read_only:
        yield locks(config)
    yield fonts()
    yield words(config)
    yield from series(config)
    yield key(config)
    if online:
        yield from provider(config)
    yield nginx(config)
