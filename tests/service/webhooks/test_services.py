"""Webhooks of a real service: delivered with two workers, kills, a full disk, and TLS."""

import hashlib
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REFUSED
from tests.kit import mounts
from tests.kit.mounts import small_disk
from tests.kit.ports import free_port
from tests.kit.receiver import SECRET, Received, Receiver
from tests.kit.service import Service
from tests.soak import running
from tests.soak.service import new_address, path_of


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


def reporting(folder: Path, receiver: Receiver, **settings: Any) -> Service:
    chosen = {"WEBHOOK_URL": receiver.url, "WEBHOOK_SECRET": SECRET, **settings}
    return Service(folder, PUBLIC_URL="https://pictures.example/", **chosen)


def outbox(service: Service) -> list[str]:
    return sorted(path.name for path in service.data.glob("outbox/*.msg_*.json"))


def completed(receiver: Receiver) -> set[str]:
    """The addresses of the pictures that were reported."""
    return {event["data"]["address"] for event in receiver.verified if event["type"] == "run.completed"}


def test_reports_what_happens(tmp_path: Path, receiver: Receiver) -> None:
    with reporting(tmp_path, receiver) as service:
        path = path_of(new_address())
        run = service.client.painted(path).data
        picture = service.ask(path).body
        service.wait_for(lambda: receiver.received, "the first event")
        assert service.ask(f"{path}?remove=1").status == 200
        service.wait_for(lambda: len(receiver.received) == 2, "the second event")
        service.wait_for(lambda: not outbox(service), "an empty outbox")
        figures = service.client.figures()
        assert figures["dalleserver_webhooks_delivered_total"] == 2
        assert figures["dalleserver_webhooks_pending"] == 0
        log = service.text()
    version = hashlib.sha256(picture).hexdigest()[:16]
    ended, removed = receiver.verified
    series, address = path.split("/")[2:]
    url = f"https://pictures.example{path}"
    assert (ended["type"], removed["type"]) == ("run.completed", "picture.removed")
    assert ended["data"] == {
        "series": series,
        "address": address,
        "runId": run["runId"],
        "version": version,
        "url": url,
        "image": f"{url}.png?v={version}",
        "errorCode": "",
        "error": "",
        "costUsd": 0.0,
    }
    assert removed["data"] == ended["data"] | {"image": "", "costUsd": 0}
    assert "in-the-url" not in log
    assert SECRET not in log


def test_delivers_after_a_kill_what_was_written_before(tmp_path: Path, receiver: Receiver) -> None:
    """The run has ended, and its event is on the way when everything is killed: it comes again, under the same id."""
    killed = threading.Event()

    def hang(_: Received) -> None:
        killed.wait(60)

    receiver.before = hang
    service = reporting(tmp_path, receiver)
    with service:
        path = path_of(new_address())
        service.client.painted(path)
        service.wait_for(lambda: receiver.received, "the event")
        assert len(outbox(service)) == 1
        service.kill()
    killed.set()
    assert len(outbox(service)) == 1
    with service:
        service.wait_for(lambda: len(receiver.received) == 2, "the event again")
        service.wait_for(lambda: not outbox(service), "an empty outbox")
    assert len(set(receiver.ids)) == 1
    assert len(receiver.verified) == 2
    assert receiver.received[0].body == receiver.received[1].body
    assert receiver.received[0].timestamp <= receiver.received[1].timestamp


def test_sends_again_by_command_what_a_receiver_missed(tmp_path: Path, receiver: Receiver) -> None:
    receiver.stop()
    service = reporting(tmp_path, receiver)
    with service:
        for path in [path_of(new_address()) for _ in range(2)]:
            service.client.painted(path)
        service.wait_for(lambda: len(outbox(service)) == 2, "both events")
        service.wait_for(lambda: "does not take events: Connection refused" in service.text(), "a warning")
    command = [sys.executable, "-m", "app.cli", "webhooks", "retry"]
    for expected in (1, 0):
        done = subprocess.run(command, cwd=tmp_path, env=service.environ, capture_output=True, text=True, check=False)
        assert done.returncode == expected, done.stderr
        if expected:
            assert "2 events not delivered: Connection refused" in done.stderr
            receiver.start()
    assert outbox(service) == []
    assert len(set(receiver.ids)) == len(receiver.verified) == 2


def test_refuses_to_start_without_a_secret(tmp_path: Path, receiver: Receiver) -> None:
    service = reporting(tmp_path, receiver, WEBHOOK_SECRET=None)
    service.start()
    assert service.process.wait(60) == 2
    assert "expected TB_DALLE_WEBHOOK_SECRET beside it" in service.text()


def test_has_no_trace_of_webhooks_where_no_url_is_set(tmp_path: Path) -> None:
    with Service(tmp_path) as service:
        service.client.painted(path_of(new_address()))
        threads = [Path(f"/proc/{pid}/task").iterdir() for pid in service.workers()]
        names = {(task / "comm").read_text().strip() for tasks in threads for task in tasks}
        assert not (service.data / "outbox").exists()
        assert "dalleserver_webhooks_pending" not in service.client.figures()
    assert "webhooks" not in names


@pytest.mark.skipif(not running.may(*mounts.MOUNTS), reason=f"{REFUSED}no mounts on this machine")
def test_ends_a_run_whose_event_found_no_room_once_there_is_some(tmp_path: Path, receiver: Receiver) -> None:
    with (
        small_disk(tmp_path / "data") as disk,
        reporting(tmp_path, receiver, LOCK_TTL="2s", PAUSE_TRANSIENT="0s") as service,
    ):
        first = path_of(new_address())
        service.client.painted(first)
        service.wait_for(lambda: receiver.received, "the first event")
        paths = [path_of(new_address()) for _ in range(6)]
        for path in paths:
            service.ask(f"{path}?generate=1")
        disk.fill()
        service.wait_for(lambda: "cannot be written" in service.text(), "a failure of the disk")
        disk.free()
        for path in paths:
            # A run that failed in the moment before there was room is asked for again.
            if service.client.painted(path).json["errorCode"]:
                service.client.painted(path)
        expected = {path.rpartition("/")[2] for path in [first, *paths]}
        service.wait_for(lambda: completed(receiver) == expected, "an event of each picture")
        service.wait_for(lambda: not outbox(service), "an empty outbox")
        assert "Traceback" not in service.text()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of its own, for the name localhost, and its key in the same file."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    file = tmp_path / "localhost.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command, *names, "-keyout", file, "-out", f"{file}.cert"], check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.cert").read_text())
    return file


SEND = "from dalle.webhooks.sending import post; print(post('https://{}/', b'{{}}', {{}}, 30).shown)"


def test_sends_to_a_receiver_whose_certificate_is_good_only(certificate: Path) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", free_port()), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def shown(host: str, **environ: str) -> str:
        program = SEND.format(f"{host}:{server.server_port}")
        done = subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, **environ}, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    try:
        trusted = {"SSL_CERT_FILE": str(certificate)}
        assert shown("localhost", **trusted) == "HTTP 204 No Content"
        assert re.match("its certificate is refused: .*self.signed", shown("localhost"))
        assert re.match("its certificate is refused: .*mismatch", shown("127.0.0.1", **trusted))
    finally:
        server.shutdown()
        server.server_close()
