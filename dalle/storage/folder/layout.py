"""Where everything is in a data folder; no module outside the engine knows its paths.

<data>/
  output/<series>/                            public, served under /files/
    data|title|terse|prompt|enhanced|technical/<address>.txt
    selector/<address>.json                   the attributes
    generated/<address>.<png|webp|jpeg|…>     the bytes as the painter sent them (EXTENSIONS)
    annotated/<address>.png                   the finished picture
    former/<address>.png                      the previous one, while it is made again
    thumbs/<width>/<address>.webp             made from it
    versions/<address>.txt                    which versions the picture is, or was (`versions`)
    versions/<address>.<version>.png          the picture by its version, a hard link
    versions/<width>/<address>.<version>.webp made from that version
    metadata/<seed>.json                      the older server's, of a picture that is named by a seed
  output/<series>.deleted/                    the same of a series that the older server has hidden
    progress/<address>.json                   the public report
  runs/<series>/<address>.json                the journal: the private truth of a run
  runs/<series>/<address>.torn                a picture without an end, quarantined
  runs/<series>/<address>.<run>.<attempt>.answer  the provider's answer as it came, until its picture is published
  runs/<series>/<address>.<run>.<attempt>.raw     the bytes of a picture, as version 1.0 kept them
  runs/<series>/<address>.<run>.<attempt>.bad     such bytes that are no picture, quarantined
  runs/<series>/<address>.damaged             a journal that cannot be read, quarantined; .2.damaged …: later ones
  gallery/index-7.sqlite  listing  curator    a cache of the finished pictures, rebuilt when it is deleted
  cache/<digit>/<name>                        what can be made again, sketches (`cache`): may be deleted
  locks/                                      guards and claims (`locks`)
  queue/                                      tickets (`queue`)
  provider/{breaker,budget,pace,models}.json  documents that all workers share
  metrics/calls.jsonl                         one line a call, since the last month was closed
  metrics/calls/<yyyy-mm>.jsonl               what was there when that month was closed
  metrics/calls/<yyyy-mm|current>.json        sums of these, made again when they are deleted
  metrics/failures.txt  failures.earlier.txt  which runs have failed, the newest of them
  metrics/progress_phase_stats.json           averages
  metrics/progress_phase_history.jsonl        the older server's, where there is no such file yet
  outbox/                                     events that wait for their delivery (`outbox`)
  outbox/endpoint.json                        what is known of their receiver
  archives/<series>/<kind>/                   pictures that were deleted in the older server
  series/  databases/                         the operator's own
  series/.versions/<name>/<number>.json       what a series file held before it was replaced or deleted
  user-series/                                series of the older server, where `series/` has none of that name
  catalog.json                                the catalogue version that this folder began with
"""

from dataclasses import dataclass, field
from pathlib import Path

from dalle.key import Key
from dalle.storage.blob import Blob, Original
from dalle.storage.folder.older.hidden import HiddenFolders

DOCUMENTS = {
    "breaker": "provider/breaker.json",
    "budget": "provider/budget.json",
    "pace": "provider/pace.json",
    "models": "provider/models.json",
    "averages": "metrics/progress_phase_stats.json",
    "catalog": "catalog.json",
    "webhooks": "outbox/endpoint.json",
}
EXCLUSIVE = {
    "sweep": "queue/sweep",
    "models": "provider/models.look",
    "caretaker": "gallery/curator",
    "thumbnails": "locks/thumbs",
    "large pictures": "locks/large",
}
"""Files whose flock stands for a name; version 1.0 uses the same ones."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one data folder. Those that every poll asks for are texts: a Path costs 12 µs."""

    root: Path
    output_name: str = field(init=False)
    hidden: HiddenFolders = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "output_name", f"{self.root}/output")
        object.__setattr__(self, "hidden", HiddenFolders(self.output_name))

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    @property
    def queue(self) -> Path:
        return self.root / "queue"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def series(self) -> Path:
        return self.root / "series"

    @property
    def archives(self) -> Path:
        return self.root / "archives"

    @property
    def user_series(self) -> Path:
        return self.root / "user-series"

    @property
    def metrics(self) -> Path:
        return self.root / "metrics"

    @property
    def older_averages(self) -> Path:
        return self.metrics / "progress_phase_history.jsonl"

    @property
    def calls(self) -> Path:
        return self.metrics / "calls.jsonl"

    @property
    def index(self) -> Path:
        return self.root / "gallery" / "index-7.sqlite"

    def series_folder(self, series: str) -> str:
        """The public folder of a series: what the older server has hidden is where it has put it."""
        return self.hidden.of(series)

    def cached(self, name: str) -> Path:
        return self.root / "cache" / name[0] / name

    def document(self, name: str) -> Path:
        return self.root / DOCUMENTS[name]

    def exclusive(self, name: str) -> Path:
        return self.root / EXCLUSIVE[name]

    def blob(self, blob: Blob) -> Path:
        if isinstance(blob, Original):
            return self.runs / blob.key.series / blob.name
        return Path(f"{self.series_folder(blob.key.series)}{blob.path.removeprefix(blob.key.series)}")

    def annotated(self, key: Key) -> Path:
        return Path(self.annotated_name(key))

    def annotated_name(self, key: Key) -> str:
        return f"{self.series_folder(key.series)}/annotated/{key.address}.png"

    def previous(self, key: Key) -> Path:
        return self.blob(Blob.previous(key))

    def version_note(self, key: Key) -> str:
        return f"{self.series_folder(key.series)}/versions/{key.address}.txt"

    def progress(self, key: Key) -> Path:
        return Path(self.progress_name(key))

    def progress_name(self, key: Key) -> str:
        return f"{self.series_folder(key.series)}/progress/{key.address}.json"

    def journal(self, key: Key) -> Path:
        return self.runs / key.series / f"{key.address}.json"

    def torn(self, key: Key) -> Path:
        return self.runs / key.series / f"{key.address}.torn"

    def damaged(self, key: Key, number: int = 1) -> Path:
        suffix = "damaged" if number == 1 else f"{number}.damaged"
        return self.runs / key.series / f"{key.address}.{suffix}"


def parse_original(series: str, name: str) -> Original | None:
    """Return the original that a file in `runs/<series>/` holds, None for any other file."""
    match name.split("."):
        case [address, run_id, number, "answer" | "raw" as kind] if number.isdigit():
            return Original.of(Key(series, address), run_id, int(number), kind)
    return None
