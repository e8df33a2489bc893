"""Builds the web application: configuration, studio, blueprints and error handlers."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import assets, environment, logs, wiring
from app.config import Config
from app.monitoring import access_log
from app.monitoring.telemetry import Telemetry
from app.web import bodies, errors, files, images, ops
from app.web.application import Application
from app.web.gallery import pages, selection
from app.web.hooks import Hooks
from app.web.programs import cards, feeds, metadata, oembed, openapi, prompts, reference
from app.web.waiting import WaitingThreads
from app.web.workshop import pages as workshop
from dalle.studio import Studio


def build(config: Config | None = None, studio: Studio | None = None) -> Flask:
    """Returns an application that shares nothing with others. Raises ConfigError.

    Threads start with `studio.start()`, or with the first run: an application built before a fork works after it.
    """
    config = config or environment.current()
    logs.configure(
        level=config.log_level, form=config.log_format, secrets=config.secrets, current_request=access_log.request_id
    )
    telemetry = Telemetry(config)
    app = Application("app", template_folder=str(assets.folder("templates")), static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = max(bodies.PATHS.values())
    app.url_map.merge_slashes = app.url_map.redirect_defaults = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["dalle.config"] = config
    studio = studio or wiring.studio(config, telemetry.observers)
    telemetry.state.watch(studio)
    app.extensions["dalle.telemetry"] = telemetry
    app.extensions["dalle.studio"] = studio
    app.extensions["dalle.waiting"] = WaitingThreads(min(config.waiters, config.threads // 2), config.threads - 1)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    Hooks(telemetry).register(app)
    errors.register(app)
    for module in (
        images,
        files,
        pages,
        selection,
        workshop,
        ops,
        prompts,
        metadata,
        cards,
        oembed,
        feeds,
        openapi,
        reference,
    ):
        app.register_blueprint(module.blueprint)
    app.add_url_rule("/static/<rest:filename>", "static", files.static)
    return app
