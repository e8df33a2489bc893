"""The parameters that each family of models takes, as data: others are not sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from dalle.words.orientation import Orientation

RESERVED = frozenset({"model", "prompt", "n", "stream", "partial_images"})
"""Extra parameters must not override these: more pictures cost more, and a stream is another kind of answer."""


@dataclass(frozen=True, slots=True)
class Family:
    """The parameters that a family of image models takes, those it always gets, and its sizes."""

    pattern: str
    takes: frozenset[str]
    always: Mapping[str, Any] = field(default_factory=dict)
    portrait: str = "1024x1536"
    landscape: str = "1536x1024"


GPT = frozenset({"size", "quality", "moderation", "output_format"})
FAMILIES = (
    Family("gpt-image-*", GPT),
    Family("chatgpt-image-*", GPT),
    Family(
        "dall-e-3",
        frozenset({"size", "quality", "style"}),
        {"response_format": "b64_json"},
        "1024x1792",
        "1792x1024",
    ),
    Family("dall-e-2", frozenset({"size"}), {"response_format": "b64_json"}, "1024x1024", "1024x1024"),
    Family("*", frozenset({"size"}), {}, "1024x1024", "1024x1024"),
)
"""The last one is for models of compatible servers; all of them can paint a square."""

SAMPLING = (
    ("gpt-5*", frozenset({"reasoning_effort"})),
    ("o[0-9]*", frozenset({"reasoning_effort"})),
    ("*", frozenset({"temperature", "seed"})),
)
"""Reasoning models refuse temperature and seed; a little reasoning is enough to rewrite a text."""


def family_of(model: str) -> Family:
    """Return the first family whose pattern matches."""
    return next(family for family in FAMILIES if fnmatchcase(model, family.pattern))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the operator has configured; "" leaves the choice to the provider. `extra` is sent unchanged."""

    size: str = ""
    quality: str = ""
    style: str = ""
    moderation: str = ""
    output_format: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def size_for(model: str, orientation: Orientation, fixed: str = "") -> str:
    """Return width x height in pixels: the configured size, or the family's for this orientation."""
    family = family_of(model)
    return fixed or {"square": "1024x1024", "portrait": family.portrait, "landscape": family.landscape}[orientation]


def image_parameters(model: str, size: str, choices: Choices) -> dict[str, Any]:
    """Return all parameters of the image call except model and prompt."""
    family = family_of(model)
    wanted = {
        "size": size,
        "quality": choices.quality,
        "style": choices.style,
        "moderation": choices.moderation,
        "output_format": choices.output_format,
    }
    taken = {name: value for name, value in wanted.items() if value and name in family.takes}
    extra = {name: value for name, value in choices.extra.items() if name not in RESERVED}
    return {"n": 1, **family.always, **taken, **extra}


def chat_parameters(model: str, *, temperature: float, seed: int) -> dict[str, Any]:
    """Return all parameters of the chat call except model and messages."""
    takes = next(names for pattern, names in SAMPLING if fnmatchcase(model, pattern))
    values = {"temperature": temperature, "seed": seed, "reasoning_effort": "low"}
    return {name: value for name, value in values.items() if name in takes}
