"""The real nginx with deploy/nginx/dalleserver.conf before a real gunicorn on a unix socket.

When root runs the tests, nginx's workers are www-data and the service is not: as on a server, whatever nginx sends
from the disk must be readable for another user.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.system.conftest import ROOT, free_port

CONF = ROOT / "deploy" / "nginx" / "dalleserver.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")

MAIN = """\
{user}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
pcre_jit on;
worker_rlimit_nofile 8192;
events {{ worker_connections 2048; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/dalleserver.conf;
    {more}
}}
"""


class Place:
    """A folder with everything of one service, open to other users; not below pytest's, which are not."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dalle-front-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.output = self.data / "output"
        self.output.mkdir(parents=True)
        self.socket = self.folder / "http.sock"
        self.log = self.folder / "gunicorn.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def environ(self, **settings: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TB_DALLE_", "OPENAI_"))}
        given = {
            "TB_DALLE_DATA_DIR": str(self.data),
            "TB_DALLE_BIND": f"unix:{self.socket}",
            "TB_DALLE_PROXY_HOPS": "1",
        }
        return {**kept, **given, **settings}

    def conf(self, changes: dict[str, str]) -> str:
        """The delivered file with its places put in; every change must find its line."""
        text = CONF.read_text()
        places = {
            "server unix:/run/dalleserver/http.sock;": f"server unix:{self.socket};",
            "listen 80;": f"listen 127.0.0.1:{self.port};",
            "    listen [::]:80;\n": "",
            "root /var/lib/dalleserver/output;": f"root {self.output};",
            "/var/log/nginx/dalleserver.log": f"{self.folder}/access.log",
            "root /usr/share/dalleserver/static;": f"root {ROOT}/static;",
        }
        for old, new in {**places, **changes}.items():
            assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {CONF.name}"
            text = text.replace(old, new)
        return text

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def service(place: Place, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """gunicorn, as it is really used; ended by SIGTERM."""
    with open(place.log, "ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"],
            cwd=ROOT,
            env=place.environ(**settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(place.socket.exists, process, place.log)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            finally:
                process.kill()


@contextmanager
def nginx(
    place: Place, changes: dict[str, str] | None = None, *, workers: int = 1, more: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """nginx before the service of `place`; `changes` (old text → new) to the delivered configuration."""
    assert NGINX
    root = os.geteuid() == 0
    main = MAIN.format(user="user www-data;" if root else "", workers=workers, folder=place.folder, more=more)
    (place.folder / "dalleserver.conf").write_text(place.conf(changes or {}))
    (place.folder / "nginx.conf").write_text(main)
    command = [NGINX, "-p", str(place.folder), "-c", str(place.folder / "nginx.conf"), "-e", "stderr"]
    log = place.folder / "nginx.err"
    with open(log, "ab") as output:
        process = subprocess.Popen([*command, "-g", "daemon off;"], stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(lambda: answers(place.url), process, log)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            finally:
                process.kill()


def answers(url: str) -> bool:
    """Whether anything, be it an error, comes back."""
    try:
        with urllib.request.urlopen(f"{url}/files/none.png", timeout=5):
            return True
    except urllib.error.HTTPError as error:
        with error:
            return True
    except OSError:
        return False


def wait_for(condition: object, process: subprocess.Popen[bytes], log: Path) -> None:
    assert callable(condition)
    for _ in range(300):
        with suppress(OSError):
            if condition():
                return
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(log.read_text())
