"""Answers that wait on a host's disk."""

import errno
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.blob import Original
from dalle.storage.cluster.objects.spool import Spool, file_system_of, require_disk

KEY = Key("simple", f"0x{'5a' * 20}")
OTHER = Key("simple", f"0x{'6b' * 20}")
ORIGINAL = Original.of(KEY, "run1", 1)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def test_has_nothing_at_first(spool: Spool) -> None:
    assert (spool.get(ORIGINAL), spool.open(ORIGINAL), spool.has(ORIGINAL), spool.of(KEY)) == (None, None, False, [])
    assert (list(spool.waiting()), spool.count(), spool.remove(ORIGINAL), spool.refuse(ORIGINAL)) == (
        [],
        0,
        False,
        False,
    )


@pytest.mark.parametrize("data", [b"", b"one\ntwo \0\xff", b"x" * 200_000])
def test_keeps_an_answer_until_it_is_released(spool: Spool, data: bytes) -> None:
    added = spool.add(ORIGINAL, data, 7)
    again = Spool(spool.folder)
    assert (again.get(ORIGINAL), again.has(ORIGINAL), again.of(KEY), again.of(OTHER)) == (data, True, [ORIGINAL], [])
    opened = again.open(ORIGINAL)
    assert opened
    with opened.file as file:
        assert (file.read(), opened.size, opened.modified_ns) == (data, len(data), 7)
    assert list(again.waiting()) == [added]
    assert list(again.waiting(3600)) == []
    again.release(added)
    assert (again.count(), again.get(ORIGINAL)) == (0, None)


def test_does_not_release_another_answer_of_the_same_name(spool: Spool) -> None:
    first = spool.add(ORIGINAL, b"first", 1)
    spool.add(ORIGINAL, [b"sec", b"ond"], 2)
    spool.release(first)
    assert spool.get(ORIGINAL) == b"second"


def test_keeps_answers_apart(spool: Spool) -> None:
    originals = [
        ORIGINAL,
        Original.of(KEY, "run1", 12),
        Original.of(KEY, "run1", 1, "raw"),
        Original.of(OTHER, "run1", 1),
    ]
    for number, original in enumerate(originals):
        spool.add(original, b"%d" % number, number)
    assert [spool.get(original) for original in originals] == [b"0", b"1", b"2", b"3"]
    assert {each.original for each in spool.waiting()} == set(originals)
    assert set(spool.of(KEY)) == set(originals[:3])


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"no json\nx", b'{"object":"x","modifiedNs":1,"sha256":"00"}\nx'])
def test_leaves_what_is_damaged_where_it_is(spool: Spool, damage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    spool.add(ORIGINAL, b"paid", 1)
    spool.add(Original.of(OTHER, "run1", 1), b"other", 1)
    path = spool.folder / f"simple.{ORIGINAL.name}"
    path.write_bytes(damage)
    assert [waiting.original.key for waiting in spool.waiting()] == [OTHER]
    assert spool.get(ORIGINAL) is None
    assert path.read_bytes() == damage
    assert "cannot be read" in caplog.text


def test_keeps_refused_bytes_out_of_the_way(spool: Spool) -> None:
    spool.add(ORIGINAL, b"no picture", 1)
    assert spool.refuse(ORIGINAL)
    assert (spool.has(ORIGINAL), spool.count()) == (False, 0)
    assert b"no picture" in next(spool.folder.glob(".*.bad")).read_bytes()


def test_is_refused_in_memory(tmp_path: Path) -> None:
    require_disk(tmp_path, lambda folder: "ext4")
    with pytest.raises(OSError, match="in memory") as raised:
        require_disk(tmp_path, lambda folder: "tmpfs")
    assert raised.value.errno == errno.EINVAL


def test_knows_file_systems() -> None:
    assert file_system_of(Path("/proc/self")) == "proc"
    assert file_system_of(Path("/proc/none/such")) == "proc"
    assert file_system_of(Path("/")) != ""
