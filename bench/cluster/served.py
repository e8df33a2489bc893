"""Measures one host of a cluster beside a service on a data folder: `python -m bench.cluster.served [word …]`.

Both have two workers, run at the same time and are asked by turns, so that a busy minute of the machine changes both.
PostgreSQL runs on the same machine, and the bucket is a folder (`--bucket seaweed`: a SeaweedFS). For each row:
milliseconds of one client alone (median), requests a second of eight, and microseconds of processor time a request, of
the service and of PostgreSQL, without what both take when nobody asks. Then what runs cost, the memory of an idle
worker, and the connections. Needs wrk, nginx and PostgreSQL.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any, NamedTuple

from bench.painting import make
from bench.parts import cpu, machine, pss, wrk
from bench.samples import KEY, POLL4, SMALL, png, report
from dalle.key import Key
from dalle.storage.blob import Blob, Facts
from dalle.storage.cluster.engine import ClusterSettings, ClusterStorage
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.protocol import Storage
from tests.kit import postgres, seaweed
from tests.kit.nginx import HostsPlace, Nginx, Place
from tests.kit.ports import free_port
from tests.kit.service import Service
from tests.kit.stub import Stub

TURNS, SECONDS, FORTY, SINGLE, REST = 3, 3, 40, 12, 5.0
PATHS = {
    "idle poll": f"/dalle/simple/0x{'e' * 40}",
    "poll of a run": f"/dalle/simple/{POLL4}",
    "cached picture, 20 KB": f"/dalle/simple/{KEY}",
    "thumbnail": f"/dalle/simple/{KEY}?w=128",
    "first page of the gallery": "/preview/items",
}


class Reading(NamedTuple):
    """Of one turn: median in ms, requests a second, processor time of service and database in µs a request."""

    alone: float
    rate: float
    service: float
    database: float


class Side(NamedTuple):
    """A service, and what it is reached by. `idle`: its seconds of processor time a second when nobody asks."""

    name: str
    service: Service
    front: str
    idle: Sequence[float] = (0.0, 0.0)

    def read(self, url: str) -> Reading:
        alone = wrk(url, seconds=1, connections=1).p50
        before = self.cpu()
        load = wrk(url, seconds=SECONDS, connections=8)
        number = load.rate * SECONDS
        used = (now - then for now, then in zip(self.cpu(), before, strict=True))
        each = ((seconds - SECONDS * idle) * 1e6 / number for seconds, idle in zip(used, self.idle, strict=True))
        return Reading(alone, load.rate, *each)

    def cpu(self) -> tuple[float, float]:
        """Return the seconds of processor time of the service and of the database."""
        return cpu(self.service.process.pid), cpu(postgres.server().process.pid)

    def at_rest(self) -> "Side":
        """Return it with what it takes when nobody asks."""
        before, began = self.cpu(), time.monotonic()
        time.sleep(REST)
        rest = time.monotonic() - began
        return self._replace(idle=[(now - then) / rest for now, then in zip(self.cpu(), before, strict=True)])


def fill(storage: Storage) -> None:
    """One finished picture, and the report of a run."""
    storage.prepare()
    for address, data in ((KEY, png(SMALL)), (POLL4, b"")):
        key = Key("simple", address)
        staged = [storage.blobs.stage(Blob.picture(key), data)] if data else []
        with storage.guard(key) as entry:
            if staged:
                entry.publish(
                    staged, Facts(title="The Quiet Otter", painter="sketch", width=82, height=82, painting=64)
                )
            else:
                entry.show(report(4000))
    storage.close()


@contextmanager
def sides(bucket: str) -> Iterator[tuple[Side, Side, str]]:
    with Stub() as stub, postgres.database() as name, ExitStack() as stack:
        enter = stack.enter_context
        port, other = free_port(), free_port()
        settings: dict[str, Any] = {"NO_ENHANCE": 1, "WORKERS": 2, "PROXY_HOPS": 1}
        single = enter(Place())
        fill(FolderStorage(single.data))
        folder = enter(single.service(port=port, variables=stub.variables, **settings))
        place = enter(HostsPlace(other, other))
        urls: dict[str, Any] = {
            "DATABASE_URL": postgres.server().url(name),
            "BUCKET_URL": bucket or f"file://{place.folder}/bucket",
        }
        shared = ClusterSettings(database=urls["DATABASE_URL"], bucket=urls["BUCKET_URL"], folder=place.data)
        fill(ClusterStorage(shared))
        bind = f"127.0.0.1:{other}"
        service = Service(place.folder, variables=stub.variables, BIND=bind, **urls, **settings)
        host = enter(service)
        fronts = [enter(Nginx(each)).client.url for each in (single, place)]
        yield (
            Side("folder", folder, fronts[0]),
            Side("cluster", host, fronts[1]),
            name,
        )


def direct(side: Side) -> str:
    return f"http://127.0.0.1:{side.service.settings['BIND'].rpartition(':')[2]}"


def requests(folder: Side, cluster: Side, words: list[str]) -> None:
    print(f"  {'':36}{'folder: ms':>12}{'/s':>8}{'µs':>7}{'cluster: ms':>14}{'/s':>8}{'µs':>7}{'PostgreSQL':>12}")
    for what, path in PATHS.items():
        for way, url in (("direct", direct), ("nginx", lambda side: side.front)):
            name = f"{what}, {way}"
            if words and not any(word in name for word in words):
                continue
            rows: dict[str, list[Reading]] = {}
            for turn in range(TURNS):
                for side in (folder, cluster) if turn % 2 else (cluster, folder):
                    rows.setdefault(side.name, []).append(side.read(url(side) + path))
            one, many = (
                [median(values) for values in zip(*rows[side.name], strict=True)] for side in (folder, cluster)
            )
            print(
                f"  {name:36}{one[0]:12.2f}{one[1]:8.0f}{one[2]:7.0f}"
                f"{many[0]:14.2f}{many[1]:8.0f}{many[2]:7.0f}{many[3]:12.0f}",
                flush=True,
            )


class Ledger:
    """What the database has done: transactions, bytes of log, processor time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._before = self._now()

    def _now(self) -> tuple[float, ...]:
        server = postgres.server()
        time.sleep(1.2)  # sessions report to the statistics once a second
        query = f"SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = '{self._name}'"  # noqa: S608
        log = "SELECT pg_current_wal_insert_lsn() - '0/0'"
        return float(server.sql(query)[0][0]), float(server.sql(log)[0][0]), cpu(server.process.pid)  # type: ignore[arg-type]

    def each(self, number: int) -> list[float]:
        return [(now - before) / number for now, before in zip(self._now(), self._before, strict=True)]


