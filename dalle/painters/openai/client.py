"""The client of the provider: made on first use in each process, since it must not cross a fork."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from dalle.errors import DownloadFailed
from dalle.imaging.decoding import MOST_BYTES
from dalle.painters.openai.faults import translate
from dalle.redaction import mask

if TYPE_CHECKING:
    import httpx2
    import openai

MOST_ANSWER = MOST_BYTES * 4 // 3 + (1 << 20)  # base64, and the rest of the JSON
REDIRECTS = 5
GOOD, BROKEN, PASSING = 200, 400, 429  # from 429 on it may work in a moment


@dataclass(frozen=True, slots=True)
class Reply:
    """The body of a 200 answer as it came, and the provider's name for the request."""

    content: bytes
    request_id: str


class Client:
    """Sends single calls; never repeats one. `connect` is the deadline of connecting, in seconds."""

    def __init__(self, *, api_key: str, base_url: str, connect: float = 5.0) -> None:
        self.api_key = api_key
        self.base_url = base_url
        self._connect = connect
        self._lock = threading.Lock()
        self._made: tuple[int, openai.OpenAI, httpx2.Client] | None = None

    def prepare(self) -> None:
        """Make what the calls need, so that the first one does not spend its time, or its turn, on that.

        Raises GenerationError.
        """
        self._both()

    def image(self, model: str, prompt: str, parameters: dict[str, Any], seconds: float) -> Reply:
        """POST /images/generations. Raises GenerationError; `seconds` is the deadline of it all."""
        return self._call(
            lambda api, timeout: api.images.with_raw_response.generate(
                model=model, prompt=prompt, extra_body=parameters, timeout=timeout
            ),
            seconds,
        )

    def chat(self, model: str, messages: list[Any], parameters: dict[str, Any], seconds: float) -> Reply:
        """POST /chat/completions, likewise."""
        return self._call(
            lambda api, timeout: api.chat.completions.with_raw_response.create(
                model=model, messages=messages, extra_body=parameters, timeout=timeout
            ),
            seconds,
        )

    def models(self, seconds: float) -> Reply:
        """GET /models, likewise; costs nothing."""
        return self._call(lambda api, timeout: api.models.with_raw_response.list(timeout=timeout), seconds)

    def download(self, url: str, seconds: float) -> bytes:
        """The bytes under a URL that the provider gave. Raises DownloadFailed.

        No private address is asked, also after a redirect, unless the base URL itself leads to one.
        """
        from dalle.painters.openai import transport as wire  # noqa: PLC0415  (the HTTP library costs 100 ms: not for the command line)

        until = time.monotonic() + seconds
        try:
            private = self._base_is_private(min(seconds, self._connect))
            for _ in range(REDIRECTS + 1):
                left = until - time.monotonic()
                with wire.bounded(wire.Bounds(until, MOST_BYTES + (1 << 16), private)):
                    answer = self._http().get(url, timeout=self._timeout(left), follow_redirects=False)
                if answer.status_code == GOOD:
                    return answer.content
                if answer.status_code >= BROKEN or "location" not in answer.headers:
                    failed = DownloadFailed(f"the picture's URL answers HTTP {answer.status_code}")
                    failed.retryable = answer.status_code >= PASSING
                    raise failed
                url = urljoin(url, answer.headers["location"])
            raise DownloadFailed("the picture's URL redirects too often")
        except DownloadFailed:
            raise
        except wire.AddressRefused as exc:
            raise DownloadFailed("the picture's URL leads to a private address") from exc
        except wire.AnswerTooBig as exc:
            raise DownloadFailed(f"the picture has more than {MOST_BYTES} bytes") from exc
        except Exception as exc:  # a boundary: whatever the HTTP library raises, there is no picture
            text = mask(f"{type(exc).__name__}: {exc}", self.api_key)
            failed = DownloadFailed("the download broke off or took too long", private=text)
            failed.retryable = True
            raise failed from exc

    def _call(self, send: Callable[["openai.OpenAI", Any], Any], seconds: float) -> Reply:
        from dalle.painters.openai import transport as wire  # noqa: PLC0415

        api = self._api()
        bounds = wire.Bounds(time.monotonic() + seconds, MOST_ANSWER)
        try:
            with wire.bounded(bounds):
                raw = send(api, self._timeout(seconds)).http_response
        except Exception as exc:
            raise translate(exc, self.api_key, sent=bounds.sent) from exc
        return Reply(raw.content, raw.headers.get("x-request-id", "")[:200])

    def _timeout(self, seconds: float) -> "httpx2.Timeout":
        import httpx2  # noqa: PLC0415

        return httpx2.Timeout(max(seconds, 0.001), connect=self._connect)

    def _base_is_private(self, seconds: float) -> bool:
        from dalle.painters.openai import transport as wire  # noqa: PLC0415

        parts = urlsplit(self.base_url)
        found = wire.resolve(parts.hostname or "", parts.port or 443, seconds)
        return not any(wire.is_public(address) for address in found)

    def _api(self) -> "openai.OpenAI":
        return self._both()[0]

    def _http(self) -> "httpx2.Client":
        return self._both()[1]

    def _both(self) -> "tuple[openai.OpenAI, httpx2.Client]":
        with self._lock:
            if self._made is None or self._made[0] != os.getpid():
                import httpx2  # noqa: PLC0415
                import openai  # noqa: PLC0415  (half a second and 30 MB)

                from dalle.painters.openai.transport import Transport  # noqa: PLC0415

                http = httpx2.Client(transport=Transport(), headers={"Accept-Encoding": "identity"})
                try:
                    api = openai.OpenAI(api_key=self.api_key, base_url=self.base_url, max_retries=0, http_client=http)
                except (openai.OpenAIError, httpx2.InvalidURL) as exc:
                    raise translate(exc, self.api_key, sent=False) from exc
                self._made = (os.getpid(), api, http)
            return self._made[1], self._made[2]
