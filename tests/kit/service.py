"""The one starter of services."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.kit.environment import environment
from tests.kit.http import Answer, Client
from tests.kit.ports import free_port
from tests.kit.program import Program
from tests.kit.repository import ROOT

# Before a command: permissions count for it even when root runs the tests, who else may write everywhere.
BOUND = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


class Service(Program):
    """gunicorn with our settings, which are named without their prefix; `variables` are others of the environment.

    folder: its working folder; its data folder is `data` below, unless DATA_DIR says otherwise.
    command: another command that starts it; then `url` says where, unless it listens where PORT or BIND say.
    root: the tree whose code it runs. settings_file: where gunicorn finds ours.
    """

    def __init__(
        self,
        folder: Path,
        *,
        command: Sequence[str] = (),
        prefix: Sequence[str] = BOUND[:0],
        url: str = "",
        variables: Mapping[str, str] | None = None,
        root: Path = ROOT,
        settings_file: str = "",
        **settings: Any,
    ) -> None:
        settings = {"WORKERS": 2, "DATA_DIR": folder / "data", **settings}
        self.data = Path(settings["DATA_DIR"] or folder / "data")
        if not url and not settings.get("BIND"):
            settings.setdefault("PORT", free_port())
        first = str(settings.get("BIND") or f"127.0.0.1:{settings.get('PORT')}").partition(",")[0]
        self.url = url or (first if first.startswith("unix:") else f"http://{first}")
        self.client = Client(self.url)
        self.settings = settings
        command = command or (sys.executable, "-m", "gunicorn", "-c", settings_file or str(root / "gunicorn.conf.py"))
        environ = {"PYTHONPATH": str(root), **environment(variables, **settings)}
        super().__init__([*prefix, *command], folder, environ, folder / "service.log")

    def wait_until_ready(self) -> None:
        """It answers, with all of its workers: the first one may answer before the others are there."""
        self.wait_for(lambda: self.runs() and self.is_alive(), "the service to answer")
        if workers := self.settings["WORKERS"]:
            self.wait_for(lambda: len(self.workers()) == workers, "all of its workers")

    def is_alive(self) -> bool:
        return self.ask("/health?check=liveness").status == 200

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return self.client.ask(path, method, None, timeout=60, **headers)

    @property
    def port(self) -> int:
        port = urlsplit(self.url).port
        assert port
        return port

    def workers(self) -> list[int]:
        return self.children()

    def reload(self) -> None:
        self.send_signal(signal.SIGHUP)
