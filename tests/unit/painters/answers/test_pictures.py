"""Pictures in answers: a row for each shape in which providers and gateways send them."""

from typing import Any

import pytest

from dalle.errors import OutcomeUnknown
from dalle.painters.openai.answers import Reading, Received, read
from tests.kit.images import as_file, noise
from tests.unit.painters.answers.shapes import (
    B64,
    BASE,
    IMAGE,
    LINES,
    PERCENT,
    PICTURE,
    SIGNED,
    URI,
    URLSAFE,
    event,
    received,
)

PARTIAL: dict[str, Any] = {"type": "image_generation.partial_image", "partial_image_index": 0, "b64_json": B64[:400]}
COMPLETED: dict[str, Any] = {"type": "image_generation.completed", "b64_json": B64, "usage": {"output_tokens": 7}}
CHAT: dict[str, Any] = {"id": "chatcmpl-1", "object": "chat.completion"}


def says(**message: Any) -> dict[str, Any]:
    """A chat's answer with this message."""
    return {**CHAT, "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", **message}}]}


def gemini(*parts: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts)}, "finishReason": "STOP"}]}


BYTES: dict[str, Any] = {
    "openai": {"created": 1, "data": [{"b64_json": B64, "revised_prompt": "an owl"}]},
    "white space before": b"\n\n  \t" + bytes(received({"data": [{"b64_json": B64}]}).body),
    "byte order mark": b"\xef\xbb\xbf" + bytes(received({"data": [{"b64_json": B64}]}).body),
    "utf-16": f'{{"data": [{{"b64_json": "{B64}"}}]}}'.encode("utf-16"),
    "null url": {"data": [{"b64_json": B64, "url": None}]},
    "data preferred to a url": {"data": [{"url": SIGNED, "b64_json": B64}]},
    "null error": {"error": None, "errors": [], "data": [{"b64_json": B64}]},
    "success beside it": {"code": 0, "message": "success", "data": {"images": [B64]}},
    "finished task": {"status": "succeeded", "id": "t1", "output": [URI]},
    "created, and ready": {"id": "i1", "status": "created", "data": [{"b64_json": B64}]},
    "url-safe": {"data": [{"b64_json": URLSAFE}]},
    "lines": {"data": [{"b64_json": LINES}]},
    "lines with raw line feeds": f'{{"data": [{{"b64_json": "{LINES}"}}]}}',
    "no padding": {"data": [{"b64_json": B64.rstrip("=")}]},
    "data uri in b64": {"data": [{"b64_json": URI}]},
    "data uri in url": {"data": [{"url": URI}]},
    "percent-encoded uri": {"data": [{"url": PERCENT}]},
    "upper-case uri": {"data": [{"url": f"DATA:image/png;BASE64,{B64}"}]},
    "uri with parameters": {"data": [{"url": f"data:image/png;name=a.png;base64, {B64}"}]},
    "images, strings": {"images": [B64, "aGVsbG8="]},
    "images, objects": {"images": [{"b64": B64}]},
    "image": {"image": B64, "finish_reason": "SUCCESS", "seed": 1},
    "result of a response": {
        "object": "response",
        "status": "completed",
        "output": [
            {"type": "reasoning", "summary": []},
            {"type": "image_generation_call", "status": "completed", "result": B64},
        ],
    },
    "stability": {"artifacts": [{"base64": B64, "finishReason": "SUCCESS"}]},
    "vertex": {"predictions": [{"mimeType": "image/png", "bytesBase64Encoded": B64}]},
    "gemini": gemini({"text": "Here it is."}, {"inlineData": {"mimeType": "image/png", "data": B64}}),
    "gemini, snakes": gemini({"inline_data": {"mime_type": "image/png", "data": B64}}),
    "gemini, in a list": [gemini({"text": "one"}), gemini({"inlineData": {"data": B64}})],
    "gemini, after a thought": gemini(
        {"thought": True, "inlineData": {"data": URLSAFE[:400]}}, {"inlineData": {"data": B64}}
    ),
    "chat images": says(content="", images=[{"type": "image_url", "image_url": {"url": URI}}]),
    "chat images, flat": says(content=None, images=[{"image_url": URI}]),
    "chat content list": says(
        content=[{"type": "text", "text": "ok"}, {"type": "image_url", "image_url": {"url": URI}}]
    ),
    "chat output image": says(content=[{"type": "output_image", "image_base64": B64}]),
    "chat source": says(content=[{"type": "image", "source": {"type": "base64", "data": B64}}]),
    "minimax": {"id": "x", "data": {"image_base64": [B64]}, "base_resp": {"status_code": 0, "status_msg": "success"}},
    "cloudflare": {"result": {"image": B64}, "success": True, "errors": [], "messages": []},
    "filtered false": {"data": [{"b64_json": B64, "content_filter_results": {"hate": {"filtered": False}}}]},
    "chat markdown": says(content=f"Here is your owl:\n\n![owl]({URI})\n"),
    "chat html": says(content=f'<img alt="owl" src="{URI}">'),
    "chat base64": says(content=B64),
    "chat uri": says(content=URI),
    "nested": {"code": 200, "msg": "ok", "data": {"result": {"images": [{"image_base64": B64}]}}},
    "nested as text": {"data": {"state": "success", "resultJson": f'{{"images": ["{B64}"]}}'}},
    "list of bytes": {"image": {"type": "Buffer", "data": list(IMAGE)}},
    "unknown name": {"drawing": {"value": B64}},
    "unknown name, uri": {"drawing": URI},
    "list at the top": [{"b64_json": B64}],
    "json string": f'"{B64}"',
    "bare base64": B64,
    "bare base64, lines": LINES,
    "bare uri": URI,
    "json lines": f'{{"status": "processing"}}\n{{"data": [{{"b64_json": "{B64}"}}]}}\n',
    "stream": ": ping\n\n" + event(PARTIAL, PARTIAL["type"]) + event(COMPLETED, COMPLETED["type"]) + "data: [DONE]\n\n",
    "stream, CRLF": (event(PARTIAL) + event(COMPLETED)).replace("\n", "\r\n"),
    "stream, CR": (event(PARTIAL) + event(COMPLETED)).replace("\n", "\r"),
    "stream, no end": event(PARTIAL) + event(COMPLETED).rstrip("\n"),
    "stream, types in names": event({"b64_json": B64[:400]}, PARTIAL["type"])
    + event({"b64_json": B64}, COMPLETED["type"]),
    "stream, after white space": "\n\n" + event(COMPLETED),
    "stream, data in lines": "event: x\n"
    + "".join(f"data: {line}\n" for line in ['{"data":', f'[{{"b64_json":"{B64}"}}]}}']),
    "stream, response": event(
        {"type": "response.completed", "response": {"output": [{"type": "image_generation_call", "result": B64}]}}
    ),
    "stream, chat": event({**CHAT, "choices": [{"delta": {"images": [{"image_url": {"url": URI}}]}}]}),
    "stream, chat in pieces": "".join(
        event({**CHAT, "choices": [{"delta": {"content": piece}}]}) for piece in ["![owl](", URI[:333], URI[333:], ")"]
    ),
    "stream, bare": event(B64),
    "picture": IMAGE,
    "picture, webp": as_file(noise(24, 24), "WEBP"),
    "picture, jpeg": as_file(noise(24, 24), "JPEG"),
    "picture, gif": as_file(noise(24, 24), "GIF"),
    "picture, bmp": as_file(noise(24, 24), "BMP"),
    "picture, tiff": as_file(noise(24, 24), "TIFF"),
    "picture, avif": as_file(noise(24, 24), "AVIF"),
}
"""Answers with the picture in them."""


