"""`scripts/poll.sh` against a real service."""

import json
import os
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.kit.http import Client
from tests.kit.ports import free_port
from tests.kit.repository import ROOT

SCRIPT = ROOT / "scripts" / "poll.sh"
pytestmark = pytest.mark.skipif(not (shutil.which("jq") and shutil.which("curl")), reason="needs jq and curl")


def poll(folder: Path, *words: str, server: str = "") -> "subprocess.CompletedProcess[str]":
    environ = {"PATH": os.environ["PATH"], "DALLE_SERVER": server}
    return subprocess.run(
        [str(SCRIPT), *words], cwd=folder, env=environ, capture_output=True, text=True, timeout=90, check=False
    )


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="needs shellcheck")
def test_is_clean_posix_shell() -> None:
    subprocess.run(["shellcheck", "--shell=sh", str(SCRIPT)], check=True)


def test_makes_and_fetches_a_picture(client: Client, address: str, tmp_path: Path) -> None:
    done = poll(tmp_path, "-s", client.url + "/", "-o", "it.png", "simple", address)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert (tmp_path / "it.png").read_bytes() == client.ask(f"/dalle/simple/{address}").body
    assert [path.name for path in tmp_path.iterdir()] == ["it.png"]


def test_fetches_what_is_there_at_once_and_quietly(client: Client, address: str, tmp_path: Path) -> None:
    client.painted(f"/dalle/simple/{address}")
    done = poll(tmp_path, "-q", "simple", address, server=client.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / f"{address}.png").exists()


@pytest.mark.parametrize("words", [(), ("simple",), ("-x", "simple", "0x1"), ("-t", "soon", "simple", "0x1")])
def test_says_how_it_is_used(words: tuple[str, ...], tmp_path: Path) -> None:
    assert poll(tmp_path, *words).returncode == 2
    assert poll(tmp_path, "-h").stdout.startswith("Usage: poll.sh")


def test_passes_a_wrong_address_on(client: Client, tmp_path: Path) -> None:
    done = poll(tmp_path, "simple", "0x12", server=client.url)
    assert (done.returncode, "Invalid Ethereum address" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("simple", "0x1?remove=1"), ("..", "0x1"), ("simple", "0x 1"), ("a/b", "0x1")])
def test_asks_for_nothing_but_a_picture(words: tuple[str, str], tmp_path: Path) -> None:
    with scripted([PICTURE]) as (server, paths):
        done = poll(tmp_path, *words, server=server)
    assert (done.returncode, paths) == (2, [])
    assert "expected a series and an address" in done.stderr


@pytest.mark.parametrize("out", ["nowhere/it.png", "."])
def test_looks_at_the_destination_before_it_starts_anything(out: str, tmp_path: Path) -> None:
    with scripted([PICTURE]) as (server, paths):
        done = poll(tmp_path, "-o", out, "simple", "0x1", server=server)
    assert (done.returncode, paths) == (2, [])
    assert f"-o {out}: expected a file" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_writes_into_stdout_a_pipe_or_a_device_and_leaves_it_in_its_place(tmp_path: Path) -> None:
    with scripted([PICTURE]) as (server, _):
        assert poll(tmp_path, "-q", "-o", "-", "simple", "0x1", server=server).stdout == "PNG picture"
        (tmp_path / "null").symlink_to(os.devnull)
        assert poll(tmp_path, "-o", "null", "simple", "0x1", server=server).returncode == 0
    assert (tmp_path / "null").is_symlink()
    assert [path.name for path in tmp_path.iterdir()] == ["null"]


def test_gives_up_on_a_server_that_is_not_there(tmp_path: Path) -> None:
    done = poll(tmp_path, "-t", "2", "simple", "0x1", server=f"http://127.0.0.1:{free_port()}")
    assert done.returncode in (4, 5)
    assert list(tmp_path.iterdir()) == []


Answers = list[tuple[int, dict[str, str], str, bytes]]


@contextmanager
def scripted(answers: Answers, prefer: list[str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """A server that answers so in turn, the last answer again and again; yields its URL and the requested paths.

    prefer: where it notes the preferences.
    """
    paths: list[str] = []
    preferences = [] if prefer is None else prefer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, kind, body = answers[min(len(paths), len(answers) - 1)]
            paths.append(self.path)
            preferences.append(self.headers["Prefer"])
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 — the base class calls it so
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", paths
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def report(**fields: object) -> tuple[int, dict[str, str], str, bytes]:
    fields = {"done": False, "percent": 1.5, "current": "image_wait", "etaSeconds": 2.5, "error": "", **fields}
    return 200, {}, "application/json", json.dumps({"success": True, "data": fields, **fields}).encode()


PICTURE: tuple[int, dict[str, str], str, bytes] = (200, {}, "image/png", b"PNG picture")
FULL: tuple[int, dict[str, str], str, bytes] = (
    503,
    {"Retry-After": "1"},
    "application/json",
    b'{"success": false, "error": {"message": "full", "details": ""}}',
)


def test_waits_for_a_full_queue_and_then_only_looks(tmp_path: Path) -> None:
    with scripted([FULL, report(), report(), PICTURE]) as (server, paths):
        assert poll(tmp_path, "-o", "it.png", "simple", "0x1", server=server).returncode == 0
    assert paths == ["/dalle/simple/0x1?generate=1"] * 2 + ["/dalle/simple/0x1"] * 2
    assert (tmp_path / "it.png").read_bytes() == PICTURE[3]


def test_lets_the_server_wait_and_does_not_pause_then(tmp_path: Path) -> None:
    prefer: list[str] = []
    status, _, kind, body = report()
    waited = (status, {"Preference-Applied": "wait=25"}, kind, body)
    with scripted([report(), *[waited] * 40, PICTURE], prefer) as (server, paths):
        assert poll(tmp_path, "-t", "300", "-o", "it.png", "simple", "0x1", server=server).returncode == 0
    assert (prefer, len(paths)) == (["wait=0"] + ["wait=25"] * 41, 42)
    prefer.clear()
    with scripted([report()], prefer) as (server, _):
        poll(tmp_path, "-t", "9", "simple", "0x1", server=server)
    assert len(prefer) > 1
    assert all(int(text.removeprefix("wait=")) < 9 for text in prefer)


def test_ends_with_a_code_for_each_end(tmp_path: Path) -> None:
    ends: list[tuple[Answers, int, str]] = [
        ([report(), report(done=True, error="refused", errorCode="CONTENT_BLOCKED")], 1, "CONTENT_BLOCKED: refused"),
        ([(200, {}, "application/json", b'{"success": true, "data": {}}')], 3, "not found: no picture and no run"),
        ([report()], 4, "not finished within 2 s"),
        ([(500, {}, "text/html", b"<html>")], 5, "500"),
    ]
    for answers, code, said in ends:
        with scripted(answers) as (server, _):
            ended = poll(tmp_path, "-t", "2", "simple", "0x1", server=server)
        assert (ended.returncode, said in ended.stderr) == (code, True), ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_is_what_the_documentation_shows(client: Client, tmp_path: Path) -> None:
    text = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("scripts/poll.sh")]
    line = line.replace("http://localhost:8080", client.url).replace("scripts/poll.sh", str(SCRIPT))
    subprocess.run(["sh", "-c", line], cwd=tmp_path, check=True, capture_output=True, timeout=90)
    with urllib.request.urlopen((tmp_path / "it.png").as_uri()) as picture:
        assert picture.read(4) == b"\x89PNG"
