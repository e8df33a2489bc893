"""Imports before the fork what every worker needs, so that the workers share its memory."""

import gc
from importlib import import_module

ALWAYS = ("app.web.factory", "dalle.compose")
PAYING = ("openai", "dalle.painters.openai.provider", "dalle.painters.openai.transport", "dalle.painters.prose")
"""Half a second and 30 MB, which a service without a key has no use for."""


def preload(*, pays: bool) -> None:
    """Import the modules of the service; `pays`: those that talk to a provider too."""
    # Nothing of this is garbage, and looking for some takes a sixth of the time.
    gc.disable()
    for name in (*ALWAYS, *(PAYING if pays else ())):
        import_module(name)
    gc.freeze()
    gc.enable()
