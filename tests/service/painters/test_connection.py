"""Connections to the provider: what can go wrong before, and while, a request is sent."""

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import GenerationError, TimedOut
from tests.kit.provider import MemoryRecorder, order, provider, serving


def test_calls_a_refused_connection_not_accepted_and_repeats_it(tmp_path: Path) -> None:
    with serving() as stub:
        url = stub.url
    recorder = MemoryRecorder(tmp_path)
    with pytest.raises(GenerationError) as raised:
        provider(tmp_path, url).painter.paint(order(), recorder)
    assert (raised.value.code, raised.value.billed) == ("OPENAI_UNAVAILABLE", "no")
    assert "Connection refused" in raised.value.private
    assert recorder.names == ["sent", "failed"] * 3


def test_tries_the_other_addresses_when_the_first_never_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as stub, socket.socket() as deaf:
        port = stub.server_address[1]
        deaf.bind(("127.0.0.2", port))
        deaf.listen(0)
        callers = [knock("127.0.0.2", port) for _ in range(4)]  # its queue is full: it answers nobody
        real = socket.getaddrinfo

        def two(host: str, *rest: Any, **named: Any) -> Any:
            if host != "two.example":
                return real(host, *rest, **named)
            return [row for address in ("127.0.0.2", "127.0.0.1") for row in real(address, *rest, **named)]

        monkeypatch.setattr(socket, "getaddrinfo", two)
        url = f"http://two.example:{port}/v1"
        provider(tmp_path, url, connect_timeout=1.0, image_attempts=1).painter.paint(order(), MemoryRecorder(tmp_path))
        for caller in callers:
            caller.close()


def knock(host: str, port: int) -> socket.socket:
    """A connection that is asked for and not waited for."""
    caller = socket.socket()
    caller.setblocking(False)
    with suppress(BlockingIOError):
        caller.connect((host, port))
    return caller


def test_ends_a_handshake_that_drips_with_the_time_to_connect_and_repeats_it(tmp_path: Path) -> None:
    hello = bytes.fromhex("16030340000200 3ffc0303".replace(" ", ""))
    with socket.create_server(("127.0.0.1", 0)) as server:
        served = []

        def drip() -> None:
            for _ in range(2):
                caller, _ = server.accept()
                served.append(caller)
                with suppress(OSError):
                    caller.sendall(hello)
                    while True:
                        caller.sendall(b"\0")
                        time.sleep(0.02)

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}/v1"
        with pytest.raises(TimedOut) as raised:
            provider(tmp_path, url, connect_timeout=0.3, image_attempts=2).painter.paint(
                order(), MemoryRecorder(tmp_path)
            )
        thread.join()
        for caller in served:
            caller.close()
    assert (len(served), raised.value.billed) == (2, "no")


@pytest.mark.parametrize("base_url", ["http://[::1/v1", "ftp://127.0.0.1/v1"])
def test_names_an_invalid_base_url_a_matter_of_configuration(base_url: str, tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    with pytest.raises(GenerationError) as raised:
        provider(tmp_path, base_url, daily_images=9).painter.paint(order(), recorder)
    assert (raised.value.code, raised.value.billed, raised.value.pause) == (
        "OPENAI_UNAVAILABLE",
        "no",
        "configuration",
    )


def test_knows_that_a_call_that_cannot_be_encoded_was_not_sent(tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url, image_params={"weight": float("nan")}, image_attempts=1)
        with pytest.raises(GenerationError) as raised:
            ours.painter.paint(order(), MemoryRecorder(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 0
    assert raised.value.billed == "no"


def test_ignores_the_proxies_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as stub, serving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.root)
        provider(tmp_path, stub.url).painter.paint(order(), MemoryRecorder(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 1
        assert proxy.calls.summary(rows=True)["rows"] == []


def test_ends_a_dripping_call_at_its_deadline(tmp_path: Path) -> None:
    with serving(["drip"]) as stub:
        begun = time.monotonic()
        with pytest.raises(GenerationError):
            provider(tmp_path, stub.url, image_timeout=0.5).painter.paint(order(), MemoryRecorder(tmp_path))
        assert time.monotonic() - begun < 5
