"""Hosts of their own: network namespaces on one bridge, with packets that are lost between any two of them.

Nothing of it has a name on this machine, and its namespaces end with the process that made them.
"""

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.kit.program import Program

ENDING = ["setpriv", "--pdeathsig", "KILL", "--"]
NOBODY = "02:00:00:00:00:00"
"""A hardware address that no card has: the bridge floods what is sent there, and nobody takes it."""
SETTLED = "forward_delay 0 mcast_snooping 0"
SUBNETS = range(64, 128)


def run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=30)


class Namespace(Program):
    """A network namespace, which is there as long as its process sleeps."""

    def __init__(self, folder: Path) -> None:
        command = [*ENDING, "unshare", "--net", "sleep", "infinity"]
        super().__init__(command, folder, os.environ, folder / f"namespace.{id(self)}.log")

    def wait_until_ready(self) -> None:
        own = Path("/proc/self/ns/net").readlink()
        self.wait_for(lambda: self.runs() and Path(self.file).readlink() != own, "a network namespace")

    @property
    def file(self) -> str:
        return f"/proc/{self.process.pid}/ns/net"

    @property
    def prefix(self) -> list[str]:
        """What a command begins with that runs in it."""
        return ["nsenter", f"--net={self.file}", "--"]

    def ip(self, words: str) -> None:
        run(*self.prefix, "ip", *words.split())


class Place:
    """One machine of a lan."""

    def __init__(self, namespace: Namespace, number: int, address: str) -> None:
        self._namespace = namespace
        self.number = number
        self.address = address
        self.prefix = namespace.prefix

    @property
    def hardware(self) -> str:
        return f"02:00:00:00:01:{self.number:02x}"

    def lose(self, other: "Place") -> None:
        """Lose from now on what this place sends to another one: without a word, for all connections there are."""
        self._send(other, NOBODY)

    def cut(self, other: "Place") -> None:
        """Lose what either of the two sends to the other."""
        self.lose(other)
        other.lose(self)

    def heal(self, other: "Place") -> None:
        """Let all packets between the two arrive again."""
        self._send(other, other.hardware)
        other._send(self, self.hardware)

    def _send(self, other: "Place", hardware: str) -> None:
        self._namespace.ip(f"neighbour replace {other.address} lladdr {hardware} dev card nud permanent")


class Lan:
    """A bridge and the machines on it. This process reaches all of them, whatever is lost between two of them."""

    def __init__(self, bridge: Namespace, stack: ExitStack, folder: Path) -> None:
        self._bridge = bridge
        self._stack = stack
        self._folder = folder
        self._subnet = free_subnet()
        self._count = 0
        bridge.ip("link set lo up")
        bridge.ip(f"link add bridge type bridge {SETTLED}")
        bridge.ip("link set bridge up")
        self._own = f"test{os.getpid()}"
        run("ip", "link", "add", self._own, "type", "veth", "peer", "name", "own", "netns", str(bridge.process.pid))
        self._plug("own")
        run("ip", "address", "add", f"{self._subnet}.254/24", "dev", self._own)
        run("ip", "link", "set", self._own, "up")

    def place(self) -> Place:
        """Add a machine."""
        self._count += 1
        namespace = self._stack.enter_context(Namespace(self._folder))
        place = Place(namespace, self._count, f"{self._subnet}.{self._count}")
        port, there = f"port{self._count}", namespace.process.pid
        self._bridge.ip(f"link add {port} type veth peer name card address {place.hardware} netns {there}")
        self._plug(port)
        namespace.ip("link set lo up")
        namespace.ip(f"address add {place.address}/24 dev card")
        namespace.ip("link set card up")
        return place

    def _plug(self, port: str) -> None:
        self._bridge.ip(f"link set {port} master bridge")
        self._bridge.ip(f"link set {port} up")


def free_subnet() -> str:
    """Return the beginning of addresses that this machine does not use."""
    taken = subprocess.run(["ip", "-4", "address"], check=True, capture_output=True, text=True).stdout
    chance = random.Random(os.getpid())
    free = (f"10.{chance.choice(SUBNETS)}.{chance.randrange(256)}" for _ in range(100))
    return next(subnet for subnet in free if f" {subnet}." not in taken)


@cache
def is_permitted() -> bool:
    """Return whether this machine lets its tests have namespaces and cards of their own."""
    link = "ip link add bridge type bridge && ip link add one type veth peer name other"
    command = ["unshare", "--net", "sh", "-c", link]
    return not os.geteuid() and not subprocess.run(command, check=False, capture_output=True).returncode


@contextmanager
def lan(folder: Path) -> Iterator[Lan]:
    """Yield a lan without a machine; `folder` for what its namespaces may say."""
    if not is_permitted():
        pytest.skip("refused: network namespaces need root, and a machine that permits them")
    with ExitStack() as stack:
        bridge = stack.enter_context(Namespace(folder))
        yield Lan(bridge, stack, folder)
