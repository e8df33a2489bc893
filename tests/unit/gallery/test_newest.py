"""The newest pictures of all series together."""

from pathlib import Path

from dalle.gallery.newest import newest
from tests.kit.folders import address, open_index, put


def found(data_dir: Path, most: int, series: str = "") -> list[tuple[str, int]]:
    return [(each.series, int(each.name, 16)) for each in newest(open_index(data_dir), most, series)]


def test_lists_pictures_by_their_time_whatever_their_series(tmp_path: Path) -> None:
    for number, series in enumerate(("a", "b", "a", "c", "b", "a"), start=1):
        put(tmp_path, series, address(number), age=number)
    assert found(tmp_path, 9) == [("a", 1), ("b", 2), ("a", 3), ("c", 4), ("b", 5), ("a", 6)]
    assert found(tmp_path, 4) == [("a", 1), ("b", 2), ("a", 3), ("c", 4)]
    assert found(tmp_path, 1) == [("a", 1)]
    assert found(tmp_path, 9, "b") == [("b", 2), ("b", 5)]
    assert found(tmp_path, 9, "none") == []


def test_has_always_the_same_order(tmp_path: Path) -> None:
    for series in ("b", "a"):
        for number in (2, 1):
            put(tmp_path, series, address(number))
    assert found(tmp_path, 9) == [("b", 2), ("b", 1), ("a", 2), ("a", 1)]


def test_leaves_out_files_that_are_of_no_address(tmp_path: Path) -> None:
    put(tmp_path, "a", "sunset")
    put(tmp_path, "a", address(1), age=5)
    assert found(tmp_path, 9) == [("a", 1)]
