"""The provider's answers, read with distrust: 200 is no promise that there is a picture in them."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from dalle.errors import BadAnswer, ContentBlocked, OutcomeUnknown
from dalle.provider.client import Reply


def payload(reply: Reply) -> dict[str, Any]:
    """The JSON object. Raises BadAnswer; OutcomeUnknown for a page, which some gateway must have sent."""
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
    """Bytes or a URL (the other one is empty), and the revised prompt. Raises BadAnswer."""
    items = answer.get("data")
    item = items[0] if isinstance(items, list) and items else None
    if not isinstance(item, dict):
        raise BadAnswer("the answer holds no picture")
    revised = item.get("revised_prompt")
    encoded, url = item.get("b64_json"), item.get("url")
    if not encoded and isinstance(url, str) and url.startswith("data:"):
        encoded, url = url.partition(",")[2], None
    if isinstance(encoded, str) and encoded:
        try:
            return base64.b64decode(encoded, validate=True), "", revised if isinstance(revised, str) else ""
        except (binascii.Error, ValueError) as exc:
            raise BadAnswer("the picture in the answer is not valid base64") from exc
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        return b"", url, revised if isinstance(revised, str) else ""
    raise BadAnswer("the answer holds neither a picture nor its URL")


def text(answer: Mapping[str, Any]) -> str:
    """What a chat completion says. Raises BadAnswer, ContentBlocked."""
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise BadAnswer("the answer holds no text")
    if choice.get("finish_reason") == "content_filter" or message.get("refusal"):
        raise ContentBlocked("the language model refused")
    content = message.get("content")
    if not isinstance(content, str) or not content.strip():
        raise BadAnswer("the answer holds no text")
    return content.strip()


def usage(answer: Mapping[str, Any]) -> dict[str, int]:
    """The numbers of `usage`, flat: input_tokens, output_tokens, input_tokens_details_image_tokens …"""
    flat: dict[str, int] = {}

    def walk(value: Any, prefix: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, f"{prefix}_{name}" if prefix else str(name))
        elif isinstance(value, int) and not isinstance(value, bool) and prefix:
            flat[prefix] = value

    walk(answer.get("usage"), "")
    return flat


def tokens(numbers: Mapping[str, int]) -> dict[str, int]:
    """input and output, whichever names the provider uses."""
    return {
        "input": numbers.get("input_tokens", numbers.get("prompt_tokens", 0)),
        "output": numbers.get("output_tokens", numbers.get("completion_tokens", 0)),
    }
