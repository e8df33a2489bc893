"""Answers with a picture in them, in every shape that was seen."""

from typing import Any

from tests.service.answers.gets import Downloads
from tests.service.answers.row import EMPTY, NO_PICTURE, REFUSED, Row, answer


def data(**item: object) -> dict[str, object]:
    return {"created": 1, "data": [item]}


def stream(*events: str, end: str = "\n") -> str:
    """An event stream; each event is given as lines that are separated by `|`."""
    return "".join(event.replace("|", end) + end * 2 for event in events)


PARTIAL = (
    "event: image_generation.partial_image"
    '|data: {"type":"image_generation.partial_image","partial_image_index":0,"b64_json":"{B64}"}'
)
COMPLETED = 'event: image_generation.completed|data: {"type":"image_generation.completed","b64_json":"{B64}"}'
BLOCKED_EVENT = 'event: error|data: {"type":"error","error":{"code":"moderation_blocked","message":"Rejected."}}'
EVENTS: Any = {"headers": {"Content-Type": "text/event-stream"}}
CHAT = {"choices": [{"message": {"images": [{"image_url": {"url": "data:image/png;base64,{B64}"}}]}}]}
LINK = {"choices": [{"message": {"role": "assistant", "content": "Here it is: ![owl]({URL})"}}]}

SHAPES = [
    Row("base64", answer(data(b64_json="{B64}"))),
    Row("url-in-a-list", answer(data(url=["{URL}"])), gets=Downloads((200,))),
    Row("images-with-a-url", answer({"images": [{"url": "{URL}", "content_type": "image/png"}]})),
    Row("images-as-texts", answer({"images": ["{B64}"]})),
    Row("picture-itself", answer(body="{B64}", headers={"Content-Type": "image/png"}), original=True),
    Row("picture-itself-without-a-type", answer(body="{B64}"), original=True),
    Row("chat-with-images", answer(CHAT)),
    Row("chat-with-a-link", answer(LINK)),
    Row("gemini", answer({"candidates": [{"content": {"parts": [{"inlineData": {"data": "{B64}"}}]}}]})),
    Row("stability", answer({"artifacts": [{"base64": "{B64}", "finishReason": "SUCCESS"}]})),
    Row("responses", answer({"output": [{"type": "image_generation_call", "result": "{B64}"}]})),
    Row("events", answer(text=stream(": ping", PARTIAL, COMPLETED), **EVENTS)),
    Row("events-with-crlf", answer(text=stream(": ping", COMPLETED, "data: [DONE]", end="\r\n"), **EVENTS)),
    Row("events-without-a-type", answer(text=stream(PARTIAL, COMPLETED))),
    Row("events-of-partial-pictures", answer(text=stream(": ping", PARTIAL), **EVENTS), NO_PICTURE),
    Row("events-with-an-error", answer(text=stream(PARTIAL, BLOCKED_EVENT), **EVENTS), REFUSED),
    Row("url-safe-base64", answer(data(b64_json="{B64URL}"))),
    Row("base64-in-lines", answer(data(b64_json="{B64LINES}"))),
    Row("byte-order-mark", answer(text='\ufeff{"data":[{"b64_json":"{B64}"}]}')),
    Row("nothing-in-it", answer({"created": 1, "data": []}), NO_PICTURE),
    Row("text-for-a-picture", answer(data(b64_json="no picture today")), NO_PICTURE),
]

CODINGS = [
    Row("brotli", answer(data(b64_json="{B64}"), encoding="br")),
    Row("brotli-picture", answer(body="{B64}", encoding="br", headers={"Content-Type": "image/png"}), original=True),
    Row("zstandard", answer(data(b64_json="{B64}"), encoding="zstd")),
    Row("gzip", answer(data(b64_json="{B64}"), encoding="gzip")),
    Row("unknown-coding", answer(data(b64_json="{B64}"), encoding="compress"), NO_PICTURE, says="compress"),
]

KINDS = [
    *(
        Row(kind, answer(data(b64_json="{B64}"), picture=kind), original=True)
        for kind in ("gif", "avif", "bmp", "tiff")
    ),
    Row("inflated-ztxt", answer(data(b64_json="{B64}"), picture="ztxt_bomb"), original=True),
    Row("inflated-itxt", answer(data(b64_json="{B64}"), picture="itxt_bomb"), original=True),
    Row("inflated-iccp", answer(data(b64_json="{B64}"), picture="iccp_bomb"), original=True),
    Row("text-with-a-wrong-crc", answer(data(b64_json="{B64}"), picture="text_crc"), original=True),
    Row("jpeg-without-2", answer(data(b64_json="{B64}"), picture="jpeg_without_2"), original=True, says="JPEG"),
    Row("jpeg-without-200", answer(data(b64_json="{B64}"), picture="jpeg_without_200"), original=True, says="JPEG"),
    Row("black", answer(data(b64_json="{B64}"), picture="black"), EMPTY),
    Row("black-jpeg", answer(data(b64_json="{B64}"), picture="black_jpeg"), EMPTY),
    Row("grey", answer(data(b64_json="{B64}"), picture="grey"), EMPTY),
    Row("transparent", answer(data(b64_json="{B64}"), picture="transparent"), EMPTY),
]

HELD = [
    Row("white-space-before-json", answer(text=' \r\n\t{"data":[{"b64_json":"{B64}"}]}')),
    Row("null-beside-a-url", answer(data(b64_json=None, url="{URL}"))),
    Row("data-uri-for-a-url", answer(data(url="data:image/png;base64,{B64}"))),
    Row("data-uri-for-base64", answer(data(b64_json="data:image/png;base64,{B64}"))),
    Row("url-that-is-busy", answer(data(url="{URL}"), rule={"urls": {"statuses": [503]}}), gets=Downloads((503, 200))),
    Row(
        "signed-url",
        answer(data(url="{ELSEWHERE}{PLACE}?X-Amz-Signature=a%2Fb%3d&x=%7E+~&empty=&%20")),
        gets=Downloads((200,), (False,), ends=".png?X-Amz-Signature=a%2Fb%3d&x=%7E+~&empty=&%20"),
    ),
    Row("other-format", answer(data(b64_json="{B64}"), picture="webp"), original=True),
    Row("wrong-type", answer(data(b64_json="{B64}"), headers={"Content-Type": "text/html; charset=utf-8"})),
    Row("usage-of-zeros", answer(data(b64_json="{B64}") | {"usage": {"input_tokens": 0, "output_tokens": 0}})),
]
