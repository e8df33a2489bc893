"""What is remembered of the receiver."""

from pathlib import Path

import pytest

from dalle.storage.folder.engine import FolderStorage
from dalle.webhooks.endpoint import Endpoint
from dalle.webhooks.sending import Answer
from tests.kit.data_folder import put_bytes

GOOD, REFUSED, AWAY = Answer(204), Answer(500, "Internal Server Error"), Answer(reason="Connection refused")


def endpoint(folder: Path, identity: str = "one") -> Endpoint:
    return Endpoint(FolderStorage(folder).documents, identity)


def test_writes_nothing_while_all_is_well(tmp_path: Path) -> None:
    assert endpoint(tmp_path).answered(GOOD, 1000, 0).failures == 0
    endpoint(tmp_path).reset()
    assert list(tmp_path.iterdir()) == []


def test_counts_failures_in_a_row_over_all_workers(tmp_path: Path) -> None:
    for moment in (1000, 1100, 1200):
        endpoint(tmp_path).answered(REFUSED, moment, 0)
    seen = endpoint(tmp_path).read()
    assert (seen.failures, seen.since, seen.status, seen.reason, seen.gone) == (
        *(3, 1000, 500),
        *("Internal Server Error", False),
    )
    assert not seen.rests(1200)
    assert endpoint(tmp_path).answered(GOOD, 1300, 0) == endpoint(tmp_path, "new").read()


def test_leaves_a_receiver_alone_that_is_away(tmp_path: Path) -> None:
    seen = endpoint(tmp_path).answered(AWAY, 1000, 0)
    assert [seen.rests(moment) for moment in (1000, 1004.9, 1005)] == [True, True, False]
    for _ in range(20):
        seen = endpoint(tmp_path).answered(AWAY, 2000, 1)
    assert seen.until == 2330


@pytest.mark.parametrize("status", [503, 429, 400])
def test_heeds_retry_after_with_any_status(tmp_path: Path, status: int) -> None:
    assert endpoint(tmp_path).answered(Answer(status, "", 900), 1000, 0).until == 1900


def test_is_not_held_up_by_a_moment_that_cannot_be(tmp_path: Path) -> None:
    """The clock was put back, or the document was edited by hand."""
    endpoint(tmp_path).answered(AWAY, 9_000_000, 0)
    assert not endpoint(tmp_path).read().rests(1000)


def test_knows_nothing_of_another_receiver(tmp_path: Path) -> None:
    endpoint(tmp_path).answered(Answer(410, "Gone"), 1000, 0)
    assert endpoint(tmp_path).read().rests(9_999_999)
    assert not endpoint(tmp_path, "other").read().rests(1000)
    endpoint(tmp_path, "other").answered(REFUSED, 1000, 0)
    assert not endpoint(tmp_path).read().gone


def test_forgets_what_it_knew(tmp_path: Path) -> None:
    endpoint(tmp_path).answered(Answer(410, "Gone"), 1000, 0)
    endpoint(tmp_path).reset()
    assert endpoint(tmp_path).read() == endpoint(tmp_path, "other").read()


@pytest.mark.parametrize("damaged", [b'{"url":"one","failures":"many"}', b'{"url":"one"}', b"[]", b"{"])
def test_starts_again_from_a_damaged_document(tmp_path: Path, damaged: bytes) -> None:
    put_bytes(tmp_path / "outbox" / "endpoint.json", damaged)
    assert endpoint(tmp_path).read().failures == 0
    assert endpoint(tmp_path).answered(REFUSED, 1000, 0).failures == 1
