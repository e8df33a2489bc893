"""The web application: parses requests, asks the studio, answers. `create_app` is the one place that builds things."""

import hashlib
import inspect
from dataclasses import fields

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import assets, logs
from app import config as configuration
from app.config import Config
from app.monitoring.telemetry import Telemetry
from app.web import errors, files, gallery, images, ops
from app.web.application import Service
from app.web.hooks import Hooks
from dalle.events import Observer
from dalle.painters.openai import provider as house
from dalle.painters.openai.provider import Provider
from dalle.painters.protocol import Painter
from dalle.painters.sketch import Sketch
from dalle.runs.retry import Pauses
from dalle.studio import Studio

LARGEST_BODY = 16_384  # bytes; the only body that is read is the gallery's form of two fields


def create_app(config: Config | None = None, studio: Studio | None = None) -> Flask:
    """Build one application: configuration → studio → blueprints → error handlers.

    Nothing is shared between two of them; threads are started by `studio.start()`, on the first request at the
    latest, so that an application that was made before a fork works after it.
    """
    config = config or configuration.load()
    logs.configure(level=config.log_level, form=config.log_format, secrets=[config.api_key])
    telemetry = Telemetry(config)
    app = Service(
        "app",
        Hooks(telemetry),
        template_folder=str(assets.folder("templates")),
        static_folder=None,
    )
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.merge_slashes = app.url_map.redirect_defaults = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["dalle.config"] = config
    studio = studio or build_studio(config, telemetry)
    telemetry.watch(studio)
    app.extensions["dalle.telemetry"] = telemetry
    app.extensions["dalle.studio"] = studio
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    errors.register(app)
    for module in (images, files, gallery, ops):
        app.register_blueprint(module.blueprint)
    app.add_url_rule("/static/<rest:filename>", "static", files.static)
    return app


def build_studio(config: Config, observer: Observer | None = None) -> Studio:
    """The studio that the configuration describes; `observer` is told of what happens in it."""
    provider = build_provider(config, observer) if config.api_key and not config.skip_image else None
    painter: Painter = provider.painter if provider else Sketch()
    fallback: Painter | None = Sketch() if provider and config.fallback == "sketch" else None
    return Studio(
        config.data_dir,
        painter=painter,
        fallback=fallback,
        writer=provider.writer if provider and not config.no_enhance else None,
        background=provider.start if provider else lambda: None,
        provider_status=provider.status if provider else lambda: None,
        catalog_version=config.catalog,
        databases_dir=config.databases_dir,
        lock_ttl=config.lock_ttl,
        longest_run=config.longest_run,
        jobs=config.jobs,
        queue=config.queue,
        pauses=Pauses(
            transient=config.pause_transient,
            unknown=config.pause_unknown,
            blocked=config.pause_blocked,
            configuration=config.pause_configuration,
        ),
        configuration=fingerprint(config),
        observer=observer,
    )


def build_provider(config: Config, observer: Observer | None) -> Provider:
    """The paid provider, not yet asked for anything: its settings have the names of the configuration's."""
    names = inspect.signature(house.build).parameters.keys() & {field.name for field in fields(Config)}
    return house.build(
        config.data_dir / "provider",
        observer=observer,
        **{name: getattr(config, name) for name in names},
    )


def fingerprint(config: Config) -> str:
    """What an operator changes to repair a refused key, quota or model; tells nothing about the key."""
    told = f"{config.api_key}\n{config.base_url}\n{config.image_model}\n{config.fallback_models}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]
