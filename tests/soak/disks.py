"""A disk that is full, and a folder that is another user's."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.kit.mounts import small_disk
from tests.kit.service import BOUND
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.soak.running import running, settled
from tests.soak.service import Soaked, new_address, path_of


def full_disk(folder: Path, stub: Stub) -> dict[str, Any]:
    """ENOSPC on a small mount: a clear code, finished pictures go on, and a picture that was paid for is kept."""
    with small_disk(folder / "data") as disk:
        service = Soaked(folder, stub, LOCK_TTL="20s")
        with running(service):
            first, second, third = (new_address() for _ in range(3))
            assert service.finish(first)["errorCode"] == ""
            disk.fill()
            refusal = service.ask(f"{path_of(second)}?generate=1")
            assert (refusal.status, refusal.error["code"]) == (503, "FILE_SYSTEM_ERROR")
            assert service.ask(path_of(first)).headers["content-type"] == "image/png"
            assert service.generate(first)["cacheHit"] is True
            disk.free()
            assert service.finish(second)["errorCode"] == ""
            # While the bytes are on their way:
            before = stub.images()
            stub.script({"latency": {"images": 1.5}})
            service.generate(third)
            wait(lambda: stub.images() > before, "a call")
            disk.fill()
            time.sleep(3)
            disk.free()
            report = service.finish(third)
            assert report["errorCode"] == "", report
            assert stub.images() - before == 1
            stub.script()
    return {"keys": 3}


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
        assert (refusal.status, refusal.error["code"]) == (503, "FILE_SYSTEM_ERROR")
        assert str(folder) not in refusal.text
        assert service.ask(path_of(known)).headers["content-type"] == "image/png"
        assert service.generate(known)["cacheHit"] is True
        assert stub.images() == before
    return {"keys": 2}
