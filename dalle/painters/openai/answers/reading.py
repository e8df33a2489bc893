"""Reads an answer: what of a picture is in it, or which error of ours it means."""

from collections.abc import Collection
from dataclasses import dataclass, field

from dalle.errors import BadAnswer
from dalle.painters.openai.answers import chat
from dalle.painters.openai.answers.received import Received


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an answer contains: exactly one of data, urls and task is set.

    data            the bytes of the picture
    urls            where the picture can be fetched; the first is the best, the others are alternatives
    task            where to ask, in this order, what has become of a picture that is not ready
    revised_prompt  what the provider painted from, if it says so
    usage           the provider's numbers, flat
    request_id      the provider's id of the request
    retry_after     the seconds that the provider asks to wait before the next question
    note            what was odd about the answer, in a sentence
    """

    data: bytes = field(default=b"", repr=False)
    urls: tuple[str, ...] = ()
    task: tuple[str, ...] = ()
    revised_prompt: str = ""
    usage: dict[str, int] = field(default_factory=dict)
    request_id: str = ""
    retry_after: float | None = None
    note: str = ""


@dataclass(frozen=True)
class _Body:
    content: bytes


def read(received: Received, *, base_url: str = "", hosts: Collection[str] = ()) -> Reading:
    """Return what an answer contains. Raises GenerationError, with the usage that the answer states.

    `base_url` is the API's, which tasks are polled below; `hosts` are those that the operator knows to be providers.
    """
    answer = chat.payload(_Body(received.content(1 << 27)))
    usage = chat.usage(answer)
    try:
        data, url, revised = chat.picture(answer)
    except BadAnswer as error:
        error.usage = usage
        raise
    request_id = received.headers.get("x-request-id", "")[:200]
    urls = (url,) if url else ()
    return Reading(data=data, urls=urls, revised_prompt=revised, usage=usage, request_id=request_id)
