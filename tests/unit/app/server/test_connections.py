"""What a worker's loop does with its connections, without threads: the test answers in their place."""

import selectors
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.wsgi import FileWrapper

from app.server.connection import Connection, State
from app.server.connections import LINGER, MOST_DISCARDED, NEW, READER_TIMEOUT, Connections
from app.server.exchange import Exchange
from app.web.waiting import PARK, WAITED, Wait
from tests.kit.clocks import Clock
from tests.kit.fakes import KEY
from tests.kit.gunicorn_log import Log

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
FORM = b"POST / HTTP/1.1\r\nHost: x\r\n"
REQUEST_TIMEOUT, KEEPALIVE = 10, 75
LARGE = b"x" * (4 << 20)  # more than a socket keeps


class Worker:
    """What Connections and Exchange need of gunicorn's worker."""

    def __init__(self) -> None:
        self.cfg = Config()
        self.cfg.set("keepalive", KEEPALIVE)
        self.log = Log()
        self.poller = selectors.DefaultSelector()
        self.nr_conns = 0
        self.waiting: list[Connection] = []
        self.body: Any = [b"hello"]
        self.method_queue = self
        self.deferred: list[Callable[[], None]] = []
        self.wait: Wait | None = None  # for which the application parks a request
        self.seen: list[tuple[bool, bool | None]] = []  # by the application: whether it has parked, and was heeded

    def enqueue_req(self, conn: Connection) -> None:
        self.waiting.append(conn)

    def defer(self, callback: Callable[..., None], *args: Any) -> None:
        self.deferred.append(partial(callback, *args))

    def wsgi(self, environ: Any, start_response: Callable[..., Any]) -> Any:
        if self.wait:
            waited = environ.get(WAITED)
            parked = PARK in environ and environ[PARK](self.wait)
            self.seen.append((parked, waited and waited.is_heeded))
        size = len(LARGE) if isinstance(self.body, FileWrapper) else sum(map(len, self.body))
        start_response("200 OK", [("Content-Length", str(size))])
        return self.body


class Loop:
    """A worker's loop that the test turns round; `answer` is a thread."""

    def __init__(self, clock: Clock) -> None:
        self.worker = Worker()
        self.clock = clock
        self.ended = False
        self.connections = Connections(self.worker, REQUEST_TIMEOUT, most_waiters=2, clock=clock)
        self.connections._waiters._start = lambda: None  # type: ignore[method-assign]  # `turn` does what its thread would
        self.sockets = ExitStack()

    def client(self) -> socket.socket:
        """A new client, whose connection was accepted."""
        ours, theirs = socket.socketpair()
        self.sockets.enter_context(ours)
        self.sockets.enter_context(theirs).settimeout(1)
        self.connections.open(ours, "", "")
        return theirs

    def turn(self) -> None:
        """Lets everything happen that can."""
        while events := self.worker.poller.select(0):
            for key, _ in events:
                key.data(key.fileobj)
        for conn, wait in self.connections._waiters.over().items():
            self.connections._call_back(conn, wait)
        while self.worker.deferred:
            self.worker.deferred.pop(0)()
        self.connections.expire()

    def answer(self, *, is_last: bool = False) -> None:
        """Lets a thread answer the request that has waited longest."""
        conn = self.worker.waiting.pop(0)
        if conn.exchange is None:
            park = partial(self.connections.park, conn)
            conn.exchange = Exchange(self.worker, conn.request, conn.departure, park)
        if not conn.exchange.has_begun:
            conn.exchange.begin("", "", is_last=is_last)
        self.connections.answered(conn, has_left=conn.exchange.go_on())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def loop(clock: Clock) -> Iterator[Loop]:
    made = Loop(clock)
    with made.sockets, made.worker.poller:
        yield made
        assert made.worker.log.errors == []


def closed(client: socket.socket) -> bool:
    """Whether the server has closed the connection without another byte."""
    try:
        return client.recv(1) == b""
    except ConnectionError:
        return True


