"""Exit codes, and which error ends a command with which code."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from dalle.errors import DalleError

DONE = 0
FAILED = 1  # the run, or a check
MISUSED = 2  # wrong arguments or configuration; click's own code
NOT_FOUND = 3
UNFINISHED = 4
UNUSABLE = 5  # the server or the data folder
INTERRUPTED = 130

CODES = """\
0 done, 1 failed, 2 wrong arguments or configuration, 3 not found, 4 not finished yet, \
5 the server or the data folder cannot be used, 130 interrupted."""


class Stop(click.ClickException):
    """Ends the command with a sentence on stderr and an exit code."""

    def __init__(self, message: str, exit_code: int = UNUSABLE) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]


@contextmanager
def translated() -> Iterator[None]:
    """Turns our own errors into a sentence and an exit code; a bug keeps its traceback."""
    try:
        yield
    except DalleError as exc:
        sentence = f"{exc.message}: {exc.details}" if exc.details else exc.message
        raise Stop(sentence, MISUSED if exc.status == 400 else UNUSABLE) from None
    except (KeyboardInterrupt, click.Abort):
        click.echo(err=True)
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        raise
    except OSError as exc:
        raise Stop(f"{exc.strerror}: {exc.filename}" if exc.filename else str(exc)) from None