@pytest.mark.parametrize("name", BYTES)
def test_reads_the_picture(name: str) -> None:
    body = BYTES[name]
    reading = read(received(body), base_url=BASE)
    assert reading.data == (body if name.startswith("picture") else IMAGE)
    assert (reading.urls, reading.task, reading.note) == ((), (), "")


@pytest.mark.parametrize("kind", ["application/json", "text/event-stream", "text/html", "image/webp", ""])
def test_looks_at_the_bytes_whatever_their_type_says(kind: str) -> None:
    for body in (IMAGE, {"data": [{"b64_json": B64}]}, event(COMPLETED)):
        assert read(received(body, content_type=kind)).data == IMAGE


A, B = "https://cdn.example.com/a", "https://cdn.example.com/b"
URLS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "openai": ({"data": [{"url": SIGNED}]}, (SIGNED,)),
    "null b64": ({"data": [{"b64_json": None, "url": SIGNED}]}, (SIGNED,)),
    "empty b64": ({"data": [{"b64_json": "", "url": SIGNED}]}, (SIGNED,)),
    "list in url": ({"data": [{"url": [PICTURE]}]}, (PICTURE,)),
    "several": ({"data": [{"url": A}, {"url": B}]}, (A, B)),
    "fal": ({"images": [{"url": PICTURE, "content_type": "image/png"}], "seed": 7, "prompt": "x"}, (PICTURE,)),
    "fal, one": ({"image": {"url": A, "width": 1}}, (A,)),
    "output": ({"output": A}, (A,)),
    "output list": ({"id": "p1", "status": "succeeded", "output": [A, B]}, (A, B)),
    "replicate": (
        {
            "id": "p1",
            "status": "succeeded",
            "input": {"image": "https://cdn.example.com/mine.png"},
            "urls": {"get": "https://api.example.com/p1", "cancel": "https://api.example.com/p1/cancel"},
            "web": "https://example.com/p1",
            "output": [A],
        },
        (A,),
    ),
    "dashscope": (
        {"output": {"task_status": "SUCCEEDED", "task_id": "t1", "results": [{"url": A}]}, "request_id": "r"},
        (A,),
    ),
    "dashscope, chat": ({"output": {"choices": [{"message": {"content": [{"image": A}]}}]}}, (A,)),
    "bfl": ({"id": "t1", "status": "Ready", "result": {"sample": SIGNED, "prompt": "x"}}, (SIGNED,)),
    "chat images": (says(content="", images=[{"type": "image_url", "image_url": {"url": A}}]), (A,)),
    "chat markdown": (says(content=f"Done!\n![an owl]({A})\n[Download]({B})"), (A,)),
    "chat link": (says(content=f"Your picture: [here]({PICTURE}), see https://example.com/help"), (PICTURE,)),
    "chat url": (says(content=f" {A}\n"), (A,)),
    "kie": (
        {"code": 200, "msg": "success", "data": {"state": "success", "resultJson": f'{{"resultUrls":["{A}"]}}'}},
        (A,),
    ),
    "luma": ({"id": "g1", "state": "completed", "assets": {"video": None, "image": A}}, (A,)),
    "task within": (
        {
            "code": 200,
            "data": {"task_id": "t1", "status": "completed", "output": {"image_url": A}, "error": {"code": 0}},
        },
        (A,),
    ),
    "camels": ({"result": {"imageUrl": A}}, (A,)),
    "download_url": ({"data": {"download_url": A, "thumbnail_url": B}}, (A,)),
    "image_urls": ({"data": {"image_urls": [A]}}, (A,)),
    "thumbnail first": ({"images": [{"thumbnail": B, "preview_url": B, "url": A}]}, (A,)),
    "mask beside": ({"images": [{"type": "mask", "url": B}, {"type": "output", "url": A}]}, (A,)),
    "inputs beside": ({"input_images": [B], "init_image": B, "source_image_url": B, "image": A}, (A,)),
    "relative": ({"data": [{"url": "/generated-images/a.png"}]}, (PICTURE,)),
    "white space around": ({"data": [{"url": f" {A}\n"}]}, (A,)),
    "documentation beside": ({"documentation_url": B, "help": B, "terms_url": B, "data": [{"url": A}]}, (A,)),
    "bare": (f"{A}\n", (A,)),
    "json string": (f'"{A}"', (A,)),
    "list at the top": ([A], (A,)),
    "stream": (event({"type": "image_generation.completed", "url": A}), (A,)),
    "error beside": ({"error": {"message": "the second one failed"}, "data": [{"url": A}]}, (A,)),
}
"""Answers with the URL of the picture."""


