"""Delivery to a real receiver, with a clock that the test moves."""

import json
import threading
from itertools import pairwise
from pathlib import Path

import pytest

from dalle.storage.journal import Journal
from dalle.storage.protocol import Outbox
from dalle.webhooks.delivery import PAUSES, Courier, body_of, rfc3339
from tests.kit.fakes import KEY
from tests.kit.receiver import OTHER_SECRET, SECRET, payload
from tests.service.webhooks.conftest import Setup

HOUR = 3600


def states(outbox: Outbox) -> list[tuple[str, int, int]]:
    return [(parcel.event_id, parcel.attempts, parcel.status) for parcel in outbox.waiting()]


def test_sends_an_event_as_the_contract_has_it(setup: Setup) -> None:
    event = setup.put(error="żal", costUsd=0.25)
    with setup.receiver as receiver:
        assert setup.delivery().deliver() == 1
    (one,) = receiver.received
    assert one.event == {"type": "run.failed", "timestamp": "2027-01-15T08:00:00.000Z", "data": event.data}
    assert (one.id, one.headers["content-type"]) == ("msg_1", "application/json")
    assert (setup.outbox.waiting(), setup.outbox.given_up()) == ([], [])
    assert (setup.counts.delivered, setup.counts.failed) == (1, 0)
    assert not (setup.folder / "outbox" / "endpoint.json").exists()


def test_writes_moments_to_the_millisecond() -> None:
    assert rfc3339(1_800_000_000_987_654_321) == "2027-01-15T08:00:00.987Z"


def test_does_nothing_and_makes_nothing_without_an_event(setup: Setup) -> None:
    delivery = setup.delivery()
    delivery.work()
    delivery.finish()
    assert list(setup.folder.iterdir()) == []


@pytest.mark.parametrize("answer", [500, 400, 404, 302, 503])
def test_repeats_what_was_not_taken_after_growing_pauses(setup: Setup, answer: int) -> None:
    """At each of the ten attempts the same event under the same id, with a signature of its own; then it is kept."""
    setup.put()
    began = setup.clock.now
    delivery, moments = setup.delivery(courier=Courier(chance=lambda: 1.0)), []
    setup.receiver.answers = [answer]
    with setup.receiver as receiver:
        while setup.outbox.waiting():
            setup.clock.now = max(setup.clock.now, setup.outbox.waiting()[0].due_ns / 1e9)
            moments.append(setup.clock.now - began)
            assert delivery.deliver() == 1
            assert delivery.deliver() == 0
    gaps = [after - before for before, after in pairwise(moments)]
    assert gaps == pytest.approx([pause * 1.1 for pause in PAUSES[1:]])
    assert receiver.ids == ["msg_1"] * 10
    assert len(receiver.verified) == 10
    assert len({one.body for one in receiver.received}) == 1
    (kept,) = setup.outbox.given_up()
    assert (kept.attempts, kept.status, kept.due_ns) == (10, answer, setup.clock.ns())
    assert (setup.counts.failed, setup.counts.given_up, setup.counts.delivered) == (10, 1, 0)


def test_loses_nothing_while_the_receiver_is_dead_for_ten_hours(setup: Setup) -> None:
    """What was tried often is signed as freshly as the rest."""
    workers = [setup.delivery(), setup.delivery()]
    dead = 10 * HOUR
    began = setup.clock.now
    for second in range(0, dead, 60):
        if second % 600 == 0:
            setup.put(second)
        for worker in workers:
            worker.work()
        setup.clock.now += 60
    assert len(setup.outbox.waiting()) == 60
    assert max(parcel.attempts for parcel in setup.outbox.waiting()) >= 5
    assert setup.counts.failed < 300
    with setup.receiver as receiver:
        while setup.outbox.waiting():
            setup.clock.now += 60
            for worker in workers:
                worker.work()
    assert sorted(receiver.ids) == sorted(f"msg_{number}" for number in range(0, dead, 600))
    assert len(receiver.verified) == 60
    assert setup.outbox.given_up() == []
    assert setup.clock.now - began < 24 * HOUR


def test_delivers_at_the_last_attempt_what_verifies(setup: Setup) -> None:
    setup.put()
    delivery = setup.delivery()
    for _ in range(9):
        setup.clock.now = max(setup.clock.now, setup.outbox.waiting()[0].due_ns / 1e9) + 600
        assert delivery.deliver() == 1
    assert setup.outbox.waiting()[0].attempts == 9
    setup.clock.now = setup.outbox.waiting()[0].due_ns / 1e9
    with setup.receiver as receiver:
        assert delivery.deliver() == 1
    assert (len(receiver.verified), setup.outbox.waiting()) == (1, [])


def test_tries_a_receiver_that_is_away_with_one_event_at_a_time(setup: Setup) -> None:
    for number in range(5):
        setup.put(number)
    delivery = setup.delivery()
    assert [delivery.deliver() for _ in range(3)] == [1, 0, 0]
    setup.clock.now += 6
    assert [setup.delivery().deliver(), delivery.deliver()] == [1, 0]
    assert sorted(parcel.attempts for parcel in setup.outbox.waiting()) == [0, 0, 0, 1, 1]
    setup.clock.now += 11
    with setup.receiver as receiver:
        assert delivery.deliver() == 5
    assert sorted(receiver.ids) == [f"msg_{number}" for number in range(5)]


@pytest.mark.parametrize("status", [429, 502, 504])
def test_slows_down_when_it_is_asked_to(setup: Setup, status: int) -> None:
    for number in range(9):
        setup.put(number)
    setup.receiver.answers = [status]
    with setup.receiver as receiver:
        delivery = setup.delivery()
        waits = []
        for _ in range(9):
            began = setup.clock.now
            while not delivery.deliver():
                setup.clock.now += 1
            waits.append(setup.clock.now - began)
    assert waits[:7] == [0, *(pytest.approx(5.25 * 2**n, abs=1) for n in range(6))]
    assert waits[7:] == [pytest.approx(315, abs=1)] * 2
    assert len(receiver.received) == 9


