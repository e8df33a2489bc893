"""Downloads of pictures: no private address, whatever name or redirect leads to it."""

import socket
import time
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BreakerOpen, DownloadFailed, GenerationError
from dalle.imaging.decoding import verify
from dalle.painters.openai import transport
from dalle.painters.openai.answers.received import Received
from dalle.painters.openai.spool import MOST_HELD
from tests.kit.fakes import attempt
from tests.kit.provider import EventLog, MemoryRecorder, fetched, order, provider, serving
from tests.stub_openai.kinds import picture
from tests.stub_openai.picture import photo


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "169.254.169.254"])
def test_refuses_private_hosts_for_a_public_provider(host: str, tmp_path: Path) -> None:
    ours = provider(tmp_path, "https://1.1.1.1/v1")
    with pytest.raises(DownloadFailed) as raised:
        fetched(ours, tmp_path, f"http://{host}:1/picture.png", 60)
    assert "private address" in raised.value.details


def test_follows_a_redirect_of_a_private_provider(tmp_path: Path) -> None:
    with serving() as stub:
        stub.script.load({"rules": [{"fault": "url_redirect", "url": f"{stub.root}/pictures/64x64"}]})
        ours = provider(tmp_path, stub.url)
        answer = ours.painter.paint(order(), MemoryRecorder(tmp_path))
        assert fetched(ours, tmp_path, answer.url, 60).startswith(b"\x89PNG")


@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "two.example"])
def test_follows_no_redirect_of_a_public_provider_to_a_private_address(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "is_public", lambda address: address == "127.0.0.1")
    real = socket.getaddrinfo

    def named(name: str, *rest: Any, **options: Any) -> Any:
        return real("127.0.0.2" if name == "two.example" else name, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", named)
    with serving() as stub, socket.create_server(("127.0.0.2", 0)) as private:
        private.settimeout(0)
        url = f"http://{host}:{private.getsockname()[1]}/picture.png"
        stub.script.load([{"fault": "url_redirect", "url": url, "times": 1}])
        ours = provider(tmp_path, stub.url)
        answer = ours.painter.paint(order(), MemoryRecorder(tmp_path))
        with pytest.raises(DownloadFailed) as raised:
            fetched(ours, tmp_path, answer.url, 60)
        assert "private address" in raised.value.details
        with pytest.raises(BlockingIOError):  # nobody has called
            private.accept()


def test_refuses_a_redirect_to_another_scheme(tmp_path: Path) -> None:
    with serving([{"fault": "url_redirect", "url": "file:///etc/passwd"}]) as stub:
        ours = provider(tmp_path, stub.url)
        answer = ours.painter.paint(order(), MemoryRecorder(tmp_path))
        with pytest.raises(DownloadFailed):
            fetched(ours, tmp_path, answer.url, 60)


@pytest.mark.parametrize("fault", ["url_missing", "url_huge", "url_drip"])
def test_ends_a_download_that_fails_or_takes_too_long(fault: str, tmp_path: Path) -> None:
    with serving([fault]) as stub:
        ours = provider(tmp_path, stub.url)
        answer = ours.painter.paint(order(), MemoryRecorder(tmp_path))
        seconds = 10 if fault == "url_huge" else 0.3
        with pytest.raises(GenerationError) as raised:
            fetched(ours, tmp_path, answer.url, seconds)
    error = raised.value
    assert (error.code, error.billed, error.pause) == ("IMAGE_DOWNLOAD_ERROR", "yes", "transient")
    assert (ours.status()["failures"], ours.status()["last_code"]) == (1, "IMAGE_DOWNLOAD_ERROR")


def test_repeats_a_download_as_long_as_there_is_time(tmp_path: Path) -> None:
    events = EventLog()
    with serving(["url_flaky", "url_missing"]) as stub:
        ours = provider(tmp_path, stub.url, observer=events)
        answer = ours.painter.paint(order(), MemoryRecorder(tmp_path))
        assert verify(fetched(ours, tmp_path, answer.url, 60)) == "png"
        assert stub.calls.summary(rows=False)["pictures"] == 3
        assert events.rows.count(("retried", "download")) == 2
        missing = ours.painter.paint(order(), MemoryRecorder(tmp_path))
        with pytest.raises(GenerationError):
            fetched(ours, tmp_path, missing.url, 0.3)
        assert stub.calls.summary(rows=False)["pictures"] > 4


def test_buys_no_sixth_picture_that_cannot_be_fetched(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "url_missing"}]}) as stub:
        ours = provider(tmp_path, stub.url)
        for _ in range(5):
            answer = ours.painter.paint(order(), MemoryRecorder(tmp_path))
            with pytest.raises(GenerationError):
                fetched(ours, tmp_path, answer.url, 0.05)
        with pytest.raises(BreakerOpen):
            ours.painter.paint(order(), MemoryRecorder(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 5


def test_forgets_failures_when_a_picture_was_fetched(tmp_path: Path) -> None:
    with serving(["tiny", "url"]) as stub:
        ours = provider(tmp_path, stub.url)
        ours.painter.paint(order(), MemoryRecorder(tmp_path))
        answer = ours.painter.paint(order(), MemoryRecorder(tmp_path))
        assert ours.status()["failures"] == 1
        fetched(ours, tmp_path, answer.url, 60)
    assert ours.status()["failures"] == 0


def test_keeps_a_large_answer_and_asks_for_room_before_it_is_read(tmp_path: Path) -> None:
    large = {"padding": "x" * MOST_HELD, "data": [{"b64_json": "{B64}"}]}
    recorder = MemoryRecorder(tmp_path)
    with serving({"rules": [{"answer": {"json": large}}]}) as stub:
        answer = provider(tmp_path, stub.url).painter.paint(order(), recorder)
    assert answer.data == picture("photo")
    body = Received.decode(recorder.kept[1]).body
    assert recorder.sizes == [len(body)]
    assert len(body) > MOST_HELD
    assert answer.examined
    assert answer.examined.image.size == (256, 256)


def test_asks_for_room_before_a_download_is_read(tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    with serving() as stub:
        url = f"{stub.root}/pictures/1500x1500"
        ours = provider(tmp_path, stub.url)
        answer = ours.finisher.fetch(attempt(url=url), time.monotonic() + 60, recorder, bought=True)
    assert answer.data == photo("1500x1500")
    assert recorder.sizes == [len(answer.data)]
    assert Received.decode(recorder.kept[1]).body == answer.data
