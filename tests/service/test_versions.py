"""Version 1.0 and this one at the same time on one data folder, as during a reload."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from dalle.key import Key
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.journal import Journal
from tests.kit.environment import environment
from tests.kit.repository import ROOT
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.service.versions import Both, Version, shared_files
from tests.soak.running import running
from tests.soak.service import finished_files, new_address

pytestmark = pytest.mark.slow

LIMIT = 1000  # pictures a day
EITHER = pytest.mark.parametrize("first", ["old", "new"])


@pytest.fixture(scope="module")
def services(version_1_0: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Both versions, with three failures to open the breaker and no repeated calls."""
    limits = {"BREAKER_FAILURES": 3, "BREAKER_PAUSE": "10m", "IMAGE_ATTEMPTS": 1, "DAILY_IMAGES": LIMIT}
    times = {"LOCK_TTL": "5s", "DOWNLOAD_TIMEOUT": "2s"}
    with Stub() as stub:
        both = Both(tmp_path_factory.mktemp("both") / "data", stub, version_1_0, **times, **limits)
        with running(both.old, both.new):
            yield both


@pytest.fixture
def both(services: Both) -> Both:
    services.reset()
    return services


def test_pays_once_for_each_key_that_both_are_asked_for_and_serves_the_same_bytes(both: Both) -> None:
    both.stub.script({"latency": {"images": 0.3}})
    addresses = both.generate(40)
    assert both.codes(addresses) == [""] * 40
    assert both.stub.images() == 40
    wait(
        lambda: both.old.painted(addresses) | both.new.painted(addresses) == set(addresses), "the last line of the logs"
    )
    shares = both.old.painted(addresses), both.new.painted(addresses)
    assert all(shares), "one of the versions has painted nothing"
    assert not shares[0] & shares[1]
    for address in addresses:
        first, second = both.old.request(address), both.new.request(address)
        assert first.headers["content-type"] == "image/png"
        assert (first.status, first.body) == (second.status, second.body)
        assert first.headers["etag"] == second.headers["etag"]
        assert both.old.request(address, If_None_Match=second.headers["etag"]).status == 304
        assert both.new.request(address, If_None_Match=first.headers["etag"]).status == 304
        report = f"/files/simple/progress/{address}.json"
        assert both.old.ask(report).body == both.new.ask(report).body
        assert hits(both.old, address) == hits(both.new, address)
        assert shared_files(both.new.files(address)) == shared_files(finished_files(address))
    assert listed(both.old) == listed(both.new) >= set(addresses)


def hits(version: Version, address: str) -> dict[str, Any]:
    """What generating a finished picture answers, but for the moment."""
    data = version.request(address, "?generate=1").data
    assert (data["cacheHit"], data["done"], data["error"]) == (True, True, "")
    return shared(data)


def shared(report: dict[str, Any]) -> dict[str, Any]:
    """A report without the moment, and without what version 1.0 does not know."""
    dress = {name: value for name, value in report["dalleDress"].items() if name != "note"}
    rest = {name: value for name, value in report.items() if name not in ("updatedNs", "purchases", "version")}
    return {**rest, "dalleDress": dress}


def listed(version: Version) -> set[str]:
    return {item["address"] for item in version.ask("/preview/items?limit=200").data["items"]}


@EITHER
def test_works_on_runs_that_the_other_version_has_queued(both: Both, first: str) -> None:
    one, other = both.pair(first)
    both.stub.script({"latency": {"images": 0.5}})
    addresses = [new_address() for _ in range(12)]
    for address in addresses:
        assert one.request(address, "?generate=1").status == 200
    assert both.codes(addresses) == [""] * 12
    assert other.painted(addresses)
    assert both.stub.images() == 12


def test_finishes_its_runs_while_both_are_reloaded(both: Both) -> None:
    both.stub.script({"latency": {"images": 0.8}})
    before = [*both.old.workers(), *both.new.workers()]
    addresses = both.generate(16)
    wait(lambda: both.stub.images() >= 4, "the first calls")
    both.old.reload()
    both.new.reload()
    assert both.codes(addresses) == [""] * 16
    assert both.stub.images() == 16
    both.old.wait_for(lambda: reloaded(both, before), "the new workers alone to be left")


def reloaded(both: Both, before: list[int]) -> bool:
    present = [*both.old.workers(), *both.new.workers()]
    return len(present) == len(before) and not set(before) & set(present)


