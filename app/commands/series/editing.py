"""Makes and edits series, in the editor of the user or from a file. What is saved was checked before."""

import shlex
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

from app import environment
from app.client import options
from app.client.exits import FAILED, MISUSED, Stop
from app.client.words import Words, words_of
from app.commands.series import remarks
from app.commands.series.changing import name_argument, unknown
from dalle.key import SERIES
from dalle.storage.open_file import read_bounded
from dalle.words.catalog import NAMES
from dalle.words.draft import Draft, examine
from dalle.words.editor import Opened
from dalle.words.series import MOST_BYTES, BadSeries, name_of
from dalle.words.series_files import SeriesConflict
from dalle.words.series_text import changed, written

OF_THE_ORIGINAL = ("deleted", "last", "modifiedAt", "source", "version")
"""Keys that say something about one series, and are not copied to another."""


@click.command()
@click.argument("name")
@click.option("--from", "original", metavar="SERIES", help="Begin with a copy of this series.")
@click.option("--purpose", metavar="TEXT", help="One sentence, shown in lists.")
@click.option("--edit", "edited", is_flag=True, help="Open it in an editor before it is saved.")
@options.data_dir
def new(name: str, original: str | None, purpose: str | None, edited: bool, data_dir: str | None) -> None:
    """Make a series, empty or as a copy of another one.

    NAME may be written freely: `My Set` becomes my-set.

    \b
    Example:
      dalleserver series new quiet-owls --from simple

    Exit codes: 0 made; 1 it cannot be used, and the draft is kept; 2 the name is taken or no name, or --from is
    unknown; 5 the data folder cannot be written.
    """
    words, name = words_of(data_dir), name_of(name)
    if not SERIES.fullmatch(name):
        raise click.BadParameter(f"{name[:64]!r}: expected 1 to 64 of a-z, 0-9 and -", param_hint="'NAME'")
    if words.editor.open(name):
        raise Stop(f"series {name} exists already: dalleserver series edit {name} changes it", MISUSED)
    text = copied(words, name, original) if original else blank(name)
    if purpose is not None:
        text = changed(text, {"purpose": purpose})
    session = Session(words, Opened(name, b"", "", False))
    if edited:
        session.edit(text)
    else:
        session.save(session.examined(text))
    click.echo(f"{name} is made. dalleserver series edit {name} changes it.")


@click.command()
@name_argument
@click.option("--file", "source", metavar="FILE", type=click.Path(path_type=Path), help="Take this file: no editor.")
@options.data_dir
def edit(name: str, source: Path | None, data_dir: str | None) -> None:
    """Edit a series in VISUAL or EDITOR; it is checked before it is saved.

    With an error, the editor is offered again, or the draft is kept and its path is printed. A built-in series is left
    as it is: the file that is saved counts in its place. What it held before is kept as a version.

    \b
    Example:
      dalleserver series edit simple

    Exit codes: 0 saved, or nothing was changed; 1 it cannot be used, or it was changed meanwhile, and the
    draft is kept; 2 unknown series, or no editor; 5 the data folder cannot be written.
    """
    words, name = words_of(data_dir), name_of(name)
    opened = words.editor.open(name)
    if source:
        if not SERIES.fullmatch(name):
            raise unknown(words, name)
        text = read_bounded(source, MOST_BYTES)
        if text is None:
            raise Stop(f"{source}: expected a file that can be read", MISUSED)
        session = Session(words, opened or Opened(name, b"", "", False), draft=source)
        saved = session.save(session.examined(text))
    elif opened is None:
        raise unknown(words, name)
    else:
        saved = Session(words, opened).edit(opened.text)
    click.echo(f"{name} is saved." if saved else f"{name} was not changed.")


def copied(words: Words, name: str, original: str) -> bytes:
    """Returns the text of another series for one of this name."""
    opened = words.editor.open(name_of(original))
    if opened is None:
        raise unknown(words, name_of(original))
    try:
        return changed(opened.text, {**dict.fromkeys(OF_THE_ORIGINAL), "suffix": name})
    except BadSeries as exc:
        raise Stop(f"series {opened.name} cannot be copied: {exc}", MISUSED) from None


def blank(name: str) -> bytes:
    """Returns the text of a series that leaves everything open."""
    return written({"suffix": name, "purpose": "", "colorLimit": 0, **{database: [] for database in NAMES}})


@dataclass
class Session:
    """The editing of one series. `draft`: where its text is as long as it is not saved, None where it is not yet."""

    words: Words
    opened: Opened
    draft: Path | None = None

    def edit(self, text: bytes) -> bool:
        """Lets the user edit a text until it can be saved; returns whether something was. Raises Stop."""
        command = environment.editor()
        if not command:
            raise Stop("no editor is known: set EDITOR, or use dalleserver series edit NAME --file FILE", MISUSED)
        folder = Path(tempfile.mkdtemp(prefix="dalleserver-"))
        self.draft = folder / f"{self.opened.name}.json"
        self.draft.write_bytes(text)
        draft = self._edited(command, self.draft)
        while draft.errors and not self._same(draft.text) and self._once_more(draft):
            draft = self._edited(command, self.draft)
        saved = self.save(draft)
        self.draft.unlink(missing_ok=True)
        folder.rmdir()
        return saved

    def save(self, draft: Draft) -> bool:
        """Saves what can be used; returns whether it is something else. Raises Stop, which says where the draft is."""
        name = self.opened.name
        if self._same(draft.text):
            return False
        remarks.show(draft, err=True)
        if draft.errors:
            raise Stop(f"series {name} was not saved{self._kept}", FAILED)
        try:
            self.words.editor.save(name, draft.text, expecting=self.opened.sha256)
        except SeriesConflict:
            raise Stop(f"series {name} was changed meanwhile, and was not saved{self._kept}", FAILED) from None
        except OSError as exc:
            raise Stop(f"series {name} was not saved ({exc.strerror or exc}){self._kept}") from None
        return True

    def examined(self, text: bytes) -> Draft:
        return examine(self.opened.name, text, self.words.catalog)

    def _same(self, text: bytes) -> bool:
        """Whether there is such a series already."""
        return text == self.opened.text and bool(self.opened.sha256 or self.opened.built_in)

    def _edited(self, command: str, path: Path) -> Draft:
        """Runs the editor, and returns what it has left. Raises Stop."""
        before = signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is the editor's as long as it runs
        try:
            code = subprocess.run([*shlex.split(command), str(path)], check=False).returncode  # noqa: S603  the user's own
        except (OSError, ValueError) as exc:
            raise Stop(f"the editor {command!r} cannot be started ({exc}){self._kept}", MISUSED) from None
        finally:
            signal.signal(signal.SIGINT, before)
        text = read_bounded(path, MOST_BYTES)
        if text is None:
            raise Stop(f"series {self.opened.name} was not saved: the editor has removed the draft", FAILED)
        if code:
            raise Stop(f"the editor ended with code {code}, and nothing was saved{self._kept}", FAILED)
        return self.examined(text)

    def _once_more(self, draft: Draft) -> bool:
        """Asks whether the editor is wanted again, on a terminal only."""
        if not sys.stdin.isatty():
            return False
        remarks.show(draft, err=True)
        return click.confirm("Edit it again?", default=True, err=True)

    @property
    def _kept(self) -> str:
        """The end of a sentence about a draft that was not saved."""
        if not self.draft:
            return ""
        command = f"dalleserver series edit {self.opened.name} --file {shlex.quote(str(self.draft))}"
        return f". The draft is kept in {self.draft}: {command} saves it"
