"""What was paid for: the provider's own count against the call log, the journals and `costs`, key by key."""

import json
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from tests.kit.environment import environment
from tests.soak.attack.ground import Ground

PATIENCE = 90  # seconds for calls that are out to end, and for the keys that waited behind them


def look_at_money(ground: Ground, ends: dict[str, Any]) -> None:
    """Each call has one line, and each quiet key is paid for once at the most, but for unknown outcomes."""
    end = time.monotonic() + PATIENCE
    while missing(ground) and time.monotonic() < end:
        time.sleep(1)
    if found := missing(ground):
        ground.witness.accuse(
            "calls without a line", [(address, number, story(ground, address)) for address, number in found.items()]
        )
    images = image_lines(ground)
    twice = [call for call, number in Counter((line["runId"], line["number"]) for line in images).items() if number > 1]
    if twice:
        ground.witness.accuse(
            "a call with two lines", [line for line in images if (line["runId"], line["number"]) in twice]
        )
    sent, accepted = sent_calls(ground), accepted_calls(images)
    if accepted - sent:
        ground.witness.accuse(
            "lines without a call", [(address, story(ground, address)) for address in accepted - sent]
        )
    for address, report in ends.items():
        look_at_key(ground, address, report, accepted[address])
    look_at_costs(ground)
    ground.witness.answers["paid calls"], ground.witness.answers["lines"] = ground.stub.images(), len(images)
    ground.witness.answers["calls that hands made unknowable"] = ground.forgotten.total()


def look_at_key(ground: Ground, address: str, report: Any, accepted: int) -> None:
    if accepted > 1:
        ground.witness.accuse("paid twice", story(ground, address))
    attempts = json.loads((ground.data / "runs" / "simple" / f"{address}.json").read_text())["attempts"]
    outcomes = [attempt["outcome"] for attempt in attempts]
    if outcomes.count("unknown") > 1 or (outcomes.count("accepted") and outcomes.count("unknown")):
        ground.witness.accuse("sent again after an unknown outcome", story(ground, address))
    if not report["errorCode"] and not outcomes.count("accepted"):
        ground.witness.accuse("a picture that nothing paid for", story(ground, address))
    if len(attempts) != sum(line["address"] == address for line in image_lines(ground)):
        ground.witness.accuse("journal and call log disagree", story(ground, address))
    ground.witness.count(f"end {report['errorCode'] or 'picture'}")


def look_at_costs(ground: Ground) -> None:
    """`costs` says what the lines say, whatever became of the sums that are kept of them."""
    environ, before = environment(ground.stub.variables, DATA_DIR=ground.data), lines(ground)
    command = [sys.executable, "-m", "app.cli", "costs", "--by", "kind", "--json"]
    answer = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
    shown = {row["kind"]: row["calls"] for row in json.loads(answer.stdout or "[]")}
    expected = Counter(line.get("kind", "image") for line in before)
    if shown != expected and before == lines(ground):
        ground.witness.accuse("costs", (answer.stdout, answer.stderr, expected))


def lines(ground: Ground) -> list[Any]:
    """The call log as it is on disk: the closed months and the present one."""
    files = [*sorted((ground.data / "metrics" / "calls").glob("*.jsonl")), ground.data / "metrics" / "calls.jsonl"]
    texts = [line for file in files if file.exists() for line in file.read_text().splitlines()]
    found = [json.loads(text) for text in texts if text.startswith("{") and text.endswith("}")]
    ground.witness.answers["torn lines"] = len(texts) - len(found)
    return found


def image_lines(ground: Ground) -> list[Any]:
    return [line for line in lines(ground) if line.get("kind", "image") == "image"]


def accepted_calls(images: list[Any]) -> Counter[str]:
    return Counter(line["address"] for line in images if line["outcome"] == "accepted" and line["paid"])


def sent_calls(ground: Ground) -> Counter[str]:
    """Calls that reached the provider, by address; those that it reset before it read them have no prompt."""
    names = {heading(ground.prompt(address)): address for address in ground.addresses}
    headings = [heading(row["prompt"]) for row in ground.stub.rows() if row["prompt"]]
    if strange := [each for each in headings if each not in names]:
        ground.witness.accuse("a prompt of no key", strange)
    return Counter(names[each] for each in headings if each in names)


def heading(prompt: str) -> str:
    """Return the paragraph of a prompt that says what is painted: how it is painted is added for some models."""
    return prompt.partition("\n")[0]


def missing(ground: Ground) -> Counter[str]:
    """How many calls of each key have no line, but for those that nothing on disk could show any more.

    That is a call that was out when a hand changed its journal, which can still be read but does not show the call.
    """
    return sent_calls(ground) - Counter(line["address"] for line in image_lines(ground)) - ground.forgotten


def story(ground: Ground, address: str) -> str:
    """All that is known of a key's calls."""
    rows = [row for row in ground.stub.rows() if heading(row["prompt"]) == heading(ground.prompt(address))]
    calls = [(row["time"], row["fault"], row["status"], row["answered"]) for row in rows]
    logged = [
        (line["sentNs"], line["runId"], line["number"], line["outcome"], line["errorCode"])
        for line in image_lines(ground)
        if line["address"] == address
    ]
    files = {path.name: path.stat().st_size for path in ground.data.rglob(f"*{address}*") if "output" not in path.parts}
    journal = ground.data / "runs" / "simple" / f"{address}.json"
    attempts = journal.read_text().partition('"attempts":')[2] if journal.is_file() else ""
    hands = [touch for touch in ground.touched if address in touch[1]]
    log = [line for service in ground.services for line in service.lines() if address in line][-40:]
    return f"{address}: calls {calls}; lines {logged}; hands {hands}; files {files}; attempts {attempts}; log {log}"
