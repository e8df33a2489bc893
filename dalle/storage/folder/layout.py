"""Where everything lies. No other module joins names into paths of the data folder.

<data>/
  output/<series>/                            public, served under /files/
    data|title|terse|prompt|enhanced|technical/<address>.txt
    selector/<address>.json                   the attributes
    generated/<address>.<png|webp|jpeg>        the bytes as the painter gave them
    annotated/<address>.png                   the finished picture
    former/<address>.png                      the one before it, while it is made anew
    thumbs/<width>/<address>.webp             made from it
    progress/<address>.json                   the public report
  runs/<series>/<address>.json                the journal: the private truth of a run
  runs/<series>/<address>.torn                a picture without an end that somebody left, put aside
  runs/<series>/<address>.<run>.<attempt>.raw bytes that have not been published yet
  runs/<series>/<address>.<run>.<attempt>.bad bytes that were paid for and are no picture
  runs/<series>/<address>.damaged             a journal that nobody can read, put aside
  gallery/index.sqlite  guard  curator        a cache of the finished pictures, made again when it is deleted
  locks/  queue/  provider/                   claims, tickets, what is shared about the provider
  metrics/calls.jsonl                         one line a call
  metrics/progress_phase_stats.json           averages
  series/  databases/                         the operator's own
  catalog.json                                the catalogue version that this folder began with
"""

from dataclasses import dataclass, field
from pathlib import Path

from dalle.key import Key

TEXTS = ("data", "title", "terse", "prompt", "enhanced", "technical")


@dataclass(frozen=True, slots=True)
class Store:
    """The layout of one data folder."""

    root: Path
    output_name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "output_name", f"{self.root}/output")

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
    def provider(self) -> Path:
        return self.root / "provider"

    @property
    def series(self) -> Path:
        return self.root / "series"

    @property
    def calls(self) -> Path:
        return self.root / "metrics" / "calls.jsonl"

    @property
    def averages(self) -> Path:
        return self.root / "metrics" / "progress_phase_stats.json"

    @property
    def catalog(self) -> Path:
        return self.root / "catalog.json"

    @property
    def index(self) -> Path:
        return self.root / "gallery" / "index.sqlite"

    def text(self, key: Key, kind: str) -> Path:
        """One of the TEXTS."""
        return self.output / key.series / kind / f"{key.address}.txt"

    def selector(self, key: Key) -> Path:
        return self.output / key.series / "selector" / f"{key.address}.json"

    def generated(self, key: Key, extension: str) -> Path:
        return self.output / key.series / "generated" / f"{key.address}.{extension}"

    def annotated(self, key: Key) -> Path:
        return Path(self.annotated_name(key))

    def annotated_name(self, key: Key) -> str:
        """`annotated` without the 12 µs that a Path costs: every poll asks for this and `progress_name`."""
        return f"{self.output_name}/{key.series}/annotated/{key.address}.png"

    def former(self, key: Key) -> Path:
        return self.output / key.series / "former" / f"{key.address}.png"

    def thumb(self, key: Key, width: int) -> Path:
        return self.output / key.series / "thumbs" / str(width) / f"{key.address}.webp"

    def progress(self, key: Key) -> Path:
        return Path(self.progress_name(key))

    def progress_name(self, key: Key) -> str:
        return f"{self.output_name}/{key.series}/progress/{key.address}.json"

    def journal(self, key: Key) -> Path:
        return self.runs / key.series / f"{key.address}.json"

    def torn(self, key: Key) -> Path:
        return self.runs / key.series / f"{key.address}.torn"

    def raw(self, key: Key, run_id: str, attempt: int) -> Path:
        return self.runs / key.series / f"{key.address}.{run_id}.{attempt}.raw"

    def public(self, path: Path) -> str:
        """A path as clients see it: relative to the output folder, so that `/files/` + it is a URL."""
        return path.relative_to(self.output).as_posix()
