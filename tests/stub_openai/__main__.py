"""`python -m tests.stub_openai --port 0 --log calls.jsonl --script plan.json`: prints the base URL and serves."""

import argparse
import json
from pathlib import Path

from tests.stub_openai.kinds import picture
from tests.stub_openai.picture import encoded
from tests.stub_openai.server import HOME, StubServer

parser = argparse.ArgumentParser(prog="stub_openai", description=__doc__)
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--host", default=HOME, help="the address to listen at")
parser.add_argument("--log", type=Path, help="append every call as a JSON line")
parser.add_argument("--script", type=Path, help="JSON file, see Script.load")
parser.add_argument("--latency", type=float, default=0.0, help="seconds before each image")
options = parser.parse_args()

plan = json.loads(options.script.read_text(encoding="utf-8")) if options.script else {}
if options.latency and isinstance(plan, dict):
    plan.setdefault("latency", {"images": options.latency})
server = StubServer(options.port, options.log, plan, options.host)
encoded()
picture("photo")
print(server.url, flush=True)  # noqa: T201  (its starter reads the address)
server.serve_forever()
