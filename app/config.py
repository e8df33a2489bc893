"""The configuration: one frozen object, built once from flags, environment, `.env` and defaults."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click
from dotenv import dotenv_values
from platformdirs import user_data_path

from app import settings as knobs
from app.settings import Knob, knob
from dalle.limits.prices import Prices


class ConfigError(click.ClickException):
    """One message that names every bad knob and what was expected; our commands and flask's end with it and code 2."""

    exit_code = 2


def default_data_dir() -> Path:
    """`$XDG_DATA_HOME/trueblocks/dalle`, or `~/.local/share/trueblocks/dalle`."""
    return user_data_path("trueblocks/dalle", appauthor=False)


@dataclass(frozen=True, kw_only=True)
class Config:
    """All knobs, parsed. Durations are in seconds, sizes in pixels, money in USD; 0 means off where it says so."""

    # where it runs
    host: str = knob("TB_DALLE_HOST", "127.0.0.1", knobs.text, "Address to bind.")
    port: int = knob("TB_DALLE_PORT", "8080", knobs.port, "TCP port to bind; `:8080` is read too.")
    bind: tuple[str, ...] = knob(
        "TB_DALLE_BIND",
        "",
        knobs.places,
        "Bind here instead, e.g. `unix:/run/dalleserver/http.sock`; several, with commas.",
    )
    data_dir: Path = knob("TB_DALLE_DATA_DIR", "", knobs.folder, "Data folder; empty: the user's data folder.")
    workers: int = knob("TB_DALLE_WORKERS", "2", knobs.positive, "Worker processes.")
    threads: int = knob("TB_DALLE_THREADS", "4", knobs.positive, "Request threads in each worker.")
    jobs: int = knob("TB_DALLE_JOBS", "2", knobs.positive, "Runs that a worker works on at once.")
    queue: int = knob("TB_DALLE_QUEUE", "200", knobs.positive, "Runs that may wait or run, over all workers.")
    lock_ttl: float = knob(
        "TB_DALLE_LOCK_TTL", "5m", knobs.duration, "Longest silence of a run before others take it over."
    )
    run_timeout: float = knob(
        "TB_DALLE_RUN_TIMEOUT", "0", knobs.duration, "Longest run; 0: the sum of the steps and a margin."
    )
    graceful_timeout: float = knob(
        "TB_DALLE_GRACEFUL_TIMEOUT",
        "0",
        knobs.duration,
        "Time for running jobs at a stop; 0: as long as a run may last.",
    )
    read_only: bool = knob("TB_DALLE_READ_ONLY", "0", knobs.switch, "Serve what exists; generate and remove nothing.")
    proxy_hops: int = knob("TB_DALLE_PROXY_HOPS", "0", knobs.count, "Trusted proxies in front that set X-Forwarded-*.")
    log_level: str = knob(
        "TB_DALLE_LOG_LEVEL",
        "info",
        knobs.choice("debug", "info", "warning", "error"),
        "Least level that is logged.",
    )
    log_format: str = knob("TB_DALLE_LOG_FORMAT", "text", knobs.choice("text", "json"), "How log lines look.")
    degraded_percent: float = knob(
        "TB_DALLE_DEGRADED_PERCENT",
        "85",
        knobs.percent,
        "Memory or disk in use above which health is degraded.",
    )
    unhealthy_percent: float = knob(
        "TB_DALLE_UNHEALTHY_PERCENT",
        "95",
        knobs.percent,
        "Memory or disk in use above which health is unhealthy.",
    )

    # what is painted
    skip_image: bool = knob("TB_DALLE_SKIP_IMAGE", "0", knobs.switch, "Let the offline artist paint even with a key.")
    no_enhance: bool = knob("TB_DALLE_NO_ENHANCE", "0", knobs.switch, "Do not let a language model enhance the prompt.")
    catalog: str = knob(
        "TB_DALLE_CATALOG",
        "",
        knobs.version,
        "Version of the word databases; empty: the data folder's, or the newest.",
    )
    databases_dir: Path | None = knob(
        "TB_DALLE_DATABASES_DIR", "", knobs.optional_folder, "Folder with another set of word databases."
    )

    # the provider
    api_key: str = knob(
        "OPENAI_API_KEY",
        "",
        knobs.secret,
        "Key of the provider; without one the offline artist paints.",
        secret=True,
    )
    base_url: str = knob(
        "OPENAI_BASE_URL",
        "https://api.openai.com/v1",
        knobs.url,
        "Base URL of the provider or a compatible server.",
    )
    image_model: str = knob("TB_DALLE_IMAGE_MODEL", "gpt-image-2", knobs.text, "Image model.")
    fallback_models: tuple[str, ...] = knob(
        "TB_DALLE_FALLBACK_MODELS", "", knobs.words, "Image models to use, in order, when the first is gone."
    )
    image_quality: str = knob(
        "TB_DALLE_IMAGE_QUALITY", "", knobs.text, "low, medium, high …; empty: the provider's default."
    )
    image_size: str = knob(
        "TB_DALLE_IMAGE_SIZE", "", knobs.size, "Fixed size such as 1024x1024; empty: by orientation."
    )
    image_style: str = knob("TB_DALLE_IMAGE_STYLE", "", knobs.text, "Style parameter, for models that take one.")
    image_moderation: str = knob(
        "TB_DALLE_IMAGE_MODERATION",
        "",
        knobs.choice("", "low", "auto"),
        "Moderation level, for models that take one.",
    )
    image_format: str = knob("TB_DALLE_IMAGE_FORMAT", "", knobs.choice("", "png", "webp", "jpeg"), "Format to ask for.")
    image_params: Mapping[str, Any] = knob(
        "TB_DALLE_IMAGE_PARAMS",
        "{}",
        knobs.json_object,
        "Further parameters of the image call, a JSON object.",
    )
    image_timeout: float = knob("TB_DALLE_IMAGE_TIMEOUT", "300s", knobs.span, "Deadline of one image call.")
    download_timeout: float = knob(
        "TB_DALLE_DOWNLOAD_TIMEOUT", "60s", knobs.span, "Deadline of the download of a picture."
    )
    connect_timeout: float = knob(
        "TB_DALLE_CONNECT_TIMEOUT", "5s", knobs.span, "Deadline of connecting to the provider."
    )
    image_attempts: int = knob(
        "TB_DALLE_IMAGE_ATTEMPTS",
        "3",
        knobs.positive,
        "Calls in all, when the earlier ones were surely not accepted.",
    )
    repeat_unknown: bool = knob(
        "TB_DALLE_REPEAT_UNKNOWN", "0", knobs.switch, "Repeat calls whose outcome is unknown; may pay twice."
    )
    chat_model: str = knob("TB_DALLE_CHAT_MODEL", "gpt-5-mini", knobs.text, "Language model that enhances prompts.")
    chat_seed: int = knob("TB_DALLE_CHAT_SEED", "1337", knobs.count, "Seed of the enhancement.")
    chat_temperature: float = knob("TB_DALLE_CHAT_TEMPERATURE", "0.2", knobs.number, "Temperature of the enhancement.")
    enhance_timeout: float = knob("TB_DALLE_ENHANCE_TIMEOUT", "60s", knobs.span, "Deadline of the enhancement.")
    prices: Path | None = knob("TB_DALLE_PRICES", "", knobs.prices, "JSON file that overrides the price table.")
    fallback: str = knob(
        "TB_DALLE_FALLBACK",
        "",
        knobs.choice("", "sketch"),
        "`sketch`: the offline artist paints while the provider is down.",
    )
    daily_images: int = knob("TB_DALLE_DAILY_IMAGES", "0", knobs.count, "Paid pictures a day (UTC); 0: no limit.")
    daily_budget: float = knob("TB_DALLE_DAILY_BUDGET_USD", "0", knobs.number, "Money a day (UTC); 0: no limit.")
    images_per_minute: float = knob(
        "TB_DALLE_IMAGES_PER_MINUTE", "0", knobs.number, "Pace of image calls over all workers; 0: none."
    )
    breaker_failures: int = knob(
        "TB_DALLE_BREAKER_FAILURES",
        "5",
        knobs.positive,
        "Failed runs in a row that open the circuit breaker.",
    )
    breaker_pause: float = knob("TB_DALLE_BREAKER_PAUSE", "30s", knobs.duration, "Time from open to the next probe.")
    breaker_probes: int = knob(
        "TB_DALLE_BREAKER_PROBES", "1", knobs.positive, "Probes at once, over all workers, when half open."
    )
    breaker_successes: int = knob(
        "TB_DALLE_BREAKER_SUCCESSES", "2", knobs.positive, "Successful probes that close the breaker."
    )

    # after a failure
    pause_transient: float = knob(
        "TB_DALLE_PAUSE_TRANSIENT", "60s", knobs.duration, "Retry pause after a passing failure."
    )
    pause_unknown: float = knob(
        "TB_DALLE_PAUSE_UNKNOWN", "15m", knobs.duration, "Retry pause when a call may have been charged."
    )
    pause_blocked: float = knob("TB_DALLE_PAUSE_BLOCKED", "24h", knobs.duration, "Retry pause after blocked content.")
    pause_configuration: float = knob(
        "TB_DALLE_PAUSE_CONFIGURATION",
        "10m",
        knobs.duration,
        "Retry pause after a refused key, quota or parameter.",
    )

    def __repr__(self) -> str:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values |= {field.name: "***" for field in fields(self) if knob_of(field).secret and values[field.name]}
        return f"Config({', '.join(f'{name}={value!r}' for name, value in values.items())})"

    @property
    def places(self) -> list[str]:
        """What to bind, as gunicorn writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return list(self.bind) or [f"{host}:{self.port}"]

    @property
    def longest_run(self) -> float:
        """Seconds that a run may last: the knob, or the steps' deadlines with their repetitions, and a margin."""
        steps = self.enhance_timeout + self.image_timeout + self.download_timeout
        return self.run_timeout or steps * 1.1 + 60


