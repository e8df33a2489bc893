"""What the gallery's index knows of finished pictures."""

from dataclasses import dataclass, field

from dalle.key import ADDRESS, SERIES, Key


@dataclass(frozen=True, slots=True)
class Picture:
    """One finished picture. `name` is its file's stem: an address, unless an operator put another file there.

    modified_ns    Unix nanoseconds
    width, height  pixels, 0: unknown
    painting       how many of its rows, from above, are the painting; 0: unknown
    """

    series: str
    name: str
    modified_ns: int
    width: int = 0
    height: int = 0
    title: str = ""
    painter: str = ""
    painting: int = 0

    @property
    def key(self) -> Key | None:
        """The key under which it is served; None when its name is no address."""
        if SERIES.fullmatch(self.series) and ADDRESS.fullmatch(self.name):
            return Key(self.series, self.name)
        return None


@dataclass(frozen=True, slots=True)
class Archived:
    """A picture that was archived. `name` as in `Picture`; `modified_ns` in Unix nanoseconds, `size` in bytes."""

    series: str
    name: str
    modified_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A series that has pictures: their number, and the newest one's time."""

    series: str
    count: int
    newest_ns: int


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the gallery's order: behind this picture of a series whose newest picture is of that time."""

    newest_ns: int
    series: str
    modified_ns: int
    name: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some pictures in order.

    after   where the next ones begin, None at the end
    before  where those in front of them end, None at the beginning
    """

    pictures: list[Picture]
    after: Position | None
    before: Position | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """How many pictures a filter finds; `more`: there are more than that."""

    count: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an index is.

    known   pictures that it knows
    about   how many there are, as far as can be said; more than `known` while they are being counted
    unread  known pictures whose title and size are not known yet: a filter may not find them
    """

    known: int
    about: int
    unread: int


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What the index noticed: keys whose picture is torn, and keys whose picture was removed by hand.

    listed  how many times a series was looked through since the last report, because others had changed it
    """

    torn: list[Key] = field(default_factory=list)
    vanished: list[Key] = field(default_factory=list)
    listed: int = field(default=0, compare=False)