class TestWaiting:
    """Requests that the application parks."""

    @pytest.fixture
    def parked(self, loop: Loop) -> socket.socket:
        loop.ended = False
        loop.worker.wait = Wait(KEY, 30, "deadbeef", started=False, has_ended=lambda: loop.ended)
        return self.park(loop)

    def park(self, loop: Loop, more: bytes = b"") -> socket.socket:
        client = loop.client()
        client.sendall(REQUEST + more)
        loop.turn()
        loop.answer()
        loop.turn()
        return client

    def test_need_no_thread_until_their_run_has_ended(self, loop: Loop, parked: socket.socket, clock: Clock) -> None:
        clock.sleep(29)
        loop.turn()
        assert (loop.worker.waiting, loop.connections.waiting, loop.worker.nr_conns) == ([], 1, 1)
        loop.ended = True
        loop.turn()
        loop.answer()
        assert parked.recv(999).endswith(b"\r\n\r\nhello")
        assert loop.worker.seen == [(True, None), (False, True)]
        assert loop.connections.idle == 1

    def test_are_answered_when_their_time_is_over(self, loop: Loop, parked: socket.socket, clock: Clock) -> None:
        clock.sleep(30)
        loop.turn()
        loop.answer()
        assert parked.recv(999).endswith(b"hello")
        assert loop.worker.seen[-1] == (False, True)

    def test_are_answered_at_once_beyond_their_number(self, loop: Loop, parked: socket.socket) -> None:
        assert self.park(loop)
        answer = self.park(loop).recv(999)
        assert answer.endswith(b"hello")
        assert b"Connection: close" in answer  # the next request may reach a worker that has a place
        assert [parked for parked, _ in loop.worker.seen] == [True, True, False]
        loop.ended = True
        loop.turn()
        for _ in range(2):
            loop.answer()
        loop.ended = False
        self.park(loop)
        assert loop.worker.seen[-1] == (True, None)

    @pytest.mark.parametrize("half", [False, True], ids=["closed", "half closed"])
    def test_end_when_their_client_hangs_up(self, loop: Loop, parked: socket.socket, half: bool) -> None:
        parked.shutdown(socket.SHUT_WR) if half else parked.close()
        loop.turn()
        assert loop.connections._waiters.over() == {}
        with suppress(ConnectionError):
            conn = loop.worker.waiting[0]
            try:
                loop.answer()
            except OSError as exc:
                loop.connections.lose(conn, exc)
        if half:
            assert parked.recv(999).endswith(b"hello")
            assert loop.worker.seen[-1] == (False, False)
        loop.turn()
        assert loop.worker.nr_conns == 0

    def test_for_a_sketch_are_answered_when_it_is_drawn(self, loop: Loop) -> None:
        sketch = Future[bytes]()
        loop.worker.wait = Wait(KEY, 25, "deadbeef", started=False, has_ended=sketch.done, sketch=sketch)
        client = self.park(loop)
        assert (loop.worker.waiting, loop.connections.waiting) == ([], 1)
        sketch.set_result(b"x")
        loop.turn()
        loop.answer()
        assert client.recv(999).endswith(b"hello")
        assert loop.worker.seen == [(True, None), (False, True)]

    @pytest.mark.parametrize("half", [False, True], ids=["closed", "half closed"])
    def test_for_a_sketch_let_it_be_when_their_client_hangs_up(self, loop: Loop, half: bool) -> None:
        sketch = Future[bytes]()
        loop.worker.wait = Wait(KEY, 25, "deadbeef", started=False, has_ended=sketch.done, sketch=sketch)
        client = self.park(loop)
        client.shutdown(socket.SHUT_WR) if half else client.close()
        loop.turn()
        assert sketch.cancelled()
        assert (loop.worker.waiting, loop.worker.nr_conns) == ([], 0)  # no thread is asked
        if half:
            assert client.recv(999).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")

    def test_are_not_ended_by_what_they_waited_for_before(self, loop: Loop) -> None:
        """The call back of a sketch comes late, when the connection waits for something else."""
        sketch = Future[bytes]()
        loop.worker.wait = before = Wait(KEY, 25, "deadbeef", started=False, has_ended=sketch.done, sketch=sketch)
        client = self.park(loop)
        (conn,) = loop.connections._waiters._waits
        loop.clock.sleep(25)
        loop.turn()
        loop.answer()
        loop.worker.wait = Wait(KEY, 30, "deadbeef", started=False, has_ended=lambda: False)
        client.sendall(REQUEST)
        loop.turn()
        loop.answer()
        loop.connections._call_back(conn, before)
        loop.turn()
        assert (loop.worker.waiting, loop.connections.waiting) == ([], 1)

    def test_keep_the_next_request_for_later(self, loop: Loop, parked: socket.socket) -> None:
        parked.sendall(REQUEST)
        loop.turn()
        loop.turn()
        assert loop.worker.waiting == []
        loop.ended = True
        loop.turn()
        loop.answer()
        loop.worker.wait = None
        loop.turn()
        loop.answer()
        assert parked.recv(9999).count(b"hello") == 2

    def test_end_with_the_worker(self, loop: Loop, parked: socket.socket) -> None:
        late = loop.client()
        late.sendall(REQUEST)
        loop.turn()
        conn = loop.worker.waiting.pop()
        conn.exchange = Exchange(loop.worker, conn.request, conn.departure, partial(loop.connections.park, conn))
        conn.exchange.begin("", "", is_last=False)  # its thread has found a place when the worker stops
        loop.connections.stop(2)
        loop.answer(is_last=True)
        loop.connections.answered(conn, has_left=conn.exchange.go_on())
        loop.answer(is_last=True)
        for client in (parked, late):
            assert client.recv(999).endswith(b"hello")
        assert loop.worker.seen == [(True, None), (True, None), (False, False), (False, False)]
        loop.worker.body = [b"hello"]
        assert self.park(loop).recv(999).endswith(b"hello")
        assert loop.worker.seen[-1] == (False, None)

    def test_fail_as_others_do(self, loop: Loop, parked: socket.socket, clock: Clock) -> None:
        conn = next(iter(loop.connections._waiting[State.WAITING]._ends))
        loop.connections.lose(conn, ConnectionResetError())
        loop.ended = True
        loop.turn()
        assert (loop.worker.waiting, loop.worker.nr_conns) == ([], 0)
        assert loop.connections.park(conn, Wait(KEY, 1, "", started=False, has_ended=lambda: True))


