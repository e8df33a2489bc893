"""The index of the gallery, held against the pictures that there are."""

from collections.abc import Iterator

from dalle.storage.blob import Blob
from dalle.storage.inventory import Fault, Inventory
from dalle.storage.picture import Position
from dalle.storage.protocol import PictureIndex, Storage

PAGE = 500
PATIENCE = 10.0  # seconds
LOOKS = 3
CURE = "delete the folder gallery of the data folder: the index is built again"


def faults_of_index(storage: Storage, inventory: Inventory) -> Iterator[Fault]:
    """Yield the series of which the index lists other pictures than there are.

    One that is being brought up to date is not wrong; nor does it have to agree about what came or went meanwhile.
    """
    storage.pictures.tend(PATIENCE)
    for series in sorted({*counts(storage.pictures), *inventory.series()}):
        there = inventory.pictures(series)
        for _ in range(LOOKS):
            if is_true(storage, series, there):
                break
            storage.pictures.tend(PATIENCE)
            with storage.inventory(series=series) as fresh:
                there = fresh.pictures(series)
        else:
            listed = counts(storage.pictures).get(series, 0)
            gone = len(set(gone_from(storage, series)))
            message = f"the gallery's index lists {listed} pictures, {gone} of them gone, and there are {there}"
            yield Fault("wrong-index", "warning", series, message, CURE)


def is_true(storage: Storage, series: str, there: int) -> bool:
    """Return whether the index lists so many pictures and all that it lists exist, as far as it is up to date."""
    before = counts(storage.pictures).get(series, 0)
    if before and next(gone_from(storage, series), None):
        return False
    after, reached = counts(storage.pictures).get(series, 0), storage.pictures.progress()
    return min(before, after) <= there <= max(before, after) or reached.known < reached.about


def counts(index: PictureIndex) -> dict[str, int]:
    return {folder.series: folder.count for folder in index.folders()}


def gone_from(storage: Storage, series: str) -> Iterator[str]:
    """Yield the names of pictures that the index lists and that do not exist."""
    after: Position | None = None
    while True:
        page = storage.pictures.page(series=series, after=after, limit=PAGE)
        for picture in page.pictures:
            if picture.key and not storage.blobs.has(Blob.picture(picture.key)):
                yield picture.name
        after = page.after
        if after is None:
            return
