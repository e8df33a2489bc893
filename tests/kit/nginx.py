"""The real nginx with deploy/nginx/dalleserver.conf before a real gunicorn on a unix socket.

When root runs the tests, nginx's workers are www-data and the service is not: as on a server, whatever nginx sends
from the disk must be readable for another user.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from tests.kit.http import Client
from tests.kit.ports import free_port
from tests.kit.program import Program
from tests.kit.repository import ROOT
from tests.kit.service import Service

CONF, HOSTS_CONF = "deploy/nginx/dalleserver.conf", "deploy/nginx/dalleserver-cluster.conf"
RECIPES = "deploy/nginx/dalleserver"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")

MAIN = """\
{user}
daemon off;
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
    """A folder with everything of one service, open to other users; not below pytest's, which are not.

    root: the tree whose code and configuration are run.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.folder = Path(tempfile.mkdtemp(prefix="dalle-front-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.output = self.data / "output"
        self.output.mkdir(parents=True)
        self.recipes = self.folder / "dalleserver"
        self.socket = self.folder / "http.sock"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def service(self, *, port: int = 0, variables: dict[str, str] | None = None, **settings: Any) -> Service:
        """What nginx sends requests to; with a `port` it listens there too."""
        bind = f"unix:{self.socket}" + (f",127.0.0.1:{port}" if port else "")
        return Service(self.folder, variables=variables, root=self.root, **{"BIND": bind, "PROXY_HOPS": 1, **settings})

    def users(self, **passwords: str) -> None:
        """Writes the file of those whom nginx knows."""
        lines = [f"{name}:{{PLAIN}}{password}\n" for name, password in passwords.items()]
        (self.folder / "dalleserver.htpasswd").write_text("".join(lines))

    def recipe(self, name: str, text: str) -> None:
        """Writes a recipe as an operator changes it, or what one includes."""
        self.recipes.mkdir(exist_ok=True)
        (self.recipes / f"{name}.conf").write_text(text)

    def behind(self) -> tuple[str, dict[str, str]]:
        """The delivered file, and its places for what is behind nginx."""
        places = {
            "server unix:/run/dalleserver/http.sock;": f"server unix:{self.socket};",
            "root /var/lib/dalleserver/output;": f"root {self.output};",
        }
        return CONF, places

    def conf(self, changes: dict[str, str]) -> str:
        """The delivered file with its places put in; every change must find its line."""
        name, places = self.behind()
        text = (self.root / name).read_text()
        places |= {
            "listen 80;": f"listen 127.0.0.1:{self.port};",
            "    listen [::]:80;\n": "",
            "/var/log/nginx/dalleserver.log": f"{self.folder}/access.log",
            "root /usr/share/dalleserver/static;": f"root {self.root}/static;",
        }
        for old, new in {**places, **changes}.items():
            assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
            text = text.replace(old, new)
        return text


class HostsPlace(Place):
    """A folder with everything of nginx before two hosts, which listen on these ports."""

    def __init__(self, *ports: int) -> None:
        super().__init__()
        self.ports = ports

    def behind(self) -> tuple[str, dict[str, str]]:
        servers = (f"server app-{number}:8080;" for number in (1, 2))
        return HOSTS_CONF, {
            server: f"server 127.0.0.1:{port};" for server, port in zip(servers, self.ports, strict=True)
        }


class Nginx(Program):
    """nginx before the service of `place`; `changes` (old text → new) to the delivered configuration.

    recipes: names of files in the folder of recipes whose line is switched on.
    """

    def __init__(
        self,
        place: Place,
        changes: dict[str, str] | None = None,
        *,
        recipes: Sequence[str] = (),
        workers: int = 1,
        more: str = "",
    ) -> None:
        assert NGINX
        user = "user www-data;" if os.geteuid() == 0 else ""
        main = place.folder / "nginx.conf"
        main.write_text(MAIN.format(user=user, workers=workers, folder=place.folder, more=more))
        switched = {f"# include dalleserver/{name}.conf;": f"include dalleserver/{name}.conf;" for name in recipes}
        (place.folder / "dalleserver.conf").write_text(place.conf({**(changes or {}), **switched}))
        if recipes:
            place.recipes.mkdir(exist_ok=True)
            for name in recipes:
                if not (place.recipes / f"{name}.conf").exists():  # else a test's own
                    shutil.copy(place.root / RECIPES / f"{name}.conf", place.recipes)
        self.client = Client(place.url)
        command = [NGINX, "-p", str(place.folder), "-c", str(main), "-e", "stderr"]
        super().__init__(command, place.folder, os.environ, place.folder / "nginx.err")

    def wait_until_ready(self) -> None:
        """Anything comes back, be it an error."""
        self.wait_for(lambda: self.runs() and self.client.ask("/files/none.png"), "nginx to answer")
