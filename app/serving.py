"""gunicorn's settings. gunicorn.conf.py imports them, so that an installed wheel has them too."""
# ruff: noqa: E402 — the garbage collector rests while all is imported

import gc

gc.disable()  # until `preload` is through: nothing of it is garbage, and looking for some takes a tenth of the start

import logging.config
import math
import mmap
import os
import signal
import sys
from contextlib import suppress
from types import ModuleType
from typing import Any

from gunicorn.glogging import Logger

from app import environment, logs, notices, privileges
from app.config import ConfigError
from app.monitoring import access_log, multiprocess
from app.server import preflight, preloading
from dalle.host import memory
from dalle.host.owner import own_name

try:
    _config = environment.load()
except ConfigError as _exc:
    _exc.show()
    sys.exit(_exc.exit_code)
preloading.preload(pays=_config.pays, announces=bool(_config.webhook_url))
_ours: dict[str, ModuleType] = {}
_logging = logs.settings(
    level=_config.log_level,
    form=_config.log_format,
    secrets=_config.secrets,
    current_request=access_log.request_id,
)
# The master has named the models without a price; no worker needs to name them again.
_logging["loggers"]["dalle.limits.prices"] = {"level": "ERROR"}


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's log in our format. gunicorn's setting `logconfig_dict` would also enable its access log."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logging.config.dictConfig(_logging)
        # No line shows caller, thread or multiprocessing's name, so none needs to collect them ("Optimization" in the
        # logging HOWTO): 14 µs a line.
        logging._srcfile = None
        logging.logThreads = logging.logMultiprocessing = False


logger_class = ServerLog
bind = _config.bind_addresses
worker_class = "app.server.worker.Worker"  # gthread, whose threads wait for no client
workers = _config.workers
threads = _config.threads
user, group = os.geteuid(), os.getegid()  # after a reload: those of `_give_up_root`
worker_connections = preflight.connections(most=2048)  # in memory 100 MB if all send as much as they may
timeout = 60  # of the main thread's heartbeat; a run in a pool does not stop it
graceful_timeout = math.ceil(_config.graceful_timeout or _config.longest_run)
keepalive = 75
control_socket_disable = True
wsgi_app = "app.wsgi:application"
proc_name = "dalleserver"
limit_request_line = 8190
secure_scheme_headers: dict[str, str] = {}  # TB_DALLE_PROXY_HOPS decides whom to trust
backlog = 2048


def on_starting(server: Any) -> None:
    """Checks the data folder, logs notices, prepares memory and the folder of the counters. Not called by a reload."""
    try:
        _give_up_root(server)
        for refusal in preflight.check_storage(_config):
            server.log.error("%s", refusal)
    except ConfigError as exc:
        exc.show()
        sys.exit(exc.exit_code)
    for warning in preflight.web_access(_config):
        server.log.warning("%s", warning)
    memory.give_back_large_blocks()
    _log_notices(server)
    multiprocess.make(uid=server.cfg.uid, gid=server.cfg.gid)


def _give_up_root(server: Any) -> None:
    """Makes a service of root one of the owner of the data folder, unless gunicorn's setting `user` says whose it is.

    Raises ConfigError.
    """
    owner = preflight.owner(_config)
    if server.cfg.uid == 0 and privileges.give_up(owner, "python -m gunicorn -c python:app.serving"):
        environment.keep_data_dir(_config.data_dir)
        privileges.require_same(_config)
        server.cfg.set("chdir", os.getcwd())
        server.cfg.set("user", os.geteuid())
        server.cfg.set("group", os.getegid())
        server.log.info("working as the owner of %s, %s, and not as root", _config.data_dir, own_name())


def when_ready(server: Any) -> None:
    """Logs the addresses of the service, which is now reachable."""
    _forget_modules()
    server.has_served = mmap.mmap(-1, 1)  # shared with the workers: whether one of them has ever started
    _handle_stops(server)
    _guard_reloads(server)
    # Imported modules stay: a garbage collector that visits them in each worker would copy their pages.
    gc.collect()
    gc.freeze()
    for listener in server.LISTENERS:
        server.log.info("dalleserver is ready: %s", listener)


