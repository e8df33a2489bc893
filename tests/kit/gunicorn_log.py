"""gunicorn's log, without its handlers and its access log."""

import logging
from typing import Any


class Log:
    """Remembers errors; what goes to `error_log` itself is seen by `caplog`."""

    def __init__(self) -> None:
        self.error_log = logging.getLogger("tests.gunicorn")
        self.errors: list[str] = []

    def error(self, message: str, *_: Any, **__: Any) -> None:
        self.errors.append(message)

    def info(self, *_: Any) -> None: ...

    def debug(self, *_: Any) -> None: ...

    def access(self, *_: Any) -> None: ...