def runs(folder: Side, cluster: Side, name: str) -> float:
    """Print what runs cost; return PostgreSQL's seconds of processor time a run."""
    for side in (folder, cluster):
        make(f"{direct(side)}/dalle/simple", 8)
    alone: dict[str, list[float]] = {}
    many: dict[str, list[float]] = {}
    took: dict[str, float] = {"folder": 0.0, "cluster": 0.0}
    for turn in range(SINGLE):
        for side in (folder, cluster) if turn % 2 else (cluster, folder):
            alone.setdefault(side.name, []).append(seconds(side, 1))
    share = 0.0
    for turn in range(TURNS):
        for side in (folder, cluster) if turn % 2 else (cluster, folder):
            ledger, before = Ledger(name), cpu(side.service.process.pid)
            many.setdefault(side.name, []).append(FORTY / seconds(side, FORTY))
            took[side.name] += (cpu(side.service.process.pid) - before) / FORTY / TURNS
            if side is cluster:
                commits, log, used = ledger.each(FORTY)
                share += used / TURNS
    for side in (folder, cluster):
        print(
            f"  {side.name}: one run {median(alone[side.name]) * 1000:.0f} ms; {FORTY} at once "
            f"{median(many[side.name]):.1f}/s, processor time {took[side.name] * 1000:.0f} ms a run"
        )
    print(
        f"  PostgreSQL a run, polls included: {share * 1000:.1f} ms, {commits:.0f} transactions, {log / 1024:.0f} kB of log"  # noqa: E501
    )
    return share


def seconds(side: Side, number: int) -> float:
    """Return how long it takes to make so many pictures at once."""
    began = time.perf_counter()
    make(f"{direct(side)}/dalle/simple", number)
    return time.perf_counter() - began


def connections(name: str) -> int:
    query = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 - our own
    return int(str(postgres.server().sql(query)[0][0]))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.cluster.served")
    parser.add_argument("--bucket", choices=["folder", "seaweed"], default="folder")
    parser.add_argument("words", nargs="*")
    given = parser.parse_args()
    print(f"{machine()}; load {os.getloadavg()[0]:.1f}")
    with sides(seaweed.server().url() if given.bucket == "seaweed" else "") as (folder, cluster, name):
        idle = [median(pss(pid) for pid in side.service.workers()) / 1e6 for side in (folder, cluster)]
        print(f"  an idle worker: folder {idle[0]:.0f} MB, cluster {idle[1]:.0f} MB; connections {connections(name)}")
        requests(folder.at_rest(), cluster.at_rest(), given.words)
        if not given.words:
            runs(folder, cluster, name)
            print(f"  connections after that: {connections(name)}")
            used = [median(pss(pid) for pid in side.service.workers()) / 1e6 for side in (folder, cluster)]
            print(f"  a worker after that: folder {used[0]:.0f} MB, cluster {used[1]:.0f} MB")
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
