"""What every `Archives` promises. Nothing of ours archives a picture: an engine's own tests put them there."""

import pytest

from tests.service.storage.suites.engine import KEY, Engine, picture, put_picture, seen


class ArchivesTests:
    def test_has_nothing_at_first(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, picture(1))
        assert engine.storage.archives.list() == []

    @pytest.mark.parametrize("name", [KEY.address, "", "..", "../x", "a/b"])
    def test_restores_nothing_that_is_not_archived(self, engine: Engine, name: str) -> None:
        put_picture(engine.storage, KEY, picture(1))
        assert engine.storage.archives.restore(KEY.series, name) is False
        assert seen(engine.storage, KEY) == picture(1)
