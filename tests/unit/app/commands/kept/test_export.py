"""Pictures are taken along whole, with all that belongs to them, or not at all."""

import hashlib
import json
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands.kept.archive import line_of, written
from dalle.key import Key
from dalle.storage.blob import Blob
from tests.kit.data_folder import DataFolder, put_bytes
from tests.kit.fakes import ended_journal, studio
from tests.kit.folders import MOMENT, address, put
from tests.kit.older_folder import HIDDEN_ADDRESS, older_folder
from tests.kit.verifying import verified
from tests.unit.app.commands.conftest import ADDRESS, OTHER, Call

PICTURE = Key("simple", ADDRESS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a picture that was paid for."""
    folder = tmp_path_factory.mktemp("made")
    one = studio(folder)
    with one:
        one.request(PICTURE)
        ended_journal(one, PICTURE)
    return folder


@pytest.fixture
def options(made: Path) -> list[str]:
    return ["--data-dir", str(made)]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def below(folder: Path, *kinds: str) -> dict[str, bytes]:
    """What a data folder keeps of pictures, as an export names it."""
    found = files(folder / "output")
    return {f"output/{name}": data for name, data in found.items() if name.split("/")[1] in kinds}


KINDS = ("annotated", "generated", "selector", "data", "title", "terse", "prompt", "technical", "enhanced")


@pytest.mark.parametrize("name", ["taken", "taken.zip"])
def test_takes_along_what_belongs_to_pictures(
    call: Call, made: Path, options: list[str], tmp_path: Path, name: str
) -> None:
    result = call("export", "simple", "--to", str(tmp_path / name), "--json", *options)
    assert result.exit_code == 0, result.output
    if name.endswith(".zip"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            assert archive.testzip() is None
            archive.extractall(tmp_path / "taken")
    found = files(tmp_path / "taken")
    assert {key: value for key, value in found.items() if key.startswith("output/")} == below(made, *KINDS)
    expected = {"journal.jsonl", "calls.jsonl", "manifest.sha256", "README.txt"}
    assert {key for key in found if not key.startswith("output/")} == expected
    rows = [row.partition("  ") for row in found["manifest.sha256"].decode().splitlines()]
    sums = {key: checksum for checksum, _, key in rows}
    assert sums == {key: hashlib.sha256(data).hexdigest() for key, data in found.items() if key != "manifest.sha256"}
    report = json.loads(result.stdout)
    assert (report["pictures"], report["files"]) == (1, len(sums))
    assert report["bytes"] == sum(len(data) for key, data in found.items() if key in sums)
    (call_line,) = [json.loads(row) for row in found["calls.jsonl"].splitlines()]
    (journal,) = [json.loads(row) for row in found["journal.jsonl"].splitlines()]
    assert (call_line["address"], call_line["cost"], journal["usd"]) == (ADDRESS, 0.25, 0.25)
    assert [one["number"] for one in journal["calls"]] == [1]
    assert not {"url", "answer", "raw", "task"} & journal["calls"][0].keys()


def test_comes_back_by_copying(call: Call, made: Path, options: list[str], tmp_path: Path) -> None:
    assert call("export", "simple", "--to", str(tmp_path / "taken"), *options).exit_code == 0
    data = tmp_path / "elsewhere"
    data.mkdir()
    os.rename(tmp_path / "taken" / "output", data / "output")
    assert verified(data) == []
    picture = DataFolder(data).annotated(PICTURE)
    original = DataFolder(made).annotated(PICTURE)
    assert picture.read_bytes() == original.read_bytes()
    assert picture.stat().st_mtime_ns == original.stat().st_mtime_ns
    with studio(data) as one:
        opened = one.ready(PICTURE)
        assert opened
        opened.close()


def test_keeps_times_in_a_zip_file_to_the_second(call: Call, data: Path, tmp_path: Path) -> None:
    put(data, "simple", ADDRESS)
    call("export", "simple", "--to", str(tmp_path / "taken.zip"))
    with zipfile.ZipFile(tmp_path / "taken.zip") as archive:
        entry = archive.getinfo(f"output/{Blob.picture(PICTURE).path}")
    assert int.from_bytes(entry.extra[5:9], "little") == MOMENT


def test_takes_some_addresses_along(call: Call, data: Path, tmp_path: Path) -> None:
    for number in range(3):
        put(data, "simple", address(number), title=f"The otter {number}")
    put(data, "other", address(1))
    target = tmp_path / "taken"
    assert (
        call("export", "simple", address(1), address(1).upper().replace("X", "x"), "--to", str(target)).exit_code == 0
    )
    names = [name for name in files(target) if name.startswith("output/")]
    assert sorted(names) == [
        f"output/simple/{kind}" for kind in (f"annotated/{address(1)}.png", f"title/{address(1)}.txt")
    ]


def test_takes_along_what_an_older_server_named_otherwise(call: Call, data: Path, tmp_path: Path) -> None:
    put(data, "simple", "f" * 64, title="From a seed")
    put_bytes(data / "output" / "simple" / "metadata" / f"{'f' * 64}.json", b"{}")
    result = call("export", "simple", "--to", str(tmp_path / "taken"))
    assert "1 picture, 6 files" in result.stdout
    assert {name.split("/")[2] for name in files(tmp_path / "taken") if "ffff" in name} == {
        "annotated",
        "title",
        "metadata",
    }


def test_takes_along_a_series_that_an_older_server_has_hidden(call: Call, data: Path, tmp_path: Path) -> None:
    older_folder(data)
    assert call("export", "gone", "--to", str(tmp_path / "taken")).exit_code == 0
    names = {name for name in files(tmp_path / "taken") if name.startswith("output/")}
    assert names == {
        f"output/gone/{kind}/{HIDDEN_ADDRESS}.{end}" for kind, end in (("annotated", "png"), ("title", "txt"))
    }


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("simple", OTHER), 3, f"simple/{OTHER}: no picture or text found"),
        (("other",), 3, "series other: no picture or text found"),
        (("simple", "0x12"), 2, "expected 0x and 40 hexadecimal digits"),
        (("si_mple",), 2, "expected 1 to 64 of a-z, 0-9 and -"),
    ],
)
def test_says_what_is_not_there(
    call: Call, options: list[str], tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    result = call("export", *arguments, "--to", str(tmp_path / "taken"), *options)
    assert (result.exit_code, message in result.stderr) == (code, True)
    assert list(tmp_path.iterdir()) == []


def test_replaces_nothing_unasked(call: Call, options: list[str], tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    put_bytes(tmp_path / "full" / "mine.txt", b"mine")
    put_bytes(tmp_path / "mine.zip", b"mine")
    put_bytes(tmp_path / "file", b"mine")
    (tmp_path / "folder.zip").mkdir()
    for name in ("full", "mine.zip", "file", "folder.zip", "absent/taken"):
        assert call("export", "simple", "--to", str(tmp_path / name), *options).exit_code == 2
    assert call("export", "simple", "--to", str(tmp_path / "full"), "--force", *options).exit_code == 2
    assert (tmp_path / "full" / "mine.txt").read_bytes() == (tmp_path / "mine.zip").read_bytes() == b"mine"
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("name", ["taken", "taken.zip"])
def test_replaces_an_earlier_export_when_asked(call: Call, options: list[str], tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    assert call("export", "simple", "--to", str(target), *options).exit_code == 0
    if target.is_dir():
        put_bytes(target / "later.txt", b"mine")
    assert call("export", "simple", "--to", str(target), *options).exit_code == 2
    assert call("export", "simple", "--to", str(target), "--force", *options).exit_code == 0
    assert not (target / "later.txt").exists()
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["taken", "taken.zip"])
def test_leaves_nothing_of_an_export_that_ends_early(tmp_path: Path, name: str) -> None:
    def broken() -> Iterator[bytes]:
        yield b"a part"
        raise OSError("the disk is gone")

    def write() -> None:
        with written(tmp_path / name) as archive:
            archive.add("whole", [b"whole"], 5, 0)
            archive.add("broken", broken(), 9, 0)

    with pytest.raises(OSError, match="the disk is gone"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_writes_into_an_empty_folder(call: Call, options: list[str], tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    assert call("export", "simple", "--to", str(tmp_path / "taken"), *options).exit_code == 0
    assert (tmp_path / "taken" / "manifest.sha256").is_file()


def test_keeps_no_entry_of_a_zip_file_in_memory(tmp_path: Path) -> None:
    with written(tmp_path / "many.zip") as archive:
        archive.add("0", [b"0"], 1, 0)
        tracemalloc.start()
        for number in range(1, 1000):
            archive.add(f"{number}", [b"x"], 1, 0)
        grown, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert grown < 100 * 1000
    with zipfile.ZipFile(tmp_path / "many.zip") as file:
        assert file.testzip() is None
        assert len(file.namelist()) == 1001  # with the manifest


def test_escapes_odd_names_as_sha256sum_does() -> None:
    assert line_of("ab", "a name") == b"ab  a name\n"
    assert line_of("ab", "a\\b\nc") == b"\\ab  a\\\\b\\nc\n"
