"""Ports that nobody else takes, also when several processes run tests at once."""

import os
import random
import socket
from itertools import count

# Below the range from which the kernel takes the ports of outgoing connections (32768 and above): one of those could
# otherwise take a port between its choice here and the start of the program that is to listen there.
FIRST, MANY = 20_000, 12_000
# The workers of one parallel run take turns: two could otherwise choose the same port before either listens there.
# Others begin at a place of their own: what runs in the background has the same parent as everything there.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
RUN = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
_numbers = count(random.Random(RUN).randrange(MANY // WORKERS) * WORKERS + WORKER, WORKERS)


def free_port() -> int:
    """A port of loopback that is free now and that this process has not been given before."""
    for number in _numbers:
        port = FIRST + number % MANY
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("the ports are counted without end")
