"""Makes pictures out of Ethereum addresses; knows no HTTP server and reads no environment.

    from dalle import Key, Studio

`Studio` is the façade. It is imported on first use, so that `import dalle` alone takes no time.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

# An older interpreter would fail at the first package that is not installed for it, or at our syntax.
if sys.version_info < (3, 11):  # noqa: UP036 — only pip heeds python_requires
    raise ImportError("dalleserver needs Python 3.11 or newer, and this is %d.%d" % sys.version_info[:2])  # noqa: UP031

if TYPE_CHECKING:
    from dalle.compose import Studio
    from dalle.key import Key

__version__ = "1.1.0"
__all__ = ["Key", "Studio", "__version__"]

MODULES = {"Key": "dalle.key", "Studio": "dalle.compose"}


def __getattr__(name: str) -> Any:
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(MODULES[name]), name)
