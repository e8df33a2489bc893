"""URLs in answers: which can be fetched, what relative ones mean, and where tasks are polled."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

LONGEST = 8000
EXTENSIONS = re.compile(r"\.(png|jpe?g|webp|gif|avif|bmp|tiff?)$", re.IGNORECASE)


@dataclass(frozen=True)
class Origin:
    """Where an answer came from: its own URL, and the base URL of the API. Either may be empty."""

    url: str = ""
    base: str = ""

    def absolute(self, url: str) -> str:
        """Return an http(s) URL that can be fetched, made from an absolute or a relative one; "" if there is none."""
        url = url.strip()
        if not url or len(url) > LONGEST or url.startswith("//"):
            return ""
        try:
            if not url.lower().startswith(("http://", "https://")):
                if ":" in url.partition("/")[0]:
                    return ""
                url = urljoin(self.url or f"{self.base.partition('?')[0]}/", url)
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return ""
        usable = parts.scheme in ("http", "https") and parts.hostname and port != 0
        if not usable or re.search(r"[\x00-\x20\x7f<>\"]", url):
            return ""
        return url.encode(errors="replace").decode()

    def below(self, *path: str) -> str:
        """Return the URL of a path below the API's base, whose query stays behind it; "" without a base."""
        try:
            parts = urlsplit(self.base)
        except ValueError:
            return ""
        if not parts.hostname:
            return ""
        whole = "/".join([parts.path.rstrip("/"), *(quote(part, safe="") for part in path)])
        return urlunsplit((parts.scheme, parts.netloc, whole, parts.query, ""))

    def is_own(self, url: str) -> bool:
        """Return whether a URL is the one that answered."""
        return bool(self.url) and url.partition("#")[0] == self.url.partition("#")[0]


def names_a_picture(url: str) -> bool:
    """Return whether the path of a URL ends as a picture's file does."""
    try:
        return bool(EXTENSIONS.search(urlsplit(url).path))
    except ValueError:
        return False
