"""Pictures move from one service to another, and what is kept is whole, whatever killed its workers."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from dalle.key import Key
from tests.kit.data_folder import DataFolder
from tests.kit.environment import environment
from tests.kit.folders import address
from tests.kit.provider import serving
from tests.kit.service import Service
from tests.kit.verifying import codes, verified

KILLS = 5
KEYS = [Key("simple", address(number)) for number in range(10)]


def make(service: Service, key: Key) -> bytes:
    service.ask(f"/dalle/{key}?generate=1")
    service.wait_for(lambda: service.ask(f"/dalle/{key}").body[:4] == b"\x89PNG", "the picture")
    return service.ask(f"/dalle/{key}").body


@pytest.mark.slow
def test_moves_pictures_from_one_service_to_another(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    with Service(tmp_path / "first", WORKERS=1) as first:
        pictures = {key: make(first, key) for key in KEYS[:2]}
    for name in ("taken", "taken.zip"):
        arguments = ["export", "simple", "--to", str(tmp_path / name), "--data-dir", str(first.data)]
        assert CliRunner().invoke(main, arguments, env=environment({})).exit_code == 0
    shutil.unpack_archive(tmp_path / "taken.zip", tmp_path / "unpacked")
    for number, source in enumerate(("taken", "unpacked")):
        data = tmp_path / f"second-{number}" / "data"
        data.mkdir(parents=True)
        shutil.copytree(tmp_path / source / "output", data / "output")
        assert verified(data) == []
        with Service(data.parent, WORKERS=1) as second:
            assert {key: second.ask(f"/dalle/{key}").body for key in pictures} == pictures
            report = second.ask(f"/dalle/{KEYS[0]}?generate=1").data
            assert (report["cacheHit"], report["dalleDress"]["series"]) == (True, "simple")
            assert report["dalleDress"]["attributes"]
            assert {each["address"] for each in second.ask("/preview/items").data["items"]} == {
                key.address for key in pictures
            }
        assert verified(data) == []
        assert {key: DataFolder(data).annotated(key).read_bytes() for key in pictures} == pictures


@pytest.mark.slow
def test_finds_a_folder_whole_whose_workers_were_killed(tmp_path: Path) -> None:
    """Neither beside the service, while runs begin and end and die, nor afterwards is anything wrong."""
    with serving({"latency": {"images": 0.2}}) as provider:
        variables = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": provider.url}
        with Service(tmp_path, variables=variables, CHAT_MODEL="", LOCK_TTL="30s", PAUSE_UNKNOWN="1s") as service:
            for number in range(KILLS):
                for key in KEYS[2 * number : 2 * number + 2]:
                    service.ask(f"/dalle/{key}?generate=1")
                assert [fault for fault in verified(service.data) if fault.level == "error"] == []
                os.kill(service.workers()[0], signal.SIGKILL)
                service.wait_for(lambda: len(service.workers()) == 2, "another worker")
                assert [fault for fault in verified(service.data) if fault.level == "error"] == []
            service.wait_for(lambda: not service.ask("/runs").data["runs"], "the runs to end")
        left = verified(service.data, fix=True)
        assert [fault for fault in left if fault.level == "error" and not fault.fixed] == []
        assert set(codes(verified(service.data))) <= {"paid-without-picture"}
