"""Clients that are slow, or do nothing, beside ordinary ones. The long form is in tests/soak/slow.py."""

import io
import resource
import signal
import socket
import time
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.kit.folders import put
from tests.kit.http import Client
from tests.kit.images import as_file, noise
from tests.kit.nginx import NGINX, Nginx, Place
from tests.kit.service import Service
from tests.kit.slow import HALF_OPEN, connections

ADDRESS = "0x" + "ab" * 20
LARGE = 8 << 20  # bytes of a file, more than the kernel keeps for a client that does not read
ZIP = f"/preview/zip?p=simple/{ADDRESS}"
SHORT = 5.0  # seconds in which an ordinary client is answered, however busy the machine
FORM = b"series=simple&address=0x1"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Two workers with four threads each, as it comes, but for a time-out that a test can wait for."""
    with Service(tmp_path_factory.mktemp("service"), REQUEST_TIMEOUT="3s") as started:
        (started.data / "output").mkdir(exist_ok=True)
        (started.data / "output" / "large.txt").write_bytes(b"0123456789abcdef" * (LARGE // 16))
        put(started.data, "simple", ADDRESS, content=large_picture())
        yield started


@cache
def large_picture() -> bytes:
    """Seven megabytes."""
    return as_file(noise(1536, 1536), compress_level=0)


def assert_serves(client: Client) -> None:
    """Ordinary clients are answered, again and again."""
    for path in ("/health?check=liveness", "/series", "/preview") * 4:
        assert client.ask(path, timeout=SHORT).status == 200


def get(path: str, *lines: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", *lines, "\r\n"]).encode()


def rest(client: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    data = b""
    while part := client.recv(1 << 16):
        data += part
    return data


class TestSenders:
    @pytest.mark.parametrize("sent", [*HALF_OPEN, None], ids=["nothing", "line", "body", "chunk", "mixed"])
    def test_cost_no_thread(self, service: Service, sent: bytes | None) -> None:
        with connections(service.port, 500, HALF_OPEN if sent is None else [sent]):
            assert_serves(service.client)

    @pytest.mark.parametrize("sent", HALF_OPEN[1:], ids=["line", "body", "chunk"])
    def test_are_refused_in_the_contracts_shape_after_their_time(self, service: Service, sent: bytes) -> None:
        answer = service.client.send(sent)
        assert (answer.status, answer.error["code"]) == (408, "INVALID_REQUEST")
        assert answer.error["details"] == "the request did not arrive in time"

    def test_that_send_nothing_hear_nothing(self, service: Service) -> None:
        with connections(service.port, 1, [b""]) as (client,):
            assert client.recv(1) == b""

    def test_get_no_more_time_for_each_byte(self, service: Service) -> None:
        began = time.monotonic()
        with connections(service.port, 1, [b"GET /series HTTP/1.1\r\nX: "]) as (client,):
            client.settimeout(0.1)
            while True:
                try:
                    answer = client.recv(100)
                    break
                except TimeoutError:
                    assert time.monotonic() - began < 30
                    client.sendall(b"x")
        assert answer.startswith(b"HTTP/1.1 408 ")

    def test_are_answered_when_they_take_less(self, service: Service) -> None:
        request = b"POST /preview/make HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 25\r\n"
        request += b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + FORM
        with connections(service.port, 1, [b""]) as (client,):
            for byte in request:
                client.sendall(bytes([byte]))
            assert rest(client).startswith(b"HTTP/1.1 400 BAD REQUEST\r\n")  # no address: the form was read

    def test_do_not_hold_up_a_stop(self, tmp_path: Path) -> None:
        with Service(tmp_path, WORKERS=1) as service, connections(service.port, 100, HALF_OPEN):
            service.send_signal(signal.SIGTERM)
            assert service.process.wait(8) == 0


class TestReaders:
    @pytest.mark.parametrize("lines", [(), ("Range: bytes=0-",)], ids=["file", "range"])
    def test_cost_no_thread(self, service: Service, lines: tuple[str, ...]) -> None:
        with connections(service.port, 100, [get("/files/large.txt", *lines)], keeps=4096) as clients:
            assert_serves(service.client)
            assert len(rest_of(clients[0], LARGE)) > LARGE

    def test_of_a_zip_file_cost_neither_thread_nor_memory(self, service: Service) -> None:
        assert_serves(service.client)
        before = held(service.workers())
        with connections(service.port, 100, [get(ZIP, "Connection: close")], keeps=4096) as clients:
            assert_serves(service.client)
            assert held(service.workers()) - before < 10 * len(large_picture())
            assert_whole(rest(clients[0]))

    def test_get_their_next_answer_on_the_same_connection(self, service: Service) -> None:
        sent = get("/files/large.txt") + get("/series", "Connection: close")
        with connections(service.port, 1, [sent], keeps=4096) as (client,):
            assert_serves(service.client)
            assert rest(client).count(b"HTTP/1.1 200 OK\r\n") == 2

    def test_that_hang_up_are_forgotten(self, service: Service) -> None:
        def files() -> int:
            return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in service.workers())

        before = files()
        with connections(service.port, 50, [get("/files/large.txt")], keeps=4096):
            service.wait_for(lambda: files() >= before + 100, "a socket and a file for each")
        service.wait_for(lambda: files() <= before + 4, "all of them to be closed")


def held(pids: list[int]) -> int:
    """Bytes of memory that processes have."""
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids) * resource.getpagesize()


def assert_whole(answer: bytes) -> None:
    """It is the zip file with the large picture."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.read(f"simple/{ADDRESS}.png") == large_picture()


