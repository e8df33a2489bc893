"""What must be true after a round, whatever happened in it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from PIL import Image

from tests.kit.waiting import wait
from tests.soak.attack.autopsy import autopsy
from tests.soak.attack.ground import Ground
from tests.soak.service import OPEN, is_whole

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
    look_at_processes(ground)
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


def look_at_money(ground: Ground, ends: dict[str, Any]) -> None:
    """Each quiet key is paid for once at the most, but for calls whose outcome is unknown and written so."""
    lines = [json.loads(line) for line in (ground.data / "metrics" / "calls.jsonl").read_text().splitlines()]
    images = [line for line in lines if line.get("kind", "image") == "image"]
    sent = ground.stub.images()
    unknown = sum(line["outcome"] == "unknown" for line in images)
    if not len(images) - unknown <= sent <= len(images):
        ground.witness.accuse("money", f"{sent} calls, {len(images)} lines, {unknown} unknown")
    per_key = Counter(line["address"] for line in images if line["outcome"] == "accepted")
    for address, report in ends.items():
        if per_key[address] > 1:
            ground.witness.accuse("paid twice", (address, [line for line in images if line["address"] == address]))
        journal = json.loads((ground.data / "runs" / "simple" / f"{address}.json").read_text())
        outcomes = [attempt["outcome"] for attempt in journal["attempts"]]
        if outcomes.count("unknown") > 1 or (outcomes.count("accepted") and outcomes.count("unknown")):
            ground.witness.accuse("sent again after an unknown outcome", (address, journal["attempts"]))
        if not report["errorCode"] and not outcomes.count("accepted"):
            ground.witness.accuse("a picture that nothing paid for", (address, journal["attempts"]))
        ground.witness.count(f"end {report['errorCode'] or 'picture'}")


def look_at_files(ground: Ground, ends: dict[str, Any]) -> None:
    for address, report in ends.items():
        picture = ground.data / "output" / "simple" / "annotated" / f"{address}.png"
        if picture.exists() != (report["errorCode"] == ""):
            ground.witness.accuse("picture and report disagree", (address, report))
        if picture.exists() and not is_picture(picture):
            ground.witness.accuse("torn file", picture.name)
        progress = ground.data / "output" / "simple" / "progress" / f"{address}.json"
        if json.loads(progress.read_text())["data"]["done"] is not True:
            ground.witness.accuse("the report on disk is not done", progress.read_text())
    temporaries = [path for path in ground.data.rglob(".*.tmp") if path.is_file() and any(a in path.name for a in ends)]
    if temporaries:
        ground.witness.count(f"temporaries {len(temporaries)}")


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
    for service in ground.services:
        text = service.text()
        for word in ("Traceback (most recent call last)", "unexpected failure"):
            if (count := text.count(word)) > ground.witness.answers[f"log {service.folder.name}: {word}"]:
                end = text.rindex(word)
                ground.witness.answers[f"log {service.folder.name}: {word}"] = count
                ground.witness.accuse("log", text[max(0, end - 1200) : end + 3000])
