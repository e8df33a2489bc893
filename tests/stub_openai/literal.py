"""Answers that a script spells out, with placeholders for what is only known when they are sent."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.stub_openai.encodings import encode

Values = Mapping[str, Callable[[], str]]
"""Placeholder → what stands in its place; computed only where it is used."""


@dataclass(frozen=True)
class Literal:
    """An answer. Its body is one of these: a value as `json`, a `text`, or a `body` in base64.

    encoding  what its Content-Encoding says, and how the body is compressed
    cut       how many bytes at the end of the body are announced and not sent
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    json: Any = None
    text: str = ""
    body: str = ""
    encoding: str = ""
    cut: int = 0

    def content(self, values: Values) -> bytes:
        """The body as it is sent."""
        if self.body:
            data = b64decode(fill(self.body, values))
        else:
            data = (fill(self.text, values) if self.json is None else json.dumps(fill(self.json, values))).encode()
        return encode(data, self.encoding)

    def head(self, values: Values) -> dict[str, str]:
        """The headers, with those that follow from the body."""
        kind = "application/octet-stream" if self.body else "text/plain" if self.json is None else "application/json"
        encoding = {"Content-Encoding": self.encoding} if self.encoding else {}
        return {"Content-Type": kind, **encoding, **fill(self.headers, values)}


def fill(value: Any, values: Values) -> Any:
    """The value with {NAME} replaced in all of its texts."""
    if isinstance(value, dict):
        return {name: fill(inner, values) for name, inner in value.items()}
    if isinstance(value, list):
        return [fill(inner, values) for inner in value]
    if isinstance(value, str):
        for name, compute in values.items():
            if f"{{{name}}}" in value:
                value = value.replace(f"{{{name}}}", compute())
    return value
