"""People and programs that touch the data folder: files put in, damaged, replaced and deleted, also in mid-run."""

import os
import random
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dalle.storage.codec import decode_journal
from dalle.storage.journal import DamagedJournal, NewerJournal
from tests.kit.images import as_file, noise
from tests.soak.attack.ground import Ground


def calls_out(path: Path) -> set[tuple[str, int]] | None:
    """What a journal shows of paid calls that have no outcome; None where it is none.

    Of a journal that is lost, or cannot be read, the service knows them by their reservations.
    """
    if path.suffix != ".json" or path.parent.parent.name != "runs" or path.is_symlink() or not path.is_file():
        return None
    try:
        attempts = decode_journal(path.read_bytes()).attempts
    except NewerJournal:
        return set()  # it is left alone
    except DamagedJournal:
        return None
    return {(attempt.run_id, attempt.number) for attempt in attempts if attempt.paid and attempt.outcome == ""}


def files(ground: Ground, chance: random.Random) -> list[Path]:
    """Files of a wild key, but for locks and tickets: only those keys lose what they paid for."""
    address = chance.choice(ground.wild)
    folders = [ground.data / "output", ground.data / "runs"]
    found: list[Path] = []
    with suppress(FileNotFoundError):  # a folder that was there in place of a file is gone again
        found.extend(path for folder in folders for path in folder.rglob(f"*{address}*") if path.is_file())
    return found


def truncate(path: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size + 1))


def scribble(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.randrange(1, 9)):
        data[chance.randrange(len(data) or 1) : 0] = bytes([chance.randrange(256)])
    path.write_bytes(bytes(data))


def delete(path: Path, _: random.Random) -> None:
    path.unlink()


def replace(path: Path, chance: random.Random) -> None:
    """By another picture where it is one, else by another kind of file."""
    if path.suffix == ".png":
        new = path.with_name(f"{path.name}.mine")
        new.write_bytes(as_file(noise(chance.randrange(65, 300), chance.randrange(65, 300))))
        new.replace(path)
        return
    path.unlink()
    match chance.randrange(3):
        case 0:
            path.mkdir()
        case 1:
            path.symlink_to("/etc/hostname")
        case _:
            os.mkfifo(path)


def touch(path: Path, chance: random.Random) -> None:
    moment = time.time() + chance.choice([-1e9, -3600, 0, 3600, 1e9])
    os.utime(path, (moment, moment))


TOUCHES: list[Callable[[Path, random.Random], None]] = [truncate, scribble, delete, delete, replace, touch]


def meddle(ground: Ground, chance: random.Random) -> None:
    if found := files(ground, chance):
        with suppress(OSError):
            path, touch_it = chance.choice(found), chance.choice(TOUCHES)
            out = calls_out(path)
            touch_it(path, chance)
            shown = calls_out(path)
            ground.note_touch(path, touch_it.__name__, len(out - shown) if out and shown is not None else 0)
    time.sleep(chance.uniform(0.2, 2))


def fill_disk(ground: Ground, chance: random.Random) -> None:
    """No room is left for a while: no blocks, or no inodes."""
    if ground.disk:
        try:
            chance.choice([ground.disk.fill, ground.disk.fill, ground.disk.use_up_inodes])()
            ground.ending.wait(chance.choice([0.2, 1, 3, 8]))
        finally:
            ground.disk.free()
        ground.witness.count("disks filled")
    time.sleep(chance.uniform(15, 40))


def clear(ground: Ground, chance: random.Random) -> None:
    """A folder of wild things is removed: what does not belong, and what can be made again."""
    thumbnails = [f"output/simple/thumbs/{width}" for width in (64, 128, 256, 512)]
    with suppress(OSError):
        shutil.rmtree(ground.data / chance.choice([*thumbnails, "gallery"]))
    with suppress(OSError, IndexError):
        sums = chance.choice(list((ground.data / "metrics" / "calls").glob("*.json")))
        chance.choice(TOUCHES[:4])(sums, chance)
    for path in ground.data.rglob("*"):
        address = path.name[:42]
        if address in ground.wild and (path.is_dir() or path.is_fifo() or path.is_symlink()):
            with suppress(OSError):
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    time.sleep(chance.uniform(3, 9))


def shape_series(ground: Ground, chance: random.Random) -> None:
    """Series files that come, change and go: right ones, wrong ones, other kinds of file."""
    path = ground.data / "series" / f"{chance.choice(['mine', 'other', 'third'])}.json"
    path.parent.mkdir(exist_ok=True)
    contents = [
        b"{}",
        b"[]",
        b'{"nouns": ["cat"]}',
        b'{"nouns": 7}',
        b"\xff\xfe",
        b"{" * 5000,
        b'{"adverbs": ["' + b"x" * 9000 + b'"]}',
        b"",
    ]
    with suppress(OSError):
        if chance.random() < 0.3:
            path.unlink()
        else:
            path.write_bytes(chance.choice(contents))
    name = path.stem
    ground.ask(chance, "/series")
    ground.ask(chance, f"/dalle/{name}/{chance.choice(ground.wild)}{chance.choice(['', '?w=64'])}")
    time.sleep(chance.uniform(0.5, 3))
