"""The settings of the paid provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from dalle.painters.openai.parameters import Choices


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """The settings of the paid provider: times in seconds, money in USD; a limit of 0 means none.

    provider_hosts  hosts, beside those that are known, whose errors are a provider's own and no gateway's
    enhance         whether a language model enhances the prompts
    prices          a file that takes precedence over the built-in price table
    """

    api_key: str = field(repr=False)
    base_url: str = "https://api.openai.com/v1"
    provider_hosts: tuple[str, ...] = ()
    image_model: str = "gpt-image-2"
    fallback_models: tuple[str, ...] = ()
    image_quality: str = ""
    image_size: str = ""
    image_style: str = ""
    image_moderation: str = ""
    image_format: str = ""
    image_params: Mapping[str, Any] = field(default_factory=dict)
    image_timeout: float = 300.0
    download_timeout: float = 60.0
    connect_timeout: float = 5.0
    image_attempts: int = 3
    repeat_unknown: bool = False
    enhance: bool = True
    chat_model: str = "gpt-5-mini"
    chat_seed: int = 1337
    chat_temperature: float = 0.2
    enhance_timeout: float = 60.0
    prices: Path | None = None
    daily_images: int = 0
    daily_budget: float = 0.0
    images_per_minute: float = 0.0
    breaker_failures: int = 5
    breaker_pause: float = 30.0
    breaker_probes: int = 1
    breaker_successes: int = 2

    @property
    def choices(self) -> Choices:
        """The parameters that are requested of an image model."""
        return Choices(
            self.image_size,
            self.image_quality,
            self.image_style,
            self.image_moderation,
            self.image_format,
            dict(self.image_params),
        )

    @property
    def identity(self) -> str:
        """The fingerprint of key, base URL and model: if it changes, earlier failures no longer count."""
        return _fingerprint(self.api_key, self.base_url, self.image_model)

    @property
    def configuration(self) -> str:
        """The fingerprint of what an operator changes to fix a refused key, quota or model."""
        return _fingerprint(self.api_key, self.base_url, self.image_model, str(self.fallback_models))


def _fingerprint(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:16]
