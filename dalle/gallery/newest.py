"""The newest pictures of all series together, which the gallery's index has one series after the other."""

import heapq

from dalle.storage.picture import Picture
from dalle.storage.protocol import PictureIndex


def newest(index: PictureIndex, most: int, series: str = "") -> list[Picture]:
    """Return at most so many pictures whose names are addresses, newest first, of one series or of all.

    Series whose newest picture is older than all that were found are not looked at.
    """
    found: list[tuple[int, str, str, Picture]] = []
    for folder in index.folders():  # the one with the newest picture first
        if series not in ("", folder.series):
            continue
        if len(found) == most and folder.newest_ns < found[0][0]:
            break
        for picture in index.page(series=folder.series, limit=most).pictures:
            if picture.key:
                entry = (picture.modified_ns, picture.series, picture.name, picture)
                (heapq.heappush if len(found) < most else heapq.heappushpop)(found, entry)
    return [entry[-1] for entry in sorted(found, key=lambda entry: entry[:3], reverse=True)]
