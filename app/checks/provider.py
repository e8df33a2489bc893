"""Checks of the provider for `doctor --online`: it can be reached and has the models. Its list of models is free."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from app.config import Config
from dalle.painters.openai.endpoint import Endpoint
from dalle.redaction import mask
from dalle.storage.finding import Finding

TIMEOUT = 15.0
SOON = 30
"""Days before a model's end that are worth a warning."""

Models = dict[str, dict[str, Any]]


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
        models = fetch_models(config.endpoint, config.api_key)
    except urllib.error.HTTPError as exc:
        todo = "check OPENAI_API_KEY" if exc.code in (401, 403) else "try again later, or check OPENAI_BASE_URL"
        yield Finding("provider", "error", f"{place} answers {exc.code}", todo)
        return
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as exc:
        message = mask(f"{place}: {getattr(exc, 'reason', exc)}", *config.secrets)
        yield Finding("provider", "error", message, "check the network, the proxy and OPENAI_BASE_URL")
        return
    yield Finding("provider", "ok", f"{place} accepts the key and lists {len(models)} models")
    if config.endpoint.is_azure:  # lists what could be deployed, not the deployments
        return
    chat_models = [] if config.no_enhance else [config.chat_model]
    for name in [config.image_model, *config.fallback_models, *chat_models]:
        yield model(name, models, today or datetime.now(UTC).date())


def fetch_models(endpoint: Endpoint, api_key: str) -> Models:
    """Returns the provider's models by name.

    Raises OSError (HTTPError is one) and HTTPException; ValueError, KeyError or TypeError for an unreadable answer.
    """
    request = urllib.request.Request(  # noqa: S310 — the configuration accepts http and https only
        endpoint.at("models"), headers=endpoint.credentials(api_key)
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
        return {str(entry["id"]): entry for entry in json.load(answer)["data"]}


def model(name: str, models: Models, today: date) -> Finding:
    """The provider has the model, and has not announced its end."""
    check = f"model {name}"
    if name not in models:
        message = "not listed: it was shut down, or the key may not use it"
        return Finding(check, "error", message, "choose another model")
    try:
        end = date.fromisoformat(str(models[name]["shutdown_date"])[:10])
    except (KeyError, ValueError):
        return Finding(check, "ok", "available, with no end announced")
    days = (end - today).days
    if days < 0:
        return Finding(check, "error", f"was shut down on {end}", "choose another model")
    if days < SOON:
        return Finding(check, "warning", f"will be shut down on {end}, in {days} days", "choose another model soon")
    return Finding(check, "ok", f"available until {end}")
