"""A real PostgreSQL on a port of its own: one for each process that runs tests, with a database for each test."""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from tests.kit.lan import Place
from tests.kit.ports import free_port
from tests.kit.program import Program

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
BIN = next((folder for folder in FOLDERS if (folder / "initdb").exists()), None)
SUPERUSER, ROLE = "postgres", "dalle"
SETTINGS = {
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "fsync": "off",  # of this machine's disk; a crash of the server alone loses nothing that the kernel has
    "autovacuum_naptime": "10s",
}
EVERYBODY = "host all all all trust\nhost replication all all trust\n"
HAS_ROLE = "SELECT 1 FROM pg_roles WHERE rolname = 'dalle'"
NOT_HERE = "PostgreSQL, or psycopg with its pool, is not installed"
ENDING = ["--pdeathsig", "QUIT"]
"""A process of tests that is killed does not leave its server behind."""
_numbers = count(1)


class Postgres(Program):
    """A server with an empty cluster, owned by the user postgres when root runs the tests.

    place: where it runs; everybody on its lan may log in. primary: whose standby it is. `settings` beside the usual.
    """

    def __init__(self, place: Place | None = None, primary: "Postgres | None" = None, **settings: str) -> None:
        assert BIN
        self.top = Path(tempfile.mkdtemp(prefix="dalle-postgres-"))
        self.port = free_port()
        self.host = place.address if place else "127.0.0.1"
        self._prefix = place.prefix if place else []
        self._own_by_postgres()
        if primary:
            self._copy(primary)
        else:
            self._initialise()
            with (self.data / "pg_hba.conf").open("a") as file:
                file.write(EVERYBODY if place else "")
        given = {"listen_addresses": self.host, **SETTINGS, **settings}
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        command = [*self._prefix, *unprivileged(), str(BIN / "postgres"), "-D", str(self.data)]
        command += ["-p", str(self.port), *options]
        super().__init__(command, self.top, {**os.environ, "LC_ALL": "C"}, self.top / "log")

    @property
    def data(self) -> Path:
        return self.top / "data"

    def url(self, database: str, user: str = ROLE) -> str:
        return f"postgresql://{user}@{self.host}:{self.port}/{database}"

    def wait_until_ready(self) -> None:
        self.wait_for(self._answers, "PostgreSQL to answer")
        if not self.sql(HAS_ROLE):
            self.sql(f"CREATE ROLE {ROLE} LOGIN")

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as the superuser."""
        import psycopg  # noqa: PLC0415 - where it is not installed, nobody asks for a server

        with psycopg.connect(self.url(database, SUPERUSER), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def new_database(self, template: str = "template0") -> str:
        """Make a database that belongs to the role; return its name."""
        name = f"t{os.getpid()}_{next(_numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {ROLE} STRATEGY file_copy")
        return name

    def is_followed(self) -> bool:
        """Return whether a standby has all that this server has."""
        statement = "SELECT pg_current_wal_lsn() = replay_lsn FROM pg_stat_replication WHERE state = 'streaming'"
        return self.sql(statement) == [(True,)]

    def wait_for_standby(self, *, on: bool) -> None:
        """Let what is durable wait until a standby has it too, or do not."""
        self.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{'*' if on else ''}'")
        self.sql("SELECT pg_reload_conf()")

    def promote(self) -> None:
        self.sql("SELECT pg_promote()")

    def stop_at_once(self) -> None:
        """As `pg_ctl -m immediate`, or a power cut of the machine but for its disk."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)

    def kill_at_once(self) -> None:
        """kill -9 of all its processes: nothing is written any more that was not."""
        for pid in self._all():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(30)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let all its processes stand still: connections stay open, and nothing is answered."""
        pids = self._all()
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def _all(self) -> list[int]:
        return [self.process.pid, *self.children()]

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.top, ignore_errors=True)

    def _own_by_postgres(self) -> None:
        if not os.geteuid():
            entry = pwd.getpwnam(SUPERUSER)
            os.chown(self.top, entry.pw_uid, entry.pw_gid)

    def _initialise(self) -> None:
        assert BIN
        options = ["-D", str(self.data), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        command = [*unprivileged(), str(BIN / "initdb"), *options]
        subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=self.top)

    def _copy(self, primary: "Postgres") -> None:
        options = ["-h", primary.host, "-p", str(primary.port), "-U", SUPERUSER, "-D", str(self.data), "--no-sync"]
        assert BIN
        command = [*self._prefix, *unprivileged(), str(BIN / "pg_basebackup"), *options, "-R", "-c", "fast"]
        subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=self.top)

    def _answers(self) -> bool:
        import psycopg  # noqa: PLC0415 - as above

        try:
            return self.sql("SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            return False


def unprivileged() -> list[str]:
    """Return what a command begins with that root may not run; it ends with the process that starts it."""
    if os.geteuid():
        return ["setpriv", *ENDING, "--"]
    return ["setpriv", f"--reuid={SUPERUSER}", f"--regid={SUPERUSER}", "--clear-groups", *ENDING, "--"]


def is_here() -> bool:
    """Return whether PostgreSQL and its client are installed."""
    return BIN is not None and find_spec("psycopg") is not None and find_spec("psycopg_pool") is not None


@cache
def server() -> Postgres:
    """Return the server of this process, which ends with it; it has the role and an empty database as a template."""
    postgres = Postgres()
    atexit.register(postgres.remove)
    postgres.start()
    postgres.wait_until_ready()
    return postgres


@contextmanager
def database(template: str = "template0") -> Iterator[str]:
    """Yield the name of a new database, which belongs to the role and is dropped at the end."""
    name = server().new_database(template)
    try:
        yield name
    finally:
        server().sql(f"DROP DATABASE {name} WITH (FORCE)")
