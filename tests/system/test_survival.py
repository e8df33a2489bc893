"""One picture, one charge, whatever happens: the short form of `make soak`, with real services and a counting stub."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REFUSED
from tests.soak import scenarios
from tests.soak.points import POINTS, SHORT
from tests.soak.service import Service, Stub

MOUNTS = scenarios.may("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
NAMESPACES = scenarios.may(*scenarios.UNSHARE, "true")


def alone(folder: Path, scenario: Callable[..., dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """A scenario with a folder and a provider of its own."""

    def run() -> dict[str, Any]:
        (folder / scenario.__name__).mkdir()
        with Stub() as stub:
            return scenario(folder / scenario.__name__, stub)

    return run


@pytest.mark.slow
@pytest.mark.parametrize(
    "apart",
    [
        False,
        pytest.param(
            True, marks=pytest.mark.skipif(not NAMESPACES, reason=f"{REFUSED}no pid namespaces on this machine")
        ),
    ],
    ids=["masters", "namespaces"],
)
def test_calls_once_for_a_key_from_two_masters(tmp_path: Path, apart: bool) -> None:
    with Stub() as stub:
        scenarios.one_key(tmp_path, stub, clients=100, keys=6, each=10, masters=2, apart=apart)


@pytest.mark.slow
def test_ends_a_run_whose_worker_is_killed_at_a_write(tmp_path: Path) -> None:
    with Stub() as stub:
        service = Service(tmp_path, stub)
        with scenarios.running(service):
            figures = scenarios.killed_at(service, stub, [point for point in POINTS if point.name in SHORT])
    assert figures["points"] == len(SHORT)


@pytest.mark.slow
def test_survives_sleeping_holders_stops_and_forbidden_folders(tmp_path: Path) -> None:
    scenarios.together(
        alone(tmp_path, scenarios.stopped),
        alone(tmp_path, scenarios.stopped_politely),
        alone(tmp_path, scenarios.polled),
        alone(tmp_path, scenarios.forbidden_folder),
    )


@pytest.mark.slow
@pytest.mark.skipif(not MOUNTS, reason=f"{REFUSED}no mounts on this machine")
def test_keeps_a_paid_picture_on_a_full_disk(tmp_path: Path) -> None:
    with Stub() as stub:
        scenarios.full_disk(tmp_path, stub)


@pytest.mark.slow
def test_explains_every_key_after_the_whole_service_was_killed_again_and_again(tmp_path: Path) -> None:
    with Stub() as stub:
        scenarios.killed_often(tmp_path, stub, kills=2, keys=6)
