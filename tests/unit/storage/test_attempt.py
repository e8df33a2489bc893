"""What is remembered of attempts."""

from dalle.storage.attempt import REMEMBERED, Chat, worth_remembering
from dalle.storage.journal import Journal
from tests.kit.fakes import KEY, attempt


def test_remembers_the_newest_and_what_a_later_run_goes_by() -> None:
    attempts = [attempt(number=number + 1, outcome="refused") for number in range(REMEMBERED + 50)]
    attempts[3].outcome = "unknown"  # before the picture: of no account any more
    attempts[7].outcome, attempts[7].used = "accepted", True
    attempts[9].outcome = "unknown"
    assert worth_remembering(attempts) == [attempts[7], attempts[9], *attempts[50:]]


def test_remembers_all_of_a_few() -> None:
    attempts = [attempt(number=number, outcome="refused") for number in range(REMEMBERED)]
    assert worth_remembering(attempts) == attempts


def test_bounds_a_journal_with_each_run() -> None:
    journal = Journal(KEY.series, KEY.address, chats=[Chat("m", number) for number in range(REMEMBERED + 5)])
    journal.attempts = [attempt(number=number, outcome="refused") for number in range(REMEMBERED + 5)]
    renewed = journal.renewed("run2", 1)
    assert (len(renewed.attempts), len(renewed.chats)) == (REMEMBERED, REMEMBERED)
    assert renewed.attempts[-1] is journal.attempts[-1]
