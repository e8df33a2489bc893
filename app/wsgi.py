"""The WSGI application."""

import sys

from app import create_app
from app.config import ConfigError

NOT_LOADED = 4
"""What gunicorn takes for an application that will not load the next time either."""

try:
    application = create_app()
except ConfigError as exc:
    exc.show()
    sys.exit(NOT_LOADED)