@EITHER
@pytest.mark.parametrize("fault", ["moderation", "size", "reset_after"])
def test_repeats_a_failure_with_its_pause(both: Both, first: str, fault: str) -> None:
    one, other = both.pair(first)
    both.stub.script([fault])
    address = new_address()
    one.request(address, "?generate=1")
    (code,) = both.codes([address])
    assert code
    answers = [version.request(address, query) for version in (one, other) for query in ("?generate=1", "")]
    reports = [shared(answer.data) for answer in answers]
    assert reports[0]["retryAfterSeconds"] > 60
    assert reports == [reports[0]] * 4
    assert both.stub.images() == 1


@pytest.mark.parametrize("fault", ["html", "empty_data", "url_missing"])
def test_buys_nothing_twice_that_the_other_version_cannot_see(both: Both, fault: str) -> None:
    """An answer that this version keeps: 1.0 would pay again after the pause."""
    address, code = failed_in_this_version(both, fault)
    calls = both.stub.images()
    assert both.old.request(address, "?generate=1").error["code"] == "FILE_SYSTEM_ERROR"
    assert both.old.request(address).data["errorCode"] == code
    assert both.new.request(address, "?generate=1").data["errorCode"] == code
    assert both.stub.images() == calls


def failed_in_this_version(both: Both, fault: str) -> tuple[str, str]:
    """A key that this version has taken from the queue, which both work on, and how it has ended."""
    for _ in range(40):
        both.reset()
        both.stub.script([fault])
        address = new_address()
        both.new.request(address, "?generate=1")
        (code,) = both.codes([address])
        assert code
        journal = both.new.journal(address)
        if journal["attempts"][0].get("answer"):
            assert journal["version"] == 2
            return address, code
    raise AssertionError("version 1.0 takes every run")


@EITHER
def test_generates_again_what_the_other_version_has_removed(both: Both, first: str) -> None:
    one, other = both.pair(first)
    address = new_address()
    one.finish(address)
    assert both.codes([address]) == [""]  # the picture is there a moment before its run has ended
    journal = one.journal(address)
    assert one.request(address, "?remove=1").status == 200
    assert other.request(address).data == {}
    assert other.journal(address)["state"] == "removed"
    assert other.finish(address)["cacheHit"] is True
    assert both.stub.images() == 2
    again = one.journal(address)
    # Version 1.0 drops the ids of a call, which the call log keeps.
    assert again["attempts"][0] | {"ids": {}} == journal["attempts"][0] | {"ids": {}}
    assert len(again["attempts"]) == 2
    assert one.request(address).body == other.request(address).body


