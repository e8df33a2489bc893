"""The cards of finished pictures: what chats show beside a link.

A card takes 40 ms, and few are asked for twice: they are kept in memory for a while, and in no file.
"""

from typing import BinaryIO

from dalle.imaging.cards import card, card_size
from dalle.imaging.dimensions import dimensions
from dalle.key import Key
from dalle.pictures.paintings import Paintings
from dalle.pictures.room import Room
from dalle.storage.blob import OpenBlob
from dalle.storage.picture import Picture
from dalle.storage.protocol import Storage
from dalle.threads.workbench import Workbench


class Cards:
    """Makes cards of paintings, without their captions: a card is shown beside a text."""

    def __init__(self, storage: Storage, paintings: Paintings, workbench: Workbench) -> None:
        self._storage = storage
        self._paintings = paintings
        self._workbench = workbench

    def card(self, key: Key) -> bytes | None:
        """Return the card of the finished picture, None without one. Raises ServiceUnavailable when too many wait."""
        picture = self._storage.finished(key)
        if picture is None:
            return None
        with picture.file as file:
            _, height = self._painting(key, picture, file)  # better known once the generated picture is there
            name = "card", key, picture.modified_ns, picture.size, height
            return self._workbench.get(name, lambda: self._make(picture, file, height))

    def size(self, key: Key) -> tuple[int, int] | None:
        """Return width and height of the card in pixels, None without a picture; nothing is made."""
        picture = self._storage.finished(key)
        if picture is None:
            return None
        with picture.file as file:
            width, height = self._painting(key, picture, file)
        return card_size(width, height) if width else None

    def _make(self, picture: OpenBlob, file: BinaryIO, height: int) -> bytes:
        """One maker at a time on a machine, of cards or of thumbnails."""
        with self._storage.exclusive("thumbnails", local=True), Room(self._storage) as room:
            room.for_bytes(picture.size)
            return card(file.read(), height, room.for_pixels)

    def _painting(self, key: Key, picture: OpenBlob, file: BinaryIO) -> tuple[int, int]:
        """Return width and height of the painting in a picture; (0, 0) for a file that is none."""
        size = dimensions(file)
        file.seek(0)
        if size is None:
            return 0, 0
        return size[0], self._paintings.height(Picture(key.series, key.address, picture.modified_ns, *size))
