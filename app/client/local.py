"""The client that works in this process, beside any server on the same data folder: claims and queue are shared."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from app.client import estimates
from app.client.client import Estimate, Fields
from app.config import Config
from app.suggestion import question
from dalle.errors import FileSystemError, Forbidden, InvalidSeries, NotFound
from dalle.key import Key
from dalle.storage.blob import Blob
from dalle.studio import Studio


class LocalClient:
    """Works on the studio; the configuration says whether it may write, and what pictures cost."""

    remote = False

    def __init__(self, studio: Studio, config: Config) -> None:
        self.studio = studio
        self.config = config

    def key(self, series: str, address: str) -> Key:
        try:
            return Key.parse(series, address, self.studio.knows)
        except InvalidSeries as exc:
            raise InvalidSeries(exc.details + question(series, self.studio.series())) from exc

    def series(self) -> list[str]:
        return self.studio.series()

    def addresses(self) -> list[str]:
        return sorted(self.studio.storage.blobs.addresses())

    def estimate(self, keys: Sequence[Key], jobs: int) -> Estimate:
        return estimates.estimate(self.studio, self.config, keys, jobs)

    def has_picture(self, key: Key) -> bool:
        return self.studio.has_picture(key)

    def request(self, key: Key) -> Fields:
        if self.config.read_only:
            if self.has_picture(key):
                return self.report(key)
            raise Forbidden("TB_DALLE_READ_ONLY is set: nothing is generated here")
        with self._named():
            fields: Fields = json.loads(self.studio.request(key).body)["data"]
        return fields

    def renew(self, key: Key) -> Fields:
        if self.config.read_only:
            raise Forbidden("TB_DALLE_READ_ONLY is set: nothing is generated here")
        with self._named():
            fields: Fields = json.loads(self.studio.renew(key).body)["data"]
        return fields

    def report(self, key: Key, *, wait: int = 0) -> Fields:
        return self.studio.report(key) or {}

    def picture(self, key: Key) -> bytes:
        ready = self.studio.ready(key)
        if ready is None:
            raise NotFound(f"no picture of {key}")
        with ready.file as file:
            return file.read()

    def location(self, key: Key) -> str:
        return self.studio.storage.blobs.locate(Blob.picture(key))

    def remove(self, key: Key) -> bool:
        if self.config.read_only:
            raise Forbidden("TB_DALLE_READ_ONLY is set: nothing is removed here")
        with self._named():
            return self.studio.remove(key)

    def cancel(self, key: Key) -> Fields:
        if self.config.read_only:
            raise Forbidden("TB_DALLE_READ_ONLY is set: nothing is cancelled here")
        with self._named():
            report = self.studio.cancel(key)
        fields: Fields = json.loads(report.body)["data"] if report else {}
        return fields

    def runs(self, failed: int) -> list[Fields]:
        return [*self.studio.runs(), *self.studio.latest_failures(failed)]

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Adds to a failure of the data folder its cause: who uses the command line may see paths."""
        try:
            yield
        except FileSystemError as exc:
            todo = "choose another folder with --data-dir or TB_DALLE_DATA_DIR, or let dalleserver doctor name the cure"
            raise FileSystemError(f"{exc.private or exc.details} in {self.config.data_dir}; {todo}") from exc

    def drain(self) -> None:
        self.studio.drain()

    def close(self) -> None:
        self.studio.stop()
