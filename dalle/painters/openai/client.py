"""The client of the provider. Each process creates its own on first use, since it must not cross a fork."""

import os
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from dalle.errors import DownloadFailed, GenerationError, Misconfigured
from dalle.imaging.decoding import MOST_BYTES
from dalle.painters.openai.answers.reading import Reading, read
from dalle.painters.openai.answers.received import Received, ids_of
from dalle.painters.openai.endpoint import Endpoint
from dalle.painters.openai.faults import translate
from dalle.painters.openai.hosts import is_provider
from dalle.redaction import mask

if TYPE_CHECKING:
    import httpx2
    import openai

MOST_ANSWER_BYTES = MOST_BYTES * 4 // 3 + (1 << 20)  # base64, and the rest of the JSON
REDIRECTS = 5
FAILED, SERVER_ERROR = 400, 500


AGAIN = frozenset({401, 403, 404, 408, 425, 429})
"""A picture's host may answer so for a moment, until what was painted has reached all of its machines."""


class Refused(DownloadFailed):
    """A URL of the provider answers with an error; `received` is that answer."""

    def __init__(self, received: Received) -> None:
        super().__init__(f"the picture's URL answers HTTP {received.status}")
        self.received = received
        self.retryable = received.status in AGAIN or received.status >= SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Reply:
    """The raw body of a 200 answer, and the ids by which provider and gateways find the call."""

    content: bytes
    ids: dict[str, str] = field(default_factory=dict)


