"""The proxy: installed once into an environment of its own, and started on loopback."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.kit.environment import environment
from tests.kit.http import Client
from tests.kit.ports import free_port
from tests.kit.program import Program
from tests.kit.repository import ROOT
from tests.soak.skipping import Skipped

WANTED = "litellm[proxy]~=1.108.0"
PLACE = ROOT / "build" / "litellm"
INSTALLATION = 900  # seconds; the proxy has about a hundred dependencies
START = 120.0
BEHIND = "sk-behind-the-gateway"
ROUTED, DIRECT = "/v1", "/openai_passthrough/v1"
"""Where the proxy answers: by its router, which calls a model's provider, and unchanged, to and fro."""


def installed() -> Path:
    """The folder with the proxy's programs. Raises Skipped where it cannot be installed."""
    mark = PLACE / ".installed"
    if mark.exists() and mark.read_text() == WANTED:
        return PLACE / "bin"
    shutil.rmtree(PLACE, ignore_errors=True)
    try:
        run(sys.executable, "-m", "venv", str(PLACE))
        run(str(PLACE / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", WANTED)
    except (OSError, subprocess.SubprocessError) as exc:
        text = (getattr(exc, "stderr", b"") or b"").decode(errors="replace").strip()
        raise Skipped(f"{WANTED} cannot be installed: {text.splitlines()[-1] if text else exc}") from exc
    mark.write_text(WANTED)
    return PLACE / "bin"


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=INSTALLATION)


class Proxy(Program):
    """Stands before two providers: the router's with these models, and the one that it only passes calls on to.

    models: by name, more of the `litellm_params` of each. key: what its clients send.
    """

    def __init__(self, folder: Path, key: str, routed: str, direct: str, models: dict[str, dict[str, Any]]) -> None:
        programs = installed()
        self.port = free_port()
        self.client = Client(f"http://127.0.0.1:{self.port}")
        file = folder / "config.yaml"
        file.write_text(json.dumps(configuration(routed, key, models)))  # JSON is YAML as well
        command: Sequence[str] = [
            *(str(programs / "litellm"), "--config", str(file)),
            *("--host", "127.0.0.1", "--port", str(self.port), "--num_workers", "1"),
        ]
        behind = {"OPENAI_API_BASE": direct.removesuffix("/v1"), "OPENAI_API_KEY": BEHIND}
        quiet = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False", "HOME": str(folder)}
        super().__init__(command, folder, {**environment(), **behind, **quiet}, folder / "proxy.log")

    def wait_until_ready(self) -> None:
        def answers() -> bool:
            return self.runs() and self.client.ask("/health/liveliness").status == 200

        self.wait_for(answers, "the proxy to answer", START)


def configuration(base_url: str, key: str, models: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What its documentation says against repeats, for the router and for its client library."""
    rows = [
        {
            "model_name": name,
            "litellm_params": {
                "model": f"openai/{name}",
                "api_base": base_url,
                "api_key": BEHIND,
                "max_retries": 0,
                **options,
            },
            "model_info": {"mode": "image_generation"},
        }
        for name, options in models.items()
    ]
    return {
        "model_list": rows,
        "litellm_settings": {"num_retries": 0, "telemetry": False},
        "router_settings": {"num_retries": 0},
        "general_settings": {"master_key": key},
    }
