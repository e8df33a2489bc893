"""A disk that is really full, of blocks or of inodes: nothing is lost, torn or paid twice, and it goes on by itself."""

import random
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import TimedOut
from dalle.events import Observer
from dalle.painters.protocol import Call
from dalle.progress.averages import Averages
from dalle.progress.journals import Journals
from dalle.progress.reports import Reports
from dalle.runs.holder import Holder
from dalle.runs.settings import RunSettings
from dalle.storage.folder.engine import FolderStorage
from tests.conftest import REFUSED
from tests.kit import mounts
from tests.kit.data_folder import DataFolder
from tests.kit.fakes import KEY, left_behind
from tests.kit.mounts import SmallDisk, small_disk
from tests.kit.service import Service
from tests.kit.stub import Stub
from tests.soak import running
from tests.soak.service import Soaked, is_whole, new_address, path_of

pytestmark = pytest.mark.skipif(not running.may(*mounts.MOUNTS), reason=f"{REFUSED}no mounts on this machine")

INODES = 4000


def finished(service: Soaked, address: str) -> str:
    """Return the error code of the end; a run that failed in the moment before there was room is asked for again."""
    codes = [service.finish(address, 120)["errorCode"]]
    if codes == ["FILE_SYSTEM_ERROR"]:
        codes.append(service.finish(address, 120)["errorCode"])
    return str(codes[-1])


def exhaust(disk: SmallDisk, kind: str) -> None:
    disk.use_up_inodes() if kind == "inodes" else disk.fill()


@pytest.mark.parametrize("kind", ["blocks", "inodes"])
def test_knows_no_call_whose_attempt_found_no_room(tmp_path: Path, kind: str) -> None:
    """It was never sent: to call its outcome unknown rests the key for a quarter of an hour, and its money as long."""
    with small_disk(tmp_path / "data", size="4m", inodes=INODES) as disk:
        left_behind(disk.folder)
        storage = FolderStorage(disk.folder)
        reports = Reports(storage, Journals(storage, 900), Averages(storage.documents))
        claim = storage.claim(KEY)
        assert claim
        run = Holder(storage, reports, Observer(), RunSettings()).hold(claim)
        assert run
        run.record.paid = True
        exhaust(disk, kind)
        with pytest.raises(OSError, match="No space left on device"):
            run.record.sent(Call("model", "64x64", "low", 0.25))
        disk.free()
        run.fail(TimedOut())
        journal = DataFolder(disk.folder).read_journal(KEY)
        assert (journal.error_code, journal.attempts, journal.retry_after_seconds) == ("OPENAI_TIMEOUT", [], 60)


@pytest.mark.parametrize("kind", ["blocks", "inodes"])
def test_asks_clients_to_come_back_says_so_once_and_goes_on_by_itself(tmp_path: Path, kind: str) -> None:
    with small_disk(tmp_path / "data", inodes=INODES) as disk, Service(tmp_path) as service:
        first, second = (path_of(new_address()) for _ in range(2))
        service.client.painted(first)
        exhaust(disk, kind)
        begun = len(service.text())
        answers = [service.ask(f"{path_of(new_address())}?generate=1") for _ in range(60)]
        assert {(answer.status, answer.error["code"]) for answer in answers} == {(503, "FILE_SYSTEM_ERROR")}
        assert {answer.headers["retry-after"] for answer in answers} == {"30"}
        assert service.ask(first).headers["content-type"] == "image/png"
        health = service.ask("/health")
        part = health.data["components"]["filesystem"]
        assert (health.status, part["status"], part["details"]["error"]) == (503, "unhealthy", "ENOSPC")
        assert service.ask("/health?check=readiness").status == 503
        written = service.text()[begun:]
        assert "Traceback" not in written
        assert 1 <= len(re.findall("FILE_SYSTEM_ERROR", written)) <= len(service.workers())
        assert len(written.splitlines()) < 20, written
        disk.free()
        assert service.client.painted(second).json["error"] == ""
        service.wait_for(lambda: service.ask("/health").status == 200, "health")


def test_starts_on_a_full_disk_and_serves_what_is_there(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data") as disk:
        service = Service(tmp_path)
        first, second = (path_of(new_address()) for _ in range(2))
        with service:
            service.client.painted(first)
        disk.fill()
        with service:
            assert f"the data folder {disk.folder} is full" in service.text()
            assert service.ask(first).headers["content-type"] == "image/png"
            assert service.ask(f"{second}?generate=1").status == 503
            disk.free()
            assert service.client.painted(second).json["error"] == ""


def test_makes_what_waited_on_a_full_disk_without_another_request(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data") as disk, Stub() as stub:
        service = Soaked(tmp_path, stub, WORKERS=1)
        addresses = [new_address() for _ in range(3)]
        for address in addresses:
            command = [sys.executable, "-m", "app.cli", "generate", "--no-wait", "simple", address]
            subprocess.run(command, cwd=tmp_path, env=service.environ, check=True, capture_output=True, timeout=60)
        disk.fill()
        with service:
            time.sleep(5)
            assert len(re.findall("cannot take a job from the queue", service.text())) == 1
            assert "Traceback" not in service.text()
            assert len(service.lines()) < 30, service.text()
            assert stub.images() == 0
            disk.free()
            for address in addresses:
                service.wait_for(lambda address=address: running.pictured(service, address), f"{address}")
            assert stub.images() == len(addresses)


@pytest.mark.slow
def test_keeps_an_answer_that_was_paid_for_until_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data") as disk, Stub() as stub:
        stub.script({"latency": {"images": 1}})
        service = Soaked(tmp_path, stub, LOCK_TTL="5s")
        with service:
            address = new_address()
            service.generate(address)
            service.wait_for(lambda: stub.images() == 1, "a call")
            disk.fill()
            time.sleep(15)
            disk.free()
            assert service.finish(address, 90)["errorCode"] == ""
            assert stub.images() == 1


@pytest.mark.slow
def test_loses_and_pays_nothing_twice_while_the_disk_fills_up_again_and_again(tmp_path: Path) -> None:
    chance = random.Random(26)
    with small_disk(tmp_path / "data", size="64m", inodes=INODES) as disk, Stub() as stub:
        stub.script({"latency": {"images": 0.3}})
        service = Soaked(tmp_path, stub, LOCK_TTL="3s", PAUSE_TRANSIENT="0s")
        addresses = [new_address() for _ in range(24)]
        with service:
            for round_ in range(8):
                for address in chance.sample(addresses, 8):
                    service.generate(address)
                time.sleep(chance.uniform(0.1, 0.8))
                exhaust(disk, ("blocks", "inodes")[round_ % 2])
                for address in chance.sample(addresses, 4):
                    service.generate(address)
                time.sleep(chance.uniform(0.5, 1.5))
                disk.free()
            assert {finished(service, address) for address in addresses} == {""}
            running.settled(service)
            journals = [service.journal(address) for address in addresses]
        assert stub.images() == len(addresses)
        attempts: list[Any] = [attempt for journal in journals for attempt in journal["attempts"]]
        assert [attempt["outcome"] for attempt in attempts] == ["accepted"] * len(addresses)
        for address in addresses:
            assert is_whole(service.data / "output" / "simple" / "annotated" / f"{address}.png")
        assert not service.temporaries()
        assert "Traceback" not in service.text()
