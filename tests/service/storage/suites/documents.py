"""What every `Documents` promises."""

import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import pytest

from dalle.storage.protocol import Documents
from tests.kit.processes import Child, sleep
from tests.service.storage.suites.engine import Engine, Opener

ROUNDS = 15


def count(documents: Documents) -> None:
    for _ in range(ROUNDS):
        with documents.edit("pace") as document:
            document["n"] = document.get("n", 0) + 1


def counting(_: Connection, opener: Opener) -> None:
    count(opener().documents)


def holding(pipe: Connection, opener: Opener) -> None:
    with opener().documents.edit("pace") as document:
        document["n"] = 2
        pipe.send("inside")
        sleep(pipe)


class DocumentsTests:
    def test_has_none_at_first(self, engine: Engine) -> None:
        assert engine.storage.documents.read("pace") == {}

    @pytest.mark.parametrize("durable", [False, True])
    def test_keeps_what_was_edited(self, engine: Engine, durable: bool) -> None:
        value = {"text": "żal 🦦", "list": [1, None, {"x": 0.25}], "n": 2**53}
        with engine.storage.documents.edit("pace", durable=durable) as document:
            document.update(value)
        for storage in (engine.storage, engine.open()):
            assert storage.documents.read("pace") == value
            assert storage.documents.read("budget") == {}

    def test_takes_fields_out(self, engine: Engine) -> None:
        with engine.storage.documents.edit("pace") as document:
            document.update(n=1, m=2)
        with engine.open().documents.edit("pace") as document:
            del document["n"]
        assert engine.storage.documents.read("pace") == {"m": 2}
        with engine.open().documents.edit("pace") as document:
            document.clear()
        assert engine.storage.documents.read("pace") == {}

    def test_writes_nothing_when_the_body_raises(self, engine: Engine) -> None:
        with engine.storage.documents.edit("pace") as document:
            document["list"] = [1]

        def fail() -> None:
            with engine.storage.documents.edit("pace") as document:
                document["list"].append(2)
                raise ValueError("meant")

        with pytest.raises(ValueError, match="meant"):
            fail()
        for storage in (engine.storage, engine.open()):
            assert storage.documents.read("pace") == {"list": [1]}
        with engine.storage.documents.edit("pace") as document:
            assert document == {"list": [1]}

    def test_starts_again_from_a_damaged_one(self, engine: Engine) -> None:
        engine.damage_document("pace")
        assert engine.storage.documents.read("pace") == {}
        count(engine.storage.documents)
        assert engine.open().documents.read("pace") == {"n": ROUNDS}

    def test_shows_each_change_of_another_worker_at_once(self, engine: Engine) -> None:
        other = engine.open().documents
        for number in range(50):
            with other.edit("pace") as document:
                document["n"] = number
            if number % 10 == 5:
                time.sleep(0.03)  # the next change meets what may be remembered
            assert engine.storage.documents.read("pace") == {"n": number}

    def test_loses_no_change_of_threads_and_processes(self, engine: Engine) -> None:
        own = engine.open().documents
        children = [Child(counting, engine.opener) for _ in range(2)]
        with children[0], children[1], ThreadPoolExecutor(4) as threads:
            list(threads.map(count, [engine.storage.documents, engine.storage.documents, own, own]))
            assert [child.wait() for child in children] == [0, 0]
        assert engine.storage.documents.read("pace") == {"n": 6 * ROUNDS}

    def test_is_as_it_was_and_free_when_an_editor_is_killed(self, engine: Engine) -> None:
        with engine.storage.documents.edit("pace") as document:
            document["n"] = 1
        with Child(holding, engine.opener) as child:
            assert child.receive() == "inside"
            child.kill()
        with engine.storage.documents.edit("pace") as document:
            assert document == {"n": 1}

    def test_can_be_held_two_at_once(self, engine: Engine) -> None:
        with engine.storage.documents.edit("pace") as pace, engine.storage.documents.edit("budget") as budget:
            pace["n"], budget["n"] = 1, 2
        assert (engine.storage.documents.read("pace"), engine.storage.documents.read("budget")) == ({"n": 1}, {"n": 2})
