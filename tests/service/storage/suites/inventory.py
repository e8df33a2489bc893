"""What every engine promises of `Storage.inventory`."""

from dalle.key import Key
from dalle.storage.blob import Blob, Original
from dalle.storage.inventory import Holding
from tests.service.storage.suites.engine import KEY, OTHER, THIRD, Engine, key, picture, put_picture, report

LINE = {"series": KEY.series, "address": KEY.address, "kind": "image", "runId": "run1", "number": 1, "sentNs": 5}


def holdings(engine: Engine, series: str = "", *addresses: str) -> list[Holding]:
    with engine.open().inventory(series=series, addresses=addresses) as inventory:
        found = list(inventory)
        assert len(inventory) == len(found)
    return found


def fill(engine: Engine) -> None:
    """Three keys: a picture with all that is beside it, a text alone, and one of which only a call is known."""
    put_picture(engine.storage, KEY, picture(1))
    for blob in (
        Blob.text(KEY, "title"),
        Blob.attributes(KEY),
        Blob.generated(KEY, "webp"),
        Original.of(KEY, "run1", 1),
    ):
        engine.storage.blobs.put(blob, b"{}")
    engine.storage.blobs.put(Blob.text(OTHER, "terse"), b"An otter")
    with engine.storage.guard(KEY) as entry:
        entry.show(report("run1"))
        entry.note_call(LINE | {"sentNs": 9, "number": 2})
        entry.note_call(LINE)
    with engine.storage.guard(THIRD) as entry:
        entry.note_call(LINE | {"series": THIRD.series, "address": THIRD.address})


class InventoryTests:
    def test_holds_nothing_of_an_empty_storage(self, engine: Engine) -> None:
        assert holdings(engine) == []

    def test_holds_what_is_kept_of_each_key_in_order(self, engine: Engine) -> None:
        fill(engine)
        third, first, second = holdings(engine)
        assert [each.key for each in (third, first, second)] == sorted([KEY, OTHER, THIRD])
        expected = {Blob.picture(KEY), Blob.text(KEY, "title"), Blob.attributes(KEY), Blob.generated(KEY, "webp")}
        assert set(first.blobs) == expected
        assert first.originals == (Original.of(KEY, "run1", 1),)
        assert [call["number"] for call in first.calls] == [1, 2]
        assert second == Holding(OTHER, (Blob.text(OTHER, "terse"),))
        assert (third.blobs, len(third.calls)) == ((), 1)

    def test_holds_a_part_only(self, engine: Engine) -> None:
        fill(engine)
        assert [each.key for each in holdings(engine, THIRD.series)] == [THIRD]
        assert [each.key for each in holdings(engine, KEY.series, OTHER.address)] == [OTHER]
        assert holdings(engine, KEY.series, THIRD.address) == []

    def test_counts_the_pictures_of_a_series(self, engine: Engine) -> None:
        for number in range(3):
            put_picture(engine.storage, key(number), picture(number))
        put_picture(engine.storage, KEY, picture(1))
        with engine.open().inventory() as inventory:
            assert inventory.series() == sorted([KEY.series, "many"])
            assert [inventory.pictures(name) for name in ("many", KEY.series, "none")] == [3, 1, 0]

    def test_is_not_changed_by_what_comes_later(self, engine: Engine) -> None:
        with engine.open().inventory() as inventory:
            put_picture(engine.storage, KEY, picture(1))
            assert list(inventory) == []

    def test_finds_no_fault_in_what_an_engine_has_written(self, engine: Engine) -> None:
        fill(engine)
        with engine.open().inventory() as inventory:
            assert [
                fault for one in (KEY, OTHER, THIRD, Key("none", KEY.address)) for fault in inventory.faults(one)
            ] == []
            assert list(inventory.stray()) == []
            assert list(inventory.others()) == []
