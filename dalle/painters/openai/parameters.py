"""The parameters that each family of models takes, as data: others are not sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from dalle.limits.naming import bare_names
from dalle.words.orientation import Orientation

RESERVED = frozenset({"model", "prompt", "n", "stream", "partial_images"})
"""Extra parameters must not override these: more pictures cost more, and a stream is another kind of answer."""


@dataclass(frozen=True, slots=True)
class Family:
    """The parameters that a family of image models takes, those it always gets, its sizes and its qualities."""

    pattern: str
    takes: frozenset[str]
    always: Mapping[str, Any] = field(default_factory=dict)
    portrait: str = "1024x1536"
    landscape: str = "1536x1024"
    qualities: tuple[str, ...] = ()


GPT = frozenset({"size", "quality", "moderation", "output_format"})
GPT_QUALITIES = ("auto", "low", "medium", "high", "xhigh", "max")
DALL_E_QUALITIES = ("standard", "hd")
QUALITIES = (*GPT_QUALITIES, *DALL_E_QUALITIES)
FAMILIES = (
    Family("gpt-image-*", GPT, qualities=GPT_QUALITIES),
    Family("chatgpt-image-*", GPT, qualities=GPT_QUALITIES),
    Family(
        "dall-e-3",
        frozenset({"size", "quality", "style"}),
        {"response_format": "b64_json"},
        "1024x1792",
        "1792x1024",
        DALL_E_QUALITIES,
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
    """Return the first family whose pattern fits a name of the model."""
    *known, other = FAMILIES
    fitting = (family for name in bare_names(model) for family in known if fnmatchcase(name, family.pattern))
    return next(fitting, other)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the operator has configured; "" leaves the choice to the provider. `extra` is sent unchanged."""

    size: str = ""
    quality: str = ""
    style: str = ""
    moderation: str = ""
    output_format: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def named(self) -> dict[str, str]:
        """The choices that were made, by the names of the parameters."""
        values = {
            "size": self.size,
            "quality": self.quality,
            "style": self.style,
            "moderation": self.moderation,
            "output_format": self.output_format,
        }
        return {name: value for name, value in values.items() if value}


def size_for(model: str, orientation: Orientation, fixed: str = "") -> str:
    """Return width x height in pixels: the configured size, or the family's for this orientation."""
    family = family_of(model)
    return fixed or {"square": "1024x1024", "portrait": family.portrait, "landscape": family.landscape}[orientation]


def image_parameters(model: str, size: str, choices: Choices) -> dict[str, Any]:
    """Return all parameters of the image call except model and prompt."""
    family = family_of(model)
    wanted = replace(choices, size=size).named
    taken = {name: value for name, value in wanted.items() if name in family.takes}
    extra = {name: value for name, value in choices.extra.items() if name not in RESERVED}
    return {"n": 1, **family.always, **taken, **extra}


def quality_for(model: str, choices: Choices) -> str:
    """Return the quality that is sent, "" if none is: a price for another one would be a wrong estimate."""
    return str(image_parameters(model, "", choices).get("quality") or "")


def not_taken(model: str, choices: Choices) -> list[str]:
    """Return the names of the choices that are not sent, because the model is not known to take them."""
    takes = family_of(model).takes
    return [name for name in choices.named if name not in takes and name not in choices.extra]


def replaced(choices: Choices) -> list[str]:
    """Return the names of the choices in whose place another value of `extra` is sent."""
    extra = choices.extra
    return [name for name, value in choices.named.items() if name in extra and extra[name] != value]


def chat_parameters(model: str, *, temperature: float, seed: int) -> dict[str, Any]:
    """Return all parameters of the chat call except model and messages."""
    takes = sampling_of(model)
    values = {"temperature": temperature, "seed": seed, "reasoning_effort": "low"}
    return {name: value for name, value in values.items() if name in takes}


def sampling_of(model: str) -> frozenset[str]:
    """Return the parameters that a language model takes."""
    *known, (_, other) = SAMPLING
    return next((takes for name in bare_names(model) for pattern, takes in known if fnmatchcase(name, pattern)), other)
