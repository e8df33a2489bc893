"""gunicorn's settings. gunicorn.conf.py imports them, so that an installed wheel has them too."""

import logging.config
import math
import os
import signal
import sys
from typing import Any

import openai as _openai  # noqa: F401 — imported before the fork, so that the workers share its 30 MB
import PIL.Image  # noqa: F401
from gunicorn.glogging import Logger

from app import logs, tally
from app.config import load

_config = load()
_logging = logs.settings(level=_config.log_level, form=_config.log_format, secrets=[_config.api_key])


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's log, written as ours. The setting `logconfig_dict` would switch its access log on besides."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logging.config.dictConfig(_logging)


logger_class = ServerLog
bind = [place.strip() for place in (_config.bind or f"{_config.host}:{_config.port}").split(",")]
worker_class = "gthread"
workers = _config.workers
threads = _config.threads
timeout = 60  # of the main thread's heartbeat; a run in a pool does not stop it
graceful_timeout = math.ceil(_config.graceful_timeout or _config.longest_run)
keepalive = 75
control_socket_disable = True
wsgi_app = "app.wsgi:application"
proc_name = "dalleserver"
limit_request_line = 8190
secure_scheme_headers: dict[str, str] = {}  # who may say that a request came by TLS is TB_DALLE_PROXY_HOPS' to tell
backlog = 2048

OURS = ("app", "dalle")


def on_starting(server: Any) -> None:
    """Make the folder of this service's counters: once, since a reload does not come by here."""
    tally.make(uid=server.cfg.uid, gid=server.cfg.gid)


def when_ready(server: Any) -> None:
    """Say where the service is, now that it can be reached; from now on a second SIGTERM ends it at once."""
    asked: list[int] = []

    def terminate(number: int, frame: Any) -> None:
        server.signal(signal.SIGQUIT if asked else signal.SIGTERM, frame)
        asked.append(number)

    signal.signal(signal.SIGTERM, terminate)
    for listener in server.LISTENERS:
        server.log.info("dalleserver is ready: %s", listener)


def post_fork(server: Any, worker: Any) -> None:
    """Forget our own modules that these settings have imported: after HUP a worker has new code throughout."""
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]


def worker_int(worker: Any) -> None:
    """SIGQUIT or SIGINT: end at once. What runs is left to the next worker's recovery, as after a kill."""
    os._exit(0)


def post_worker_init(worker: Any) -> None:
    """Bring the studio's threads to life: a worker recovers what was left behind before anybody asks.

    A read-only server leaves that to others: it may not be able to write.
    """
    if _config.read_only:
        return
    studio = worker.wsgi.extensions["dalle.studio"]
    studio.start()
    stop = signal.getsignal(signal.SIGTERM)

    def close(number: int, frame: Any) -> None:
        """A stop waits for requests first; new runs are for the workers that stay."""
        studio.close()
        if callable(stop):
            stop(number, frame)

    signal.signal(signal.SIGTERM, close)


def child_exit(server: Any, worker: Any) -> None:
    """Keep what a worker that is gone had counted."""
    if folder := tally.folder():
        tally.bury(folder)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    if folder := tally.folder():
        tally.drop(folder)


def worker_exit(server: Any, worker: Any) -> None:
    """Let the runs finish that are at work, and take no new ones."""
    studio = getattr(worker.wsgi, "extensions", {}).get("dalle.studio")
    if studio:
        studio.stop()
