"""This version and the next one, whose tables are a step further, at once on one database."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.schema import Schema, steps
from tests.kit import postgres
from tests.kit.repository import ROOT
from tests.kit.service import Service
from tests.kit.waiting import wait

if not postgres.is_here():
    pytest.skip(postgres.NOT_HERE, allow_module_level=True)

NEXT = 9000
STEP = """
    ALTER TABLE keys ADD COLUMN colour text NOT NULL DEFAULT '';
    ALTER TABLE tickets ADD COLUMN colour text;
    CREATE INDEX keys_by_colour ON keys (colour);
    CREATE TABLE colours (name text PRIMARY KEY);
"""


@pytest.fixture(scope="module")
def next_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of this version with one more step."""
    root = tmp_path_factory.mktemp("next")
    for name in ("app", "dalle", "static", "templates"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "gunicorn.conf.py", root)
    (root / f"dalle/storage/cluster/schema/{NEXT}_next.sql").write_text(STEP)
    return root


@pytest.fixture
def services(tmp_path: Path, next_version: Path) -> Iterator[list[Service]]:
    """Two hosts of each version, which begin at once on an empty database."""
    with postgres.database() as name, ExitStack() as stack:
        url = postgres.server().url(name)
        made = []
        for number, root in enumerate((ROOT, next_version, ROOT, next_version)):
            (tmp_path / f"host{number}").mkdir()
            shared: dict[str, Any] = {"DATABASE_URL": url, "BUCKET_URL": f"file://{tmp_path}/bucket", "WORKERS": 1}
            made.append(Service(tmp_path / f"host{number}", root=root, **shared))
        for service in made:
            service.start()
            stack.callback(service.stop)
        for service in made:
            service.wait_until_ready()
        database = Database(url)
        assert Schema(database).applied() == [*(step.number for step in steps()), NEXT]
        assert Schema(database).missing() == []
        assert Schema(database).status()[-1] == (f"{NEXT}_next", True)
        database.close()
        yield made


def test_serves_beside_the_next_version(services: list[Service]) -> None:
    paths = [f"/dalle/simple/0x{token_hex(20)}" for _ in range(8)]
    for number, path in enumerate(paths):
        for step in range(3):
            assert services[(number + step) % 4].ask(f"{path}?generate=1").status == 200
    for path in paths:
        for service in services:
            wait(lambda service=service, path=path: is_picture(service, path), "the picture on every host")
        assert len({service.ask(path).headers["etag"] for service in services}) == 1
    for number, service in enumerate(services):
        assert service.ask(f"{paths[number]}?remove=1").status == 200
        assert services[number - 1].ask(paths[number]).data == {}
        assert service.ask("/health").status == 200
        assert "Traceback" not in service.text()


def is_picture(service: Service, path: str) -> bool:
    return service.ask(path).headers["content-type"] == "image/png"
