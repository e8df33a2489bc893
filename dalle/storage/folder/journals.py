"""Journals as files: reading takes a bounded time, and what cannot be read is kept."""

import os
import re
import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path

from dalle.atomic import TooLarge, read_bytes
from dalle.key import Key
from dalle.storage.attempt import Attempt
from dalle.storage.codec import NEWEST, attempts_in, decode_journal
from dalle.storage.folder.layout import Layout
from dalle.storage.journal import DamagedJournal, Journal, NewerJournal

LARGEST_JOURNAL = 4_000_000
"""Bytes. Journals remember a bounded number of calls: those that this program writes are a hundredth of that."""

VERSION = re.compile(rb'"version":([0-9]{1,9})\}\s*\Z')


def read_journal(layout: Layout, key: Key) -> Journal | None:
    """Raises NewerJournal, DamagedJournal."""
    path = layout.journal(key)
    try:
        data = read_bytes(path, most=LARGEST_JOURNAL)
    except TooLarge as exc:
        if version_at_end(path) > NEWEST:
            raise NewerJournal(private=str(exc)) from exc
        raise DamagedJournal(private=str(exc)) from exc
    except IsADirectoryError as exc:
        raise DamagedJournal(private=str(exc)) from exc
    if data is None:
        return None
    journal = decode_journal(data)
    # It may have been moved with its series, or changed by hand: no other key may be queued or charged for it.
    journal.series, journal.address = key.series, key.address
    return journal


def version_at_end(path: Path) -> int:
    """Return what a journal says of its version, where each version writes it; 0 if it does not."""
    with open(path, "rb") as file:
        file.seek(-64, os.SEEK_END)
        version = VERSION.search(file.read())
    return int(version[1]) if version else 0


def keep_damaged(layout: Layout, key: Key) -> None:
    """Give a damaged journal a second name. It stays where it is until the caller replaces it, unless it is a folder.

    So a process that dies meanwhile leaves no key without a journal. An earlier one that was damaged keeps its name: it
    may be all that is known of a call that was paid for.
    """
    path = layout.journal(key)
    for number in count(1):
        target = layout.damaged(key, number)
        with suppress(FileNotFoundError):
            if target.samefile(path):
                return
        if path.is_dir():  # no file can replace it
            if not target.exists():
                path.rename(target)
                return
            continue
        try:
            os.link(path, target)
        except FileExistsError:
            continue
        except OSError:  # a file system without links
            with open(target, "xb") as copy, open(path, "rb") as file:
                shutil.copyfileobj(file, copy)
        return


def salvaged(path: Path) -> list[Attempt]:
    """Return the attempts that a damaged journal still shows: those worth remembering."""
    with (
        suppress(FileNotFoundError, IsADirectoryError),
        open(path, encoding="utf-8", errors="replace", opener=open_at_once) as file,
    ):
        return attempts_in(file)
    return []


def open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting for who writes into it, if it is a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)
