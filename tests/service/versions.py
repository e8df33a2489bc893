"""Version 1.0 and this one, as services on one data folder that pay one provider."""

import asyncio
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dalle.storage.folder.engine import FolderStorage
from tests.kit.http import Answer
from tests.kit.repository import ROOT
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.soak.service import OPEN, Soaked, new_address, path_of


class Version(Soaked):
    """A service of one version. Its working folder, and with it the plan that its processes meet, is its own."""

    def __init__(self, data: Path, stub: Stub, name: str, root: Path = ROOT, **settings: Any) -> None:
        folder = data.parent / name
        folder.mkdir(exist_ok=True)
        super().__init__(folder, stub, DATA_DIR=data, root=root, **settings)
        self.name = name

    def request(self, address: str, query: str = "", **headers: str) -> Answer:
        return self.ask(path_of(address) + query, **headers)

    def painted(self, addresses: Iterable[str]) -> set[str]:
        """Those whose run this version has completed."""
        return set(addresses) & set(re.findall(r"simple/(0x[0-9a-f]{40}): completed", self.text()))


class Both:
    """Version 1.0 as `old` and this one as `new`."""

    def __init__(self, data: Path, stub: Stub, tree: Path, **settings: Any) -> None:
        self.data = data
        self.stub = stub
        self.documents = FolderStorage(data).documents
        self.old = Version(data, stub, "old", tree, **settings)
        self.new = Version(data, stub, "new", **settings)

    def pair(self, first: str) -> tuple[Version, Version]:
        """The version of that name, then the other one."""
        return (self.old, self.new) if first == "old" else (self.new, self.old)

    def reset(self) -> None:
        """Lets the stub forget calls and plan, and the data folder what they have said of the provider."""
        self.stub.reset()
        for name in ("breaker", "budget"):
            with self.documents.edit(name) as document:
                document.clear()

    def generate(self, count: int) -> list[str]:
        """Asks both versions for so many new keys at once, each in an order of its own."""
        addresses = [new_address() for _ in range(count)]
        paths = [f"{path_of(address)}?generate=1" for address in addresses]

        async def everywhere() -> list[bytes]:
            orders = [random.sample(paths, count) for _ in range(2)]
            first, second = await asyncio.gather(self.old.flood(orders[0]), self.new.flood(orders[1]))
            return first + second

        answers = asyncio.run(everywhere())
        assert all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers)
        return addresses

    def codes(self, addresses: Sequence[str]) -> list[str]:
        """How these keys ended, waited for without generating them again: "" for a picture."""
        wait(lambda: not self.open_runs(addresses), "all runs to end")
        return [str(self.new.journal(address)["errorCode"]) for address in addresses]

    def open_runs(self, addresses: Iterable[str]) -> set[str]:
        tickets = [path.name for path in (self.data / "queue").iterdir() if path.name.endswith(OPEN)]
        return set(addresses) & {name.split(".")[3] for name in tickets}


def shared_files(files: set[str]) -> set[str]:
    """Files without those that version 1.0 does not write."""
    return {name for name in files if "/versions/" not in name}
