"""Hosts whose clocks are an hour ahead and an hour behind."""

import json
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from tests.cluster.net.hosts import Host, Net, new_paths, pictured
from tests.kit.faketime import shifted
from tests.kit.waiting import wait

HOUR = 3600
SETTINGS = {"JOBS": 1, "LOCK_TTL": "1m"}
JOURNAL = "SELECT convert_from(journal, 'UTF8') FROM keys WHERE address = '{}'"


@pytest.fixture
def hosts(cluster: Net) -> list[Host]:
    hosts = cluster.add_each([{"prefix": shifted(seconds), **SETTINGS} for seconds in (HOUR, 0, -HOUR)])
    ahead, right, behind = (parsedate_to_datetime(host.ask("/series").headers["date"]).timestamp() for host in hosts)
    assert ahead - right > HOUR / 2
    assert right - behind > HOUR / 2
    return hosts


def ask_each(hosts: list[Host], path: str) -> list[Any]:
    return [host.ask(path).data for host in hosts]


def test_goes_by_the_clock_of_the_database_alone(cluster: Net, hosts: list[Host]) -> None:
    cluster.stub.script({"latency": {"images": 4}})
    paths = new_paths(6)
    for number, path in enumerate(paths):
        hosts[number % 3].ask(f"{path}?generate=1")
    wait(lambda: cluster.stub.images() == 3, "each host to have a run")
    for place, path in enumerate(paths[3:], 1):
        assert [report["queuePosition"] for report in ask_each(hosts, path)] == [place] * 3
    for path in paths:
        wait(lambda path=path: pictured(hosts[0], path), "the picture")
    cluster.settle()
    cluster.require_one_picture(paths)
    assert cluster.stub.images() == len(paths)
    for path in paths:
        ((journal,),) = cluster.sql(JOURNAL.format(path.rpartition("/")[2]))
        assert json.loads(journal)["takeovers"] == 0
        times = {host.ask(path).headers["last-modified"] for host in hosts}
        assert len(times) == 1
        modified = parsedate_to_datetime(times.pop()).timestamp()
        ((now_ns,),) = cluster.sql("SELECT now_ns()")
        assert abs(modified - now_ns / 1e9) < HOUR / 2
    pauses_agree(cluster, hosts)


def pauses_agree(cluster: Net, hosts: list[Host]) -> None:
    """A failure is repeated on each host until the same moment."""
    cluster.stub.reset()
    cluster.stub.script({"rules": [{"fault": "moderation"}]})
    for host, path in zip(hosts, new_paths(3), strict=True):
        host.ask(f"{path}?generate=1")
        assert host.end(path)["errorCode"] == "CONTENT_BLOCKED"
        again = ask_each(hosts, f"{path}?generate=1")
        assert len({(report["retryAtNs"], report["runId"], report["errorCode"]) for report in again}) == 1
        ((now_ns,),) = cluster.sql("SELECT now_ns()")
        assert abs(again[0]["retryAtNs"] / 1e9 - again[0]["retryAfterSeconds"] - now_ns / 1e9) < HOUR / 2
    assert cluster.stub.images() == 3
