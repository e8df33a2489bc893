"""The index of the gallery, held against the pictures that there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dalle.storage.blob import Blob
from dalle.storage.inventory import Fault, Inventory
from dalle.storage.picture import Picture, Position
from dalle.storage.protocol import PictureIndex, Storage

PAGE = 500
PATIENCE = 10.0  # seconds
LOOKS = 3
CURE = "delete the folder gallery of the data folder: the index is built again"


def faults_of_index(storage: Storage, inventory: Inventory, torn: Callable[[str], int]) -> Iterator[Fault]:
    """Yield the series of which the index lists other pictures than there are; it leaves out the torn ones.

    One that is being brought up to date is not wrong; nor does it have to agree about what came or went meanwhile.
    """
    storage.pictures.tend(PATIENCE)
    for series in sorted({*counts(storage.pictures), *inventory.series()}):
        there = inventory.pictures(series)
        for _ in range(LOOKS):
            seen = look(storage, series)
            if seen.agrees(there, torn(series)):
                break
            storage.pictures.tend(PATIENCE)
            with storage.inventory(series=series) as fresh:
                there = fresh.pictures(series)
        else:
            lists = f"lists {seen.listed} pictures, {seen.gone} of them gone, and counts {seen.after}"
            message = f"the gallery's index {lists}; there are {there}"
            yield Fault("wrong-index", "warning", series, message, CURE)


@dataclass(frozen=True, slots=True)
class Look:
    """What the index says of a series.

    before, after  how many pictures, before and after all were listed
    listed, gone   how many it lists, and how many of them do not exist
    is_whole       whether it knows all there are
    """

    before: int
    after: int
    listed: int
    gone: int
    is_whole: bool

    def agrees(self, there: int, torn: int) -> bool:
        """Return whether it is right, as far as it is up to date."""
        is_counted = min(self.before, self.after) <= there <= max(self.before, self.after)
        is_listed = min(there, self.after) - torn <= self.listed <= max(there, self.after)
        return not self.is_whole or (is_counted and is_listed and not self.gone)


def look(storage: Storage, series: str) -> Look:
    before = counts(storage.pictures).get(series, 0)
    listed = gone = 0
    for picture in pictures(storage.pictures, series):
        listed += 1
        gone += bool(picture.key and not storage.blobs.has(Blob.picture(picture.key)))
    after, reached = counts(storage.pictures).get(series, 0), storage.pictures.progress()
    return Look(before, after, listed, gone, reached.known >= reached.about)


def counts(index: PictureIndex) -> dict[str, int]:
    return {folder.series: folder.count for folder in index.folders()}


def pictures(index: PictureIndex, series: str) -> Iterator[Picture]:
    """Yield the pictures that the index lists, a page at a time."""
    after: Position | None = None
    while True:
        page = index.page(series=series, after=after, limit=PAGE)
        yield from page.pictures
        after = page.after
        if after is None:
            return
