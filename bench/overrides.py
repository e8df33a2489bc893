"""What overrides of Flask's methods save on a poll: `python -m bench.overrides [--whole]`.

Overrides are only allowed in app/web/application.py when each saves at least 5 % of a whole request; those that were
dropped must save less than 10 % together. This module keeps them all, so that the rule can be checked again with
another Flask or another Python.

In process: a WSGI call of every variant by turns (all overrides, each one missing, each one alone, none, and the
application as it is); processor time, medians of the rounds. --whole: gunicorn serves some of the variants on loopback,
and wrk polls them by turns; the worker's processor time for each request counts, because other work on the machine
disturbs it least.
"""

import gc
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.sessions import NullSession, SessionInterface, SessionMixin
from flask.signals import request_tearing_down
from werkzeug.routing import MapAdapter
from werkzeug.test import EnvironBuilder

from app import create_app
from app.environment import load
from app.monitoring import access_log
from app.web.hooks import Hooks
from bench.parts import cpu, machine, wrk
from bench.samples import POLL4, fill
from tests.kit.ports import free_port
from tests.kit.service import Service

ROUNDS, REQUESTS = 101, 100  # in process
WHOLE_ROUNDS, WHOLE_SECONDS = 20, 1
PATH = f"/dalle/simple/{POLL4}"
VARIANT = "BENCH_OVERRIDES"


class Remembering(MapAdapter):
    """Looks the path up among those matched before."""

    find: Any

    def match(self, *args: Any, **options: Any) -> Any:
        rule, arguments = self.find(self.path_info, self.default_method)
        return rule, dict(arguments)


class Memory(Flask):
    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        adapter = super().create_url_adapter(request)
        if adapter is not None:
            adapter.__class__, adapter.find = Remembering, self.find  # type: ignore[attr-defined]
        return adapter


class PathsOnly(Flask):
    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return None
        return MapAdapter(self.url_map, "", request.root_path, "", "http", request.path, request.method)


class DirectHooks(Flask):
    def preprocess_request(self, *_: Any) -> Any:
        self.hooks.begin()  # type: ignore[attr-defined]
        if self.before_request_funcs or self.url_value_preprocessors:
            return super().preprocess_request()
        return None

    def process_response(self, *args: Any) -> Response:
        context: Any = request_ctx._get_current_object()  # type: ignore[attr-defined]
        response: Response = args[-1]
        if self.after_request_funcs or context._after_request_functions:
            response = super().process_response(*args)
        return self.hooks.end(response)  # type: ignore[attr-defined, no-any-return]


class DirectTeardown(Flask):
    def do_teardown_request(self, *args: Any) -> None:
        if any(args) or request_tearing_down.receivers:
            super().do_teardown_request(*args)


class NoSessions(SessionInterface):
    NONE = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self.NONE

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        pass


class Sessionless(Flask):
    session_interface = NoSessions()


class SyncOnly(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


OVERRIDES: dict[str, type[Flask]] = {
    "memory": Memory,  # of what a path led to
    "adapter": PathsOnly,
    "hooks": DirectHooks,
    "teardown": DirectTeardown,
    "sessions": Sessionless,
    "sync": SyncOnly,
}
USED = "as it is"
VARIANTS: dict[str, tuple[str, ...]] = {
    "all": tuple(OVERRIDES),
    **{f"all but {name}": tuple(other for other in OVERRIDES if other != name) for name in OVERRIDES},
    **{f"only {name}": (name,) for name in OVERRIDES},
    "none": (),
}
WHOLE = (USED, "none", "all", "only memory", "only adapter")


def variant(name: str, folder: Path) -> Flask:
    """Returns the application with the overrides of that variant and no others; `USED`: as `create_app` builds it."""
    app = create_app(load({"TB_DALLE_DATA_DIR": str(folder)}, environ={}, dotenv=folder / "none.env"))
    if name == USED:
        return app
    names = VARIANTS[name]
    app.__class__ = type("Variant", (*(OVERRIDES[each] for each in names), Flask), {})
    if "hooks" in names:
        app.before_request_funcs.clear()
        app.after_request_funcs.clear()
        app.hooks = Hooks(app.extensions["dalle.telemetry"])  # type: ignore[attr-defined]

    def find(path: str, method: str) -> Any:
        return MapAdapter(app.url_map, "", "/", "", "http", path, method).match(return_rule=True)

    app.find = lru_cache(1024)(find)  # type: ignore[attr-defined]
    return app


def application() -> Flask:
    """Returns the variant that the environment names; gunicorn calls this."""
    return variant(os.environ[VARIANT], Path(os.environ["TB_DALLE_DATA_DIR"]))


def timed(app: Flask) -> float:
    """Microseconds of processor time for each request."""
    environ = EnvironBuilder(PATH).get_environ()

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
        assert status == "200 OK"
        return lambda data: None

    began = time.thread_time()
    for _ in range(REQUESTS):
        answer: Any = app.wsgi_app(dict(environ), start)
        b"".join(answer)
        answer.close()
    return (time.thread_time() - began) / REQUESTS * 1e6


def in_process(folder: Path) -> None:
    apps = {name: variant(name, folder) for name in (USED, *VARIANTS)}
    figures: dict[str, list[float]] = {name: [] for name in apps}
    gc.collect()
    gc.freeze()
    for number in range(ROUNDS + 1):
        for name, app in apps.items():
            figures[name].append(timed(app))
        if not number:
            figures = {name: [] for name in apps}  # the first round warms up
    show("in process, µs", figures)


def serving(name: str, folder: Path) -> Service:
    """gunicorn with the service's settings and one worker, for one variant."""
    command = [sys.executable, "-m", "gunicorn", "-c", "python:app.serving", "bench.overrides:application()"]
    url = f"http://127.0.0.1:{(port := free_port())}"
    settings: dict[str, Any] = {"DATA_DIR": folder, "PORT": port, "WORKERS": 1}
    return Service(folder, command=command, url=url, variables={VARIANT: name}, **settings)


def whole(folder: Path) -> None:
    figures: dict[str, list[float]] = {name: [] for name in WHOLE}
    rates: dict[str, list[float]] = {name: [] for name in WHOLE}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(serving(name, folder)) for name in WHOLE}
        for number in range(WHOLE_ROUNDS + 1):
            for name, service in servers.items():
                pid = service.process.pid
                before = cpu(pid)
                load = wrk(f"{service.url}{PATH}", seconds=WHOLE_SECONDS, connections=4)
                assert not load.bad
                if number:
                    figures[name].append((cpu(pid) - before) * 1e6 / (load.rate * WHOLE_SECONDS))
                    rates[name].append(load.rate)
    show("whole, µs of the worker's processor", figures)
    show("whole, requests a second", rates)


def show(title: str, figures: dict[str, list[float]]) -> None:
    """Prints least values, medians, their difference to `none`, and the median of the ratios within each round."""
    print(f"\n{title:36} {'least':>9} {'median':>9} {'to none':>9} {'ratio':>8}")
    base = figures["none"]
    for name, values in figures.items():
        ratio = statistics.median(ours / theirs for ours, theirs in zip(values, base, strict=True))
        median = statistics.median(values)
        print(f"{name:36} {min(values):9.1f} {median:9.1f} {median - statistics.median(base):+9.1f} {ratio:8.1%}")


def main() -> None:
    logging.getLogger().addHandler(logging.NullHandler())
    access_log.access.setLevel(logging.WARNING)  # a poll writes no line
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder / "output")
        if "--whole" in sys.argv[1:]:
            whole(folder)
        else:
            in_process(folder)


if __name__ == "__main__":
    main()
