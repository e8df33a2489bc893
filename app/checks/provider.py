"""The checks of `doctor --online`: the provider can be reached and its models live. The models list costs nothing."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from app.checks.host import Finding
from app.config import Config

TIMEOUT = 15.0
SOON = 30


def provider(config: Config, *, today: date | None = None) -> Iterator[Finding]:
    """One line for the provider, one a model."""
    if not config.api_key:
        yield Finding("provider", "warning", "not asked: no key is set", "set OPENAI_API_KEY or OPENAI_API_KEY_FILE")
        return
    try:
        listed = models(config.base_url, config.api_key)
    except urllib.error.HTTPError as exc:
        todo = "check OPENAI_API_KEY" if exc.code in (401, 403) else "try again later, or check OPENAI_BASE_URL"
        yield Finding("provider", "error", f"{config.base_url} answers {exc.code}", todo)
        return
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as exc:
        told = f"{config.base_url}: {getattr(exc, 'reason', exc)}"
        yield Finding("provider", "error", told, "check the network, the proxy and OPENAI_BASE_URL")
        return
    yield Finding("provider", "ok", f"{config.base_url} knows the key and lists {len(listed)} models")
    wanted = [config.image_model, *config.fallback_models]
    chat = [] if config.no_enhance else [config.chat_model]
    for name in [*wanted, *chat]:
        yield life(name, listed, today or datetime.now(UTC).date())


def models(base_url: str, api_key: str) -> dict[str, dict[str, Any]]:
    """The provider's models by name.

    Raises OSError (HTTPError is one) and HTTPException; ValueError, KeyError, TypeError for nonsense.
    """
    request = urllib.request.Request(  # noqa: S310 — the configuration takes http and https only
        f"{base_url}/models", headers={"Authorization": f"Bearer {api_key}"}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
        return {str(model["id"]): model for model in json.load(answer)["data"]}


def life(name: str, listed: dict[str, dict[str, Any]], today: date) -> Finding:
    """Whether a model is there, and for how long."""
    if name not in listed:
        return Finding(f"model {name}", "error", "not listed: retired, or not for this key", "choose another model")
    told = listed[name].get("shutdown_date")
    try:
        end = date.fromisoformat(str(told)[:10]) if told else None
    except ValueError:
        end = None
    if end is None:
        return Finding(f"model {name}", "ok", "alive, with no end announced")
    days = (end - today).days
    if days < 0:
        return Finding(f"model {name}", "error", f"was shut down on {end}", "choose another model")
    if days < SOON:
        return Finding(
            f"model {name}", "warning", f"is shut down on {end}, in {days} days", "choose another model soon"
        )
    return Finding(f"model {name}", "ok", f"alive until {end}")
