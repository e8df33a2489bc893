"""Parsers of settings that name hosts, addresses and URLs."""

import ipaddress
import re
from urllib.parse import urlsplit

from app import settings
from dalle.painters.openai.endpoint import Endpoint


def host(value: str) -> str:
    """A name or an address, without the brackets around one of IPv6."""
    name = value[1:-1] if value.startswith("[") and value.endswith("]") else value
    if is_ipv6(name) or (name == value and re.fullmatch(r"[^\s:/\[\]]+", name)):
        return name
    raise ValueError("a name or an address such as 0.0.0.0 or ::1, without a port, which is TB_DALLE_PORT")


def is_ipv6(text: str) -> bool:
    """Returns whether a socket can be bound to this; gunicorn knows no scope, as in fe80::1%eth0."""
    try:
        return bool(ipaddress.IPv6Address(text)) and "%" not in text
    except ValueError:
        return False


def bind_addresses(value: str) -> tuple[str, ...]:
    addresses = settings.words(value)
    for address in addresses:
        if address.startswith("unix:/") or re.fullmatch(r"fd://[0-9]{1,4}", address):
            continue
        host, _, number = address.rpartition(":")
        named = is_ipv6(host[1:-1]) if host.startswith("[") else re.fullmatch(r"[^\s:/\[\]]+", host)
        if not named or not number.isdecimal():
            raise ValueError("unix:/a/path, host:port, [IPv6]:port or fd://3, several with commas")
        settings.port(number)
    return addresses


def base_url(value: str) -> str:
    """The URL without the name of a call at its end."""
    return str(Endpoint.parse(value))


def public_url(value: str) -> str:
    """The URL without a slash at its end."""
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if value and not (valid and re.fullmatch(r"[A-Za-z]+://[A-Za-z0-9.:\[\]_-]+(/[!$-;=@-Z_a-z~]*)?", value)):
        raise ValueError("an http or https URL without a query or a password, such as https://pictures.example.org")
    return value.rstrip("/")


def hosts(value: str) -> tuple[str, ...]:
    names = settings.words(value.lower())
    for name in names:
        try:
            parts = urlsplit(f"//{name}")
            valid = parts.netloc == name == "".join(name.split()) and bool(parts.hostname) and parts.port != 0
            valid = valid and parts.username is None
        except ValueError:
            valid = False
        if not valid:
            raise ValueError("hosts such as images.example.com or 10.0.0.5:4000, with commas")
    return names
