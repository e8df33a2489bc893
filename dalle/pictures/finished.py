"""The finished pictures, and the small ones that are made from them."""

from dalle.imaging.dimensions import dimensions
from dalle.imaging.thumbnails import thumbnail_height, thumbnails
from dalle.key import Key
from dalle.pictures.room import Room
from dalle.storage.blob import WIDTHS, Blob, OpenBlob, Stat, width_of
from dalle.storage.protocol import Storage


class Finished:
    """Opens pictures; the caller closes them."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def open(self, key: Key) -> OpenBlob | None:
        """Return the finished picture; None without a whole one."""
        return self._storage.finished(key)

    def exists(self, key: Key) -> bool:
        """Return whether there is one."""
        return self._storage.stat(key) is not None

    def sizes(self, key: Key) -> list[tuple[int, int]]:
        """Return width and height of the finished picture in pixels, then those of its smaller thumbnails."""
        picture = self._storage.finished(key)
        if picture is None:
            return []
        with picture.file as file:
            size = dimensions(file)
        if size is None:
            return []
        smaller = [width for width in sorted(WIDTHS, reverse=True) if width < size[0]]
        return [size, *((width, thumbnail_height(size, width)) for width in smaller)]

    def of_version(self, key: Key, version: str) -> OpenBlob | None:
        """Return the finished picture if that is its version, as far as it is noted."""
        picture = self._storage.finished(key)
        if picture and not self._is_version(key, picture, version):
            picture.close()
            return None
        return picture

    def thumbnail(self, key: Key, width: str, version: str = "") -> OpenBlob | None:
        """Return the finished picture at a width, made when it is missing; None without a picture.

        With a `version`, None unless it is that of the picture. Raises InvalidRequest for any width that is not made.
        """
        stat = self._storage.stat(key)
        if stat is None or (version and not self._is_version(key, stat, version)):
            return None
        pixels = width_of(width)
        blob = Blob.thumbnail(key, pixels, version)
        if fresh := self._fresh(blob, stat):
            return fresh
        # One maker at a time on a machine; the others find the thumbnail when it is their turn.
        with self._storage.exclusive("thumbnails", local=True), Room(self._storage) as room:
            if fresh := self._fresh(blob, stat):
                return fresh
            if picture := self._storage.finished(key):
                with picture.file as file:
                    if stat == (picture.modified_ns, picture.size):
                        room.for_bytes(picture.size)
                        self._storage.blobs.put(blob, thumbnails(file.read(), (pixels,), room.for_pixels)[pixels])
        if self._storage.stat(key) == stat:
            return self._storage.blobs.open(blob)
        # It was replaced meanwhile, perhaps before its thumbnail came: that must not stay for one of the new picture.
        self._storage.blobs.delete(blob)
        return self.thumbnail(key, width, version)

    def _is_version(self, key: Key, picture: Stat | OpenBlob, version: str) -> bool:
        return bool(version) and version == self._storage.noted_version(key, picture.modified_ns, picture.size)

    def _fresh(self, blob: Blob, picture: Stat) -> OpenBlob | None:
        """Return the thumbnail unless it is older than its picture."""
        thumbnail = self._storage.blobs.open(blob)
        if thumbnail and thumbnail.modified_ns < picture.modified_ns:
            thumbnail.close()
            return None
        return thumbnail
