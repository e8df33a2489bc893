"""Log lines for operators: one configuration for our loggers, gunicorn's and the libraries', all to stderr.

Every line has the id of its request ("-" outside of one) and its process. A client's path cannot break a line. Keys
are masked in the finished text, also in tracebacks. As text:

    2026-11-23T10:00:00.123Z INFO    [deadbeef] 4711 app.access: GET /series 200 1.3 ms
"""

import json
import logging
import logging.config
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from dalle.correlation import REQUEST_ID
from dalle.redaction import mask

CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
EXTRA = ("method", "path", "status", "ms")


def no_request() -> str:
    return ""


class RequestId(logging.Filter):
    """Adds to each record the id of the request that is being answered, or that started the current run.

    `current_request` returns the id of the request that this thread answers, "" outside of one.
    """

    def __init__(self, current_request: Callable[[], str] = no_request) -> None:
        super().__init__()
        self.current_request = current_request

    def filter(self, record: logging.LogRecord) -> bool:
        if not getattr(record, "request_id", ""):
            record.request_id = self.current_request() or REQUEST_ID.get() or "-"
        return True


class Masked(logging.Formatter):
    """Masks `secrets`, and everything that looks like a key, in the finished line."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self.secrets = tuple(secrets)
        self.second = (0, "")

    def mask(self, line: str) -> str:
        return mask(line, *self.secrets)

    def time(self, record: logging.LogRecord) -> str:
        """Returns the time of a record in UTC by RFC 3339, with milliseconds."""
        second, text = self.second
        if second != int(record.created):
            second = int(record.created)
            text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
            self.second = (second, text)
        return f"{text}.{int(record.msecs):03d}Z"

    def trace(self, record: logging.LogRecord) -> str:
        parts = [self.formatException(record.exc_info)] if record.exc_info and record.exc_info[0] else []
        return "\n".join([*parts, *([record.stack_info] if record.stack_info else [])])


def plain(text: str) -> str:
    """Returns the text with its control characters escaped."""
    return CONTROL.sub(lambda match: repr(match.group())[1:-1], text)


class Text(Masked):
    """One line, with the traceback indented below: no text of it can be mistaken for a line of ours."""

    def format(self, record: logging.LogRecord) -> str:
        message = plain(record.getMessage())
        line = (
            f"{self.time(record)} {record.levelname:<7} [{getattr(record, 'request_id', '-')}] "
            f"{record.process} {record.name}: {message}"
        )
        below = [f"    {plain(row)}" for row in self.trace(record).split("\n") if row]
        return self.mask("\n".join([line, *below]))


class Json(Masked):
    """One JSON object per line: time, level, request_id, process, logger, message, the request's parts, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.time(record),
            "level": record.levelname.lower(),
            "request_id": getattr(record, "request_id", "-"),
            "process": record.process,
            "logger": record.name,
            "message": self.mask(record.getMessage()),
        }
        line |= {name: record.__dict__[name] for name in EXTRA if name in record.__dict__}
        if trace := self.trace(record):
            line["traceback"] = self.mask(trace)
        return self.mask(json.dumps(line, ensure_ascii=False, default=str))


def settings(
    *, level: str, form: str, secrets: Iterable[str] = (), current_request: Callable[[], str] = no_request
) -> dict[str, Any]:
    """Returns the `dictConfig` for us and for gunicorn. `level` and `form` are the settings of log level and format."""
    name = level.upper()
    loud = "ERROR" if name == "ERROR" else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": RequestId, "current_request": current_request}},
        "formatters": {"line": {"()": Json if form == "json" else Text, "secrets": tuple(secrets)}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["request_id"],
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"level": name, "handlers": ["stderr"]},
        "loggers": {
            # gunicorn adds its own handlers to its loggers; its debug level logs every connection
            "gunicorn.error": {"level": "INFO" if name == "DEBUG" else name, "handlers": [], "propagate": True},
            "gunicorn.access": {"level": name, "handlers": [], "propagate": True},
            # below warning they log every request with its prompt, or every chunk of a picture
            **{library: {"level": loud} for library in ("httpx2", "httpcore2", "openai", "PIL", "asyncio")},
        },
    }


def configure(
    *, level: str, form: str, secrets: Iterable[str] = (), current_request: Callable[[], str] = no_request
) -> None:
    """Configures logging, unless gunicorn, a test or an embedding program has done so already."""
    if not logging.getLogger().handlers:
        logging.config.dictConfig(settings(level=level, form=form, secrets=secrets, current_request=current_request))