def on_reload(server: Any) -> None:
    """Called after settings and our modules were read again."""
    _log_notices(server)
    _forget_modules()
    gc.unfreeze()  # what was replaced is garbage: 6 MB
    gc.collect()
    gc.freeze()


def _log_notices(server: Any) -> None:
    """Logs once what each worker would have to log."""
    key = environment.key_notices() if not _config.skip_image else []
    for notice in (*key, *notices.notices(_config, environment.given())):
        server.log.warning("%s", notice)


def _forget_modules() -> None:
    """Makes the master forget our modules, so that the next reload reads them from disk.

    Other packages stay, because the workers share them: a new version of one needs a restart.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] in ("app", "dalle")]:
        _ours[name] = sys.modules.pop(name)


def post_fork(server: Any, worker: Any) -> None:
    """Restores our modules in a worker: all workers share the same ones and the same settings, also a later one."""
    sys.modules.update(_ours)
    environment.keep(_config)
    worker.has_served = server.has_served
    worker.request_timeout, worker.most_waiters = _config.request_timeout, _config.waiters


def _handle_stops(server: Any) -> None:
    """Ends at once on SIGQUIT and on a second SIGTERM or SIGINT; recovery continues the runs after the next start.

    gunicorn itself passes SIGQUIT on and waits as long as for a graceful stop, and ignores signals during a reload.
    A worker between its fork and its own handlers would put a signal into a queue that is never read.
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


def _guard_reloads(server: Any) -> None:
    """Ignores a reload with invalid settings: gunicorn would end the service."""
    reload = server.handle_hup

    def handle() -> None:
        try:
            environment.load()
        except ConfigError as exc:
            server.log.error("not reloaded, the service keeps its settings: %s", exc)
        else:
            reload()

    server.handle_hup = handle


def _end(number: int, frame: Any) -> None:
    """Ends this worker at once; gunicorn's own handler waits for locks that it may hold itself."""
    os._exit(0)


# How long a thread may keep the interpreter while another waits for it. Python's default is 5 ms. A poll releases the
# interpreter at each system call, and would wait that long for a painting thread each time. Measured, six rounds by
# turns: p99 of polls beside two runs 35 ms with 5 ms, 25 ms with 0.5; without runs 16 and 12; the same throughput.
SWITCH_SECONDS = 0.0005


def post_worker_init(worker: Any) -> None:
    """Starts the studio's threads: a worker recovers abandoned runs before the first request.

    A read-only server does not, since it may be unable to write. SIGINT, which a terminal sends to all processes, is
    handled as SIGTERM, as in the master.
    """
    worker.has_served[0] = 1
    sys.setswitchinterval(SWITCH_SECONDS)
    studio = worker.wsgi.extensions["dalle.studio"]
    studio.sketches.draw_apart()
    signal.signal(signal.SIGQUIT, _end)
    signal.signal(signal.SIGINT, signal.getsignal(signal.SIGTERM))
    if _config.read_only:
        return
    studio.start()
    stop = signal.getsignal(signal.SIGTERM)

    def close(number: int, frame: Any) -> None:
        """Starts no further runs; gunicorn then waits for the requests."""
        studio.close()
        if callable(stop):
            stop(number, frame)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, close)


def child_exit(server: Any, worker: Any) -> None:
    """Merges the counters of a dead worker. An exception here would end the master."""
    if folder := multiprocess.folder():
        try:
            multiprocess.merge_dead(folder)
        except OSError as exc:
            server.log.error(
                "the counters of a dead worker could not be merged; they are merged when the next worker ends: %s", exc
            )


def on_exit(server: Any) -> None:
    """Removes the folder of the counters."""
    if folder := multiprocess.folder():
        multiprocess.drop(folder)


def worker_exit(server: Any, worker: Any) -> None:
    """Waits for the runs in progress, and takes no new ones."""
    studio = getattr(getattr(worker, "wsgi", None), "extensions", {}).get("dalle.studio")
    if studio:
        studio.stop()
