"""Two hosts of a cluster, with real servers, while bucket or database are away."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.kit import postgres, seaweed
from tests.kit.http import Answer
from tests.kit.service import Service
from tests.kit.waiting import wait

if not postgres.is_here():
    pytest.skip(postgres.NOT_HERE, allow_module_level=True)

REFUSE = "ALTER DATABASE {0} ALLOW_CONNECTIONS {1}"
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{0}'"


class Hosts:
    """Two services with data folders of their own, on one database and one bucket."""

    def __init__(self, top: Path, database: str, bucket: str) -> None:
        self.database = database
        shared: dict[str, Any] = {"DATABASE_URL": postgres.server().url(database), "BUCKET_URL": bucket, "WORKERS": 1}
        folders = [top / name for name in ("one", "other")]
        for folder in folders:
            folder.mkdir()
        self.one, self.other = (Service(folder, **shared) for folder in folders)

    def cut_off_database(self) -> None:
        postgres.server().sql(REFUSE.format(self.database, "false"))
        postgres.server().sql(END.format(self.database))

    def restore_database(self) -> None:
        postgres.server().sql(REFUSE.format(self.database, "true"))


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    return tmp_path / "bucket"


@pytest.fixture
def hosts(tmp_path: Path, bucket: Path) -> Iterator[Hosts]:
    with postgres.database() as name, ExitStack() as stack:
        hosts = Hosts(tmp_path, name, f"file://{bucket}")
        for service in (hosts.one, hosts.other):
            stack.enter_context(service)
        yield hosts


def new_path() -> str:
    return f"/dalle/simple/0x{secrets.token_hex(20)}"


def paint(service: Service, path: str) -> None:
    assert service.ask(f"{path}?generate=1").status == 200
    wait(lambda: is_picture(service.ask(path)))


def is_picture(answer: Answer) -> bool:
    return answer.status == 200 and answer.headers["content-type"] == "image/png"


def test_is_one_service_on_all_hosts(hosts: Hosts) -> None:
    path = new_path()
    paint(hosts.one, path)
    answers = [service.ask(path) for service in (hosts.one, hosts.other, hosts.one)]
    for header in ("etag", "last-modified", "content-length"):
        assert len({answer.headers[header] for answer in answers}) == 1
    assert len({answer.body for answer in answers}) == 1
    tag = answers[0].headers["etag"]
    assert hosts.other.ask(path, **{"If-None-Match": tag}).status == 304
    part = hosts.other.ask(path, Range="bytes=8-15")
    assert (part.status, part.body) == (206, answers[0].body[8:16])
    small = hosts.other.ask(f"{path}?w=64")
    assert (small.status, small.headers["content-type"]) == (200, "image/webp")
    report = hosts.other.ask(f"{path}?generate=1").data
    assert report["cacheHit"]
    assert hosts.other.ask(f"/files/{report['dalleDress']['annotatedPath']}").body == answers[0].body
    version = hosts.one.ask(f"{path}?v={report['version']}")
    assert "immutable" in version.headers["cache-control"]
    items = hosts.other.ask("/preview/items").data["items"]
    assert [item["address"] for item in items] == [path.rpartition("/")[2]]
    assert hosts.other.ask(f"{path}?remove=1").status == 200
    assert hosts.one.ask(path).data == {}


def test_lets_finished_runs_wait_for_the_bucket(hosts: Hosts, bucket: Path) -> None:
    painted, path = new_path(), new_path()
    paint(hosts.one, painted)
    bucket.rename(bucket.with_name("away"))
    assert is_picture(hosts.one.ask(painted))
    assert hosts.other.ask(painted).status == 503
    assert hosts.one.ask(f"{path}?generate=1").status == 200
    wait(lambda: hosts.other.ask(path).data["currentPhase"] == "annotate")
    for service in (hosts.one, hosts.other):
        assert not service.ask(path).data["done"]
    bucket.with_name("away").rename(bucket)
    wait(lambda: is_picture(hosts.other.ask(path)))
    assert is_picture(hosts.other.ask(painted))


def test_sends_what_it_knows_while_the_database_is_away(hosts: Hosts) -> None:
    painted = new_path()
    paint(hosts.one, painted)
    whole = hosts.one.ask(painted)
    hosts.cut_off_database()
    answer = hosts.one.ask(painted)
    assert (answer.body, answer.headers["etag"]) == (whole.body, whole.headers["etag"])
    refused = hosts.one.ask(f"{new_path()}?generate=1")
    assert refused.status == 503
    assert int(refused.headers["retry-after"]) > 0
    assert hosts.one.ask("/health").status == 503
    hosts.restore_database()
    wait(lambda: hosts.one.ask("/health").status == 200)
    paint(hosts.one, new_path())


def test_does_not_start_without_its_bucket(tmp_path: Path) -> None:
    seaweed.need_seaweed()
    with postgres.database() as name:
        hosts = Hosts(tmp_path, name, "s3://none/x?endpoint=http://127.0.0.1:9&region=here&skip_signature=true")
        hosts.one.start()
        assert hosts.one.process.wait(60) == 2
        assert "database or bucket cannot be used" in hosts.one.text()
        assert "Traceback" not in hosts.one.text()


def test_serves_from_a_remote_bucket(tmp_path: Path) -> None:
    """Its library is used by the check before the workers are forked, and by them."""
    seaweed.need_seaweed()
    with postgres.database() as name:
        hosts = Hosts(tmp_path, name, seaweed.server().url())
        with hosts.one, hosts.other:
            path = new_path()
            paint(hosts.one, path)
            assert hosts.other.ask(path).body == hosts.one.ask(path).body
