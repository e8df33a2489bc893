"""Files as they are sent, on one of the package's own."""

import pytest
from flask.testing import FlaskClient

from app import assets

FILE = "/static/gallery.css"
WHOLE = (assets.folder("static") / "gallery.css").read_bytes()


@pytest.mark.parametrize("header", ["bytes=0-1,4-5", "bytes=5-2", "bytes=x", "bytes=-0", "items=0-1", ""])
def test_sends_the_whole_file_instead_of_a_range_that_must_be_ignored(client: FlaskClient, header: str) -> None:
    with client.get(FILE, headers={"Range": header}) as answer:
        assert (answer.status_code, answer.data) == (200, WHOLE)


@pytest.mark.parametrize(
    ("header", "part"),
    [("bytes=0-0", WHOLE[:1]), ("bytes=-1", WHOLE[-1:]), (f"bytes=-{len(WHOLE) + 1}", WHOLE), ("bytes=7-", WHOLE[7:])],
)
def test_sends_the_requested_range(client: FlaskClient, header: str, part: bytes) -> None:
    with client.get(FILE, headers={"Range": header}) as answer:
        assert (answer.status_code, answer.data) == (206, part)
    with client.head(FILE, headers={"Range": header}) as answer:  # ranges are for GET (RFC 9110, 14.2)
        assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(WHOLE)))


def test_answers_304_with_the_headers_of_nginx(client: FlaskClient) -> None:
    with client.get(FILE) as whole:
        tag = whole.headers["ETag"]
    answer = client.get(FILE, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data, answer.headers["Last-Modified"]) == (
        304,
        b"",
        whole.headers["Last-Modified"],
    )
    assert not {"Content-Type", "Content-Length", "Accept-Ranges"} & set(answer.headers.keys())


def test_refuses_an_impossible_range_and_closes_the_file(client: FlaskClient) -> None:
    """A file that is left open fails the test: pytest turns the warning into an error."""
    answer = client.get(FILE, headers={"Range": f"bytes={len(WHOLE)}-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(WHOLE)}")
    assert answer.get_json()["error"]["code"] == "INVALID_REQUEST"
    answer = client.get(FILE, headers={"If-Match": '"other"'})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (412, "INVALID_REQUEST")