class TestRequests:
    def test_reach_a_thread_when_they_are_whole(self, loop: Loop) -> None:
        client = loop.client()
        client.sendall(REQUEST[:5])
        loop.turn()
        assert loop.worker.waiting == []
        client.sendall(REQUEST[5:])
        loop.turn()
        assert len(loop.worker.waiting) == 1
        loop.answer()
        assert client.recv(999).endswith(b"\r\n\r\nhello")

    def test_follow_each_other_on_a_connection(self, loop: Loop) -> None:
        client = loop.client()
        client.sendall(REQUEST * 3)
        for _ in range(3):
            loop.turn()
            assert len(loop.worker.waiting) == 1
            loop.answer()
            assert client.recv(9999).count(b"hello") == 1
        assert loop.connections.idle == 1

    def test_are_dropped_in_silence_when_nothing_of_them_came(self, loop: Loop, clock: Clock) -> None:
        client = loop.client()
        clock.sleep(REQUEST_TIMEOUT)
        loop.turn()
        assert closed(client)
        assert loop.worker.nr_conns == 0

    def test_are_refused_when_only_a_part_came(self, loop: Loop, clock: Clock) -> None:
        client = loop.client()
        for byte in REQUEST[:9]:
            clock.sleep(1)
            client.sendall(bytes([byte]))
            loop.turn()
        assert loop.connections.left() == 1
        clock.sleep(1)
        loop.turn()
        assert client.recv(9999).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert closed(client)

    def test_of_a_client_that_has_gone_at_its_deadline_end_nothing_else(self, loop: Loop, clock: Clock) -> None:
        client = loop.client()
        client.sendall(REQUEST[:9])
        loop.turn()
        clock.sleep(REQUEST_TIMEOUT)
        client.close()
        loop.connections.expire()
        assert loop.worker.nr_conns == 0

    def test_have_their_time_on_a_kept_connection_from_their_first_byte(self, loop: Loop, clock: Clock) -> None:
        client = loop.client()
        client.sendall(REQUEST)
        loop.turn()
        loop.answer()
        client.recv(9999)
        assert loop.connections.left() == KEEPALIVE
        clock.sleep(KEEPALIVE - 1)
        client.sendall(b"G")
        loop.turn()
        assert loop.connections.left() == REQUEST_TIMEOUT
        clock.sleep(REQUEST_TIMEOUT - 1)
        client.sendall(REQUEST[1:])
        loop.turn()
        assert len(loop.worker.waiting) == 1

    def test_of_head_are_refused_without_a_body(self, loop: Loop) -> None:
        client = loop.client()
        client.sendall(b"HEAD /a b HTTP/1.1\r\n\r\n")
        loop.turn()
        head, _, body = client.recv(9999).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b"Content-Length: " in head
        assert body == b""

    def test_with_an_expectation_get_their_answer_to_it(self, loop: Loop) -> None:
        client = loop.client()
        client.sendall(FORM + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        loop.turn()
        assert client.recv(99) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"hi")
        loop.turn()
        loop.answer()
        assert client.recv(9999).startswith(b"HTTP/1.1 200 OK\r\n")

    def test_are_not_read_while_one_is_answered(self, loop: Loop) -> None:
        client = loop.client()
        client.sendall(REQUEST)
        loop.turn()
        client.sendall(REQUEST)
        loop.turn()  # and comes to an end
        assert len(loop.worker.waiting) == 1
        loop.answer()
        loop.turn()
        assert len(loop.worker.waiting) == 1


