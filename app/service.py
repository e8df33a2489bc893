"""Flask without what it does for each request that nobody here needs."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface, SessionMixin
from werkzeug.routing import MapAdapter


class NoSessions(SessionInterface):
    """Nobody has one."""

    NONE = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self.NONE

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """There is nothing to save."""


class Service(Flask):
    """Routes by the path alone, links by paths alone, and takes hooks and views for the plain functions they are.

    To look at the host, encode it and read the request's line out of the environment again costs 15 µs a request;
    to ask of each function whether it is a coroutine another 10.
    """

    session_interface = NoSessions()

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return None
        return MapAdapter(self.url_map, "", request.root_path, "", "http", request.path, request.method)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
