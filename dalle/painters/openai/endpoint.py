"""Where the provider is: the base URL of its calls, and how a key is presented there.

https://api.openai.com/v1                                                    Authorization: Bearer <key>
https://NAME.openai.azure.com/openai/v1                                      api-key: <key>
https://NAME.openai.azure.com/openai/deployments/NAME?api-version=VERSION    api-key: <key>; one model only
http://127.0.0.1:4000/v1, …                                                  Authorization: Bearer <key>
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote_plus, urlsplit

FORM = "such as https://api.openai.com/v1"
AZURE = "such as https://NAME.openai.azure.com/openai/v1"
DEPLOYMENT = "such as https://NAME.openai.azure.com/openai/deployments/NAME?api-version=2025-04-01-preview"
OPENAI_HOST = "api.openai.com"
AZURE_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
VERSION = "api-version"

FORBIDDEN = re.compile(r'[\x00-\x20\x7f-\xa0"<>\\^`{|}\u2028\u2029]')
"""What no URL may contain (RFC 3986, section 2): spaces, and the brackets of a template that was not filled in."""
CALL = re.compile(r"/(?:images/(?:generations|edits|variations)|(?:chat/)?completions|responses)$", re.IGNORECASE)
PART_OF_CALL = re.compile(r"(?<=/v[0-9])/(?:models|images|chat)$", re.IGNORECASE)
"""Ends of a base URL that belong to a call. Azure has a base URL that ends in `/models`, but none in `/v1/models`."""
SECRET = re.compile(r"(?:key|token|sig|signature|secret|password|credential|auth|code)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A base URL that can work: `base` without a slash at its end, `query` as the operator wrote it."""

    base: str
    query: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the endpoint; the name of a call at the end of its path is dropped.

        Raises ValueError, whose text is the form that is wanted.
        """
        if FORBIDDEN.search(text):
            raise ValueError(f"an http or https URL without spaces and placeholders, {FORM}")
        if "#" in text:
            raise ValueError(f"an http or https URL without a fragment (#…), {FORM}")
        try:
            parts = urlsplit(text)
            valid = parts.scheme in ("http", "https") and is_host(parts.hostname or "") and parts.port != 0
        except ValueError:
            valid = False
        if not valid or not f"{parts.path}{parts.query}".isascii():
            raise ValueError(f"an http or https URL, {FORM}")
        if "@" in parts.netloc:
            raise ValueError(
                f"an http or https URL without user name and password, {FORM}; the key has its own setting"
            )
        return cls(f"{parts.scheme}://{parts.netloc}{path_of(parts)}", parts.query)

    def __str__(self) -> str:
        return self.base + (f"?{self.query}" if self.query else "")

    def at(self, path: str) -> str:
        """Return the URL of a call, such as `images/generations`, with the query behind its path."""
        return f"{self.base}/{path}" + (f"?{self.query}" if self.query else "")

    def completed(self, url: str) -> str:
        """Return a URL with the query of this one, if it lies below this one and has none of its own."""
        below = url.startswith(f"{self.base}/") and "?" not in url
        return f"{url}?{self.query}" if below and self.query else url

    @property
    def is_azure(self) -> bool:
        """Whether this speaks Azure's dialect: by its host, or behind a gateway by the version of the API."""
        return (urlsplit(self.base).hostname or "").endswith(AZURE_HOSTS) or bool(versions(self.query))

    @property
    def has_deployment(self) -> bool:
        """Whether the path names one deployment: every call reaches its model, and there is no list of models."""
        return bool(re.search(r"/deployments/[^/]+$", self.base, re.IGNORECASE))

    @property
    def secrets(self) -> tuple[str, ...]:
        """The keys in the query, as written and decoded: no text may show them."""
        pairs = (pair.partition("=") for pair in self.query.split("&"))
        values = [value for name, _, value in pairs if value and SECRET.search(name)]
        return tuple(dict.fromkeys(text for value in values for text in (value, unquote_plus(value))))

    @property
    def shown(self) -> str:
        """The URL for logs and people: of the query, only the version of the API is shown."""
        return self.base + masked_query(f"?{self.query}" if self.query else "")

    def credentials(self, key: str) -> dict[str, str]:
        """Return the header that presents the key: one of the two, since Azure refuses a call that has both."""
        return {"api-key": key} if self.is_azure else {"Authorization": f"Bearer {key}"}


def lists_models(url: str) -> bool:
    """Return whether GET /models below a base URL names the models of its calls; an invalid URL fails by itself.

    Azure lists what could be deployed: a deployment with a name of its own would be taken for a model that is gone.
    """
    try:
        endpoint = Endpoint.parse(url)
    except ValueError:
        return True
    return not (endpoint.is_azure or endpoint.has_deployment)


def is_host(host: str) -> bool:
    """Return whether this can be the name or the address of a host."""
    try:
        if ":" in host:
            ipaddress.ip_address(host)
            return True
        return re.fullmatch(r"[a-z0-9_.-]+", host.encode("idna").decode(), re.IGNORECASE) is not None
    except ValueError:  # UnicodeError, of an empty or a long label, is one
        return False


def path_of(parts: SplitResult) -> str:
    """Return the path of the base URL. Raises ValueError for an API that is not there."""
    path = CALL.sub("", parts.path.rstrip("/")).rstrip("/")
    path = PART_OF_CALL.sub("", path)
    host = parts.hostname or ""
    given = versions(parts.query)
    if len(given) > 1 or not all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", version) for version in given):
        raise ValueError(f"an http or https URL with one {VERSION} at its end, {DEPLOYMENT}")
    if is_openai(host) or host.endswith(AZURE_HOSTS):
        if parts.scheme != "https":
            raise ValueError(f"an https URL for {host}, {FORM if is_openai(host) else AZURE}")
        if is_openai(host):
            return path or "/v1"
        return azure_path(path, given)
    return path


def azure_path(path: str, given: list[str]) -> str:
    """Return the path at a host of Azure's. Raises ValueError if no API is there, or if it needs a version."""
    if path.lower() in ("", "/openai", "/openai/deployments", "/deployments"):
        raise ValueError(
            f"an http or https URL with the path of an API, {AZURE}, or {DEPLOYMENT.removeprefix('such as ')}"
        )
    if "/deployments/" in path.lower() and not given:
        raise ValueError(f"an http or https URL with an {VERSION} behind a deployment, {DEPLOYMENT}")
    return path


def is_openai(host: str) -> bool:
    """Return whether this is OpenAI's API, perhaps that of a region."""
    return host == OPENAI_HOST or host.endswith(f".{OPENAI_HOST}")


def versions(query: str) -> list[str]:
    """Return the values of `api-version` in a query."""
    return [value for name, value in parse_qsl(query, keep_blank_values=True) if name.lower() == VERSION]


def masked(text: str) -> str:
    """Return what was meant to be a base URL without anything in it that may be a secret."""
    text = re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", r"\1***@", text, flags=re.DOTALL)
    text, mark, _ = text.partition("#")
    head, sign, query = text.partition("?")
    return head + masked_query(sign + query) + ("#***" if mark else "")


def masked_query(query: str) -> str:
    """Return a query, from its `?` on, with `***` for every value but the version of the API."""
    return re.sub(rf"(?i)(?<=[?&])(?!{VERSION}=)([^=&?]*=|)[^&?]+", r"\1***", query)
