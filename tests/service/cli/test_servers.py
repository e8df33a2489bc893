"""Commands that ask a server or the provider."""

import json
from collections.abc import Callable

from tests.kit.ports import free_port
from tests.kit.stub import Stub
from tests.service.cli.conftest import ADDRESS, Workplace


def test_reports_that_a_server_cannot_be_reached(workplace: Workplace) -> None:
    unused = f"http://127.0.0.1:{free_port()}"
    for command in (f"generate simple {ADDRESS}", f"poll simple {ADDRESS}", "series list", "runs"):
        result = workplace.shell(f"dalleserver {command} --server {unused}")
        assert (result.returncode, "cannot be reached" in result.stderr) == (5, True), command


def test_shows_why_a_server_refuses(workplace: Workplace, stub: Stub, served: Callable[[], str]) -> None:
    stub.script({"latency": {"images": 5}})
    workplace.set(QUEUE=1)
    url = served()
    assert workplace.shell(f"dalleserver generate simple {ADDRESS} --server {url} --no-wait").returncode == 0
    full = workplace.shell(f"dalleserver generate empty {ADDRESS} --server {url} --no-wait")
    assert (full.returncode, "Too many pictures" in full.stderr) == (5, True)
    unknown = workplace.shell(f"dalleserver generate nobody {ADDRESS} --server {url}")
    assert (unknown.returncode, "Series 'nobody' not found" in unknown.stderr) == (2, True)


def test_reports_a_failed_run(workplace: Workplace, stub: Stub, served: Callable[[], str]) -> None:
    stub.script(["moderation"])
    result = workplace.shell(f"dalleserver generate simple {ADDRESS} --server {served()}")
    assert (result.returncode, "CONTENT_BLOCKED" in result.stderr) == (1, True)
    assert "CONTENT_BLOCKED" in workplace.shell("dalleserver runs").stdout


def test_checks_the_models_of_the_provider(workplace: Workplace, stub: Stub) -> None:
    workplace.set(IMAGE_MODEL="gpt-image-2", FALLBACK_MODELS="gpt-image-9")
    result = workplace.call("dalleserver", "doctor", "--online", "--json")
    levels = {line["check"]: line["level"] for line in json.loads(result.stdout)}
    assert (levels["provider"], levels["model gpt-image-2"], levels["model gpt-image-9"]) == ("ok", "ok", "error")
    assert result.returncode == 1
    workplace.environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{free_port()}/v1"
    assert "error    provider" in workplace.call("dalleserver", "doctor", "--online").stdout
