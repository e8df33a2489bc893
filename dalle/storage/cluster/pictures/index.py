"""The gallery's index of all hosts: the rows of the finished pictures themselves, so that none is ever missing."""

from collections.abc import Callable

from dalle.key import Key
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.objects.names import key_of
from dalle.storage.cluster.pictures.folders import Folders
from dalle.storage.cluster.pictures.listing import COLUMNS, USUAL, Costs, Listing, Place, Row, row_of
from dalle.storage.cluster.pictures.positions import Positions, in_front
from dalle.storage.cluster.pictures.words import clean, wanted
from dalle.storage.picture import Folder, Matches, Page, Picture, Position, Progress, Upkeep

FIND = f"SELECT {COLUMNS} FROM pictures p WHERE p.series = %s AND p.name = %s AND p.whole"
TORN = "SELECT series, name FROM pictures WHERE NOT whole LIMIT %s"
VANISHED = "SELECT series, name FROM vanished LIMIT %s"
FORGET = "DELETE FROM vanished WHERE (series, name) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"
MOST = 1000  # pictures that one round reports

Remember = Callable[[Key, int, str, int], None]


class ClusterIndex:
    """Satisfies `PictureIndex`. `remember`: takes key, time, version and size of pictures that were listed."""

    def __init__(
        self,
        database: Database,
        *,
        now_ns: Callable[[], int] | None = None,
        remember: Remember | None = None,
        costs: Costs = USUAL,
    ) -> None:
        self._database = database
        self._remember = remember
        self._folders = Folders(database)
        self._listing = Listing(database, costs)
        self._positions = Positions(database)

    def folders(self) -> list[Folder]:
        return self._folders.all()

    def page(
        self,
        *,
        series: str = "",
        words: str = "",
        after: Position | None = None,
        until: Position | None = None,
        limit: int = 48,
    ) -> Page:
        folders = self.folders()
        folders = ahead(folders, until) if until else behind(folders, after) if after else folders
        chosen = [folder for folder in folders if series in ("", folder.series)]
        start = place_in(chosen, until or after)
        rows = self._listed(chosen, words, start, limit + 1, back=bool(until))
        newest = {folder.series: folder.newest_ns for folder in folders}
        more, pictures = len(rows) > limit, rows[:limit]

        def place(picture: Picture) -> Position:
            return Position(newest[picture.series], picture.series, picture.modified_ns, picture.name)

        if until:
            return Page(pictures[::-1], before=place(rows[limit]) if more else None, after=until)
        return Page(pictures, before=after, after=place(pictures[-1]) if more else None)

    def matches(self, words: str, *, series: str = "", most: int = 1000) -> Matches:
        folders = [folder for folder in self.folders() if series in ("", folder.series)]
        count = self._listing.count(folders, wanted(words), most + 1)
        return Matches(min(count, most), more=count > most)

    def position(
        self,
        *,
        series: str = "",
        share: float | None = None,
        before_ns: int | None = None,
        picture: Picture | None = None,
    ) -> Position | None:
        folders = [folder for folder in self.folders() if series in ("", folder.series)]
        return self._positions.at(folders, share=share, before_ns=before_ns, picture=picture)

    def share(self, position: Position | None, *, series: str = "") -> float:
        folders = [folder for folder in self.folders() if series in ("", folder.series)]
        return self._positions.share(folders, position) if position else 0.0

    def around(self, picture: Picture, *, series: str = "", words: str = "") -> dict[str, Picture | None]:
        folders = [folder for folder in self.folders() if series in ("", folder.series)]
        at = next((number for number, folder in enumerate(folders) if folder.series == picture.series), None)
        if at is None:
            return dict.fromkeys(("first", "previous", "next", "last"))

        def first(folders: list[Folder], start: Place | None = None, *, back: bool = False) -> Picture | None:
            return next(iter(self._listed(folders, words, start, 1, back=back)), None)

        return {
            "first": first(folders),
            "previous": first(folders[at::-1], in_front(picture), back=True),
            "next": first(folders[at:], (picture.modified_ns, picture.name)),
            "last": first(folders[::-1], back=True),
        }

    def find(self, series: str, name: str) -> Picture | None:
        rows = self._database.read(FIND, (clean(series), clean(name)))
        return self._seen(row_of(rows[0])) if rows else None

    def progress(self) -> Progress:
        """Nothing is ever behind."""
        count = sum(folder.count for folder in self.folders())
        return Progress(count, count, 0)

    def tend(self, seconds: float) -> Upkeep:
        self._folders.sum_up()
        return Upkeep(self._keys(TORN), self._keys(VANISHED))

    def acknowledge(self, upkeep: Upkeep) -> None:
        if upkeep.vanished:
            self._forget([(key.series, key.address) for key in upkeep.vanished])

    def _keys(self, query: str) -> list[Key]:
        """Return the keys among some rows. Nothing belongs to pictures of other names that is to be cleared away."""
        rows = self._database.read(query, (MOST,))
        others = [row for row in rows if not key_of(*row)]
        if others and query == VANISHED:
            self._forget(others)
        return [key for row in rows if (key := key_of(*row))]

    def _forget(self, names: list[tuple[str, str]]) -> None:
        self._database.run(FORGET, ([series for series, _ in names], [name for _, name in names]))

    def _listed(
        self, folders: list[Folder], words: str, start: Place | None, limit: int, *, back: bool
    ) -> list[Picture]:
        if not folders:
            return []
        return [self._seen(row) for row in self._listing.pictures(folders, wanted(words), start, limit, back=back)]

    def _seen(self, row: Row) -> Picture:
        key = row.picture.key
        if self._remember and key and row.version:
            self._remember(key, row.picture.modified_ns, row.version, row.size)
        return row.picture


def place_in(folders: list[Folder], position: Position | None) -> Place | None:
    """Return the place of a position in the first of these series, None where it is in none."""
    if position and folders and folders[0].series == position.series:
        return position.modified_ns, position.name
    return None


def behind(folders: list[Folder], position: Position) -> list[Folder]:
    """The series from a position's own one on; a newer picture may have moved that one up meanwhile."""
    rest = [one for one in folders if (-one.newest_ns, one.series) >= (-position.newest_ns, position.series)]
    own = [one for one in folders if one.series == position.series] or [Folder(position.series, 1, position.newest_ns)]
    return [
        Folder(position.series, own[0].count, position.newest_ns),
        *[one for one in rest if one.series != position.series],
    ]


def ahead(folders: list[Folder], position: Position) -> list[Folder]:
    """The series from a position's own one back to the first."""
    order = (-position.newest_ns, position.series)
    names = [folder.series for folder in folders if (-folder.newest_ns, folder.series) <= order]
    end = names.index(position.series) + 1 if position.series in names else len(names)
    return folders[:end][::-1]
