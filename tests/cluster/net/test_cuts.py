"""Hosts that are cut off from what all share, while their paid calls are out."""

import time

from tests.cluster.net.hosts import LEASE, Host, Net, new_paths, pictured
from tests.kit.waiting import wait

EACH = 2
LONGEST = 150.0  # seconds
CUTS = [("database",), ("bucket",), ("database", "bucket")]


def test_pays_once_whatever_a_host_is_cut_off_from(cluster: Net) -> None:
    *hosts, other = cluster.add(1 + len(CUTS))
    cluster.stub.script({"latency": {"images": LEASE / 2}})
    for seconds in (LEASE / 2, 3 * LEASE):
        every, sent = new_paths(EACH * len(hosts)), cluster.stub.images() + EACH * len(hosts)
        for number, path in enumerate(every):
            hosts[number % len(hosts)].ask(f"{path}?generate=1")
        wait(lambda sent=sent: cluster.stub.images() == sent, "the calls to be out")
        for host, parts in zip(hosts, CUTS, strict=True):
            cluster.cut(host, *parts)
        time.sleep(seconds)
        for path in every:
            other.ask(f"{path}?generate=1")
        for host in hosts:
            cluster.heal(host)
        for path in every:
            wait(lambda path=path: finished(other, path), "the picture", LONGEST)
        cluster.settle()
        cluster.require_one_picture(every)
        assert cluster.stub.images() == sent


def finished(host: Host, path: str) -> bool:
    """Ask again: a run that a host could not store and has given up goes on from its answer, after a minute's pause."""
    host.ask(f"{path}?generate=1")
    return pictured(host, path)
