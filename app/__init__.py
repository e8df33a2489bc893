"""The service and the `dalleserver` command. `create_app` builds the WSGI application."""

import sys
from typing import TYPE_CHECKING

try:
    import dalle  # noqa: F401 — first of all: it refuses an older Python
except ImportError as exc:
    sys.exit(str(exc))

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Config
    from dalle.studio import Studio


def create_app(config: "Config | None" = None, studio: "Studio | None" = None) -> "Flask":
    """Builds the WSGI application. Without a configuration it takes the server's, or reads it. Raises ConfigError."""
    from app.web import factory  # noqa: PLC0415 — the commands import this package too, and most need no Flask

    return factory.build(config, studio)