@pytest.mark.parametrize("name", URLS)
def test_reads_where_the_picture_is(name: str) -> None:
    body, expected = URLS[name]
    reading = read(received(body), base_url=BASE)
    assert (reading.urls, reading.data, reading.task) == (expected, b"", ())


def cut(body: Any, length: int) -> Received:
    whole = bytes(received(body).body)
    return received(whole[: len(whole) - length], whole=False)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (cut({"data": [{"b64_json": B64}], "usage": {"input_tokens": 5}}, 7), (IMAGE, ())),
        (cut({"data": [{"b64_json": B64}]}, 3), (IMAGE, ())),
        (cut({"data": [{"url": A}], "created": 1}, 9), (b"", (A,))),
        (cut({"input": {"image": URI}, "data": [{"url": A}], "created": 1}, 9), (b"", (A,))),
        (received(event(PARTIAL) + event(COMPLETED) + "event: image_gen", whole=False), (IMAGE, ())),
    ],
)
def test_takes_a_picture_that_is_complete_from_an_answer_that_is_not(
    answer: Received, expected: tuple[bytes, tuple[str, ...]]
) -> None:
    reading = read(answer)
    assert (reading.data, reading.urls) == expected
    assert "cut or damaged" in reading.note


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_takes_a_bare_picture_from_a_lost_connection_only_if_it_has_its_end(kind: str) -> None:
    data = as_file(noise(24, 24), kind)
    assert read(received(data, whole=False)).data == data
    with pytest.raises(OutcomeUnknown, match="broke off"):
        read(received(data[:-200], whole=False))
    assert read(received(data[:-200])).data == data[:-200]


def test_keeps_what_else_an_answer_says() -> None:
    usage = {"input_tokens": 3, "output_tokens": 5}
    body = {"data": [{"b64_json": B64, "revised_prompt": "an \ud800 owl"}], "usage": usage}
    assert read(received(body, x_request_id="req_1", retry_after="7")) == Reading(
        data=IMAGE, revised_prompt="an ? owl", usage=usage, ids={"x-request-id": "req_1"}, retry_after=7
    )
    gemini = {"candidates": [{"content": {"parts": [{"inlineData": {"data": B64}}]}}]}
    counts = {"promptTokenCount": 3, "candidatesTokenCount": 5, "thoughtsTokenCount": 2, "totalTokenCount": 10}
    assert read(received(gemini | {"usageMetadata": counts})).usage == {
        "input_tokens": 3,
        "output_tokens": 7,
        "total_tokens": 10,
    }
    assert read(received(event(COMPLETED))).usage == {"output_tokens": 7}