class Client:
    """Sends single calls and never repeats one.

    `scratch` opens files for large answers; `connect` is the time limit for connecting, in seconds; `hosts` are known
    to be providers, see `is_provider`.
    """

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str,
        connect: float = 5.0,
        hosts: Collection[str] = (),
        scratch: Callable[[], IO[bytes]] = TemporaryFile,
    ) -> None:
        self.api_key = api_key
        self.base_url = base_url
        self.hosts = hosts
        self._connect = connect
        self._scratch = scratch
        self._lock = threading.Lock()
        self._made: tuple[int, openai.OpenAI, httpx2.Client] | None = None

    def prepare(self) -> None:
        """Create what the calls need, so that the first one does not spend its time, or its turn, on that.

        Raises GenerationError.
        """
        self._clients()

    def image(
        self, model: str, prompt: str, parameters: dict[str, Any], seconds: float
    ) -> tuple[Received, GenerationError | None]:
        """POST /images/generations; return the 2xx answer as it came, and what broke it off if it is not whole.

        Raises GenerationError; `seconds` limits the call as a whole.
        """
        from dalle.painters.openai import transport  # noqa: PLC0415  (importing the HTTP library takes 100 ms)

        api = self._api()
        bounds = transport.Bounds(time.monotonic() + seconds, MOST_ANSWER_BYTES, encoded=True)
        streamed = api.images.with_streaming_response
        try:
            with (
                transport.bounded(bounds),
                streamed.generate(
                    model=model, prompt=prompt, extra_body=parameters, timeout=self._timeout(seconds)
                ) as raw,
            ):
                answer = raw.http_response
                body, broken = transport.body_of(answer, self._scratch)
                received = Received.of(answer, body, whole=broken is None)
        except Exception as exc:
            raise self._translated(exc, sent=bounds.sent) from exc
        error = self._translated(broken, sent=True) if broken else None
        if error:
            error.ids = ids_of(answer.headers)
            if not body:
                raise error
        return received, error

    def read(self, received: Received) -> Reading:
        """Return what an answer contains. Raises GenerationError."""
        return read(received, base_url=self._endpoint().base, hosts=self.hosts)

    def chat(self, model: str, messages: list[Any], parameters: dict[str, Any], seconds: float) -> Reply:
        """POST /chat/completions, as `image` does."""
        return self._call(
            lambda api, timeout: api.chat.completions.with_raw_response.create(
                model=model, messages=messages, extra_body=parameters, timeout=timeout
            ),
            seconds,
        )

    def models(self, seconds: float) -> Reply:
        """GET /models, as `image` does; costs nothing."""
        return self._call(lambda api, timeout: api.models.with_raw_response.list(timeout=timeout), seconds)

    def ask(self, url: str, seconds: float) -> Received:
        """GET a URL that the provider returned: a picture, or the state of a task. Costs nothing.

        The key goes along where the base URL leads too, and never elsewhere or over a redirect. Private addresses are
        refused, also after a redirect, unless the base URL itself leads to one. Raises DownloadFailed, with `status`.
        """
        from dalle.painters.openai import transport  # noqa: PLC0415

        until = time.monotonic() + seconds
        try:
            private = self._base_is_private(min(seconds, self._connect))
            headers: dict[str, str] = {}
            if origin(url) == origin(self.base_url):
                headers, url = self._credentials(), self._endpoint().completed(url)
            for _ in range(REDIRECTS + 1):
                left = until - time.monotonic()
                with (
                    transport.bounded(transport.Bounds(until, MOST_ANSWER_BYTES, private)),
                    self._http().stream(
                        "GET", url, headers=headers, timeout=self._timeout(left), follow_redirects=False
                    ) as answer,
                ):
                    body, broken = transport.body_of(answer, self._scratch)
                if broken:
                    raise broken
                if answer.is_success:
                    return Received.of(answer, body)
                if answer.status_code >= FAILED or "location" not in answer.headers:
                    raise Refused(Received.of(answer, body))
                url, headers = urljoin(url, answer.headers["location"]), {}
                if urlsplit(url).scheme not in ("http", "https"):
                    raise DownloadFailed("the picture's URL redirects to something else than http")
            raise DownloadFailed("the picture's URL redirects too often")
        except DownloadFailed:
            raise
        except transport.AddressRefused as exc:
            raise DownloadFailed("the picture's URL leads to a private address") from exc
        except transport.AnswerTooBig as exc:
            raise DownloadFailed(f"the picture has more than {MOST_BYTES >> 20} MB") from exc
        except Exception as exc:  # a boundary: whatever the HTTP library raises, there is no picture
            text = mask(f"{type(exc).__name__}: {exc}", *self._secrets)
            error = DownloadFailed("the download broke off or took too long", private=text)
            error.retryable = True
            raise error from exc

    def _call(self, send: Callable[["openai.OpenAI", Any], Any], seconds: float) -> Reply:
        from dalle.painters.openai import transport  # noqa: PLC0415

        api = self._api()
        bounds = transport.Bounds(time.monotonic() + seconds, MOST_ANSWER_BYTES)
        try:
            with transport.bounded(bounds):
                raw = send(api, self._timeout(seconds)).http_response
        except Exception as exc:
            raise self._translated(exc, sent=bounds.sent) from exc
        return Reply(raw.content, ids_of(raw.headers))

    @property
    def _secrets(self) -> tuple[str, ...]:
        return (self.api_key, *self._endpoint().secrets)

    def _translated(self, exc: Exception, *, sent: bool) -> GenerationError:
        return translate(exc, *self._secrets, sent=sent, trusted=is_provider(self.base_url, self.hosts))

    def _timeout(self, seconds: float) -> "httpx2.Timeout":
        import httpx2  # noqa: PLC0415

        return httpx2.Timeout(max(seconds, 0.001), connect=self._connect)

    def _base_is_private(self, seconds: float) -> bool:
        from dalle.painters.openai import transport  # noqa: PLC0415

        url = urlsplit(self.base_url)
        addresses = transport.resolve(url.hostname or "", url.port or 443, seconds)
        return not any(transport.is_public(address) for address in addresses)

    def _api(self) -> "openai.OpenAI":
        return self._clients()[0]

    def _http(self) -> "httpx2.Client":
        return self._clients()[1]

    def _clients(self) -> "tuple[openai.OpenAI, httpx2.Client]":
        with self._lock:
            if self._made is None or self._made[0] != os.getpid():
                import httpx2  # noqa: PLC0415
                import openai  # noqa: PLC0415  (half a second and 30 MB)

                from dalle.painters.openai.transport import Transport  # noqa: PLC0415

                headers = {"Accept-Encoding": "identity"}
                transport = Transport()
                calls = httpx2.Client(transport=transport, headers=headers, event_hooks={"request": [self._address]})
                http = httpx2.Client(transport=transport, headers=headers)
                base = self._endpoint().base
                try:
                    api = openai.OpenAI(api_key=self.api_key, base_url=base, max_retries=0, http_client=calls)
                except (openai.OpenAIError, httpx2.InvalidURL) as exc:
                    raise translate(exc, self.api_key, sent=False) from exc
                self._made = (os.getpid(), api, http)
            return self._made[1], self._made[2]

    def _endpoint(self) -> Endpoint:
        """Return where the calls go. Raises Misconfigured: the settings refuse such a URL, a program may not."""
        try:
            return Endpoint.parse(self.base_url)
        except ValueError as exc:
            raise Misconfigured(private=f"the base URL is invalid: expected {exc}") from exc

    def _address(self, request: "httpx2.Request") -> None:
        """Put the query of the base URL behind the path of a call, byte for byte, and the key into its header.

        The library would send a bearer token in any case, and both headers if it was given another one.
        """
        endpoint = self._endpoint()
        if endpoint.query:
            request.url = request.url.copy_with(query=endpoint.query.encode())
        if endpoint.is_azure:
            request.headers.pop("Authorization", None)
            request.headers.update(endpoint.credentials(self.api_key))

    def _credentials(self) -> dict[str, str]:
        """Return the headers that prove who calls, with those of OPENAI_CUSTOM_HEADERS, as the calls have them."""
        import httpx2  # noqa: PLC0415

        api = self._api()
        headers = {
            name.lower(): value
            for name, value in [*api.auth_headers.items(), *api._custom_headers.items()]
            if isinstance(value, str)
        }
        request = httpx2.Request("GET", self._endpoint().base, headers=headers)
        self._address(request)
        return {name: value for name, value in request.headers.items() if name != "host"}


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of a URL."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    return parts.scheme, parts.hostname or "", port or {"http": 80, "https": 443}.get(parts.scheme)
