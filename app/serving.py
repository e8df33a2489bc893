"""gunicorn's settings. gunicorn.conf.py imports them, so that an installed wheel has them too."""

import gc
import logging.config
import math
import os
import signal
import sys
from contextlib import suppress
from types import ModuleType
from typing import Any

# Imported before the fork, so that the workers share them.
import openai as _openai  # noqa: F401 — 30 MB
import PIL.Image  # noqa: F401
from gunicorn.glogging import Logger

from app import logs
from app.config import ConfigError
from app.environment import load
from app.monitoring import access_log, multiprocess
from app.server import preflight
from app.web import factory as _factory  # noqa: F401 — Flask and our modules, likewise before the fork

try:
    _config = load()
except ConfigError as _exc:
    _exc.show()
    sys.exit(_exc.exit_code)
_ours: dict[str, ModuleType] = {}
_logging = logs.settings(
    level=_config.log_level,
    form=_config.log_format,
    secrets=[_config.api_key],
    current_request=access_log.request_id,
)


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's log, written as ours. The setting `logconfig_dict` would switch its access log on besides."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logging.config.dictConfig(_logging)
        # What no line shows need not be found out for each: caller, thread, multiprocessing's name ("Optimization" in
        # the logging HOWTO). 14 µs a line.
        logging._srcfile = None
        logging.logThreads = logging.logMultiprocessing = False


logger_class = ServerLog
bind = _config.bind_addresses
worker_class = "app.server.worker.Worker"  # of threads: "gthread", and its errors in our shape
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


def on_starting(server: Any) -> None:
    """Make the folder of this service's counters: once, since a reload does not come by here."""
    try:
        preflight.check_folder(_config)
    except ConfigError as exc:
        exc.show()
        sys.exit(exc.exit_code)
    multiprocess.make(uid=server.cfg.uid, gid=server.cfg.gid)


def when_ready(server: Any) -> None:
    """Say where the service is, now that it can be reached."""
    _lay_aside()
    _hear_stops(server)
    _mind_reloads(server)
    # What is imported by now stays: a collector that walks over it in each worker would copy its pages.
    gc.collect()
    gc.freeze()
    for listener in server.LISTENERS:
        server.log.info("dalleserver is ready: %s", listener)


def on_reload(server: Any) -> None:
    """The settings were read anew, and with them all of our modules."""
    _lay_aside()


def _lay_aside() -> None:
    """Let the master forget our modules, so that the next reload reads them from the disk.

    Those of others stay: the workers share them, and a new version of one needs a restart.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] in ("app", "dalle")]:
        _ours[name] = sys.modules.pop(name)


def post_fork(server: Any, worker: Any) -> None:
    """Take up what was laid aside: workers share our modules too, and one that comes later has the same as the rest."""
    sys.modules.update(_ours)


def _hear_stops(server: Any) -> None:
    """End at once on SIGQUIT and on a second SIGTERM or SIGINT: recovery does the rest.

    gunicorn passes SIGQUIT on and waits for the workers as long as for a graceful stop; during a reload it listens to
    nobody. A worker between its fork and its own handlers would put a signal into a queue that nobody reads.
    """
    master = os.getpid()
    stops = 0

    def stop(number: int, frame: Any) -> None:
        nonlocal stops
        if os.getpid() != master:
            os._exit(0)
        stops += 1
        if number != signal.SIGQUIT and stops == 1:
            server.SIG_QUEUE.put_nowait(signal.SIGTERM)
            return
        server.num_workers = 0
        server.cfg.set("graceful_timeout", 1)
        server.SIG_QUEUE.put_nowait(signal.SIGQUIT)
        for pid in list(server.WORKERS):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, stop)


def _mind_reloads(server: Any) -> None:
    """Go on as before when a reload finds settings that are wrong: gunicorn would end the service."""
    reload = server.handle_hup

    def handle() -> None:
        try:
            load()
        except ConfigError as exc:
            server.log.error("not reloaded, the service goes on as it was: %s", exc)
        else:
            reload()

    server.handle_hup = handle


def _end(number: int, frame: Any) -> None:
    """End this worker without a look back; gunicorn's own handler waits for locks that it may hold itself."""
    os._exit(0)


# How long a thread may keep the interpreter while another one waits for it. Python's own 5 ms are for fewer changes; a
# poll changes threads at each of its system calls, and waited for a painting one each time. Measured, six rounds by
# turns: p99 of polls beside two jobs 35 ms with 5 ms, 25 ms with 0.5; without jobs 16 and 12; the throughput is the
# same.
SWITCH_SECONDS = 0.0005


def post_worker_init(worker: Any) -> None:
    """Bring the studio's threads to life: a worker recovers what was left behind before anybody asks.

    A read-only server leaves that to others: it may not be able to write. A terminal sends SIGINT to all processes:
    here it is the same as SIGTERM, as it is for the master.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    signal.signal(signal.SIGQUIT, _end)
    signal.signal(signal.SIGINT, signal.getsignal(signal.SIGTERM))
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

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, close)


def child_exit(server: Any, worker: Any) -> None:
    """Keep what a worker that is gone had counted. An exception in here would end the master."""
    if folder := multiprocess.folder():
        try:
            multiprocess.merge_dead(folder)
        except OSError as exc:
            server.log.error("what a worker had counted is left for the next worker's end: %s", exc)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    if folder := multiprocess.folder():
        multiprocess.drop(folder)


def worker_exit(server: Any, worker: Any) -> None:
    """Let the runs finish that are at work, and take no new ones."""
    studio = getattr(getattr(worker, "wsgi", None), "extensions", {}).get("dalle.studio")
    if studio:
        studio.stop()