def test_spends_the_budget_of_a_day_and_no_more(both: Both) -> None:
    """Version 1.0 drops which reservations are open, but keeps their sum."""
    with both.documents.edit("budget") as document:
        document |= {"day": int(time.time() // 86_400), "images": LIMIT - 10, "usd": 0.0}
    codes = both.codes(both.generate(24))
    assert (codes.count(""), codes.count("BUDGET_EXHAUSTED")) == (10, 14)
    assert both.stub.images() == 10
    assert both.documents.read("budget")["images"] == LIMIT


def test_gives_back_what_was_reserved_for_refused_calls(both: Both) -> None:
    both.stub.script([{"fault": "moderation"}])
    assert both.codes(both.generate(8)) == ["CONTENT_BLOCKED"] * 8
    assert both.documents.read("budget")["images"] == 0


def test_opens_one_breaker_for_both_and_probes_one_at_a_time(both: Both) -> None:
    both.stub.script({"rules": [{"fault": "502", "latency": 0.2}]})
    codes = both.codes(both.generate(10))
    failed = both.stub.images()
    assert (codes.count("OUTCOME_UNKNOWN"), codes.count("OPENAI_UNAVAILABLE")) == (failed, 10 - failed)
    assert failed >= 3
    assert states(both) == {"OPEN"}
    assert set(both.codes(both.generate(6))) == {"OPENAI_UNAVAILABLE"}
    assert both.stub.images() == failed

    both.stub.reset()
    both.stub.script({"latency": {"images": 0.8}})
    with both.documents.edit("breaker") as document:
        document["until"] = time.time()
    seen = []
    while states(both) != {"CLOSED"}:
        seen += both.codes(both.generate(6))
    assert set(seen) <= {"", "OPENAI_UNAVAILABLE"}
    rows = both.stub.rows()
    assert len(rows) == seen.count("") >= 2
    for place, probe in enumerate(rows[:2]):
        assert all(row["time"] >= probe["answered"] for row in rows[place + 1 :])
    assert both.codes(both.generate(6)) == [""] * 6


def states(both: Both) -> set[str]:
    """What both say of the breaker; their workers' health is up to a second old."""
    time.sleep(1.1)
    return {version.ask("/health").data["components"]["openai"]["details"]["state"] for version in (both.old, both.new)}


def test_reads_calls_and_averages_of_both(both: Both, version_1_0: Path) -> None:
    both.stub.script([{"fault": "moderation", "times": 2}])
    lines, runs = len(calls(both)), averages(both)["generationRuns"]
    addresses = both.generate(12)
    codes = both.codes(addresses)
    assert (codes.count(""), codes.count("CONTENT_BLOCKED")) == (10, 2)
    assert len(calls(both)) == lines + 12
    wait(lambda: averages(both)["generationRuns"] == runs + 10, "the last run to be learnt from")
    shapes = {tuple(name for name in call if name != "ids") for call in calls(both)}
    assert len(shapes) == 1  # the same fields in the same order, but for the one that 1.0 does not know
    assert {"ids" in call for call in calls(both)} == {True, False}
    for by in ("code", "model"):
        sums = [costs(root, both.data, by) for root in (version_1_0, ROOT)]
        assert sums[0] == sums[1]
        assert sum(row["calls"] for row in sums[0]) == lines + 12


def calls(both: Both) -> list[Any]:
    return [json.loads(line) for line in (both.data / "metrics" / "calls.jsonl").read_text().splitlines()]


def averages(both: Both) -> dict[str, Any]:
    return {"generationRuns": 0, **both.documents.read("averages")}


def costs(root: Path, data: Path, by: str) -> Any:
    """What `dalleserver costs` of a version prints."""
    command = [sys.executable, "-m", "app.cli", "costs", "--by", by, "--json"]
    environ = {"PYTHONPATH": str(root), **environment(DATA_DIR=data)}
    return json.loads(subprocess.run(command, cwd=data, env=environ, check=True, capture_output=True).stdout)


# -- a journal that version 1.0 must leave alone ------------------------------------------------------------------


def test_leaves_a_later_journal_to_this_version(both: Both) -> None:
    address = new_address()
    both.stub.script(["reset_after"])
    both.new.request(address, "?generate=1")
    both.codes([address])
    path = both.data / "runs" / "simple" / f"{address}.json"
    journal = json.loads(path.read_text())
    journal |= {"version": 2, "later": {"a": [1]}, "retryAtNs": 0}
    journal["attempts"][0]["taskId"] = "t-1"
    written = json.dumps(journal).encode()
    path.write_bytes(written)
    for query in ("?generate=1", "?remove=1", ""):
        both.old.request(address, query)
        time.sleep(0.5)
        assert path.read_bytes() == written
    assert both.old.request(address, "?generate=1").error["code"] == "FILE_SYSTEM_ERROR"
    assert both.stub.images() == 1
    assert not both.open_runs([address])

    both.new.request(address, "?generate=1")
    assert both.codes([address]) == [""]
    after = both.new.journal(address)
    assert (after["version"], after["later"], after["attempts"][0]["taskId"]) == (2, {"a": [1]}, "t-1")
    written = path.read_bytes()
    assert both.old.request(address).body == both.new.request(address).body
    for query in ("?generate=1", "?remove=1"):
        both.old.request(address, query)
        assert path.read_bytes() == written
    assert both.new.request(address).headers["content-type"] == "image/png"
    assert both.stub.images() == 2


def test_leaves_a_cancelled_run_to_this_version(both: Both) -> None:
    address, storage = new_address(), FolderStorage(both.data)
    with storage.guard(Key("simple", address)) as entry:
        journal = Journal("simple", address, run_id=token_hex(8), started_ns=time.time_ns())
        journal.cancel("CANCELLED", "The run was cancelled", time.time_ns())
        entry.save(journal)
    path = both.data / "runs" / "simple" / f"{address}.json"
    written = path.read_bytes()
    for query in ("?generate=1", "?remove=1", ""):
        both.old.request(address, query)
        assert path.read_bytes() == written
    assert both.old.request(address, "?generate=1").error["code"] == "FILE_SYSTEM_ERROR"
    assert both.stub.images() == 0
    both.new.request(address, "?generate=1")
    assert both.codes([address]) == [""]
    assert both.stub.images() == 1
    assert both.old.request(address).body == both.new.request(address).body


def test_works_on_later_journals_though_version_1_0_takes_their_tickets(both: Both) -> None:
    storage = FolderStorage(both.data)
    addresses = [new_address() for _ in range(8)]
    for address in addresses:
        with storage.guard(Key("simple", address)) as entry:
            ticket, _ = entry.enqueue(token_hex(8))
            journal = Journal("simple", address, run_id=ticket.run_id, started_ns=ticket.queued_ns, version=2)
            journal.unknown = {"later": True}
            entry.save(journal)
    assert both.codes(addresses) == [""] * 8
    wait(lambda: both.new.painted(addresses) == set(addresses), "the last line of the log")
    assert both.stub.images() == 8
