"""Checks of the configuration and of what is installed with this package."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from PIL import ImageFont

from app import notices as settings_notices
from app.client.words import open_words
from app.config import Config
from app.environment import given, source, unknown_variables
from dalle.errors import DalleError
from dalle.imaging.typesetting import FONT
from dalle.storage.finding import Finding


def settings(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Finding:
    """Every TB_DALLE_ variable is a setting."""
    warnings = unknown_variables(environ, dotenv)
    if warnings:
        return Finding("settings", "warning", "; ".join(warnings), "dalleserver settings lists all of them")
    return Finding("settings", "ok", "every TB_DALLE_ variable is a setting")


def font() -> Finding:
    """The font of captions can be loaded."""
    try:
        name = ImageFont.truetype(FONT, 20).getname()[0]
    except OSError as exc:
        return Finding("font", "error", f"{FONT.name} cannot be loaded: {exc}", "install the package again")
    return Finding("font", "ok", f"{name} can be loaded")


def words(config: Config) -> Finding:
    """The word databases can be loaded, in the version that the data folder was created with."""
    try:
        catalog = open_words(config).catalog
    except DalleError as exc:
        pinned = "which version all hosts have" if config.database_url else "catalog.json in the data folder"
        todo = f"see TB_DALLE_CATALOG, TB_DALLE_DATABASES_DIR and {pinned}"
        return Finding("word databases", "error", exc.details or exc.message, todo)
    except OSError as exc:
        message = f"it is not known which ones are used: {exc.strerror or exc}"
        return Finding("word databases", "error", message, "see above what is wrong with where everything is kept")
    return Finding("word databases", "ok", f"version {catalog.version}, {len(catalog.databases)} databases")


def series(config: Config) -> Iterator[Finding]:
    """The operator's series can be used."""
    with suppress(DalleError, OSError):
        words = open_words(config)
        shelf = words.shelf
        yield Finding("series", "ok", f"{len(shelf.names())} can be painted")
        for name, problem in shelf.problems().items():
            path = Path(words.storage.series.place) / f"{name}.json"
            yield Finding("series", "warning", f"{name}: {problem}", f"dalleserver series check {path}")


def painter(config: Config, environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Finding:
    """A key for the provider is set, or pictures from the offline artist are wanted."""
    place = source("OPENAI_API_KEY", environ, dotenv)
    if config.skip_image:
        return Finding("painter", "ok", "the offline artist, because TB_DALLE_SKIP_IMAGE is set")
    if not config.api_key:
        todo = "for paid pictures set OPENAI_API_KEY or OPENAI_API_KEY_FILE"
        reason = f"{place} is empty" if place else "no API key is set"
        return Finding("painter", "warning", f"the offline artist, because {reason}", todo)
    key = f"the API key of {place}" if place else "an API key"
    return Finding("painter", "ok", f"{config.image_model} at {config.endpoint.shown}, with {key}")


def notices(config: Config, environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Iterator[Finding]:
    """Every setting of the provider reaches it, and every model has a price."""
    if not config.pays:
        return
    messages = settings_notices.notices(config, given(environ, dotenv))
    for message in messages:
        yield Finding("provider settings", "warning", message, "docs/provider.md says what is sent to which model")
    if not messages:
        yield Finding("provider settings", "ok", "all of them are sent, and the models have prices")
