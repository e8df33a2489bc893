"""The Flask application. It routes by the path alone, and remembers which rule a path led to.

Without one of the two overrides (Flask's `create_url_adapter`, werkzeug's `MapAdapter.match`) a whole poll takes 7 or
12 % more processor time (12 µs of 64 in process each). Others saved less and were dropped: `python -m bench.overrides`.
"""

from functools import lru_cache
from typing import Any

from flask import Flask, Request
from werkzeug.routing import MapAdapter, Rule

LONGEST = 100  # characters of a path that is worth remembering
REMEMBERED = 1024  # paths


class Application(Flask):
    """Answers under any host name, valid or not, and builds links of paths only."""

    def __init__(self, import_name: str, **options: Any) -> None:
        super().__init__(import_name, **options)
        self.find = lru_cache(REMEMBERED)(self._find)

    def _find(self, path: str, method: str) -> tuple[Rule, dict[str, Any]]:
        rule, arguments = MapAdapter(self.url_map, "", "/", "", "http", path, method).match(return_rule=True)
        return rule, dict(arguments)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        return Adapter(self, request) if request is not None else None


class Adapter(MapAdapter):
    """Matches the path of one request."""

    def __init__(self, app: Application, request: Request) -> None:
        super().__init__(app.url_map, "", request.root_path, "", "http", request.path, request.method)
        self.app = app

    def match(self, *args: Any, **options: Any) -> Any:
        """Returns rule and arguments, as Flask asks for them; raises HTTPException."""
        if options != {"return_rule": True} or args or len(self.path_info) > LONGEST:
            return super().match(*args, **options)
        rule, arguments = self.app.find(self.path_info, self.default_method)
        return rule, dict(arguments)
