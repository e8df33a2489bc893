"""Ends of runs and removals, through the studio: what is written, and when."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import ContentBlocked, FileSystemError, TimedOut
from dalle.events import Observer
from dalle.progress.averages import Averages
from dalle.progress.journals import Journals
from dalle.progress.reports import Reports
from dalle.runs.holder import Holder
from dalle.runs.run import Run
from dalle.runs.settings import RunSettings
from dalle.storage.event import Event
from dalle.storage.folder.engine import FolderStorage
from dalle.webhooks.announcer import Announcer
from dalle.webhooks.settings import WebhookSettings
from tests.kit.data_folder import DataFolder, put_bytes
from tests.kit.fakes import KEY, OTHER, PaidPainter, Start, ended_journal, left_behind
from tests.kit.images import png
from tests.kit.ports import free_port
from tests.kit.receiver import Receiver
from tests.kit.waiting import wait
from tests.unit.runs.test_run import unwritable

NOWHERE = WebhookSettings(url=f"http://127.0.0.1:{free_port()}", secrets=(b"x" * 24,))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def events(folder: Path) -> list[Event]:
    """What waits in the outbox of a data folder."""
    outbox = FolderStorage(folder).outbox
    return [event for parcel in outbox.waiting() if (event := outbox.read(parcel))]


def kinds(receiver: Receiver) -> list[str]:
    return [event["type"] for event in receiver.verified]


def test_reports_a_picture_when_it_is_there(start: Start, receiver: Receiver, folder: DataFolder) -> None:
    seen: list[Any] = []
    receiver.before = lambda _: seen.append(folder.read_journal(KEY).state)
    begun = start(webhooks=receiver.settings)
    begun.request(KEY)
    journal = ended_journal(begun)
    wait(lambda: receiver.received, "the event")
    assert receiver.verified[0]["type"] == "run.completed"
    data = receiver.verified[0]["data"]
    version = hashlib.sha256(folder.annotated(KEY).read_bytes()).hexdigest()[:16]
    assert (data["runId"], data["version"], data["costUsd"]) == (journal.run_id, version, 0.25)
    assert (data["series"], data["address"], data["error"]) == (KEY.series, KEY.address, "")
    assert seen == ["completed"]


def test_reports_a_failure(start: Start, receiver: Receiver) -> None:
    begun = start(PaidPainter(ContentBlocked("no")), webhooks=receiver.settings)
    begun.request(KEY)
    ended_journal(begun)
    wait(lambda: receiver.received, "the event")
    data = receiver.verified[0]["data"]
    assert (kinds(receiver), data["errorCode"], data["version"]) == (["run.failed"], "CONTENT_BLOCKED", "")
    assert data["error"]


def test_reports_a_run_whose_journal_cannot_be_read(start: Start, receiver: Receiver, folder: DataFolder) -> None:
    left_behind(folder.root)
    folder.journal(KEY).write_bytes(b"garbage")
    begun = start(webhooks=receiver.settings)
    ended_journal(begun)
    wait(lambda: receiver.received, "the event")
    (event,) = receiver.verified
    assert (event["type"], event["data"]["runId"], event["data"]["errorCode"]) == (
        *("run.failed", "run1"),
        "FILE_SYSTEM_ERROR",
    )
    assert event["timestamp"] > "2026"


def test_reports_a_cancelled_run_once(start: Start, receiver: Receiver, folder: DataFolder) -> None:
    """One that waits, since nobody works on runs here; the receiver learns it from another process."""
    waiting = start(webhooks=receiver.settings, jobs=0)
    waiting.request(KEY)
    waiting.cancel(KEY)
    waiting.cancel(KEY)
    start(webhooks=receiver.settings)
    wait(lambda: receiver.verified, "the event")
    data = receiver.verified[0]["data"]
    assert (data["errorCode"], data["runId"]) == ("CANCELLED", folder.read_journal(KEY).run_id)
    wait(lambda: not events(folder.root), "the outbox to be empty")
    assert kinds(receiver) == ["run.cancelled"]


def test_reports_a_removal_with_the_version_that_is_gone(start: Start, receiver: Receiver, folder: DataFolder) -> None:
    begun = start(webhooks=receiver.settings)
    begun.request(KEY)
    journal = ended_journal(begun)
    version = hashlib.sha256(folder.annotated(KEY).read_bytes()).hexdigest()[:16]
    assert begun.remove(KEY)
    assert not begun.remove(KEY)
    assert not begun.remove(OTHER)
    wait(lambda: len(receiver.received) > 1, "two events")
    removed = next(event for event in receiver.verified if event["type"] == "picture.removed")
    assert (removed["data"]["runId"], removed["data"]["version"]) == (journal.run_id, version)
    begun.stop()
    assert sorted(kinds(receiver)) == ["picture.removed", "run.completed"]


def test_reports_each_removal_of_a_picture_put_in_by_hand(start: Start, receiver: Receiver, folder: DataFolder) -> None:
    begun = start(webhooks=receiver.settings)
    for number in (1, 2):
        put_bytes(folder.annotated(KEY), png())
        assert begun.remove(KEY)
        wait(lambda number=number: len(receiver.received) == number, "the event")
    assert len(set(receiver.ids)) == 2


def test_reports_no_removal_of_a_picture_that_is_made_again(start: Start, receiver: Receiver) -> None:
    begun = start(webhooks=receiver.settings)
    begun.request(KEY)
    first = ended_journal(begun)
    begun.renew(KEY)
    wait(lambda: (found := begun.journal(KEY)) and found.ended and found.run_id != first.run_id, "the second run")
    begun.stop()
    assert kinds(receiver) == ["run.completed", "run.completed"]


def test_is_delivered_when_the_process_ends_at_once(start: Start, receiver: Receiver) -> None:
    """As a command does that makes one picture."""
    begun = start(webhooks=receiver.settings)
    begun.request(KEY)
    ended_journal(begun)
    begun.stop()
    assert kinds(receiver) == ["run.completed"]


def test_delays_no_run_while_the_receiver_hangs(start: Start, receiver: Receiver) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def hang(_: object) -> None:
        arrived.set()
        assert go_on.wait(60)

    receiver.before = hang
    begun = start(webhooks=receiver.settings)
    begun.request(KEY)
    assert arrived.wait(60)
    begun.request(OTHER)
    assert ended_journal(begun, OTHER).state == "completed"
    assert not go_on.is_set()
    go_on.set()
    wait(lambda: len(receiver.received) == 2, "both events")


def test_costs_nothing_where_no_url_is_set(start: Start, folder: DataFolder) -> None:
    begun = start()
    begun.request(KEY)
    ended_journal(begun)
    assert "webhooks" not in {thread.name for thread in threading.enumerate()}
    begun.remove(KEY)
    begun.stop()
    assert not folder.outbox.exists()


def test_writes_what_is_wanted_only(start: Start, folder: DataFolder) -> None:
    chosen = WebhookSettings(url=NOWHERE.url, secrets=NOWHERE.secrets, events=frozenset({"picture.removed"}))
    begun = start(webhooks=chosen)
    begun.request(KEY)
    ended_journal(begun)
    begun.remove(KEY)
    assert [event.type for event in events(folder.root)] == ["picture.removed"]


# -- what cannot be written ------------------------------------------------------------------------------------


def held(folder: DataFolder) -> Run:
    """KEY's run in the hands of a holder."""
    left_behind(folder.root)
    storage = FolderStorage(folder.root)
    reports = Reports(storage, Journals(storage, 900), Averages(storage.documents))
    claim = storage.claim(KEY)
    assert claim
    run = Holder(storage, reports, Observer(), RunSettings(announcer=Announcer(NOWHERE))).hold(claim)
    assert run
    return run