class TestResponses:
    def test_of_files_need_a_thread_once(self, loop: Loop, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(LARGE)
        file = open(tmp_path / "file", "rb")  # noqa: SIM115 — as a response does, which closes it
        loop.worker.body = FileWrapper(file)
        client = loop.client()
        client.sendall(REQUEST)
        loop.turn()
        loop.answer()
        data = b""
        while not data.endswith(b"\r\n\r\n" + LARGE):
            loop.turn()
            data += client.recv(1 << 20)
        loop.turn()
        assert file.closed
        assert loop.worker.waiting == []
        assert loop.connections.idle == 1

    def test_are_produced_as_the_client_takes_them(self, loop: Loop) -> None:
        loop.worker.body = [bytes([number]) * 50_000 for number in range(100)]
        client = loop.client()
        client.sendall(REQUEST)
        loop.turn()
        loop.answer()
        data, waits = b"", 0
        while not data.endswith(b"".join(loop.worker.body)):
            loop.turn()
            if loop.worker.waiting:
                waits += 1
                loop.answer()
            data += client.recv(1 << 20)
        assert waits > 5
        assert loop.connections.idle == 1

    def test_are_given_up_when_the_client_takes_nothing(self, loop: Loop, clock: Clock) -> None:
        loop.worker.body = [LARGE]
        client = loop.client()
        client.sendall(REQUEST)
        loop.turn()
        loop.answer()
        for _ in range(3):
            clock.sleep(READER_TIMEOUT - 1)
            client.recv(1 << 20)
            loop.turn()
        assert loop.worker.nr_conns == 1
        clock.sleep(READER_TIMEOUT)
        loop.turn()
        assert loop.worker.nr_conns == 0

    def test_are_given_up_when_the_client_has_gone(self, loop: Loop) -> None:
        loop.worker.body = [LARGE]
        client = loop.client()
        client.sendall(REQUEST)
        loop.turn()
        loop.answer()
        client.close()
        loop.turn()
        assert loop.worker.nr_conns == 0


class TestLastConnections:
    def answered(self, loop: Loop) -> socket.socket:
        """A client that has its last answer."""
        client = loop.client()
        client.sendall(REQUEST)
        loop.turn()
        loop.answer(is_last=True)
        assert b"Connection: close\r\n" in client.recv(9999)
        assert closed(client)
        return client

    def test_end_when_the_client_closes_its_side(self, loop: Loop) -> None:
        client = self.answered(loop)
        client.sendall(b"more")
        loop.turn()
        assert loop.worker.nr_conns == 1
        client.close()
        loop.turn()
        assert loop.worker.nr_conns == 0

    def test_end_after_a_while_otherwise(self, loop: Loop, clock: Clock) -> None:
        self.answered(loop)
        clock.sleep(LINGER)
        loop.turn()
        assert loop.worker.nr_conns == 0

    def test_end_when_the_client_sends_without_end(self, loop: Loop) -> None:
        client = self.answered(loop)
        with suppress(ConnectionError):
            for _ in range(2 * MOST_DISCARDED // 1024):
                client.sendall(bytes(1024))
                loop.turn()
        assert loop.worker.nr_conns == 0


class TestRoom:
    def test_is_made_by_those_that_have_waited_longest_for_a_request(self, loop: Loop, clock: Clock) -> None:
        kept, half, new = loop.client(), loop.client(), loop.client()
        half.sendall(REQUEST[:9])
        kept.sendall(REQUEST)
        loop.turn()
        loop.answer()
        for expected in ([True, False, False], [True, True, False], [True, True, True]):
            loop.connections.make_room()
            gone = [client.fileno() < 0 or hung_up(client) for client in (kept, half, new)]
            assert gone == expected
        loop.connections.make_room()

    def test_is_made_once_by_a_connection_that_has_just_sent_something(self, loop: Loop) -> None:
        loop.client().sendall(REQUEST)
        ((key, _),) = loop.worker.poller.select(1)
        loop.connections.make_room()
        key.data(key.fileobj)  # as the poller does in the same round
        assert loop.worker.nr_conns == 0

    def test_is_not_made_by_those_that_are_answered(self, loop: Loop) -> None:
        loop.client().sendall(REQUEST)
        loop.turn()
        loop.connections.make_room()
        assert loop.worker.nr_conns == 1


def hung_up(client: socket.socket) -> bool:
    """Whether the other end is closed; takes no byte of an answer."""
    client.setblocking(False)
    try:
        while client.recv(9999):
            pass
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    return True


def test_counts_new_ones_as_busy_for_a_moment(loop: Loop, clock: Clock) -> None:
    loop.client()
    assert loop.connections.waiting == 0
    clock.sleep(2 * NEW)
    assert loop.connections.waiting == 1


def test_gives_requests_a_moment_when_the_worker_stops(loop: Loop, clock: Clock) -> None:
    half, new, slow = loop.client(), loop.client(), loop.client()
    half.sendall(REQUEST[:9])
    slow.sendall(REQUEST[:9])
    loop.turn()
    loop.connections.stop(2)
    slow.sendall(REQUEST[9:])
    loop.turn()
    loop.answer()
    assert slow.recv(9999).startswith(b"HTTP/1.1 200 OK\r\n")
    clock.sleep(2)
    loop.turn()
    assert closed(half)
    assert closed(new)


def test_forgets_a_connection_that_was_reset(loop: Loop) -> None:
    ours, client = socket.socketpair()
    loop.connections.open(ours, "", "")
    ours.send(b"x")
    client.close()  # with a byte that was not read: a reset
    loop.turn()
    assert loop.worker.nr_conns == 0


def test_survives_what_the_application_cannot_close(loop: Loop) -> None:
    class Body(list[bytes]):
        def close(self) -> None:
            raise ValueError("not mine")

    loop.worker.body = Body([LARGE])
    client = loop.client()
    client.sendall(REQUEST)
    loop.turn()
    loop.answer()
    client.close()
    loop.turn()
    assert loop.worker.nr_conns == 0
    assert loop.worker.log.errors == ["a response could not be closed"]
    loop.worker.log.errors.clear()
