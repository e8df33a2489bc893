"""The seed of an address, and the windows of it that select the attributes."""

import hashlib

WINDOW = 6
STARTS = tuple(range(0, 60, 4))
LATER_STARTS = (0, 4, 8)


def seed_of(address: str) -> str:
    """Returns 64 hexadecimal digits: the lower-case address followed by its reverse, without the leading `0x`.

    `address` must be valid (`dalle.key.ADDRESS`), in any case.
    """
    address = address.lower()
    return (address + address[::-1])[2:66]


def windows(seed: str) -> tuple[str, ...]:
    """Returns the fifteen overlapping windows of six digits that start at 0, 4, 8, …, 56."""
    return tuple(seed[start : start + WINDOW] for start in STARTS)


def later_windows(seed: str) -> tuple[str, ...]:
    """Returns three more windows, at 0, 4 and 8 of the seed's sha256: fifteen windows use up the seed itself."""
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return tuple(digest[start : start + WINDOW] for start in LATER_STARTS)
