"""`/preview/zip`: the selected pictures and nothing else, of the announced length, a piece at a time."""

import io
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.web.gallery.selection import LARGEST, MOST, PIECE, Member, length, stream
from dalle.key import Key
from tests.kit.fakes import studio
from tests.kit.folders import MOMENT, address, put
from tests.kit.images import as_file, noise, png

PATH = "/preview/zip"


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def test_has_the_pictures_that_are_asked_for(client: FlaskClient, tmp_path: Path) -> None:
    for number in range(4):
        put(tmp_path, "simple", address(number), content=as_file(noise(20 + number, 9)))
    put(tmp_path, "deep-sea", address(1))
    answer = client.get(
        f"{PATH}?p=simple/{address(0)},{address(2)}&p=DEEP-SEA%2F{address(1).upper()}&p=simple/{address(0)}"
    )
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dalleserver-3-pictures.zip"'
    with opened(answer.data) as archive:
        assert archive.testzip() is None
        names = [f"simple/{address(0)}.png", f"simple/{address(2)}.png", f"deep-sea/{address(1)}.png"]
        assert archive.namelist() == names
        for name in names:
            series, _, file = name.partition("/")
            assert archive.read(name) == (tmp_path / "output" / series / "annotated" / file).read_bytes()
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.infolist()[0].date_time == (2023, 11, 14, 22, 13, 20)
    assert MOMENT == 1_700_000_000


def test_says_its_length_to_head(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1))
    url = f"{PATH}?p=simple/{address(1)}"
    head = client.head(url)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(client.get(url).data))
    assert head.headers["Content-Disposition"] == 'attachment; filename="simple-1-picture.zip"'


def test_serves_no_ranges(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1))
    answer = client.get(f"{PATH}?p=simple/{address(1)}", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.headers["Accept-Ranges"]) == (200, "none")


@pytest.mark.parametrize(
    ("query", "status", "code", "details"),
    [
        ("", 400, "MISSING_PARAMETER", "select pictures"),
        ("?p=", 400, "INVALID_REQUEST", "expected a series"),
        ("?p=simple", 400, "INVALID_REQUEST", "expected a series"),
        ("?p=simple/0x12", 400, "INVALID_REQUEST", "expected a series"),
        (f"?p=../{address(1)}", 400, "INVALID_REQUEST", "expected a series"),
        (f"?p=simple/{address(9)}", 404, "NOT_FOUND", "there is no picture"),
        (f"?p=simple/{','.join(map(address, range(MOST + 1)))}", 400, "INVALID_REQUEST", "at most 100"),
    ],
)
def test_refuses_what_it_cannot_send(client: FlaskClient, query: str, status: int, code: str, details: str) -> None:
    answer = client.get(f"{PATH}{query}")
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert details in error["details"]


def test_refuses_more_than_a_gigabyte(client: FlaskClient, tmp_path: Path) -> None:
    for number in range(2):
        path = put(tmp_path, "simple", address(number))
        data = path.read_bytes()
        with path.open("r+b") as file:  # sparse, with the end of a picture
            file.seek(LARGEST // 2)
            file.write(data[-12:])
    assert client.head(f"{PATH}?p=simple/{address(0)}").status_code == 200
    answer = client.get(f"{PATH}?p=simple/{address(0)},{address(1)}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["details"] == (
        "p: these pictures have 1,000 MB, and at most 1,000 MB can be downloaded at once"
    )


def member(tmp_path: Path, number: int, data: bytes) -> Member:
    path = put(tmp_path, "simple", address(number), content=data)
    return Member(Key("simple", address(number)), path.stat().st_size, path.stat().st_mtime_ns)


def test_yields_no_more_than_a_piece_at_once(tmp_path: Path) -> None:
    data = as_file(noise(300, 300), compress_level=0)
    members = [member(tmp_path, number, data) for number in range(3)]
    pieces = list(stream(studio(tmp_path), members))
    assert max(map(len, pieces)) <= PIECE + 1000
    assert sum(map(len, pieces)) == length(members)


@pytest.mark.parametrize("change", ["removed", "replaced"])
def test_breaks_off_where_a_picture_changes_meanwhile(tmp_path: Path, change: str) -> None:
    members = [member(tmp_path, number, png()) for number in range(2)]
    pieces = stream(studio(tmp_path), members)
    assert next(pieces)
    if change == "removed":
        (tmp_path / "output" / "simple" / "annotated" / f"{address(1)}.png").unlink()
    else:
        put(tmp_path, "simple", address(1), age=5)
    with pytest.raises(ConnectionAbortedError, match=change):
        list(pieces)
