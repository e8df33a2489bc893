"""Gives memory back to the system, which the C library would keep for this process."""

import ctypes
from contextlib import suppress

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of glibc: malloc.h

# By default glibc takes a large block from the system and, once it was freed, puts others of its size into heaps, of
# which each thread has one. Eight pictures of sixteen megapixels left 740 MB there. What belongs to a large picture is
# above this bound, and what belongs to one of 1024² below, where a heap is faster.
_LARGE = 8 * 1024 * 1024  # bytes
_ARENAS = 2


def give_back_large_blocks() -> None:
    """Let large blocks return to the system when they are freed, in this process and in those that it forks.

    Another C library than glibc keeps its own way; so does `trim`.
    """
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, 2 * _LARGE)
        mallopt(_ARENA_MAX, _ARENAS)


def trim() -> None:
    """Give back what the heaps have free, which takes some milliseconds."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
