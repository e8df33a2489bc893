"""From the configuration to a studio: what the web application and the commands work with."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.config import Config
from dalle.events import Observer
from dalle.painters.openai.settings import ProviderSettings
from dalle.runs.settings import Pauses, RunSettings
from dalle.settings import SharedSettings, StudioSettings
from dalle.webhooks import signing
from dalle.webhooks.settings import WebhookSettings
from dalle.words.orientation import Orientation

ORIENTATIONS: Mapping[str, Orientation | None] = {
    "auto": None,
    "square": "square",
    "portrait": "portrait",
    "landscape": "landscape",
}

SHARED_CURE = "look at TB_DALLE_DATABASE_URL and TB_DALLE_BUCKET_URL; dalleserver doctor says more"
"""What to do where database or bucket cannot be used."""

if TYPE_CHECKING:
    from dalle.compose import Studio


def studio(config: Config, observers: Sequence[Observer] = (), *, jobs: int | None = None) -> "Studio":
    """Return the studio that the configuration describes; `jobs` runs at once instead of the configured number."""
    from dalle.compose import Studio  # noqa: PLC0415 — painters and Pillow cost 0.2 s: not for commands that only look

    return Studio(studio_settings(config, jobs), observers)


def studio_settings(config: Config, jobs: int | None = None) -> StudioSettings:
    return StudioSettings(
        data_dir=config.data_dir,
        shared=shared_settings(config),
        catalog=config.catalog,
        databases=config.databases_dir,
        jobs=config.jobs if jobs is None else jobs,
        queue=config.queue,
        runs=RunSettings(
            longest_run=config.longest_run,
            claim_ttl=config.lock_ttl,
            pauses=Pauses(
                transient=config.pause_transient,
                unknown=config.pause_unknown,
                blocked=config.pause_blocked,
                configuration=config.pause_configuration,
                charged=config.pause_charged,
            ),
            purchases=config.charged_attempts,
        ),
        provider=provider_settings(config) if config.pays else None,
        orientation=ORIENTATIONS[config.orientation],
        fallback=config.fallback == "sketch",
        webhooks=webhook_settings(config),
    )


def shared_settings(config: Config) -> SharedSettings | None:
    """Returns where several hosts keep what they share; None: there is one host."""
    if not config.database_url:
        return None
    return SharedSettings(
        database=config.database_url,
        bucket=config.bucket_url,
        cache_bytes=config.cache_mb * 1_000_000,
        # One for each thread that answers, two for each run and its beats, and some for what goes on beside them.
        connections=config.threads + 2 * config.jobs + 4,
    )


def webhook_settings(config: Config) -> WebhookSettings | None:
    """Returns where events are sent; None: nowhere."""
    if not config.webhook_url:
        return None
    return WebhookSettings(
        url=config.webhook_url,
        secrets=tuple(map(signing.secret_key, config.webhook_secret)),
        events=config.webhook_events,
        public_url=config.public_url,
    )


def provider_settings(config: Config) -> ProviderSettings:
    return ProviderSettings(
        api_key=config.api_key,
        base_url=config.base_url,
        provider_hosts=config.provider_hosts,
        image_model=config.image_model,
        fallback_models=config.fallback_models,
        image_quality=config.image_quality,
        image_size=config.image_size,
        image_style=config.image_style,
        image_moderation=config.image_moderation,
        image_format=config.image_format,
        image_params=config.image_params,
        image_timeout=config.image_timeout,
        download_timeout=config.download_timeout,
        connect_timeout=config.connect_timeout,
        image_attempts=config.image_attempts,
        repeat_unknown=config.repeat_unknown,
        enhance=not config.no_enhance,
        chat_model=config.chat_model,
        chat_seed=config.chat_seed,
        chat_temperature=config.chat_temperature,
        enhance_timeout=config.enhance_timeout,
        prices=config.prices,
        daily_images=config.daily_images,
        daily_budget=config.daily_budget,
        images_per_minute=config.images_per_minute,
        breaker_failures=config.breaker_failures,
        breaker_pause=config.breaker_pause,
        breaker_probes=config.breaker_probes,
        breaker_successes=config.breaker_successes,
    )
