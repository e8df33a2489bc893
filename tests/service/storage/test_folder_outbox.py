"""The folder engine's outbox: what every engine promises, and what may stand in its folder."""

from tests.kit.data_folder import put_bytes
from tests.service.storage.folder_engine import FolderEngine, FolderTests
from tests.service.storage.suites.outbox import EVENT, OutboxTests, ids


class TestFolderOutbox(FolderTests, OutboxTests):
    def test_makes_no_folder_before_the_first_event(self, engine: FolderEngine) -> None:
        engine.storage.outbox.due(0)
        engine.storage.tidy(3600)
        engine.storage.check()
        assert not engine.layout.outbox.exists()

    def test_gives_up_a_file_that_holds_no_event(self, engine: FolderEngine) -> None:
        engine.storage.outbox.put(EVENT)
        put_bytes(engine.layout.outbox / f"{0:020d}.0.0.msg_bad.json", b'{"id":')
        put_bytes(engine.layout.outbox / "notes.txt", b"by hand")
        outbox = engine.storage.outbox
        assert ids(outbox.due(0)) == ["msg_1", "msg_bad"]
        with outbox.hold(outbox.due(0)[1]) as held:
            assert held is None
        assert (ids(outbox.waiting()), ids(outbox.given_up())) == (["msg_1"], ["msg_bad"])
        assert outbox.read(outbox.given_up()[0]) is None