def test_does_not_slow_down_for_one_event_that_is_not_taken(setup: Setup) -> None:
    for number in range(3):
        setup.put(number)
    setup.receiver.answers = [500, 204]
    with setup.receiver as receiver:
        assert setup.delivery().deliver() == 3
    assert len(receiver.received) == 3
    assert len(setup.outbox.waiting()) == 1


def test_waits_as_long_as_retry_after_says(setup: Setup) -> None:
    for number in range(2):
        setup.put(number)
    setup.receiver.answers = [(503, {"Retry-After": "900"}), 204]
    with setup.receiver:
        delivery = setup.delivery()
        assert delivery.deliver() == 1
        setup.clock.now += 899
        assert delivery.deliver() == 0
        setup.clock.now += 1
        assert delivery.deliver() == 2


def test_stops_where_the_receiver_says_that_it_is_gone(setup: Setup) -> None:
    for number in range(2):
        setup.put(number)
    setup.receiver.answers = [410, 204]
    with setup.receiver as receiver:
        assert setup.delivery().deliver() == 1
        setup.clock.now += 30 * 24 * HOUR
        assert setup.delivery().deliver() == 0
        assert len(setup.outbox.waiting()) == 2
        assert setup.delivery(url=f"{receiver.url}&another").deliver() == 2
    assert receiver.ids[1:] == ["msg_0", "msg_1"] or receiver.ids[1:] == ["msg_1", "msg_0"]


def test_goes_on_where_the_operator_says_so(setup: Setup) -> None:
    setup.put()
    setup.receiver.answers = [410, 204]
    with setup.receiver:
        delivery = setup.delivery()
        delivery.deliver()
        delivery.endpoint.reset()
        assert setup.outbox.retry() == 1
        assert delivery.deliver() == 1
    assert setup.outbox.waiting() == []


def test_lets_one_worker_send_an_event(setup: Setup) -> None:
    """While it waits for the answer, others leave the event alone, and send the next one."""
    for number in range(2):
        setup.put(number)
    arrived, go_on = threading.Event(), threading.Event()

    def wait_once(_: object) -> None:
        if not arrived.is_set():
            arrived.set()
            assert go_on.wait(60)

    setup.receiver.before = wait_once
    with setup.receiver as receiver:
        first = threading.Thread(target=setup.delivery().deliver)
        first.start()
        assert arrived.wait(60)
        assert setup.delivery().deliver() == 1
        assert setup.delivery().deliver() == 0
        go_on.set()
        first.join(60)
    assert sorted(receiver.ids) == ["msg_0", "msg_1"]


def test_sends_nothing_of_a_run_before_its_journal_says_ended(setup: Setup) -> None:
    def save(journal: Journal) -> None:
        with setup.storage.guard(KEY) as entry:
            entry.save(journal)

    journal = Journal(KEY.series, KEY.address, run_id="run1", state="running")
    save(journal)
    setup.put(1, series=KEY.series, address=KEY.address, runId="run1")
    setup.put(2, series=KEY.series, address=KEY.address, runId="run0")
    with setup.receiver as receiver:
        assert setup.delivery().deliver() == 1
        journal.complete(setup.clock.ns())
        save(journal)
        assert setup.delivery().deliver() == 1
    assert receiver.ids == ["msg_2", "msg_1"]


def test_signs_with_both_secrets_while_one_changes(setup: Setup) -> None:
    setup.receiver.secret = OTHER_SECRET
    for secrets, taken in (((SECRET,), 0), ((SECRET, OTHER_SECRET), 1)):
        setup.put()
        with setup.receiver as receiver:
            setup.delivery(secrets=secrets).deliver()
        assert len(receiver.verified) == taken


def test_delivers_what_is_left_before_a_process_ends(setup: Setup) -> None:
    for number in range(150):
        setup.put(number)
    with setup.receiver as receiver:
        setup.delivery().finish(60)
    assert len(receiver.received) == 150


def test_leaves_at_its_end_what_the_receiver_does_not_take(setup: Setup) -> None:
    for number in range(3):
        setup.put(number)
    setup.delivery().finish()
    assert sorted(attempts for _, attempts, _ in states(setup.outbox)) == [0, 0, 1]


def test_writes_no_url_into_the_data_folder(setup: Setup) -> None:
    setup.put()
    setup.delivery().deliver()
    kept = json.loads((setup.folder / "outbox" / "endpoint.json").read_text())
    assert kept["failures"] == 1
    assert "token" not in json.dumps(kept)


def test_says_so_once_when_the_receiver_fails_and_recovers(setup: Setup, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    setup.put()
    delivery = setup.delivery()
    for _ in range(3):
        delivery.deliver()
        setup.clock.now += 24 * HOUR
    with setup.receiver:
        delivery.deliver()
    host = setup.receiver.url.split("/")[2]
    assert [record.getMessage() for record in caplog.records] == [
        f"webhooks: {host} does not take events: Connection refused",
        f"webhooks: {host} takes events again",
    ]


def test_sends_the_bytes_that_it_signs(setup: Setup, tmp_path: Path) -> None:
    event = setup.put(text="\ud800 half a character")
    with setup.receiver as receiver:
        setup.delivery().deliver()
    assert (len(receiver.verified), payload(receiver.received[0])["data"]["text"]) == (1, "? half a character")
    assert body_of(event) == receiver.received[0].body
