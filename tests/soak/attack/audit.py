"""What must be true after a round, whatever happened in it."""

import json
import re
from pathlib import Path
from typing import Any

from PIL import Image

from dalle.storage.version import version_of
from tests.kit.waiting import wait
from tests.soak.attack.autopsy import autopsy
from tests.soak.attack.ground import Ground
from tests.soak.attack.money import look_at_money
from tests.soak.service import OPEN, is_whole

TRACEBACK = "Traceback (most recent call last)"
PATIENCE = 240  # seconds for what is open to end


def audit(ground: Ground) -> None:
    """Let everything end, then hold pictures, journals, call log and the provider's own count against each other."""
    ground.stub.script()
    for service in ground.services:
        try:
            wait(service.is_alive, "the service to answer", 60)
        except AssertionError:
            ground.witness.accuse("dead service", (service.text()[-1500:], autopsy(service.process.pid)))
            service.kill()
            service.start()
            service.wait_for(service.is_alive, "the service to answer", 60)
    ends = {address: finish(ground, address) for address in ground.quiet}
    try:
        wait(lambda: not left(ground), "claims and tickets to go", PATIENCE)
    except AssertionError:
        ground.witness.accuse("left behind", left(ground))
    look_at_money(ground, ends)
    look_at_files(ground, ends)
    look_at_gallery(ground, ends)
    look_at_processes(ground)
    look_at_logs(ground)
    wait(lambda: ground.a.ask("/health").status == 200 or None, "health", 60)


def finish(ground: Ground, address: str) -> Any:
    """The documented loop on one key; returns the last report."""

    def done() -> Any:
        answer = ground.b.ask(f"/dalle/simple/{address}?generate=1")
        if answer.status == 503:
            return None
        return answer.json if answer.json["done"] else None

    try:
        return wait(done, f"{address} to be done", PATIENCE)
    except AssertionError as error:
        ground.witness.accuse("never done", (address, str(error), ground.b.ask(f"/dalle/simple/{address}").body[:900]))
        return {"errorCode": "NEVER", "error": ""}


def left(ground: Ground) -> list[str]:
    """Claims, tickets and temporary files of the keys that nobody has meddled with."""
    names = [path.name for folder in ("locks", "queue") for path in (ground.data / folder).rglob("*") if path.is_file()]
    return [name for name in names if name.endswith(OPEN) and any(address in name for address in ground.quiet)]


def look_at_files(ground: Ground, ends: dict[str, Any]) -> None:
    for address, report in ends.items():
        picture = ground.data / "output" / "simple" / "annotated" / f"{address}.png"
        if picture.exists() != (report["errorCode"] == ""):
            ground.witness.accuse("picture and report disagree", (address, report))
        if picture.exists() and not is_picture(picture):
            ground.witness.accuse("torn file", picture.name)
        for name in (ground.data / "output" / "simple" / "versions").glob(f"{address}.*.png"):
            if version_of(name.read_bytes()) != name.name.split(".")[1] or not picture.exists():
                ground.witness.accuse("a version of other bytes, or of no picture", name.name)
        progress = ground.data / "output" / "simple" / "progress" / f"{address}.json"
        if json.loads(progress.read_text())["data"]["done"] is not True:
            ground.witness.accuse("the report on disk is not done", progress.read_text())
    temporaries = [path for path in ground.data.rglob(".*.tmp") if path.is_file() and any(a in path.name for a in ends)]
    if temporaries:
        ground.witness.count(f"temporaries {len(temporaries)}")


def look_at_gallery(ground: Ground, ends: dict[str, Any]) -> None:
    """The index finds each picture, also after it was deleted, and after its workers were killed."""

    def found(address: str) -> bool:
        answer = ground.a.ask(f"/preview/items?series=simple&q={address}")
        return answer.status == 200 and address in answer.text

    for address in (address for address, report in ends.items() if not report["errorCode"]):
        try:
            wait(lambda address=address: found(address), "the gallery to have it", 60)
        except AssertionError:
            ground.witness.accuse("not in the gallery", (address, ground.a.ask(f"/preview/items?q={address}").text))


def is_picture(path: Path) -> bool:
    if not is_whole(path):
        return False
    with Image.open(path) as image:
        image.load()
    return True


def look_at_processes(ground: Ground) -> None:
    """Workers do not grow, and leave no descriptor open."""
    for service in ground.services:
        for worker in service.workers():
            status = Path(f"/proc/{worker}/status").read_text()
            resident = int(status.partition("VmRSS:")[2].split()[0]) / 1024
            files = len(list(Path(f"/proc/{worker}/fd").iterdir()))
            ground.witness.answers["largest worker, MB"] = max(
                ground.witness.answers["largest worker, MB"], round(resident)
            )
            ground.witness.answers["most descriptors"] = max(ground.witness.answers["most descriptors"], files)


def look_at_logs(ground: Ground) -> None:
    """No traceback, but for a folder that a hand has put in the place of a file."""
    for service in ground.services:
        text = service.text()[ground.read[service.log] :]
        ground.read[service.log] += len(text)
        entries = re.split(r"^(?=\d{4}-\d\d-\d\dT|\{)", text, flags=re.M)
        for before, entry in zip(["", *entries], entries, strict=False):
            if TRACEBACK not in entry and "unexpected failure" not in entry:
                continue
            if "IsADirectoryError" in entry:
                ground.witness.count("tracebacks of a folder")
            else:
                ground.witness.accuse("log", f"{before}{entry}")
