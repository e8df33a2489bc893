"""The folder of counters that all workers of a service share, with real processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.multiprocess import MultiProcessCollector

from app.monitoring import merging, multiprocess
from tests.kit.environment import environment
from tests.kit.repository import ROOT

WORKER = """
import sys
from app.monitoring import multiprocess
from app.monitoring.metrics import Metrics
multiprocess.enter()
metrics = Metrics()
for _ in range(int(sys.argv[1])):
    metrics.answered("/series", "GET", 200, float(sys.argv[2]))
print("ready", flush=True)
sys.stdin.read()
"""
SCRAPE = """
from app.monitoring import multiprocess
from app.monitoring.exposition import Exposition
from app.monitoring.metrics import Metrics
folder = multiprocess.enter()
print(Exposition(Metrics(), version="1", started=0, folder=folder).text("deadbeef").decode(), end="")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    path = multiprocess.make(parent=tmp_path)
    yield path
    multiprocess.drop(path)


def worker(requests: int, seconds: float = 0.003) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(requests), str(seconds)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def scraped(name: str) -> float:
    text = subprocess.run([sys.executable, "-c", SCRAPE], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))


REQUESTS = 'dalleserver_requests_total{endpoint="/series"'


def test_adds_the_counters_of_all_workers(folder: Path) -> None:
    processes = [worker(3), worker(4)]
    assert scraped(REQUESTS) == 7
    for process in processes:
        stop(process)


def test_adds_as_the_package_itself_does(folder: Path) -> None:
    processes = [worker(3), worker(4, 0.2), worker(0)]
    files = sorted(folder.glob("*.db"))
    for family in MultiProcessCollector.merge(list(map(str, files)), accumulate=True):
        (ours,) = [other for other in merging.families(files) if other.name == family.name]
        assert (ours.type, ours.documentation) == (family.type, family.documentation)
        assert sorted(ours.samples, key=str) == sorted(family.samples, key=str)
    assert {family.type for family in merging.families(files)} == {"counter", "gauge", "histogram"}
    for process in processes:
        stop(process)


def test_names_a_file_of_figures_that_it_cannot_add(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"gauge_liveall_12\.db"):
        merging.families([tmp_path / "gauge_liveall_12.db"])


def test_keeps_what_dead_workers_had_counted_in_one_set_of_files(folder: Path) -> None:
    living = worker(1)
    for _ in range(3):
        stop(worker(5))
    before = scraped(REQUESTS)
    multiprocess.merge_dead(folder)
    assert {file.stem.rpartition("_")[2] for file in folder.glob("*.db")} == {"0", str(living.pid)}
    assert before == scraped(REQUESTS) == 16
    stop(living)


def test_adds_a_second_generation_of_dead_workers_to_the_first(folder: Path) -> None:
    for _ in range(2):
        stop(worker(5))
        multiprocess.merge_dead(folder)
    assert scraped(REQUESTS) == 10
    assert scraped('dalleserver_request_duration_seconds_count{endpoint="/series"}') == 10
    assert scraped('dalleserver_request_duration_seconds_bucket{endpoint="/series",le="0.0025"}') == 0
    assert scraped('dalleserver_request_duration_seconds_bucket{endpoint="/series",le="0.005"}') == 10


def test_remembers_the_slowest_and_the_fastest_answer_of_the_dead(folder: Path) -> None:
    stop(worker(1, 2.0))
    stop(worker(1, 0.25))
    multiprocess.merge_dead(folder)
    stop(worker(1, 0.5))
    multiprocess.merge_dead(folder)
    assert scraped('dalleserver_response_time_ms{quantile="max"}') == 2000
    assert scraped('dalleserver_response_time_ms{quantile="min"}') == 250


def test_leaves_the_living_alone(folder: Path) -> None:
    process = worker(2)
    assert multiprocess.merge_dead(folder) == 0
    assert multiprocess.workers(folder) == [process.pid]
    stop(process)
    multiprocess.merge_dead(folder)
    assert multiprocess.workers(folder) == []


def test_does_not_wait_for_a_reader_that_never_ends(folder: Path) -> None:
    stop(worker(2))
    with multiprocess.reading(folder):
        assert multiprocess.merge_dead(folder, patience=0.05) == 0
    assert multiprocess.merge_dead(folder) > 0
    assert scraped(REQUESTS) == 2


def test_overlooks_the_files_of_a_worker_that_has_only_just_begun(folder: Path) -> None:
    stop(worker(2))
    (folder / f"counter_{os.getpid()}.db").touch()
    assert scraped(REQUESTS) == 2
    gone = subprocess.Popen(["true"])
    gone.wait()
    (folder / f"counter_{gone.pid}.db").touch()
    multiprocess.merge_dead(folder)
    assert scraped(REQUESTS) == 2
    assert not (folder / f"counter_{gone.pid}.db").exists()


def test_drops_counters_that_cannot_be_read(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    stop(worker(2))
    gone = subprocess.Popen(["true"])
    gone.wait()
    (folder / f"gauge_max_{gone.pid}.db").write_bytes(b"\xff\x7f\0\0" + bytes(60) + b"\xff" * 64)
    multiprocess.merge_dead(folder)
    assert "dropped: gauge_max" in caplog.text
    assert multiprocess.merge_dead(folder) == 0
    assert scraped(REQUESTS) == 2


def test_is_named_to_prometheus_client_and_gone_after_the_service(tmp_path: Path) -> None:
    path = multiprocess.make(parent=tmp_path)
    assert multiprocess.folder() == path
    assert multiprocess.master(path) == os.getpid()
    multiprocess.drop(path)
    assert multiprocess.folder() is None
    assert not path.exists()


def test_counts_alone_in_a_process_without_a_master(tmp_path: Path) -> None:
    environ = environment({"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)})
    done = subprocess.run([sys.executable, "-c", SCRAPE], cwd=ROOT, env=environ, capture_output=True, check=True)
    assert b"dalleserver_up 1.0" in done.stdout


def test_removes_folders_of_killed_services_only(folder: Path, tmp_path: Path) -> None:
    left = tmp_path / f"{multiprocess.PREFIX}abcdefgh"
    foreign = tmp_path / f"{multiprocess.PREFIX}ijklmnop"
    for path in (left, foreign):
        path.mkdir()
    (left / "owner").write_text("1")
    multiprocess.sweep(tmp_path, now=lambda: left.stat().st_mtime + multiprocess.YOUNG + 1)
    assert not left.exists()
    assert foreign.exists()
    assert folder.exists()


def test_leaves_a_folder_alone_that_may_just_have_been_made(tmp_path: Path) -> None:
    path = tmp_path / f"{multiprocess.PREFIX}abcdefgh"
    path.mkdir()
    (path / "owner").write_text("1")
    multiprocess.sweep(tmp_path)
    assert path.exists()
