"""Answers as providers and gateways send them, and what the tests build them from."""

import json
from base64 import b64encode, encodebytes, urlsafe_b64encode
from typing import Any
from urllib.parse import quote

from dalle.painters.openai.answers import Received
from tests.kit.images import as_file, noise

BASE = "http://host:8080/v1"
POST = f"{BASE}/images/generations"
PICTURE = "http://host:8080/generated-images/a.png"
SIGNED = "https://cdn.example.com/x/9f3?sig=a%2Fb%3D&exp=1"
TASKS = f"{BASE}/tasks/t1"
GENERATIONS = f"{BASE}/images/generations/t1"


IMAGE = as_file(noise(24, 24))
"""Noise: its base64 contains every letter, also those in which the alphabets differ."""
B64 = b64encode(IMAGE).decode()
URLSAFE = urlsafe_b64encode(IMAGE).decode().rstrip("=")
LINES = encodebytes(IMAGE).decode()
URI = f"data:image/png;base64,{B64}"
PERCENT = f"data:image/png;base64,{quote(B64, safe='')}"


def received(body: Any = b"", status: int = 200, url: str = POST, *, whole: bool = True, **headers: str) -> Received:
    """An answer: `body` is bytes, a text or JSON; a header's name is written with underscores."""
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    return Received(status, {name.replace("_", "-"): value for name, value in headers.items()}, body, whole, url)


def event(data: Any, name: str = "") -> str:
    """An event of a stream."""
    text = data if isinstance(data, str) else json.dumps(data)
    return (f"event: {name}\n" if name else "") + f"data: {text}\n\n"
