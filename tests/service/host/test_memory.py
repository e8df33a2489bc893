"""What becomes of memory that was freed."""

import subprocess
import sys

from tests.kit.repository import ROOT

MEGABYTE = 1 << 20
LARGE = """
from threading import Thread

stays = []

def churn():
    for _ in range(3):
        blocks = []
        for _ in range(4):
            blocks.append(bytearray(b"x") * (16 << 20))
            stays.append(bytes(50_000))  # above the block: what is below cannot be cut off
        del blocks

threads = [Thread(target=churn) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
SMALL = """
blocks = [bytes(4096) for _ in range(20_000)]
last = blocks[-1]
del blocks
"""


def kept(before: str, work: str, after: str = "") -> int:
    """The bytes that a process keeps of what its work took."""
    lines = ["import os", "from app.monitoring.resources import resident", "from dalle.host import memory", before]
    lines += ["first = resident(os.getpid())", work, after, "print(resident(os.getpid()) - first)"]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    return int(done.stdout)


def test_gives_large_blocks_back_when_they_are_freed() -> None:
    assert kept("memory.give_back_large_blocks()", LARGE) < 40 * MEGABYTE


def test_gives_back_what_the_heaps_have_free() -> None:
    assert kept("", SMALL, "memory.trim()") < 20 * MEGABYTE < kept("", SMALL)
