"""Faults that are the same for every call: refusals, answers without a use, connections that break."""

import json

from tests.stub_openai.faults import ANSWERS, REFUSALS
from tests.stub_openai.script import Rule
from tests.stub_openai.sending import Sender


def send_fault(sender: Sender, rule: Rule) -> int | None:
    """Do what the rule's fault says and return the status that was sent, 0 for none; None if it is no such fault."""
    fault = rule.fault
    if fault in REFUSALS:
        return refuse(sender, rule)
    if fault in ANSWERS:
        sender.send(ANSWERS[fault], 200, "text/html" if fault == "html" else "application/json")
        return 200
    if fault == "reset_after":
        sender.reset()
        return 0
    if fault == "drip_headers":
        sender.drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    if fault == "drip":
        sender.drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
    return None


def refuse(sender: Sender, rule: Rule) -> int:
    refusal = REFUSALS[rule.fault]
    headers = {name: value.format(wait=rule.wait) for name, value in refusal.headers.items()}
    if refusal.body is None:
        sender.send(refusal.text.encode(), refusal.status, "text/html", **headers)
    else:
        key = sender.authorization.removeprefix("Bearer ")
        sender.send(json.dumps(refusal.body).replace("{key}", key).encode(), refusal.status, **headers)
    return refusal.status
