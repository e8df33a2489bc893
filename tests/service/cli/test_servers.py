"""Commands that ask a server or the provider."""

import json
from collections.abc import Callable

from tests.kit.ports import free_port
from tests.kit.stub import Stub
from tests.service.cli.conftest import ADDRESS, Workplace


def test_says_that_a_server_is_not_there_or_is_something_else(workplace: Workplace) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    for command in (f"generate simple {ADDRESS}", f"poll simple {ADDRESS}", "series list", "runs"):
        told = workplace.shell(f"dalleserver {command} --server {nobody}")
        assert (told.returncode, "cannot be reached" in told.stderr) == (5, True), command


def test_passes_the_servers_refusal_on(workplace: Workplace, stub: Stub, served: Callable[[], str]) -> None:
    stub.script({"latency": {"images": 5}})
    workplace.set(QUEUE=1)
    url = served()
    assert workplace.shell(f"dalleserver generate simple {ADDRESS} --server {url} --no-wait").returncode == 0
    full = workplace.shell(f"dalleserver generate empty {ADDRESS} --server {url} --no-wait")
    assert (full.returncode, "Too many pictures" in full.stderr) == (5, True)
    unknown = workplace.shell(f"dalleserver generate nobody {ADDRESS} --server {url}")
    assert (unknown.returncode, "Series 'nobody' not found" in unknown.stderr) == (2, True)


def test_tells_a_failed_run(workplace: Workplace, stub: Stub, served: Callable[[], str]) -> None:
    stub.script(["moderation"])
    told = workplace.shell(f"dalleserver generate simple {ADDRESS} --server {served()}")
    assert (told.returncode, "CONTENT_BLOCKED" in told.stderr) == (1, True)
    assert "CONTENT_BLOCKED" in workplace.shell("dalleserver runs").stdout


def test_asks_the_provider_for_its_models(workplace: Workplace, stub: Stub) -> None:
    workplace.set(IMAGE_MODEL="gpt-image-2", FALLBACK_MODELS="gpt-image-9")
    told = workplace.call("dalleserver", "doctor", "--online", "--json")
    levels = {line["check"]: line["level"] for line in json.loads(told.stdout)}
    assert (levels["provider"], levels["model gpt-image-2"], levels["model gpt-image-9"]) == ("ok", "ok", "error")
    assert told.returncode == 1
    workplace.environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{free_port()}/v1"
    assert "error    provider" in workplace.call("dalleserver", "doctor", "--online").stdout
