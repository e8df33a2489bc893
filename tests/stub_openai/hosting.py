"""Pictures behind URLs: what each GET of one is answered with."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field

FOLDER = "/generated-images/"


@dataclass(frozen=True)
class Terms:
    """How a URL behaves: it answers these statuses in turn before the picture comes, and then for so many seconds 404.

    seconds    counted from the call
    protected  whether it wants the key that the call was sent with
    moved      whether it first redirects to another host, where the terms hold
    """

    statuses: list[int] = field(default_factory=list)
    seconds: float = 0.0
    protected: bool = False
    moved: bool = False


@dataclass
class Hosted:
    """A picture at a URL; `authorization` is the header of the call that it was made for."""

    data: bytes
    terms: Terms
    authorization: str

    def __post_init__(self) -> None:
        self.left = deque(self.terms.statuses)
        self.until = time.monotonic() + self.terms.seconds

    def answer(self, authorization: str) -> int:
        """The status of the next GET; 200 comes with the picture."""
        if self.terms.protected and authorization != self.authorization:
            return 401
        if self.left:
            return self.left.popleft()
        return 404 if time.monotonic() < self.until else 200


class Hosting:
    """All pictures with a URL of their own, by path; thread-safe."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.pictures: dict[str, Hosted] = {}

    def add(self, hosted: Hosted) -> str:
        """Returns the path of its URL."""
        with self.lock:
            path = f"{FOLDER}{len(self.pictures) + 1}.png"
            self.pictures[path] = hosted
        return path

    def get(self, path: str, authorization: str, *, at_home: bool) -> tuple[int, bytes] | None:
        """Status and picture for a GET, None for a path that nothing is at. `at_home`: under the API's own host."""
        with self.lock:
            hosted = self.pictures.get(path)
            if hosted is None:
                return None
            if hosted.terms.moved and at_home:
                return 302, b""
            return hosted.answer(authorization), hosted.data
