"""The configuration: one frozen object with a field for each setting. app/environment.py builds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from app import links, network, settings, webhooks
from app.settings import setting
from app.values import places
from dalle.painters.openai import endpoint
from dalle.painters.openai.parameters import QUALITIES
from dalle.webhooks.settings import TYPES


class ConfigError(click.ClickException):
    """One message that names every bad setting and what was expected; our commands and `flask` exit with code 2."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True)
class Config:
    """All settings, parsed. Durations in seconds, sizes in pixels, money in USD; 0 means off where documented."""

    # server
    host: str = setting("TB_DALLE_HOST", "127.0.0.1", network.host, "Address to bind.")
    port: int = setting("TB_DALLE_PORT", "8080", settings.port, "TCP port to bind; `:8080` is accepted too.")
    bind: tuple[str, ...] = setting(
        "TB_DALLE_BIND",
        "",
        network.bind_addresses,
        "Bind here instead, e.g. `unix:/run/dalleserver/http.sock`; several, with commas.",
    )
    data_dir: Path = setting("TB_DALLE_DATA_DIR", "", settings.folder, "Data folder; empty: the user's data folder.")
    database_url: str = setting(
        "TB_DALLE_DATABASE_URL", "", places.database_url, "PostgreSQL, for several hosts; docs/cluster.md.", secret=True
    )
    bucket_url: str = setting(
        "TB_DALLE_BUCKET_URL", "", places.bucket_url, "Bucket of the pictures of several hosts.", secret=True
    )
    cache_mb: int = setting(
        "TB_DALLE_CACHE_MB", "2000", settings.positive, "Megabytes of the bucket's pictures in a host's data folder."
    )
    workers: int = setting("TB_DALLE_WORKERS", "2", settings.positive, "Worker processes.")
    threads: int = setting("TB_DALLE_THREADS", "4", settings.positive, "Request threads in each worker.")
    jobs: int = setting("TB_DALLE_JOBS", "2", settings.positive, "Concurrent runs in each worker.")
    queue: int = setting("TB_DALLE_QUEUE", "200", settings.positive, "Runs that may wait or run, over all workers.")
    lock_ttl: float = setting(
        "TB_DALLE_LOCK_TTL", "5m", settings.duration, "Longest silence of a run before another worker takes it over."
    )
    run_timeout: float = setting(
        "TB_DALLE_RUN_TIMEOUT", "0", settings.duration, "Longest run; 0: the sum of the steps and a margin."
    )
    graceful_timeout: float = setting(
        "TB_DALLE_GRACEFUL_TIMEOUT", "0", settings.duration, "Time for runs at a stop; 0: as long as one may last."
    )
    request_timeout: float = setting(
        "TB_DALLE_REQUEST_TIMEOUT", "10s", settings.span, "Time for a request to arrive; then its connection is closed."
    )
    waiters: int = setting(
        "TB_DALLE_WAITERS",
        "64",
        settings.count,
        "Requests that may wait for the end of a run in each worker (`Prefer: wait=60`); others are answered at once.",
    )
    read_only: bool = setting(
        "TB_DALLE_READ_ONLY", "0", settings.switch, "Serve existing pictures; generate and remove nothing."
    )
    generate_from: str = setting(
        "TB_DALLE_GENERATE_FROM",
        "anywhere",
        settings.choice("anywhere", "same-site"),
        "`same-site`: pages of other sites start and remove nothing, they only show pictures.",
    )
    proxy_hops: int = setting(
        "TB_DALLE_PROXY_HOPS", "0", settings.count, "Trusted proxies in front that set X-Forwarded-*."
    )
    public_url: str = setting(
        "TB_DALLE_PUBLIC_URL",
        "",
        network.public_url,
        "URL of this server for others, such as https://pictures.example.org, in absolute links; empty: as requested.",
    )
    link_secret: str = setting(
        "TB_DALLE_LINK_SECRET", "", links.secret, "Signs links that start a run (`dalleserver sign`).", secret=True
    )
    log_level: str = setting(
        "TB_DALLE_LOG_LEVEL",
        "info",
        settings.choice("debug", "info", "warning", "error"),
        "Lowest level that is logged.",
    )
    log_format: str = setting("TB_DALLE_LOG_FORMAT", "text", settings.choice("text", "json"), "Format of log lines.")
    degraded_percent: float = setting(
        "TB_DALLE_DEGRADED_PERCENT", "85", settings.percent, "Memory or disk in use above which health is degraded."
    )
    unhealthy_percent: float = setting(
        "TB_DALLE_UNHEALTHY_PERCENT", "95", settings.percent, "Memory or disk in use above which health is unhealthy."
    )

    # pictures
    skip_image: bool = setting(
        "TB_DALLE_SKIP_IMAGE", "0", settings.switch, "Let the offline artist paint even with a key."
    )
    no_enhance: bool = setting(
        "TB_DALLE_NO_ENHANCE", "0", settings.switch, "Do not let a language model enhance the prompt."
    )
    catalog: str = setting(
        "TB_DALLE_CATALOG",
        "",
        settings.version,
        "Version of the word databases; empty: the data folder's, or the newest.",
    )
    databases_dir: Path | None = setting(
        "TB_DALLE_DATABASES_DIR", "", settings.optional_folder, "Folder with another set of word databases."
    )

    # provider
    api_key: str = setting(
        "OPENAI_API_KEY",
        "",
        settings.secret,
        "Key of the provider; without one the offline artist paints.",
        secret=True,
    )
    base_url: str = setting(
        "OPENAI_BASE_URL",
        "https://api.openai.com/v1",
        network.base_url,
        "Base URL of the provider or a compatible server; docs/provider.md has Azure's.",
        show=endpoint.masked,
    )
    provider_hosts: tuple[str, ...] = setting(
        "TB_DALLE_PROVIDER_HOSTS",
        "",
        network.hosts,
        "Hosts (host or host:port, with commas) that are a provider and no gateway: their 500 and 503 mean that a call "
        "was not accepted.",
    )
    image_model: str = setting("TB_DALLE_IMAGE_MODEL", "gpt-image-2", settings.text, "Image model.")
    fallback_models: tuple[str, ...] = setting(
        "TB_DALLE_FALLBACK_MODELS", "", settings.words, "Image models to use, in order, when the first is withdrawn."
    )
    image_quality: str = setting(
        "TB_DALLE_IMAGE_QUALITY",
        "",
        settings.resembling("", *QUALITIES),
        "low, medium, high …; empty: the provider's default. Where it is not set, `DALLE_QUALITY` counts.",
        older="DALLE_QUALITY",
        translate=settings.older_quality,
    )
    image_size: str = setting(
        "TB_DALLE_IMAGE_SIZE", "", settings.size, "Fixed size such as 1024x1024; empty: by orientation."
    )
    orientation: str = setting(
        "TB_DALLE_ORIENTATION",
        "auto",
        settings.choice("auto", "landscape", "portrait", "square"),
        "Orientation of every picture, unless its size is fixed; `auto`: as its words suggest.",
    )
    image_style: str = setting(
        "TB_DALLE_IMAGE_STYLE", "", settings.resembling("", "vivid", "natural"), "Style, for models that take one."
    )
    image_moderation: str = setting(
        "TB_DALLE_IMAGE_MODERATION", "", settings.choice("", "low", "auto"), "Moderation, for models that take one."
    )
    image_format: str = setting(
        "TB_DALLE_IMAGE_FORMAT", "", settings.choice("", "png", "webp", "jpeg"), "Image format to request."
    )
    image_params: Mapping[str, Any] = setting(
        "TB_DALLE_IMAGE_PARAMS", "{}", settings.json_object, "Further parameters of the image call, a JSON object."
    )
    image_timeout: float = setting("TB_DALLE_IMAGE_TIMEOUT", "300s", settings.span, "Time limit of one image call.")
    download_timeout: float = setting(
        "TB_DALLE_DOWNLOAD_TIMEOUT", "60s", settings.span, "Time limit of the download of a picture."
    )
    connect_timeout: float = setting(
        "TB_DALLE_CONNECT_TIMEOUT", "5s", settings.span, "Time limit for connecting to the provider."
    )
    image_attempts: int = setting(
        "TB_DALLE_IMAGE_ATTEMPTS",
        "3",
        settings.positive,
        "Maximum number of image calls; only calls that were certainly not accepted are repeated.",
    )
    repeat_unknown: bool = setting(
        "TB_DALLE_REPEAT_UNKNOWN", "0", settings.switch, "Repeat calls whose outcome is unknown; may pay twice."
    )
    chat_model: str = setting(
        "TB_DALLE_CHAT_MODEL", "gpt-5-mini", settings.text, "Language model that enhances prompts."
    )
    chat_seed: int = setting("TB_DALLE_CHAT_SEED", "1337", settings.count, "Seed of the enhancement.")
    chat_temperature: float = setting(
        "TB_DALLE_CHAT_TEMPERATURE", "0.2", settings.number, "Temperature of the enhancement."
    )
    enhance_timeout: float = setting("TB_DALLE_ENHANCE_TIMEOUT", "60s", settings.span, "Time limit of the enhancement.")
    prices: Path | None = setting("TB_DALLE_PRICES", "", settings.prices, "JSON file that overrides the price table.")
    fallback: str = setting(
        "TB_DALLE_FALLBACK",
        "",
        settings.choice("", "sketch"),
        "`sketch`: the offline artist paints while the provider is down.",
    )
    daily_images: int = setting(
        "TB_DALLE_DAILY_IMAGES", "0", settings.count, "Paid pictures per day (UTC); 0: no limit."
    )
    daily_budget: float = setting("TB_DALLE_DAILY_BUDGET_USD", "0", settings.number, "USD per day (UTC); 0: no limit.")
    images_per_minute: float = setting(
        "TB_DALLE_IMAGES_PER_MINUTE", "0", settings.number, "Image calls per minute over all workers; 0: no limit."
    )
    breaker_failures: int = setting(
        "TB_DALLE_BREAKER_FAILURES", "5", settings.positive, "Failed runs in a row that open the circuit breaker."
    )
    breaker_pause: float = setting(
        "TB_DALLE_BREAKER_PAUSE", "30s", settings.duration, "Time from open to the next probe."
    )
    breaker_probes: int = setting(
        "TB_DALLE_BREAKER_PROBES", "1", settings.positive, "Probes at once, over all workers, when half open."
    )
    breaker_successes: int = setting(
        "TB_DALLE_BREAKER_SUCCESSES", "2", settings.positive, "Successful probes that close the breaker."
    )

    # retries
    pause_transient: float = setting(
        "TB_DALLE_PAUSE_TRANSIENT", "60s", settings.duration, "Retry pause after a temporary failure."
    )
    pause_unknown: float = setting(
        "TB_DALLE_PAUSE_UNKNOWN", "15m", settings.duration, "Retry pause when a call may have been charged."
    )
    pause_blocked: float = setting(
        "TB_DALLE_PAUSE_BLOCKED", "24h", settings.duration, "Retry pause after blocked content."
    )
    pause_charged: float = setting(
        "TB_DALLE_PAUSE_CHARGED",
        "24h",
        settings.duration,
        "How long a picture that was paid for and did not come is only fetched, at no cost, before another is bought.",
    )
    charged_attempts: int = setting(
        "TB_DALLE_CHARGED_ATTEMPTS",
        "2",
        settings.positive,
        "Pictures that are bought for an address before one comes; more only by “Make again” or --pay-again.",
    )
    pause_configuration: float = setting(
        "TB_DALLE_PAUSE_CONFIGURATION", "10m", settings.duration, "Retry pause after a refused key, quota or parameter."
    )

    # webhooks
    webhook_url: str = setting(
        "TB_DALLE_WEBHOOK_URL",
        "",
        webhooks.url,
        "Where events are sent, signed as docs/webhooks.md describes; empty: nowhere.",
        show=webhooks.masked,
    )
    webhook_secret: tuple[str, ...] = setting(
        "TB_DALLE_WEBHOOK_SECRET",
        "",
        webhooks.secrets,
        "What signs the events: `whsec_` and base64; two, separated by a space, while it changes.",
        secret=True,
    )
    webhook_events: frozenset[str] = setting(
        "TB_DALLE_WEBHOOK_EVENTS", " ".join(TYPES), webhooks.events, "Which events are sent."
    )

    __repr__ = settings.represented

    @property
    def endpoint(self) -> endpoint.Endpoint:
        """Where the provider is."""
        return endpoint.Endpoint.parse(self.base_url)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log line may show."""
        urls = (self.webhook_url, self.database_url, self.bucket_url)
        return (self.api_key, *self.endpoint.secrets, *filter(None, (self.link_secret, *self.webhook_secret, *urls)))

    @property
    def pays(self) -> bool:
        """Whether the provider paints, and is paid."""
        return bool(self.api_key) and not self.skip_image

    @property
    def bind_addresses(self) -> list[str]:
        """Where to listen, in gunicorn's notation."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return list(self.bind) or [f"{host}:{self.port}"]

    @property
    def longest_run(self) -> float:
        """Longest run in seconds: TB_DALLE_RUN_TIMEOUT, or the deadlines of all steps with a margin for repeats."""
        steps = self.enhance_timeout + self.image_timeout + self.download_timeout
        return self.run_timeout or steps * 1.1 + 60
