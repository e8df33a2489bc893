"""What the provider does behind the proxy, and what the service makes of the proxy's answer."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kit.stub import API_KEY, Stub
from tests.soak.litellm.proxy import DIRECT, ROUTED, Proxy
from tests.soak.running import running
from tests.soak.service import Soaked, new_address, path_of

TIMEOUT = 5  # seconds that the service waits for an image
PATIENCE = 1  # the proxy's own time-out in one scene
ATTEMPTS = 2


@dataclass(frozen=True)
class End:
    """How a round ends: its code, our calls, and the calls that reached the provider."""

    code: str
    ours: int
    behind: int


@dataclass(frozen=True)
class Scene:
    """A rule for the stub, and how the rounds end through the proxy's router and directly, where it only forwards.

    options  of the proxy's model
    """

    name: str
    rule: dict[str, Any]
    routed: tuple[End, ...]
    direct: tuple[End, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def model(self) -> str:
        """One for each scene: the proxy sends nothing to a model that has failed, for a while."""
        return f"gpt-image-2-{self.name.replace(' ', '-')}"


ONCE = End("OUTCOME_UNKNOWN", 1, 1)
# Its router sends an image call three times when the provider is busy, fails or goes away, whatever its configuration
# says: https://docs.litellm.ai knows `max_retries`, which does not reach image calls (1.108).
THRICE = End("OUTCOME_UNKNOWN", 1, 3)
LIMIT = "OPENAI_RATE_LIMIT"

SCENES = [
    Scene("picture", {}, (End("", 1, 1),), (End("", 1, 1),)),
    Scene("moderation", {"fault": "moderation"}, (End("CONTENT_BLOCKED", 1, 1),), (End("CONTENT_BLOCKED", 1, 1),)),
    Scene("rate limit", {"fault": "429"}, (End(LIMIT, ATTEMPTS, 3 * ATTEMPTS),), (End(LIMIT, ATTEMPTS, ATTEMPTS),)),
    Scene("quota", {"fault": "quota"}, (End("OPENAI_QUOTA", 1, 3),), (End("OPENAI_QUOTA", 1, 1),)),
    Scene("time out", {"latency": TIMEOUT + 2}, (ONCE,), (ONCE,)),
    Scene("time out of the gateway", {"latency": TIMEOUT - 1}, (THRICE,), options={"timeout": PATIENCE}),
    Scene("dropped connection", {"fault": "reset_after"}, (THRICE,), (ONCE,)),
    Scene("server error", {"fault": "500"}, (THRICE,), (ONCE,)),
    Scene("overloaded", {"fault": "503"}, (THRICE,), (ONCE,)),
    Scene(
        "no such model",
        {"fault": "404"},
        (End("OPENAI_UNAVAILABLE", 1, 1), End("OPENAI_UNAVAILABLE", 1, 0)),
        (End("OPENAI_UNAVAILABLE", 1, 1),),
    ),
]


def gateway(folder: Path, stub: Stub) -> dict[str, Any]:
    """Each scene in turn, both ways: the calls behind the proxy are those that its documentation here says.

    Raises Skipped where the proxy cannot be installed.
    """
    wrong = {}
    with Proxy(folder, stub.url, API_KEY, {scene.model: scene.options for scene in SCENES}) as proxy:
        for scene in SCENES:
            for way, ends in ((ROUTED, scene.routed), (DIRECT, scene.direct)):
                if ends:
                    place = folder / f"{scene.model}{way.replace('/', '-')}"
                    place.mkdir()
                    seen = play(place, stub, scene, proxy.client.url + way, rounds=len(ends))
                    if seen != ends:
                        wrong[f"{scene.name} by {way}"] = seen
    assert not wrong, wrong
    return {"scenes": len(SCENES)}


def play(folder: Path, stub: Stub, scene: Scene, base_url: str, *, rounds: int) -> tuple[End, ...]:
    """How each round of `generate=1` ended."""
    service = Soaked(folder, stub, WORKERS=1, IMAGE_MODEL=scene.model, **QUICK)
    service.environ = {**service.environ, "OPENAI_BASE_URL": base_url, "TB_DALLE_PROVIDER_HOSTS": ""}
    stub.script({"rules": [scene.rule]})
    address, seen = new_address(), []
    with running(service):
        for number in range(rounds):
            if number:
                service.wait_for(lambda: is_over(service, address), "the pause to end")
            before, sent = stub.images(), attempts(service, address)
            service.generate(address)
            report = service.wait_for(lambda: done(service, address), f"{scene.name} to end")
            ours = attempts(service, address) - sent
            seen.append(End(report["errorCode"], ours, stub.images() - before))
    stub.script()
    return tuple(seen)


PAUSE = "500ms"
QUICK: dict[str, Any] = {
    "IMAGE_TIMEOUT": f"{TIMEOUT}s",
    "IMAGE_ATTEMPTS": ATTEMPTS,
    **{f"PAUSE_{kind}": PAUSE for kind in ("TRANSIENT", "UNKNOWN", "BLOCKED", "CONFIGURATION")},
}


def attempts(service: Soaked, address: str) -> int:
    return len(service.journal(address)["attempts"]) if service.files(address) else 0


def done(service: Soaked, address: str) -> Any:
    """The last report of a key, without generating it again."""
    answer = service.ask(path_of(address))
    if answer.headers["content-type"] == "image/png":
        return {"errorCode": ""}
    return answer.data if answer.data["done"] else None


def is_over(service: Soaked, address: str) -> bool:
    """Whether the pause of a failed key is."""
    return bool(service.ask(path_of(address)).data["retryAtNs"] < time.time_ns())
