"""Measures `verify` and `export` by the number of pictures: `python -m bench.kept [pictures…]`.

Each picture has its journal, its line in the call log, texts and a version; files that are the same are hard links. For
each number: seconds, processor time, and the most memory that the command had. Target: memory does not grow, and
`verify` finds the one row that is taken out of the gallery's index before.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dalle.key import Key
from dalle.storage.blob import TEXTS
from dalle.storage.folder.engine import FolderStorage
from tests.kit.data_folder import DataFolder
from tests.kit.environment import environment
from tests.kit.fakes import KEY, ended_journal, studio
from tests.kit.repository import ROOT

NUMBERS = (1_000, 10_000, 100_000)
LINKS = 20_000  # of one file
MOST = 1.5  # times the memory of the first number


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its output, seconds, processor seconds, and its greatest size in MB."""

    output: str
    wall: float
    cpu: float
    size: float

    def __str__(self) -> str:
        return f"{self.wall:7.1f} s, processor {self.cpu:7.1f} s, at most {self.size:4.0f} MB"


def command(*words: str) -> Ended:
    """Runs dalleserver."""
    with tempfile.TemporaryFile("w+") as output:
        began = time.monotonic()
        program = [sys.executable, "-m", "app.cli", *words]
        process = subprocess.Popen(program, cwd=ROOT, env=environment(), stdout=output)
        _, _, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = 0  # it was waited for
        output.seek(0)
        return Ended(output.read(), wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def fill(root: Path, number: int) -> DataFolder:
    """Makes one picture, and as many like it as are wanted."""
    with studio(root) as made:
        made.request(KEY)
        ended_journal(made)
    folder = DataFolder(root)
    shutil.rmtree(folder.index.parent)
    journal, line = folder.journal(KEY).read_text(), folder.calls.read_text()
    own = "progress", "selector"  # files that hold the address
    texts = {kind: (folder.output / "simple" / kind / f"{KEY.address}.json").read_text() for kind in own}
    with folder.calls.open("a") as calls:
        for at in range(1, number):
            key = Key(KEY.series, f"0x{at:040x}")
            if at % LINKS == 1:
                shared = copies(folder, root / f"copy-{at}")
            for path, copy in shared.items():
                os.link(copy, path.replace(KEY.address, key.address))
            for kind, text in texts.items():
                (folder.output / "simple" / kind / f"{key.address}.json").write_text(renamed(text, key))
            folder.journal(key).write_text(renamed(journal, key))
            calls.write(renamed(line, key))
    return folder


def copies(folder: DataFolder, to: Path) -> dict[str, Path]:
    """Copies what does not hold the address; returns path → copy. A version is a link to its picture."""
    found = {}
    to.mkdir()
    top = folder.output / "simple"
    for number, path in enumerate((*(top / kind / f"{KEY.address}.txt" for kind in TEXTS), folder.generated(KEY))):
        if path.exists():
            found[str(path)] = Path(shutil.copy2(path, to / str(number)))
    picture = Path(shutil.copy2(folder.annotated(KEY), to / "picture"))
    found |= {str(folder.annotated(KEY)): picture, str(next((top / "versions").glob(f"{KEY.address}.*.png"))): picture}
    found[str(folder.version_note(KEY))] = Path(shutil.copy2(folder.version_note(KEY), to / "note"))
    return found


def renamed(text: str, key: Key) -> str:
    return text.replace(KEY.address, key.address)


def measure(number: int) -> float:
    """Prints what the commands cost; returns the most memory of one, infinite for a wrong answer."""
    print(f"{number} pictures:", flush=True)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "data"
        root.mkdir()
        folder = fill(root, number)
        FolderStorage(root).pictures.catch_up()
        with closing(sqlite3.connect(folder.index, isolation_level=None)) as base:
            base.execute("DELETE FROM pictures WHERE id = (SELECT id FROM pictures LIMIT 1 OFFSET ?)", (number // 2,))
        read = command("verify", "--json", "--data-dir", str(root))
        codes = [fault["code"] for fault in json.loads(read.output)["faults"]]
        print(f"  verify  {read}; it found: {', '.join(codes)}", flush=True)
        copied = command("export", "simple", "--to", f"{name}/all.zip", "--data-dir", str(root))
        print(f"  export  {copied}", flush=True)
    return max(read.size, copied.size) if codes == ["wrong-index"] else float("inf")


def main() -> int:
    numbers = [int(word) for word in sys.argv[1:]] or NUMBERS
    sizes = [measure(number) for number in numbers]
    return 0 if max(sizes) <= MOST * sizes[0] else 1


if __name__ == "__main__":
    sys.exit(main())