def rest_of(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) <= size:
        data += client.recv(1 << 16)
    return data


class TestClosing:
    def test_costs_nobody_a_pause(self, service: Service) -> None:
        """gunicorn's loop waits two seconds for each client that does not close its end, and for the next one then."""
        with connections(service.port, 20, [get("/series", "Connection: close")]) as clients:
            for client in reversed(clients):
                client.settimeout(SHORT)
                assert rest(client).startswith(b"HTTP/1.1 200 OK\r\n")

    @pytest.mark.parametrize("path", ["/series", "/files/large.txt"])
    def test_of_one_direction_leaves_the_answer(self, service: Service, path: str) -> None:
        with connections(service.port, 1, [get(path)]) as (client,):
            client.shutdown(socket.SHUT_WR)
            assert rest(client).startswith(b"HTTP/1.1 200 OK\r\n")

    def test_in_the_middle_of_a_request_is_no_error(self, service: Service) -> None:
        with connections(service.port, 4, HALF_OPEN) as clients:
            for client in clients:
                client.shutdown(socket.SHUT_WR)
                assert rest(client) == b""
        assert "Traceback" not in service.text()


@pytest.fixture(scope="module")
def front() -> Iterator[tuple[Place, list[int]]]:
    """nginx before two workers with four threads, and a picture of seven megabytes; the processes that serve it."""
    with Place() as made:
        picture = made.output / "simple" / "annotated" / f"{ADDRESS}.png"
        picture.parent.mkdir(parents=True)
        picture.write_bytes(large_picture())
        with made.service() as service, Nginx(made) as nginx:
            yield made, [*service.workers(), *nginx.children()]


@pytest.fixture
def place(front: tuple[Place, list[int]]) -> Place:
    return front[0]


@pytest.mark.nginx
@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
class TestThroughNginx:
    @pytest.mark.parametrize("query", ["generate", "x=1"])
    def test_readers_of_a_picture_cost_no_thread(self, place: Place, query: str) -> None:
        sent = get(f"/dalle/simple/{ADDRESS}?{query}")
        with connections(place.port, 16, [sent], keeps=4096):
            assert_serves(Client(place.url))

    def test_readers_of_a_zip_file_cost_neither_thread_nor_memory(self, front: tuple[Place, list[int]]) -> None:
        place, pids = front
        assert_serves(Client(place.url))
        before = held(pids)
        with connections(place.port, 16, [get(ZIP, "Connection: close")], keeps=4096) as clients:
            assert_serves(Client(place.url))
            assert held(pids) - before < 4 * len(large_picture())
            assert_whole(rest(clients[0]))
        assert "zip" not in (place.folder / "error.log").read_text()  # where nginx says what it buffers on disk

    @pytest.mark.parametrize("path", ["/series", "/preview", f"/dalle/simple/{ADDRESS}?w=512"])
    def test_closing_one_direction_leaves_the_answer(self, place: Place, path: str) -> None:
        """Of what fits into a socket: nginx itself cuts larger answers off when it sees the end of the stream."""
        with connections(place.port, 1, [get(path, "Connection: close")]) as (client,):
            client.shutdown(socket.SHUT_WR)
            assert rest(client).startswith(b"HTTP/1.1 200 OK\r\n")
