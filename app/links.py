"""Links that start a run, signed as nginx verifies them: who has one needs no password until it expires. Pure.

deploy/nginx/dalleserver/links.conf is the other side, and takes exactly the query that is added here.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from urllib.parse import urlsplit

EXPECTED = "https://host/dalle/<series>/<address>"
SECRET = re.compile(r"[A-Za-z0-9+/=_.~-]{24,256}")
"""What needs no quoting in a configuration of nginx. Shorter ones could be found by trying: MD5 is quick."""
SERIES = re.compile(r"[A-Za-z0-9-]{1,64}")
ADDRESS = re.compile(r"0[Xx][0-9A-Fa-f]{40}")


def secret(value: str) -> str:
    if value and not SECRET.fullmatch(value):
        raise ValueError("24 to 256 letters, digits and + / = _ . ~ -, such as those of `openssl rand -hex 32`")
    return value


def signed(url: str, secret: str, expires: int) -> str:
    """Returns the link that starts the run of a picture until `expires`, in Unix seconds.

    url: of the picture, or its path alone. Host and path are signed as written. Raises ValueError, which says what was
    expected.
    """
    return f"{url}?generate=1&expires={expires}&md5={signature(path_of(url), secret, expires)}"


def signature(path: str, secret: str, expires: int) -> str:
    """Returns the value of `md5`: nginx's secure_link knows no other digest, and base64 without its padding."""
    digest = hashlib.md5(f"{expires}{path} {secret}".encode()).digest()  # noqa: S324 — the secret comes last
    return urlsafe_b64encode(digest).decode().rstrip("=")


def nginx(secret: str) -> str:
    """Returns the line by which nginx knows the secret."""
    return f'secure_link_md5 "$secure_link_expires$dalle_link_path {secret}";'


def path_of(url: str) -> str:
    """Returns the path of a picture's URL as it is written. Raises ValueError."""
    if "?" in url or "#" in url:
        raise ValueError(f"{EXPECTED} alone: the query is added, and a link has no other")
    if not url.startswith("/"):
        check_server(url)
    _, _, rest = url.rpartition("://")
    path = rest[rest.find("/") :] if "/" in rest else ""
    segments = path.removesuffix("/").split("/")
    names = segments[2:]
    if segments[:2] != ["", "dalle"] or len(names) > 2:
        raise ValueError(EXPECTED)
    series, address = (*names, "", "")[:2]
    if not SERIES.fullmatch(series):
        raise ValueError(f"{EXPECTED}, and a series has letters, digits and hyphens")
    if not ADDRESS.fullmatch(address):
        raise ValueError(f"{EXPECTED}, and an address is 0x and 40 hexadecimal digits")
    return path


def check_server(url: str) -> None:
    """Raises ValueError unless the URL names a server, and no password, which a link must not show."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not re.fullmatch(r"[!-~]+", url):
        raise ValueError(EXPECTED)
    if "@" in parts.netloc:
        raise ValueError(f"{EXPECTED} without a name and a password, which the link would show")
