"""An application in this process. Its templates are compiled once for all applications."""

from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from app import create_app
from dalle.studio import Studio
from tests.kit.configuration import configured


class Compiled(BytecodeCache):
    """Keeps compiled templates in memory, by name and content: compiling one takes ten times as long as filling it."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._code.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


COMPILED = Compiled()


def application(folder: Path, studio: Studio | None = None, **settings: Any) -> Flask:
    """An application on a data folder, with settings as in `configured`; the caller stops its studio."""
    app = create_app(configured(folder, **settings), studio)
    app.jinja_env.bytecode_cache = COMPILED
    return app
