"""What the provider does behind the proxy, and what the service makes of the proxy's answer."""

import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.kit.stub import API_KEY, Stub
from tests.soak.litellm.proxy import DIRECT, ROUTED, Proxy
from tests.soak.running import running, together
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
# The router sends an image call three times when the provider is busy, fails or goes away: in 1.108 its client library
# repeats twice, and `max_retries: 0` does not reach it with image calls.
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
    """Each scene in turn, both ways side by side: the calls behind the proxy are those that docs/provider.md names.

    Raises Skipped where the proxy cannot be installed.
    """
    models = {scene.model: scene.options for scene in SCENES}
    with Stub() as direct, Proxy(folder, API_KEY, stub.url, direct.url, models) as proxy:
        ways = {ROUTED: (stub, [(scene, scene.routed) for scene in SCENES])}
        ways[DIRECT] = (direct, [(scene, scene.direct) for scene in SCENES if scene.direct])

        def played(way: str) -> dict[str, Any]:
            (place := folder / way.strip("/").replace("/", "-")).mkdir()
            behind, scenes = ways[way]
            seen = {scene.name: play(place, behind, scene, proxy.client.url + way, len(ends)) for scene, ends in scenes}
            wrong = {scene.name: seen[scene.name] for scene, ends in scenes if seen[scene.name] != ends}
            assert not wrong, f"by {way}: {wrong}"
            return {way: len(scenes)}

        counts = together(partial(played, ROUTED), partial(played, DIRECT))
    return {f"scenes by {way}": count for counted in counts for way, count in counted.items()}


def play(folder: Path, stub: Stub, scene: Scene, base_url: str, rounds: int) -> tuple[End, ...]:
    """How each round of `generate=1` ended."""
    (place := folder / scene.model).mkdir()
    service = Soaked(place, stub, WORKERS=1, IMAGE_MODEL=scene.model, **QUICK)
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
