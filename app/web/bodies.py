"""How large the body of a request may be."""

LARGEST = 16_384
"""Bytes: of the forms of the gallery."""
OF_A_SERIES = 262_144
"""Bytes: of the draft of a series."""
PATHS = {"/workshop": OF_A_SERIES}


def largest(path: str) -> int:
    """Returns how many bytes the body of a request for a path may have."""
    return PATHS.get(path, LARGEST)
