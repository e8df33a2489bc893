"""A connection, and what it waits for."""

import enum
import selectors
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from app.server.arrival import Arrival
from app.server.departure import Departure
from app.server.exchange import Exchange

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class State(enum.Enum):
    """What a connection waits for. Only a busy one costs a thread."""

    IDLE = "the next request"
    ARRIVING = "the rest of a request, or all of the first"
    BUSY = "a thread, or what it does"
    DEPARTING = "the client, which has not taken all of the response"
    WAITING = "the end of a run or a sketch, before the request is answered"
    LINGERING = "the client, which has to close a connection that will not be read any more"


class Connection:
    """A client's socket, the request that arrives and the response that departs. Only the loop changes its state."""

    def __init__(self, sock: socket.socket, client: Any, server: Any, arrival: Arrival) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.client = client
        self.server = server
        self.arrival = arrival
        self.departure = Departure(sock)
        self.request: Any = None
        self.exchange: Exchange | None = None
        self.state = State.ARRIVING
        self.on_event: Callable[[socket.socket], None] | None = None  # what the poller calls
        self.discarded = 0  # bytes that were read while it lingered
        self._watched = 0

    def watch(self, poller: selectors.BaseSelector, events: int) -> None:
        """Lets the poller report these events and no others; 0 for none."""
        if events == self._watched:
            return
        if not self._watched:
            poller.register(self.sock, events, self.on_event)
        elif events:
            poller.modify(self.sock, events, self.on_event)
        else:
            poller.unregister(self.sock)
        self._watched = events

    def end_exchange(self) -> bool:
        """Ends the exchange, if there is one. Returns whether another may follow on this connection."""
        exchange, self.exchange, self.request = self.exchange, None, None
        if exchange is None:
            return False
        exchange.close()
        return exchange.keeps_alive

    def close(self, *, reset: bool = False) -> None:
        """Closes the connection; `reset` lets the kernel forget what the client has not taken."""
        if reset:
            with suppress(OSError):
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
        self.departure.clear()
        self.end_exchange()
