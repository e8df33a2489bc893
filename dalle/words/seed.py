"""The numbers inside an address: where everything about a picture begins."""

import hashlib

WINDOW = 6
STARTS = tuple(range(0, 60, 4))
LATER_STARTS = (0, 4, 8)


def seed(address: str) -> str:
    """64 hexadecimal digits: the lower-case address and its own reverse, without the leading `0x`.

    `address` is a valid one (`dalle.key.ADDRESS`), in any case.
    """
    address = address.lower()
    return (address + address[::-1])[2:66]


def windows(seed: str) -> tuple[str, ...]:
    """The fifteen overlapping windows of six digits that start at 0, 4, 8, …, 56."""
    return tuple(seed[start : start + WINDOW] for start in STARTS)


def later_windows(seed: str) -> tuple[str, ...]:
    """Three more, at 0, 4 and 8 of the seed's own sha256, for what fifteen windows do not reach."""
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return tuple(digest[start : start + WINDOW] for start in LATER_STARTS)
