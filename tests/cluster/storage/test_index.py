"""The gallery's index on PostgreSQL."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Unpack

import pytest

from dalle.key import Key
from dalle.storage.blob import Facts
from dalle.storage.picture import Folder
from dalle.storage.protocol import PictureIndex
from tests.cluster.storage.engine import ClusterEngine, Shifted, open_cluster, template
from tests.kit import postgres
from tests.kit.folders import MOMENT, SIZE, Looks, address
from tests.service.storage.suites.picture_index import PictureIndexTests, walk

pytest.importorskip("psycopg")

from dalle.storage.cluster.objects.publication import publishing
from dalle.storage.cluster.pictures.index import ClusterIndex
from dalle.storage.cluster.pictures.listing import Costs

OBJECT = "INSERT INTO objects VALUES (%s, 1, sha256('x'), %s, %s, NULL, 1)"
DELETE = "DELETE FROM pictures WHERE (series, name) = (%s, %s)"


def open_index(engine: object) -> PictureIndex:
    return open_cluster(engine, Shifted()).pictures  # type: ignore[arg-type]


class ClusterGallery:
    """Satisfies `Gallery`. Rows are published by the statement by which every picture is, without bytes."""

    def __init__(self, engine: ClusterEngine) -> None:
        self.engine = engine
        self.index = engine.storage.pictures
        self._numbers = count()

    @property
    def opener(self) -> Callable[[], PictureIndex]:
        return partial(open_index, self.engine.settings)

    def put(self, series: str, name: str, **looks: Unpack[Looks]) -> None:
        width, height = looks.get("size", SIZE)
        facts = Facts(looks.get("title", ""), looks.get("painter", ""), width, height)
        self._publish(Key(series, name), facts, looks.get("age", 0), whole=True)

    def tear(self, series: str, name: str, *, age: float = 0) -> None:
        self._publish(Key(series, name), Facts(), age, whole=False)

    def remove(self, series: str, name: str) -> None:
        self.engine.storage.database.run(DELETE, (series, name))

    def _publish(self, key: Key, facts: Facts, age: float, *, whole: bool) -> None:
        name = f"object{next(self._numbers)}"
        with self.engine.storage.database.begin() as transaction:
            transaction.later(1, OBJECT, (name, round((MOMENT - age) * 10**9), whole))
            transaction.later(2, *publishing(key, name, facts))


class TestClusterIndex(PictureIndexTests):
    @pytest.fixture
    def gallery(self, tmp_path: Path) -> Iterator[ClusterGallery]:
        with postgres.database(template()) as name:
            engine = ClusterEngine(name, tmp_path)
            yield ClusterGallery(engine)
            engine.close()

    @pytest.mark.parametrize("tending", [False, True])
    def test_counts_as_a_plain_count_does(self, gallery: ClusterGallery, tending: bool) -> None:
        """Though no question counts them."""
        for number in range(12):
            gallery.put(("blue", "amber")[number % 3 == 0], address(number % 7), age=3600 * number)
            if number % 4 == 3:
                gallery.remove("blue", address(number % 7))
            if tending and number % 5 == 4:
                gallery.index.tend(1)
        plain = gallery.engine.storage.database.run(
            "SELECT series, count(*), max(modified_ns) FROM pictures GROUP BY series ORDER BY 3 DESC"
        )
        assert gallery.index.folders() == [Folder(*row) for row in plain]
        order = gallery.index.page().pictures
        for number in range(1, len(order)):
            position = gallery.index.position(share=number / len(order))
            assert gallery.index.page(after=position, limit=1).pictures == [order[number]]
            assert gallery.index.share(position) == pytest.approx(number / len(order))

    def test_finds_words_far_behind_in_a_large_series(self, gallery: ClusterGallery) -> None:
        """However the pictures are looked for."""
        for number in range(40):
            gallery.put(("blue", "amber")[number % 2], address(number), age=number, title="heron" * (number >= 30))
        everything = gallery.index.page(limit=99).pictures
        for price, window in ((1e9, 4), (1e9, 100), (1e-9, 4)):
            index = ClusterIndex(gallery.engine.storage.database, costs=Costs(price, least=1, most=window))
            for words in ("heron", "er", "heron amber", "ero", f"heron {address(31)[-3:]}"):
                found = [
                    each
                    for each in everything
                    if all(word in f"{each.series} {each.name} {each.title}" for word in words.split())
                ]
                assert walk(index, 3, words=words) == found, (price, window, words)
                assert index.matches(words).count == len(found)
