"""The connections of a worker that send a large body: each keeps its bytes in memory until they are all there."""

from app.server.connection import Connection, State

MOST = 64
"""At once: 16 MB, and in chunks of a few bytes four times that."""


class LargeBodies:
    """Counts them. A connection counts until its request has been answered."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._present: set[Connection] = set()

    def admits(self, conn: Connection) -> bool:
        """Returns whether a connection may send on: its body is small, or few others send large ones."""
        if not conn.arrival.is_large or conn in self._present:
            return True
        if len(self._present) >= self._most:
            self._present = {each for each in self._present if is_present(each)}
        if len(self._present) >= self._most:
            return False
        self._present.add(conn)
        return True


def is_present(conn: Connection) -> bool:
    return conn.sock.fileno() >= 0 and conn.state in (State.ARRIVING, State.BUSY) and conn.arrival.is_large
