"""gunicorn's settings. gunicorn.conf.py imports them, so that an installed wheel has them too."""

import math
from typing import Any

import openai as _openai  # noqa: F401 — imported before the fork, so that the workers share its 30 MB
import PIL.Image  # noqa: F401

from app.config import load

_config = load()

bind = _config.bind or f"{_config.host}:{_config.port}"
worker_class = "gthread"
workers = _config.workers
threads = _config.threads
timeout = 60
graceful_timeout = math.ceil(_config.graceful_timeout or _config.longest_run)
keepalive = 75
control_socket_disable = True
wsgi_app = "app.wsgi:application"
proc_name = "dalleserver"
limit_request_line = 8190


def when_ready(server: Any) -> None:
    """Say where the service is, now that it can be reached."""
    for listener in server.LISTENERS:
        server.log.info("dalleserver is ready: %s", listener)


def post_worker_init(worker: Any) -> None:
    """Bring the studio's threads to life: a worker recovers what was left behind before anybody asks."""
    worker.wsgi.extensions["dalle.studio"].start()


def worker_exit(server: Any, worker: Any) -> None:
    """Let the runs finish that are at work, and take no new ones."""
    studio = getattr(worker.wsgi, "extensions", {}).get("dalle.studio")
    if studio:
        studio.stop()
