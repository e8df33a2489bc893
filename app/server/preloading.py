"""Imports before the fork what every worker needs, so that the workers share its memory."""

import gc
from importlib import import_module

ALWAYS = ("app.web.factory", "dalle.compose")
PAYING = ("openai", "dalle.painters.openai.provider", "dalle.painters.openai.transport", "dalle.painters.prose")
"""Half a second and 30 MB, which a service without a key has no use for."""
ANNOUNCING = ("dalle.webhooks.delivery",)


def preload(*, pays: bool, announces: bool) -> None:
    """Import the modules of the service; also those that talk to a provider, and those that send events."""
    gc.disable()
    for name in (*ALWAYS, *(PAYING if pays else ()), *(ANNOUNCING if announces else ())):
        import_module(name)
    gc.freeze()
    gc.enable()
