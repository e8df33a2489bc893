"""A disk that is full, and a folder that is another user's."""

import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.kit.service import BOUND
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.soak.running import running, settled
from tests.soak.service import Soaked, new_address, path_of


def full_disk(folder: Path, stub: Stub) -> dict[str, Any]:
    """ENOSPC on a small mount: a clear code, finished pictures go on, and a picture that was paid for is kept."""
    mount = folder / "data"
    mount.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(mount)], check=True)
    ballast = mount / "ballast"
    service = None
    try:
        service = Soaked(folder, stub, LOCK_TTL="20s")
        with running(service):
            first, second, third = (new_address() for _ in range(3))
            assert service.finish(first)["errorCode"] == ""
            fill(ballast, mount)
            refusal = service.ask(f"{path_of(second)}?generate=1")
            assert (refusal.status, refusal.error["code"]) == (500, "FILE_SYSTEM_ERROR")
            assert service.ask(path_of(first)).headers["content-type"] == "image/png"
            assert service.generate(first)["cacheHit"] is True
            ballast.unlink()
            assert service.finish(second)["errorCode"] == ""
            # While the bytes are on their way:
            before = stub.images()
            stub.script({"latency": {"images": 1.5}})
            service.generate(third)
            wait(lambda: stub.images() > before, "a call")
            fill(ballast, mount)
            time.sleep(3)
            ballast.unlink()
            report = service.finish(third)
            assert report["errorCode"] == "", report
            assert stub.images() - before == 1
            stub.script()
    finally:
        if service:
            service.stop()
        subprocess.run(["umount", "-l", str(mount)], check=True)
    return {"keys": 3}


def fill(ballast: Path, mount: Path) -> None:
    with ballast.open("wb") as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    os.write(file.fileno(), b"\0" * size)
            except OSError:
                continue
    assert os.statvfs(mount).f_bavail == 0


def forbidden_folder(folder: Path, stub: Stub) -> dict[str, Any]:
    """EACCES: the folder becomes another user's while the service runs, and it has no right to write there."""
    service = Soaked(folder, stub, prefix=BOUND)
    with running(service):
        known, unknown = new_address(), new_address()
        assert service.finish(known)["errorCode"] == ""
        settled(service)
        for path in [service.data, *service.data.rglob("*")]:
            with suppress(FileNotFoundError):  # a temporary file of the figures, which no run waits for
                os.chown(path, 65534, 65534)
                path.chmod(0o755 if path.is_dir() else 0o644)
        before = stub.images()
        refusal = service.ask(f"{path_of(unknown)}?generate=1")
        assert (refusal.status, refusal.error["code"]) == (500, "FILE_SYSTEM_ERROR")
        assert str(folder) not in refusal.text
        assert service.ask(path_of(known)).headers["content-type"] == "image/png"
        assert service.generate(known)["cacheHit"] is True
        assert stub.images() == before
    return {"keys": 2}
