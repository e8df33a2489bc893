"""Writes journals as version 1.0 writes them: it is started from the history, and a stub on loopback is its provider.

    .venv/bin/python -m scripts.golden_journals tests/unit/golden/journals

What version 1.0 has written never changes: run this for a new case, never to make a test pass.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.kit.http import Client
from tests.kit.service import Service
from tests.kit.stub import Stub
from tests.kit.version_1_0 import extract
from tests.kit.waiting import wait

PAID: dict[str, list[dict[str, Any]]] = {
    "completed-b64": [],
    "completed-url": [{"fault": "url", "times": 1}],
    "completed-after-a-refusal": [{"fault": "429_after", "wait": 0.1, "times": 1}],
    "completed-revised": [{"fault": "revised", "times": 1}],
    "completed-without-chat": [{"path": "chat", "fault": "refusal"}],
    "failed-unknown": [{"fault": "reset_after", "times": 1}],
    "failed-blocked": [{"fault": "moderation", "times": 1}],
    "failed-unreadable-answer": [{"fault": "html", "times": 1}],
    "failed-configuration": [{"fault": "size", "times": 1}],
    "failed-download": [{"fault": "url_missing", "times": 1}],
}
"""Name → what the provider does."""


def path_of(number: int) -> str:
    return f"simple/0x{number:040x}"


def main(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, Stub() as stub:
        folder = Path(name)
        tree = extract(folder / "version-1.0")
        with Service(folder, root=tree, WORKERS=1) as offline:
            journal(offline, "completed-offline", 1, target)
        quick = {"WORKERS": 1, "JOBS": 1, "IMAGE_SIZE": "256x256", "BREAKER_FAILURES": 100}
        with Service(folder, root=tree, variables=stub.variables, **quick) as paid:
            for number, (case, rules) in enumerate(PAID.items(), 2):
                stub.script({"rules": rules})
                journal(paid, case, number, target)
            removed(paid, 20, target)
            damaged(paid, 21, target)
            stub.script({"rules": [{"fault": "slow"}]})
            calls = stub.images()
            paid.ask(f"/dalle/{path_of(22)}?generate=1")
            wait(lambda: stub.images() > calls, "the call")
            paid.ask(f"/dalle/{path_of(23)}?generate=1")
            copy(paid, "running", 22, target)
            copy(paid, "queued", 23, target)
            paid.kill()


def journal(service: Service, case: str, number: int, target: Path) -> None:
    """Bring a key to its end, and keep its journal."""
    Client(service.url).painted(f"/dalle/{path_of(number)}")
    service.wait_for(lambda: not list((service.data / "queue").glob("*.running")), "the end of the run")
    copy(service, case, number, target)


def removed(service: Service, number: int, target: Path) -> None:
    """A picture that was withdrawn."""
    Client(service.url).painted(f"/dalle/{path_of(number)}")
    service.ask(f"/dalle/{path_of(number)}?remove=1")
    copy(service, "removed", number, target)


def damaged(service: Service, number: int, target: Path) -> None:
    """What stands for a journal that cannot be read."""
    (service.data / "runs" / f"{path_of(number)}.json").write_bytes(b"{")
    service.ask(f"/dalle/{path_of(number)}?generate=1")
    copy(service, "failed-damaged", number, target)


def copy(service: Service, case: str, number: int, target: Path) -> None:
    shutil.copyfile(service.data / "runs" / f"{path_of(number)}.json", target / f"{case}.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