def test_has_not_ended_when_its_event_cannot_be_written(folder: DataFolder) -> None:
    run = held(folder)
    put_bytes(folder.outbox, b"no folder")
    with pytest.raises(OSError, match="outbox"):
        run.complete()
    folder.outbox.unlink()
    assert (folder.read_journal(KEY).state, run.journal.state) == ("running", "running")
    assert FolderStorage(folder.root).ticket(KEY)
    assert events(folder.root) == []
    run.complete()
    assert folder.read_journal(KEY).state == "completed"
    assert [event.type for event in events(folder.root)] == ["run.completed"]


def test_writes_the_same_event_when_the_end_is_repeated(folder: DataFolder) -> None:
    run = held(folder)
    with unwritable(folder.journal(KEY)), pytest.raises(OSError, match="directory"):
        run.fail(TimedOut())
    (first,) = events(folder.root)
    run.fail(TimedOut())
    (second,) = events(folder.root)
    assert (first.id, first.type) == (second.id, "run.failed")
    assert folder.read_journal(KEY).state == "failed"


def test_removes_nothing_when_the_event_cannot_be_written(start: Start, folder: DataFolder) -> None:
    begun = start(webhooks=NOWHERE)
    put_bytes(folder.annotated(KEY), png())
    put_bytes(folder.outbox, b"no folder")
    with pytest.raises(FileSystemError):
        begun.remove(KEY)
    assert folder.annotated(KEY).exists()
    folder.outbox.unlink()
    assert begun.remove(KEY)
    assert len(events(folder.root)) == 1


def test_repeats_a_removal_under_the_same_id(start: Start, folder: DataFolder) -> None:
    begun = start(webhooks=NOWHERE)
    put_bytes(folder.annotated(KEY), png())
    folder.progress(KEY).mkdir(parents=True)  # which cannot be removed as a report is
    with pytest.raises(FileSystemError):
        begun.remove(KEY)
    (first,) = events(folder.root)
    assert folder.annotated(KEY).exists()
    folder.progress(KEY).rmdir()
    assert begun.remove(KEY)
    assert {event.id for event in events(folder.root)} == {first.id}
