"""Reads the provider's answers with distrust: a status 200 does not mean that there is a picture in them."""

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol

import pybase64

from dalle.errors import BadAnswer, ContentBlocked, OutcomeUnknown

LONGEST_TEXT = 8000
LONGEST_URL = 8000
MOST_TOKENS = 10**12
MOST_NUMBERS = 40
LONGEST_NAME = 80


class Body(Protocol):
    """An answer with its body, decoded."""

    @property
    def content(self) -> bytes: ...


def payload(reply: Body) -> dict[str, Any]:
    """Return the JSON object. Raises BadAnswer; OutcomeUnknown for a web page, which a gateway must have sent."""
    if reply.content.lstrip()[:1] == b"<":
        raise OutcomeUnknown("a web page came instead of an answer")
    try:
        value = json.loads(reply.content)
    except (ValueError, RecursionError) as exc:
        raise BadAnswer("the answer is not JSON") from exc
    if not isinstance(value, dict):
        raise BadAnswer("the answer is not a JSON object")
    return value


def picture(answer: Mapping[str, Any]) -> tuple[bytes, str, str]:
    """Return the bytes or the URL (the other one is empty), and the revised prompt. Raises BadAnswer."""
    items = answer.get("data")
    item = items[0] if isinstance(items, list) and items else None
    if not isinstance(item, dict):
        raise BadAnswer("the answer contains no picture")
    revised = storable(item.get("revised_prompt"))
    encoded, url = item.get("b64_json"), item.get("url")
    if not encoded and isinstance(url, str) and url.startswith("data:"):
        encoded = url
    if isinstance(encoded, str) and encoded:
        return decode(encoded), "", revised
    if isinstance(url, str) and url.startswith(("http://", "https://")) and len(url) <= LONGEST_URL:
        return b"", storable(url), revised
    raise BadAnswer("the answer contains neither a picture nor a URL of one")


def decode(encoded: str) -> bytes:
    """Return the bytes of base64, also in lines or as a data URL, as some servers send it. Raises BadAnswer."""
    if encoded.startswith("data:"):
        encoded = encoded.partition(",")[2]
    try:
        try:
            data = pybase64.b64decode(encoded, validate=True)
        except ValueError:  # rare: searching megabytes for odd characters takes longer than decoding them
            bare = "".join(encoded.split()).rstrip("=")
            data = pybase64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError as exc:
        raise BadAnswer("the picture in the answer is not valid base64") from exc
    if not data:
        raise BadAnswer("the picture in the answer is empty")
    return data


def storable(value: Any) -> str:
    """Return a text of the answer, shortened, and without the lone surrogates that JSON allows and UTF-8 does not."""
    return value[:LONGEST_TEXT].encode(errors="replace").decode() if isinstance(value, str) else ""


def text(answer: Mapping[str, Any]) -> str:
    """Return the text of a chat completion. Raises BadAnswer, ContentBlocked."""
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise BadAnswer("the answer contains no text")
    if choice.get("finish_reason") == "content_filter" or message.get("refusal"):
        raise ContentBlocked("the language model refused")
    content = storable(message.get("content")).strip()
    if not content:
        raise BadAnswer("the answer contains no text")
    return content


def usage(answer: Mapping[str, Any]) -> dict[str, int]:
    """Return the numbers of `usage`, flat: input_tokens, output_tokens, input_tokens_details_image_tokens …

    Costs are computed from them, so values that cannot be a number of tokens are left out.
    """
    flat: dict[str, int] = {}

    def walk(value: Any, prefix: str) -> None:
        if isinstance(value, dict) and len(prefix) < LONGEST_NAME:
            for name, inner in value.items():
                walk(inner, f"{prefix}_{name}" if prefix else str(name))
        elif type(value) is int and 0 <= value <= MOST_TOKENS and re.fullmatch(r"[A-Za-z0-9_]+", prefix):
            flat[prefix] = value

    walk(answer.get("usage"), "")
    return dict(list(flat.items())[:MOST_NUMBERS])


def tokens(numbers: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers of input and output tokens, whichever names the provider uses."""
    return {
        "input": numbers.get("input_tokens", numbers.get("prompt_tokens", 0)),
        "output": numbers.get("output_tokens", numbers.get("completion_tokens", 0)),
    }
