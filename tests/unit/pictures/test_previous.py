"""A picture that is made again, through the studio: what is kept, and when it comes back."""

from pathlib import Path

import pytest

from dalle.compose import Studio
from dalle.errors import ContentBlocked, QueueFull
from dalle.outcome import Idle
from dalle.pictures.previous import Previous
from dalle.storage.folder.engine import FolderStorage
from tests.kit.data_folder import DataFolder
from tests.kit.fakes import KEY, OTHER, PaidPainter, Start, body, ended_journal
from tests.kit.folders import put
from tests.kit.images import photo, png
from tests.kit.waiting import wait


@pytest.fixture
def made(start: Start) -> Studio:
    """A studio whose first picture is there and whose further runs fail."""
    begun = start(PaidPainter(photo(), ContentBlocked("no")))
    begun.request(KEY)
    ended_journal(begun)
    return begun


def picture(begun: Studio) -> bytes:
    return folder(begun).annotated(KEY).read_bytes()


def folder(begun: Studio) -> DataFolder:
    assert isinstance(begun.storage, FolderStorage)
    return DataFolder(begun.storage.layout.root)


def later(begun: Studio) -> Previous:
    """The previous pictures once the grace is over."""
    return Previous(FolderStorage(folder(begun).root, now_ns=lambda: 2 * 10**19))


def settle_all(previous: Previous) -> None:
    for key in previous.due():
        previous.settle(key)


def withdraw(begun: Studio) -> None:
    """Do what a renewal does first, and go no further."""
    with begun.storage.guard(KEY) as entry:
        journal = entry.journal()
        assert journal
        journal.withdraw()
        entry.save(journal)
        entry.hide()
        entry.withdraw(keep=True)


def test_lets_the_new_picture_take_the_place_of_the_former(start: Start) -> None:
    painter = PaidPainter(photo(), photo(80))
    begun = start(painter)
    begun.request(KEY)
    ended_journal(begun)
    before = picture(begun)
    assert '"done":false' in body(begun.renew(KEY))
    assert folder(begun).previous(KEY).read_bytes() == before
    ended_journal(begun)
    assert picture(begun) != before
    settle_all(later(begun))
    assert not folder(begun).previous(KEY).exists()
    assert painter.calls == 2


def test_puts_the_former_back_when_the_run_fails(made: Studio) -> None:
    before, moment = picture(made), folder(made).annotated(KEY).stat().st_mtime_ns
    made.renew(KEY)
    ended_journal(made)
    settle_all(later(made))
    assert picture(made) == before
    assert folder(made).annotated(KEY).stat().st_mtime_ns == moment
    assert not folder(made).previous(KEY).exists()
    [failed] = made.failures()
    assert failed["errorCode"] == "CONTENT_BLOCKED"
    details = made.details(KEY)
    assert details is not None
    assert details["model"] == "model"


def test_makes_it_again_by_will_though_the_failure_before_still_pauses(made: Studio) -> None:
    before = picture(made)
    for attempts in (2, 3):
        made.renew(KEY)
        assert len(ended_journal(made).attempts) == attempts
        settle_all(later(made))
        assert picture(made) == before


def test_puts_it_back_at_once_when_the_queue_is_full(start: Start) -> None:
    begun = start(queue=1)
    begun.request(KEY)
    ended_journal(begun)
    before, details = picture(begun), begun.details(KEY)
    begun.stop()
    with begun.storage.guard(OTHER) as entry:
        entry.enqueue("run")
    with pytest.raises(QueueFull):
        begun.renew(KEY)
    assert picture(begun) == before
    assert begun.details(KEY) == details


def test_leaves_a_foreign_picture_as_it_was_when_nothing_comes(start: Start, tmp_path: Path) -> None:
    begun = start(queue=0)
    put(tmp_path, KEY.series, KEY.address, title="The otter")
    with pytest.raises(QueueFull):
        begun.renew(KEY)
    assert picture(begun) == png()
    report = begun.report(KEY)
    assert report is not None
    assert report["dalleDress"]["titlePrompt"] == "The otter"
    assert begun.journal(KEY) is None


def test_puts_back_what_a_process_left_that_died(made: Studio) -> None:
    before, details, present = picture(made), made.details(KEY), made.journal(KEY)
    withdraw(made)  # and here it dies
    assert made.look(KEY) == Idle()
    settle_all(Previous(made.storage))
    assert made.look(KEY) == Idle()  # it may be alive and about to ask
    settle_all(later(made))
    assert picture(made) == before
    assert made.details(KEY) == details
    assert made.journal(KEY) == present


def test_keeps_it_as_long_as_the_run_is_open(made: Studio) -> None:
    withdraw(made)
    with made.storage.guard(KEY) as entry:
        ticket, _ = entry.enqueue("run")
        entry.move(ticket, "running")
    settle_all(later(made))
    assert folder(made).previous(KEY).exists()
    assert not folder(made).annotated(KEY).exists()
    with made.storage.guard(KEY) as entry:
        entry.drop()


def test_does_not_bring_back_what_was_removed_meanwhile(made: Studio) -> None:
    made.renew(KEY)
    ended_journal(made)
    assert made.remove(KEY)
    settle_all(later(made))
    assert not folder(made).annotated(KEY).exists()
    assert not folder(made).previous(KEY).exists()


def test_makes_a_missing_picture_as_any_request_does(start: Start) -> None:
    begun = start()
    begun.renew(KEY)
    wait(lambda: folder(begun).annotated(KEY).exists())
    assert not folder(begun).previous(KEY).exists()
