"""Reads answers of language models with distrust: a status 200 does not mean that there is a text in them."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from dalle.errors import BadAnswer, ContentBlocked, OutcomeUnknown

LONGEST_TEXT = 8000


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