def knob_of(field: Any) -> Knob:
    """The knob that a field of Config was declared with."""
    row: Knob = field.metadata["knob"]
    return row


def load(
    flags: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    dotenv: Path | None = None,
) -> Config:
    """Build the configuration: `flags` (by knob name, e.g. TB_DALLE_PORT) over `environ` over the file over defaults.

    A secret may be given as NAME_FILE, the file that holds it. Raises ConfigError naming every bad knob.
    """
    values: dict[str, str] = {}
    for layer in (settings(dotenv), os.environ if environ is None else environ, flags or {}):
        # A file that is named here wins over a secret that is written below.
        for name in [name for name in values if layer.get(f"{name}_FILE") and not layer.get(name)]:
            del values[name]
        values.update(layer)
    parsed: dict[str, Any] = {}
    complaints = []
    for field in fields(Config):
        try:
            parsed[field.name] = knob_of(field).read(values)
        except ValueError as exc:
            complaints.append(str(exc))
    if not complaints:
        parsed["data_dir"] = parsed["data_dir"] or default_data_dir()
        complaints = crossed(Config(**parsed))
    if complaints:
        raise ConfigError("\n".join(complaints))
    return Config(**parsed)


def settings(dotenv: Path | None = None) -> dict[str, str]:
    """What the `.env` of the current folder, or another file, says; nothing when there is none. Raises ConfigError."""
    try:
        found = dotenv_values(dotenv or ".env")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{dotenv or '.env'}: expected a readable text file in UTF-8") from None
    return {name: value for name, value in found.items() if value is not None}


