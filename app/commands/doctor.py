"""`dalleserver doctor`: checks whether pictures can be made here."""

from collections.abc import Iterator
from dataclasses import asdict

import click

from app.checks import setup
from app.checks.disk import disk
from app.checks.nginx import nginx
from app.checks.provider import provider
from app.checks.webhooks import webhooks
from app.client import exits, options, terminal
from app.client.target import configuration
from app.config import Config
from app.wiring import studio_settings
from dalle.engines import open_storage
from dalle.storage.finding import Finding

COLORS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command()
@click.option("--online", is_flag=True, help="Check the provider too; this costs nothing.")
@options.data_dir
@options.as_json
def doctor(online: bool, data_dir: str | None, as_json: bool) -> None:
    """Check whether pictures can be made here.

    Each check prints one line: ok, warning or error, and what to do.

    \b
    Examples:
      dalleserver doctor
      dalleserver doctor --online --json

    Exit codes: 0 no errors, perhaps warnings; 1 an error; 2 wrong arguments or configuration.
    """
    findings = []
    for finding in check(configuration(data_dir), online=online):
        findings.append(finding)
        if not as_json:
            show(finding)
    if as_json:
        terminal.emit([asdict(finding) for finding in findings])
    raise SystemExit(exits.FAILED if any(finding.level == "error" for finding in findings) else exits.DONE)


def check(config: Config, *, online: bool) -> Iterator[Finding]:
    """Yields the findings of all checks, the simple ones first."""
    yield setup.settings()
    storage = open_storage(studio_settings(config))
    yield from storage.examine(read_only=config.read_only)
    yield disk(config)
    yield setup.font()
    yield setup.words(config)
    yield from setup.series(config)
    yield setup.painter(config)
    yield from setup.notices(config)
    if online:
        yield from provider(config)
    yield from webhooks(config, storage)
    yield nginx(config, storage.public_folder)


def show(finding: Finding) -> None:
    level = click.style(f"{finding.level:<7}", fg=COLORS[finding.level])
    click.echo(f"{level}  {terminal.hanging(f'{finding.check}: {finding.message}', 9)}")
    if finding.todo:
        click.echo(f"         {terminal.hanging(f'→ {finding.todo}', 11)}")
