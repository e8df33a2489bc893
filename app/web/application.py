"""Flask without what it does for each request that nobody here needs."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response
from flask.ctx import RequestContext
from flask.globals import request_ctx
from flask.sessions import NullSession, SessionInterface, SessionMixin
from flask.signals import request_tearing_down
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

from app.web.hooks import Hooks

Match = tuple[Rule, dict[str, Any]]
Find = Callable[[str, str], Match]

LONGEST = 100  # characters of a path that is worth remembering


class NoSessions(SessionInterface):
    """Nobody has one."""

    NONE = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self.NONE

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """There is nothing to save."""


class Service(Flask):
    """Routes by the path alone and remembers where it led, links by paths alone, takes views for the plain functions
    they are, and calls one hook before and one after a request. What is registered besides, as Flask's documentation
    shows, is called too.

    To look at the host, encode it and read the request's line out of the environment again costs 15 µs a request; to
    ask of each function whether it is a coroutine 10; to look through the hooks of blueprints that have none 10; to
    match a path 6.
    """

    session_interface = NoSessions()

    def __init__(self, name: str, hooks: Hooks, **options: Any) -> None:
        super().__init__(name, **options)
        self.hooks = hooks
        self.find: Find = lru_cache(1024)(self._find)

    def _find(self, path: str, method: str) -> Match:
        rule, arguments = MapAdapter(self.url_map, "", "/", "", "http", path, method).match(return_rule=True)
        return rule, dict(arguments)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return None
        return MapAdapter(self.url_map, "", request.root_path, "", "http", request.path, request.method)

    def request_context(self, environ: dict[str, Any]) -> RequestContext:
        return Context(self, environ)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def preprocess_request(self) -> ResponseReturnValue | None:
        self.hooks.begin()
        if self.before_request_funcs or self.url_value_preprocessors:
            return super().preprocess_request()
        return None

    def process_response(self, response: Response) -> Response:
        context: Any = request_ctx._get_current_object()  # type: ignore[attr-defined]
        if self.after_request_funcs or context._after_request_functions:
            response = super().process_response(response)
        return self.hooks.end(context.request, response)

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        if self.teardown_request_funcs or request_tearing_down.receivers:
            super().do_teardown_request(exc)
        if exc is not None:
            self.hooks.failed(request_ctx.request)


class Context(RequestContext):
    """A request whose path is looked up among those that were matched before."""

    def match_request(self) -> None:
        request, app = self.request, self.app
        if len(request.path) > LONGEST or not isinstance(app, Service):
            return super().match_request()
        try:
            rule, arguments = app.find(request.path, request.method)
        except HTTPException as exc:
            request.routing_exception = exc
        else:
            request.url_rule, request.view_args = rule, dict(arguments)
