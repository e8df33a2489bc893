"""What a picture's row says of its bytes."""

from typing import NamedTuple

COLUMNS = "p.object, p.modified_ns, p.size, p.whole"
"""The columns of `pictures`, as `p`, that make a Pointer."""


class Pointer(NamedTuple):
    """The object of a finished picture; all None where there is none. `whole`: False for a torn one."""

    object: str | None
    modified_ns: int | None
    size: int | None
    whole: bool | None


NOWHERE = Pointer(None, None, None, None)
