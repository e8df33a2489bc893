"""The hosts that are known to be providers, whose own word on a call can be taken.

A gateway reports a connection that broke behind it as a 500 in the provider's own form, and by then the call may have
been accepted. So gateways (openrouter.ai, LiteLLM, Cloudflare, *.azure-api.net …) do not belong here.
"""

from collections.abc import Collection
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

PROVIDERS = (
    "api.openai.com",
    "*.api.openai.com",
    "*.openai.azure.com",
    "*.cognitiveservices.azure.com",
    "*.services.ai.azure.com",
    "api.together.xyz",
    "api.together.ai",
    "api.x.ai",
    "*.api.x.ai",
    "generativelanguage.googleapis.com",
    "aiplatform.googleapis.com",
    "*-aiplatform.googleapis.com",
    "api.stability.ai",
    "api.bfl.ai",
    "api.*.bfl.ai",
)
DEFAULT_PORTS = {"https": 443, "http": 80}


def is_provider(url: str, hosts: Collection[str] = ()) -> bool:
    """Return whether a URL leads to a provider itself; `hosts` adds others, each a host or host:port."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return False
    if not host:
        return False
    full = f"[{host}]" if ":" in host else host
    if not {full, f"{full}:{port}"}.isdisjoint(name.lower() for name in hosts):
        return True
    return port == DEFAULT_PORTS["https"] and any(fnmatchcase(host, pattern) for pattern in PROVIDERS)
