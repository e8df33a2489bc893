"""The numbers of an answer: what was used, and how long to wait."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

MOST_TOKENS = 10**12
MOST_NUMBERS = 40
LONGEST_NAME = 80
LONGEST_WAIT = 3600.0
HOLDERS = ("response", "output", "result", "data")
"""What may stand between the beginning of an answer and its usage."""
GEMINI = {
    "promptTokenCount": "input_tokens",
    "candidatesTokenCount": "output_tokens",
    "thoughtsTokenCount": "output_tokens",
    "totalTokenCount": "total_tokens",
}


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
    return dict(list(flat.items())[:MOST_NUMBERS]) or _of_gemini(answer.get("usageMetadata"))


def _of_gemini(numbers: Any) -> dict[str, int]:
    flat: dict[str, int] = {}
    for name, ours in GEMINI.items():
        value = numbers.get(name) if isinstance(numbers, dict) else None
        if type(value) is int and 0 <= value <= MOST_TOKENS:
            flat[ours] = flat.get(ours, 0) + value
    return flat


def usage_in(values: Iterable[Any]) -> dict[str, int]:
    """Return the last usage that one of the parts of an answer states: events of a stream count up."""
    stated: dict[str, int] = {}
    for answer in _holders(values):
        stated = usage(answer) or stated
    return stated


def is_charged(values: Iterable[Any]) -> bool:
    """Return whether the usage of an answer says that something was charged."""
    for answer in _holders(values):
        stated = answer.get("usage")
        cost = stated.get("cost") if isinstance(stated, dict) else None
        if isinstance(cost, int | float) and cost > 0:
            return True
        if any(number > 0 for name, number in usage(answer).items() if "token" in name):
            return True
    return False


def _holders(values: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for value in values:
        if isinstance(value, dict):
            yield value
            yield from (inner for name in HOLDERS if isinstance(inner := value.get(name), dict))


def tokens(numbers: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers of input and output tokens, whichever names the provider uses."""
    return {
        "input": numbers.get("input_tokens", numbers.get("prompt_tokens", 0)),
        "output": numbers.get("output_tokens", numbers.get("completion_tokens", 0)),
    }


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Return the seconds that the provider asks to wait, at most an hour; None if it does not ask."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", value):
            return min(float(value) * unit, LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)