def strangers(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> list[str]:
    """A sentence for each TB_DALLE_ variable that is no knob: most often one that is spelled wrongly."""
    rows = [knob_of(field) for field in fields(Config)]
    known = {row.name for row in rows} | {f"{row.name}_FILE" for row in rows if row.secret}
    given = {**settings(dotenv), **(os.environ if environ is None else environ)}
    told = []
    for name in sorted(name for name in given.keys() - known if name.startswith("TB_DALLE_")):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
        told.append(f"{name} is no knob and is ignored" + (f": is {near[0]} meant?" if near else ""))
    return told


def crossed(config: Config) -> list[str]:
    """Complaints about knobs that are fine alone and wrong together."""
    complaints = []
    if config.lock_ttl < 1:
        complaints.append(
            f"invalid TB_DALLE_LOCK_TTL={config.lock_ttl}s: expected at least 1s, since a run reports once a second"
        )
    if config.longest_run < config.image_timeout:
        complaints.append(
            f"invalid TB_DALLE_RUN_TIMEOUT={config.longest_run}s: "
            f"expected at least TB_DALLE_IMAGE_TIMEOUT ({config.image_timeout}s)"
        )
    if config.degraded_percent > config.unhealthy_percent:
        complaints.append(
            f"invalid TB_DALLE_DEGRADED_PERCENT={config.degraded_percent}: "
            f"expected at most TB_DALLE_UNHEALTHY_PERCENT ({config.unhealthy_percent})"
        )
    return complaints + unpriced(config)


def unpriced(config: Config) -> list[str]:
    """Complaints about the price table: a budget in money holds only for what has a price."""
    if not config.daily_budget or not config.api_key or config.skip_image:
        return []
    prices = Prices(config.prices)
    return [
        f"invalid TB_DALLE_DAILY_BUDGET_USD={config.daily_budget}: expected TB_DALLE_PRICES to have a price for a "
        f"picture of {model}; without one TB_DALLE_DAILY_IMAGES can limit it"
        for model in (config.image_model, *config.fallback_models)
        if not prices.knows(model)
    ]
