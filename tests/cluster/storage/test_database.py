"""What the database promises of itself, and what becomes of transactions that are cut off."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg
import pytest

from dalle.storage.protocol import Busy, ClaimLost, StorageError
from tests.cluster.storage.engine import ClusterEngine, ClusterTests, Shifted, open_cluster, template
from tests.kit import postgres
from tests.kit.dying_client import StoppingAtQuestion
from tests.kit.fakes import attempt
from tests.kit.processes import Child, sleep, state_of
from tests.kit.waiting import wait
from tests.service.storage.suites.engine import CAPACITY, KEY, OTHER, TTL, Opener, journal, picture, put_picture, report

HOUR = 3600.0
IDLE = 1.0
LEASE = 60.0
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'dalle' AND datname = current_database()"
"""Ends all sessions of the engine."""
OWN = "SELECT pg_backend_pid()"
CANCEL_WAITS = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"

from dalle.storage.cluster import schema  # noqa: E402 - after the check for psycopg
from dalle.storage.cluster.database.database import Database, Limits  # noqa: E402
from dalle.storage.cluster.engine import ClusterSettings  # noqa: E402
from dalle.storage.cluster.schema import Schema, steps  # noqa: E402


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[ClusterEngine]:
    with postgres.database(template()) as name:
        engine = ClusterEngine(name, tmp_path, limits=Limits(idle=IDLE, lock=10))
        yield engine
        engine.close()


def elsewhere(engine: ClusterEngine, tmp_path: Path) -> Opener:
    """Return what opens the same data on another host."""
    settings = replace(engine.settings, folder=tmp_path / "other host")

    def opened() -> "object":
        storage = open_cluster(settings, engine.clock)
        engine.opened.append(storage)
        return storage

    return opened  # type: ignore[return-value]


def saving(pipe: Connection, opener: Opener) -> None:
    """Stop inside of an entry, and send what came of it."""
    try:
        with opener().guard(KEY) as entry:
            entry.save(journal("slept"))
            pipe.send(os.getpid())
            pipe.recv()
        pipe.send("saved")
    except StorageError:
        pipe.send("refused")


def claiming(pipe: Connection, opener: Opener) -> None:
    assert opener().claim(KEY)
    pipe.send("claimed")
    sleep(pipe)


def migrating(pipe: Connection, url: str) -> None:
    pipe.send("ready")
    pipe.recv()
    pipe.send([step.number for step in Schema(Database(url)).migrate()])


# -- constraints -----------------------------------------------------------------------------------------------


def test_refuses_a_second_paid_call_of_a_key_while_one_is_open(engine: ClusterEngine) -> None:
    one, two = attempt(), attempt(number=2)
    with engine.storage.guard(KEY) as entry:
        entry.save(journal("run1", attempts=[one]))

    def call_again() -> None:
        with engine.storage.guard(KEY) as entry:
            entry.save(journal("run1", attempts=[one, two]), durable=True)
            entry.show(report("run1"))

    with pytest.raises(StorageError):
        call_again()
    read = engine.open().journal(KEY)
    assert read
    assert (len(read.attempts), engine.open().look(KEY).report) == (1, b"")
    with engine.storage.guard(KEY) as entry:
        entry.save(journal("run1", attempts=[replace(one, outcome="unknown"), two]))
    with engine.storage.guard(OTHER) as entry:
        entry.save(journal("run1", OTHER, attempts=[one]))


def test_takes_a_paid_call_of_a_key_whose_journal_was_damaged(engine: ClusterEngine) -> None:
    with engine.storage.guard(KEY) as entry:
        entry.save(journal("run1", attempts=[attempt()]))
    engine.damage_journal(KEY)
    with engine.storage.guard(KEY) as entry:
        assert entry.quarantine_journal(journal("run2"))
    with engine.storage.guard(KEY) as entry:
        entry.save(journal("run2", attempts=[attempt(run_id="run2")]))
    read = engine.storage.journal(KEY)
    assert read
    assert read.run_id == "run2"


# -- transactions ----------------------------------------------------------------------------------------------


def test_writes_nothing_of_a_process_that_stood_still_in_an_entry(engine: ClusterEngine) -> None:
    with Child(saving, engine.opener) as child:
        pid = child.receive()
        os.kill(pid, signal.SIGSTOP)
        with engine.storage.guard(KEY) as entry:  # waits until the server ends the silent session
            entry.save(journal("run1"))
        os.kill(pid, signal.SIGCONT)
        child.send("go on")
        assert child.receive() == "refused"
    assert engine.storage.journal(KEY) == journal("run1")


def failing(pipe: Connection, opener: Opener, number: int) -> None:
    """Stop at the nth moment of a commit that fails on its way to the server."""
    storage = opener()
    pipe.send(os.getpid())
    StoppingAtQuestion(number)()
    with suppress(StorageError), storage.guard(KEY) as entry:
        entry.save(journal("stopped"), durable=True)
        entry.note_failure("no text has a \0", 1)
    sys.setprofile(None)


def test_keeps_nothing_for_a_process_that_stood_still_in_a_commit_that_failed(engine: ClusterEngine) -> None:
    for number in count(1):
        with Child(failing, engine.opener, number) as child:
            pid = child.receive()
            if wait(lambda pid=pid: state_of(pid) in "TZ" and state_of(pid)) == "Z":
                break
            with engine.storage.guard(KEY) as entry:
                entry.save(journal(f"run{number}"))
    assert number > 5
    read = engine.storage.journal(KEY)
    assert read
    assert read.run_id == f"run{number - 1}"


def test_ends_a_session_that_stands_still_where_no_timer_runs(engine: ClusterEngine) -> None:
    """As that of a process which was stopped while it sent a part of a commit."""
    storage = open_cluster(replace(engine.settings, limits=Limits(idle=IDLE, lock=IDLE)), engine.clock)
    engine.opened.append(storage)
    with closing(psycopg.connect(engine.settings.database, autocommit=True)) as stopped:
        stopped.pgconn.enter_pipeline_mode()
        for statement in ("BEGIN", f"SELECT enter_key('{KEY.series}', '{KEY.address}', true)"):
            stopped.pgconn.send_query_params(statement.encode(), None)
        stopped.pgconn.send_flush_request()
        stopped.pgconn.flush()

        def is_free() -> bool:
            with storage.guard(KEY) as entry:
                entry.save(journal("run1"))
            return True

        wait(is_free, "the key to be free")


def test_says_that_it_is_not_known_whether_a_standby_has_a_commit(tmp_path: Path) -> None:
    """A server that an operator lets wait for it no longer commits, with no more than a warning."""
    with ExitStack() as stack:
        primary = stack.enter_context(closing_server(postgres.Postgres()))
        standby = stack.enter_context(closing_server(postgres.Postgres(primary=primary)))
        name = primary.new_database()
        engine = ClusterEngine(name, tmp_path, url=primary.url(name))
        primary.wait_for_standby(on=True)

        def save(run_id: str, *, durable: bool) -> None:
            with engine.storage.guard(KEY) as entry:
                entry.save(journal(run_id), durable=durable)

        save("run1", durable=True)
        with standby.frozen(), ThreadPoolExecutor(1) as threads:
            save("run2", durable=False)
            saved = threads.submit(save, "run3", durable=True)
            wait(lambda: primary.sql(CANCEL_WAITS) or saved.done(), "a commit to wait")
            with pytest.raises(StorageError):
                saved.result()
        save("run4", durable=True)
        engine.close()


@contextmanager
def closing_server(server: postgres.Postgres) -> Iterator[postgres.Postgres]:
    server.start()
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.remove()


@pytest.mark.parametrize("moment", ["body", "commit"])
def test_raises_where_the_session_was_ended_in_an_entry(engine: ClusterEngine, moment: str) -> None:
    with engine.storage.guard(KEY) as entry:
        entry.save(journal("run1"))

    def cut_off() -> None:
        with engine.storage.guard(KEY) as entry:
            entry.save(journal("run2"))
            engine.sql(END)
            if moment == "body":
                entry.report()

    with pytest.raises(StorageError):
        cut_off()
    assert engine.open().journal(KEY) == journal("run1")


def test_goes_on_after_a_restart_of_the_database(engine: ClusterEngine) -> None:
    put_picture(engine.storage, KEY, picture(1))
    with engine.storage.guard(KEY) as entry:
        entry.save(journal("run1"), durable=True)
        entry.show(report("run1"))
    server = postgres.server()
    server.stop_at_once()
    with pytest.raises(StorageError), engine.storage.guard(OTHER) as entry:
        entry.save(journal("run1", OTHER))
    look = engine.storage.look(KEY)
    assert look.picture
    look.picture.close()
    server.start()
    server.wait_until_ready()
    fresh = engine.open()
    assert fresh.journal(KEY) == journal("run1")
    with fresh.guard(KEY) as entry:
        assert entry.report() == b""  # reports do not survive a crash: they are derived from the journal
        entry.show(report("run1"))
    again = fresh.look(KEY)
    assert again.picture
    again.picture.close()


def test_reads_again_where_a_session_ended_and_says_what_is_refused(engine: ClusterEngine) -> None:
    for storage in (engine.storage, engine.open()):
        assert storage.tickets() == []
        engine.sql(END)
        assert storage.tickets() == []
    with pytest.raises(StorageError, match="does not exist"):
        engine.storage.database.read("SELECT nothing FROM nowhere")


def test_keeps_its_connections_while_a_statement_takes_long(engine: ClusterEngine) -> None:
    ((before,),) = engine.storage.database.read(OWN)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(engine.storage.database.read, "SELECT pg_sleep(2.5)")
        wait(slow.done, "the statement to end")
    assert slow.result()
    assert before in {row[0] for _ in range(3) for row in engine.storage.database.read(OWN)}


def test_leaves_a_server_that_may_not_be_written_to_any_more(engine: ClusterEngine) -> None:
    """As a primary that became the standby of another, where the URL names both."""
    url = f"{engine.settings.database}?target_session_attrs=read-write"
    storage = open_cluster(replace(engine.settings, database=url), engine.clock)
    engine.opened.append(storage)
    with storage.guard(KEY) as entry:
        entry.save(journal("run1"))
    ((before,),) = storage.database.read(OWN)
    engine.sql(f"ALTER DATABASE {engine.database} SET default_transaction_read_only = on")
    storage.database.run("SET default_transaction_read_only = on")
    with pytest.raises(StorageError), storage.guard(KEY) as entry:
        entry.save(journal("run2"))
    postgres.server().sql(f"ALTER DATABASE {engine.database} RESET default_transaction_read_only")

    def is_written() -> bool:
        with storage.guard(KEY) as entry:
            entry.save(journal("run3"))
        return True

    wait(is_written, "a server that may be written to")
    assert storage.database.read(OWN) != [(before,)]


def test_is_used_by_a_process_and_those_that_it_forks(engine: ClusterEngine) -> None:
    with engine.storage.guard(KEY) as entry:
        entry.save(journal("run1"))
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            with engine.storage.guard(OTHER) as entry:
                entry.save(journal("run1", OTHER))
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0
    assert engine.storage.journal(OTHER) == journal("run1", OTHER)
    assert engine.storage.journal(KEY) == journal("run1")


def test_waits_for_no_connection_of_a_thread_that_decides(engine: ClusterEngine) -> None:
    """As many threads as connections are inside of entries, and each reads something beside it."""
    storage = open_cluster(replace(engine.settings, connections=2), engine.clock)
    engine.opened.append(storage)

    def decide(number: int) -> bool:
        with storage.guard((KEY, OTHER)[number]) as entry:
            entry.show(report(str(number)))
            return storage.documents.read("averages") == {} and storage.now_ns() > 0

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(decide, [0, 1] * 5)) == [True] * 10


# -- hosts -----------------------------------------------------------------------------------------------------


def test_leaves_the_claim_of_a_killed_process_to_its_own_host_first(engine: ClusterEngine, tmp_path: Path) -> None:
    other = elsewhere(engine, tmp_path)()
    with Child(claiming, engine.opener) as child:
        assert child.receive() == "claimed"
        child.kill()
    assert not engine.storage.is_claimed(KEY)
    assert other.is_claimed(KEY)
    assert other.claim(KEY) is None
    engine.advance(TTL + 1)
    claim = other.claim(KEY)
    assert claim
    assert claim.taken_over


def test_publishes_nothing_from_a_host_that_was_given_up(engine: ClusterEngine, tmp_path: Path) -> None:
    other = elsewhere(engine, tmp_path)()
    first = engine.storage.claim(KEY)
    assert first
    engine.advance(TTL + 1)
    second = other.claim(KEY)
    assert second
    with pytest.raises(ClaimLost), first.held() as entry:
        entry.save(journal("late"))
    with pytest.raises(ClaimLost):
        first.renew(report("late"))
    assert (other.journal(KEY), other.look(KEY).report) == (None, b"")
    assert other.is_claimed(KEY, second.token)


@pytest.mark.parametrize("skew", [-HOUR, HOUR])
def test_asks_no_host_for_the_time(engine: ClusterEngine, tmp_path: Path, skew: float) -> None:
    clock = Shifted(engine.clock.seconds + skew)
    other = open_cluster(replace(engine.settings, folder=tmp_path / "other host"), clock)
    engine.opened.append(other)
    assert abs(other.now_ns() - engine.storage.now_ns()) < 5 * 10**9
    claim = other.claim(KEY)
    assert claim
    assert TTL - 10 < claim.remaining() <= TTL
    assert engine.storage.is_claimed(KEY)
    with engine.storage.guard(OTHER) as entry:
        first, _ = entry.enqueue("run1")
    with other.guard(KEY) as entry:
        assert entry.enqueue("run2")[0] > first


def test_leaves_a_name_to_others_when_its_holder_is_silent(engine: ClusterEngine, tmp_path: Path) -> None:
    other = elsewhere(engine, tmp_path)()
    with engine.storage.exclusive("sweep"):
        with pytest.raises(Busy), other.exclusive("sweep", wait=False):
            pass
        engine.advance(2 * LEASE + 1)
        with other.exclusive("sweep", wait=False), pytest.raises(Busy), engine.open().exclusive("sweep", wait=False):
            pass


def test_does_not_wait_for_itself_when_a_name_could_not_be_given_back(engine: ClusterEngine) -> None:
    server = postgres.server()
    with engine.storage.exclusive("sweep"):
        server.stop_at_once()
    server.start()
    server.wait_until_ready()
    wait(lambda: engine.storage.tickets() == [], "the database to be used again")
    other = engine.open()
    with engine.storage.exclusive("sweep", wait=False), pytest.raises(Busy), other.exclusive("sweep", wait=False):
        pass
    with other.exclusive("sweep", wait=False):
        pass


def test_makes_its_tables_once_when_hosts_start_together() -> None:
    with postgres.database() as name:
        url = postgres.server().url(name)
        children = [Child(migrating, url) for _ in range(3)]
        with children[0], children[1], children[2]:
            for child in children:
                assert child.receive() == "ready"
            for child in children:
                child.send("go")
            applied = [number for child in children for number in child.receive()]
        numbers = [step.number for step in steps()]
        database = Database(url)
        assert (sorted(applied), Schema(database).applied(), Schema(database).missing()) == (numbers, numbers, [])
        assert Schema(database).status() == [(step.name, True) for step in steps()]
        database.close()


def test_takes_the_time_that_a_step_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in steps():
        shutil.copy(step.path, tmp_path)
    (tmp_path / "9000_slow.sql").write_text("CREATE TABLE slow (); SELECT pg_sleep(2);")
    monkeypatch.setattr(schema, "FOLDER", tmp_path)
    hasty = Limits(statement=0.5, lock=0.5, idle=0.5)
    with postgres.database() as name, ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        hosts = [Database(postgres.server().url(name), limits=hasty) for _ in range(2)]
        for host in hosts:
            stack.callback(host.close)
        applied = [step for done in pool.map(lambda host: Schema(host).migrate(), hosts) for step in done]
        assert sorted(step.number for step in applied) == [step.number for step in steps()]


def test_waits_for_no_table_while_it_makes_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "9000_next.sql").write_text("ALTER TABLE keys ADD COLUMN next text")
    with postgres.database(template()) as name, ExitStack() as stack:
        monkeypatch.setattr(schema, "FOLDER", tmp_path)
        reader, host = (Database(postgres.server().url(name), limits=Limits(lock=lock)) for lock in (10, 0.5))
        stack.callback(reader.close)
        stack.callback(host.close)
        with reader.begin() as transaction:
            transaction.run("SELECT 1 FROM keys")
            with pytest.raises((StorageError, Busy)):
                Schema(host).migrate()
        assert [step.number for step in Schema(host).migrate()] == [9000]


def test_says_what_its_tables_lack(tmp_path: Path) -> None:
    with postgres.database() as name:
        settings = ClusterSettings(
            database=postgres.server().url(name), bucket=f"file://{tmp_path}/bucket", folder=tmp_path, capacity=CAPACITY
        )
        storage = open_cluster(settings, Shifted())
        findings = {finding.check: finding for finding in storage.examine(read_only=False)}
        assert findings["database"].level == "ok"
        assert (findings["schema"].level, findings["schema"].todo) == ("error", "run 'dalleserver storage migrate'")
        storage.prepare()
        assert {finding.level for finding in storage.examine(read_only=False)} == {"ok"}
        storage.close()


def test_says_that_no_database_answers(tmp_path: Path) -> None:
    settings = ClusterSettings(
        database="postgresql://dalle@127.0.0.1:1/none", bucket=f"file://{tmp_path}/bucket", folder=tmp_path
    )
    (finding,) = open_cluster(settings, Shifted()).examine(read_only=False)
    assert (finding.check, finding.level) == ("database", "error")


class TestClusterConflicts(ClusterTests):
    def test_lets_one_of_many_entries_begin_a_run(self, engine: ClusterEngine) -> None:
        storages = [engine.storage, engine.open(), engine.open()]

        def begin(number: int) -> bool:
            with storages[number % 3].guard(KEY) as entry:
                if entry.ticket() or entry.journal():
                    return False
                entry.enqueue(f"run{number}")
                entry.save(journal(f"run{number}"))
                return True

        with ThreadPoolExecutor(6) as threads:
            assert sum(threads.map(begin, range(60))) == 1


PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"


def test_plans_a_question_once_where_that_is_asked_for(engine: ClusterEngine) -> None:
    database = Database(engine.settings.database, most=1)
    for _ in range(8):
        assert database.read("SELECT 1 + %s", (1,), prepared=True) == [(2,)]
        assert database.read("SELECT 2 + %s", (1,)) == [(3,)]
    assert database.read(PREPARED, ("SELECT 1 +%",)) == [(1,)]
    assert database.read(PREPARED, ("SELECT 2 +%",)) == [(0,)]
    database.run("DEALLOCATE ALL")  # as by a pooler that hands another session out
    assert database.read("SELECT 1 + %s", (1,), prepared=True) == [(2,)]
    database.close()


def test_asks_once_for_a_key_that_nothing_is_known_of(engine: ClusterEngine) -> None:
    assert engine.storage.look(KEY).is_unknown
    with engine.storage.guard(KEY) as entry:
        entry.save(journal("1" * 16))
    assert not engine.storage.look(KEY).is_unknown
    put_picture(engine.storage, OTHER, picture(0))
    look = engine.storage.look(OTHER)
    assert look.picture
    assert not look.is_unknown
    look.picture.close()
