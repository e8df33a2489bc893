"""`/files/…`: what is in the output folder, with its type."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dalle.storage.blob import EXTENSIONS
from tests.kit.data_folder import DataFolder
from tests.kit.images import reopened


@pytest.mark.parametrize("extension", [*EXTENSIONS, "txt", "json"])
def test_serves_a_file_with_the_type_of_its_name(client: FlaskClient, tmp_path: Path, extension: str) -> None:
    file = DataFolder(tmp_path).output / "simple" / "generated" / f"a.{extension}"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"original")
    answer = client.get(f"/files/simple/generated/a.{extension}", buffered=True)
    expected = {"txt": "text/plain", "json": "application/json"}.get(extension, f"image/{extension}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"original", expected)


def test_serves_an_icon(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico", buffered=True)
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "image/x-icon", "no-cache")
    assert client.get("/static/favicon.ico", buffered=True).headers["ETag"] == answer.headers["ETag"]
    assert reopened(answer.data).info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    assert client.head("/favicon.ico", buffered=True).data == b""
