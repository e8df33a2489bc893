"""A real pgbouncer in transaction mode before the PostgreSQL of this process."""

import atexit
import os
import pwd
import shutil
import socket
import tempfile
from functools import cache
from pathlib import Path

from tests.kit import postgres
from tests.kit.ports import free_port
from tests.kit.program import Program

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
NOT_HERE = "pgbouncer is not installed"
SETTINGS = """\
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 10
max_client_conn = 500
"""


class Pgbouncer(Program):
    """Passes each transaction on to whichever session of the server is free."""

    def __init__(self) -> None:
        assert PGBOUNCER
        folder = Path(tempfile.mkdtemp(prefix="dalle-pgbouncer-"))
        self.port = free_port()
        (folder / "users").write_text(f'"{postgres.ROLE}" ""\n')
        text = SETTINGS.format(server=postgres.server().port, port=self.port, folder=folder)
        (folder / "pgbouncer.ini").write_text(text)
        if not os.geteuid():
            entry = pwd.getpwnam(postgres.SUPERUSER)
            for path in (folder, *folder.iterdir()):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        command = [*postgres.unprivileged(), PGBOUNCER, str(folder / "pgbouncer.ini")]
        super().__init__(command, folder, os.environ, folder / "log")

    def url(self, database: str) -> str:
        return f"postgresql://{postgres.ROLE}@127.0.0.1:{self.port}/{database}"

    def wait_until_ready(self) -> None:
        self.wait_for(self._listens, "pgbouncer to listen")

    def _listens(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 1):
            return True

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def pooler() -> Pgbouncer:
    """Return the pooler of this process, which ends with it."""
    pgbouncer = Pgbouncer()
    atexit.register(pgbouncer.remove)
    pgbouncer.start()
    pgbouncer.wait_until_ready()
    return pgbouncer
