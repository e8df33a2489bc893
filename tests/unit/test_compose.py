"""The files of Docker Compose, as it reads them."""

import re
from typing import Any

import pytest
import yaml

from app.example import every_setting
from tests.kit.repository import ROOT

FIXED = {"TB_DALLE_HOST", "TB_DALLE_PORT", "TB_DALLE_BIND", "TB_DALLE_DATA_DIR", "TB_DALLE_PROXY_HOPS"}
"""Where the container listens, has its data and its proxy."""
SHARED = {"TB_DALLE_DATABASE_URL", "TB_DALLE_BUCKET_URL"}
KEY = {"OPENAI_API_KEY", "OPENAI_API_KEY_FILE"}
HOSTS = ("app-1", "app-2")


def composed(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return read


@pytest.fixture
def variables() -> dict[str, Any]:
    """Those that the service gets; None passes on what `.env` or the shell says."""
    environment: dict[str, Any] = composed("compose.yaml")["services"]["app"]["environment"]
    return environment


@pytest.fixture
def cluster() -> dict[str, Any]:
    return composed("compose.cluster.yaml")


def test_passes_every_setting_on(variables: dict[str, Any]) -> None:
    names = {row.name for row in every_setting()}
    passed = {name for name, value in variables.items() if value is None}
    assert names - passed == FIXED
    assert passed >= KEY | {"OPENAI_CUSTOM_HEADERS"}


def test_fixes_what_the_containers_are_built_for(variables: dict[str, Any]) -> None:
    image = re.findall(r"(TB_DALLE_\w+)=", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert {name for name, value in variables.items() if value is not None} | set(image) == FIXED


def test_passes_every_setting_on_to_all_hosts(cluster: dict[str, Any]) -> None:
    names = {row.name for row in every_setting()}
    for host in HOSTS:
        variables = cluster["services"][host]["environment"]
        passed = {name for name, value in variables.items() if value is None}
        assert names - passed == FIXED | SHARED
        assert passed >= KEY
        fixed = {name: value for name, value in variables.items() if value is not None}
        assert fixed.keys() == {"TB_DALLE_PROXY_HOPS", *(f"{name}_FILE" for name in SHARED)}


def test_gives_every_host_a_folder_of_its_own_and_all_the_rest_together(cluster: dict[str, Any]) -> None:
    first, second = (dict(cluster["services"][host]) for host in HOSTS)
    assert first.pop("volumes") != second.pop("volumes")
    assert first == second


def test_has_a_health_check_of_everything_that_is_waited_for(cluster: dict[str, Any]) -> None:
    waited = {name for service in cluster["services"].values() for name in service.get("depends_on", ())}
    assert waited == {*HOSTS, "database", "bucket"}
    for name in waited - set(HOSTS):  # theirs is in the Dockerfile
        assert cluster["services"][name]["healthcheck"]["test"]


def test_names_hosts_as_nginx_knows_them(cluster: dict[str, Any]) -> None:
    text = (ROOT / "deploy/nginx/dalleserver-cluster.conf").read_text(encoding="utf-8")
    assert tuple(re.findall(r"server ([\w-]+):8080;", text)) == HOSTS
    assert set(cluster["services"]["nginx"]["depends_on"]) == set(HOSTS)
    mounted = [volume.split(":")[0] for volume in cluster["services"]["nginx"]["volumes"]]
    assert all((ROOT / path).exists() for path in mounted)


def test_keeps_secrets_in_files(cluster: dict[str, Any]) -> None:
    mounted = {f"/run/secrets/{name}" for name in cluster["secrets"]}
    text = (ROOT / "compose.cluster.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"/run/secrets/\w+", text)) == mounted
    for service in cluster["services"].values():
        used = set(re.findall(r"/run/secrets/(\w+)", str(service)))
        assert used == set(service.get("secrets", ()))
    ignored = [(ROOT / name).read_text().split() for name in (".gitignore", ".dockerignore")]
    assert ["/secrets/" in ignored[0], "secrets" in ignored[1]] == [True, True]


@pytest.mark.parametrize("name", ["compose.yaml", "compose.cluster.yaml"])
def test_declares_every_volume(name: str) -> None:
    read = composed(name)
    mounted = [volume.split(":")[0] for service in read["services"].values() for volume in service.get("volumes", ())]
    assert {volume for volume in mounted if not volume.startswith(".")} == set(read["volumes"])
