"""Checks of the provider for `doctor --online`: it can be reached and has the models. Its list of models is free.

It is asked by the client that asks it for pictures, so that a check and a run differ in nothing: headers, proxies,
certificates and deadlines.
"""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime

from app.client import terminal
from app.config import Config
from app.suggestion import question
from dalle.errors import (
    AuthRefused,
    BadAnswer,
    GenerationError,
    Misconfigured,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
)
from dalle.painters.openai.client import Client
from dalle.painters.openai.models import day_of, in_days, is_listed, listed
from dalle.redaction import mask
from dalle.storage.finding import Finding

TIMEOUT = 15.0
SOON = 30
"""Days before a model's end that are worth a warning."""
SHOWN = 300
"""Letters of a provider's answer that are shown."""
NO_LIST = (404, 405, 501)
"""How a server answers that has no list of models."""
NO_DATABASE = re.compile("no_db_connection|no connected db", re.IGNORECASE)
"""LiteLLM's answer to any key but its master key, when it has no database."""

ADVICE: tuple[tuple[type[GenerationError], str], ...] = (
    (AuthRefused, "check OPENAI_API_KEY"),
    (QuotaExhausted, "add credit to the account, or raise its limit"),
    (RateLimited, "try again later"),
    (Misconfigured, "check OPENAI_BASE_URL; a gateway may also expect headers, see OPENAI_CUSTOM_HEADERS"),
    (OutcomeUnknown, "check OPENAI_BASE_URL, or try again later"),
    (BadAnswer, "check OPENAI_BASE_URL"),
    (GenerationError, "check the network and OPENAI_BASE_URL"),
)
"""What to do, by the first class that fits."""


def provider(config: Config, *, today: date | None = None) -> Iterator[Finding]:
    """The provider accepts the key and lists the configured models."""
    if not config.api_key:
        todo = "set OPENAI_API_KEY or OPENAI_API_KEY_FILE"
        yield Finding("provider", "warning", "not checked: no API key is set", todo)
        return
    place = config.endpoint.shown
    if config.endpoint.has_deployment:
        yield Finding("provider", "ok", f"not checked: {place} is one deployment and has no list of models")
        return
    try:
        models = fetch_models(config)
    except GenerationError as error:
        yield refused(place, error, config.secrets)
        return
    yield Finding("provider", "ok", f"{place} accepts the key and lists {terminal.count(len(models), 'model')}")
    if config.endpoint.is_azure:  # lists what could be deployed, not the deployments
        return
    image_models = list(dict.fromkeys((config.image_model, *config.fallback_models)))
    lists_ours = any(is_listed(name, models) for name in image_models)
    for name in image_models if config.no_enhance else dict.fromkeys((*image_models, config.chat_model)):
        yield model(name, models, today or datetime.now(UTC).date(), lists_ours=lists_ours)


def fetch_models(config: Config) -> dict[str, str]:
    """Returns the provider's models, each with the day of its shutdown, "" without one. Raises GenerationError."""
    client = Client(api_key=config.api_key, base_url=config.base_url, connect=config.connect_timeout)
    return listed(client.models(TIMEOUT))


def refused(place: str, error: GenerationError, secrets: Collection[str]) -> Finding:
    """The provider did not return its list of models."""
    status = getattr(error.__cause__, "status_code", 0)
    if status in NO_LIST:
        todo = f"if pictures fail too, check OPENAI_BASE_URL: a list would be at {place} followed by /models"
        return Finding("provider", "warning", f"not checked: {place} has no list of models (HTTP {status})", todo)
    said = plain(error)
    message = mask(f"{place}: {said[:SHOWN]}", *secrets)
    if NO_DATABASE.search(f"{error.details} {said}"):
        todo = "the gateway has no database of keys, so it takes none but its master key: set OPENAI_API_KEY to that"
        return Finding("provider", "error", message, todo)
    return Finding("provider", "error", message, next(todo for kind, todo in ADVICE if isinstance(error, kind)))


def plain(error: GenerationError) -> str:
    """Returns what went wrong in one line: the answer, or why there was none without the names of exceptions."""
    cause = getattr(error.__cause__, "__cause__", None)
    said = str(cause or "") or error.private or error.details or error.message
    return re.sub(r"\[Errno -?[0-9]+\] ", "", " ".join(said.split()))


def model(name: str, models: dict[str, str], today: date, *, lists_ours: bool = True) -> Finding:
    """The provider has the model, and has not announced its end.

    `lists_ours`: whether the list names one of our image models; if not, it says nothing, and runs do not heed it.
    """
    check = f"model {name}"
    if not is_listed(name, models):
        meant = question(name, models)
        if lists_ours:
            message = f"not listed: it was shut down, or the key may not use it{meant}"
            return Finding(check, "error", message, "choose another model")
        message = f"not listed, but the list of this server says little: {missing(models)}{meant}"
        return Finding(check, "warning", message, "make one picture to see whether the model can be used")
    end = day_of(models.get(name, ""))
    if end is None:
        return Finding(check, "ok", "available, with no end announced")
    days = (end - today).days
    if days < 0:
        return Finding(check, "error", f"was shut down on {end}", "choose another model")
    if days < SOON:
        return Finding(check, "warning", f"will be shut down on {end}, {in_days(days)}", "choose another model soon")
    return Finding(check, "ok", f"available until {end}")


def missing(models: Collection[str]) -> str:
    return "it names none of the configured image models" if models else "it is empty"
