"""Answers to a call for an image: good ones, and those that misbehave as `faults.MANNERS` says."""

import gzip
import json
import time
from base64 import b64encode, encodebytes
from typing import Any

from tests.stub_openai.picture import TINY, encoded, photo
from tests.stub_openai.script import Rule
from tests.stub_openai.sending import HUGE, Sender

USAGE = {
    "input_tokens": 200,
    "input_tokens_details": {"text_tokens": 200, "image_tokens": 0},
    "output_tokens": 7000,
    "total_tokens": 7200,
}
ODD_USAGE = {"input_tokens": -(10**9), "output_tokens": 10**400, "total\ud800": 5, "deep": {"er": {"still": 1.5}}}
PLACES = {f"url_{name}": name for name in ("missing", "flaky", "huge", "drip")}


def send_image(sender: Sender, root: str, rule: Rule, order: dict[str, Any]) -> None:
    """Send what the rule says; `root` is where URLs of this server begin."""
    fault, size = rule.fault, order.get("size") or "1024x1024"
    size = "1024x1024" if size == "auto" else size
    if fault == "huge":
        sender.stream_huge(b'{"created": 1, "data": [{"b64_json": "', b'"}]}', "application/json")
        return
    answer: dict[str, Any] = {"created": int(time.time()), "data": [item(root, rule, size, order)], "usage": USAGE}
    if fault == "no_usage":
        del answer["usage"]
    elif fault == "odd_usage":
        answer["usage"] = ODD_USAGE
    data = json.dumps(answer).encode()
    if fault in ("zipped", "zip_bomb"):
        data = (b" " * HUGE if fault == "zip_bomb" else b"") + data
        sender.send(gzip.compress(data, 1), Content_Encoding="gzip")
    elif fault == "half":
        sender.send_half(data[: len(data) // 2], len(data), Content_Type="application/json")
    else:
        sender.send(data)


def item(root: str, rule: Rule, size: str, order: dict[str, Any]) -> dict[str, Any]:
    """What stands for the picture in `data`."""
    fault = rule.fault
    kind = fault if fault in ("webp", "jpeg") else order.get("output_format", "png")
    if fault.startswith("url"):
        return {"url": url(root, rule, size)}
    if fault == "tiny":
        return {"b64_json": b64encode(TINY).decode()}
    if fault == "broken_picture":
        return {"b64_json": b64encode(photo(size)[:5000]).decode()}
    if fault == "data_url":
        return {"b64_json": f"data:image/{kind};base64,{encoded(size, kind)}"}
    if fault == "lines":
        return {"b64_json": encodebytes(photo(size, kind)).decode()}
    revised = {"revised": f"Revised: {order['prompt']}", "half_characters": "a \ud800 and a \udfff"}
    texts = {"revised_prompt": revised[fault]} if fault in revised else {}
    return {"b64_json": encoded(size, kind), **texts}


def url(root: str, rule: Rule, size: str) -> str:
    if rule.fault == "url_private":
        return rule.url or "http://169.254.169.254/latest/meta-data"
    if rule.fault == "url_redirect":
        return f"{root}/pictures/redirect?to={rule.url}"
    return f"{root}/pictures/{PLACES.get(rule.fault, size)}"


def send_picture(sender: Sender, name: str, seen: int, to: list[str]) -> None:
    """Answer the GET of a URL of `PLACES`, or of a size; `seen` counts the GETs of it."""
    if name == "flaky" and seen == 1:
        sender.send(b"", 503, "text/plain")
    elif name == "flaky" and seen == 2:
        sender.reset()
    elif name == "flaky":
        sender.send(photo("64x64"), 200, "image/png")
    elif name == "missing":
        sender.send(b"no such picture", 404, "text/plain")
    elif name == "huge":
        sender.stream_huge(b"", b"", "image/png")
    elif name == "drip":
        sender.drip(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 1000000\r\n\r\n")
    elif name == "redirect":
        sender.send(b"", 302, "text/plain", Location=to[0])
    else:
        sender.send(photo(name), 200, "image/png")
