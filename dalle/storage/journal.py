"""The private truth of a key's run: what was tried, what it cost, how it ended.

It never leaves the server. The public progress is derived from it (`dalle.runs.progress`).
"""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from dalle.errors import FileSystemError
from dalle.key import Key
from dalle.storage.folder.atomic import read_json, write_json

VERSION = 1

RunState = Literal["queued", "running", "completed", "failed", "removed"]
AttemptOutcome = Literal["", "accepted", "refused", "unknown"]

PHASES = (
    "setup",
    "base_prompts",
    "enhance_prompt",
    "image_prep",
    "image_wait",
    "image_download",
    "annotate",
    "completed",
)


@dataclass(slots=True)
class Phase:
    """One phase of a run; times are Unix nanoseconds, 0: not yet."""

    name: str
    startedNs: int = 0  # noqa: N815 — the names of the files and of the contract
    endedNs: int = 0  # noqa: N815
    skipped: bool = False
    error: str = ""


@dataclass(slots=True)
class Attempt:
    """One call to a painter, written down before it was sent. `outcome` "" means: no answer is known (yet).

    Money is in USD; `raw` is the name of the file that holds the bytes, from their arrival until they are
    published or turn out to be no picture; `used` tells that they became the picture.
    """

    number: int
    runId: str  # noqa: N815
    painter: str
    paid: bool
    model: str
    size: str
    quality: str
    estimate: float
    sentNs: int  # noqa: N815
    endedNs: int = 0  # noqa: N815
    outcome: AttemptOutcome = ""
    billed: str = "unknown"
    errorCode: str = ""  # noqa: N815
    detail: str = ""
    requestId: str = ""  # noqa: N815
    revisedPrompt: str = ""  # noqa: N815
    usage: dict[str, int] = field(default_factory=dict)
    cost: float = 0.0
    url: str = ""
    raw: str = ""
    used: bool = False


@dataclass(slots=True)
class Chat:
    """One call to the language model, written down when it ended: a repeat costs less than asking the disk first."""

    model: str
    sentNs: int  # noqa: N815
    runId: str = ""  # noqa: N815
    endedNs: int = 0  # noqa: N815
    outcome: AttemptOutcome = ""
    billed: str = "unknown"
    errorCode: str = ""  # noqa: N815
    detail: str = ""
    requestId: str = ""  # noqa: N815
    usage: dict[str, int] = field(default_factory=dict)
    cost: float = 0.0


@dataclass(slots=True)
class Journal:
    """One key's present run, and every attempt and chat that was ever made for the key.

    enhancement is the fingerprint of the enhanced text that was painted from, "" where the plain one was;

    dress is the contract's `dalleDress`; `catalog`, `catalogSha`, `seriesSha` tell from what it was made;
    `configuration` is a fingerprint of key, base URL and model, for failures that wait for the operator.
    """

    series: str
    address: str
    runId: str = ""  # noqa: N815
    state: RunState = "queued"
    painter: str = ""
    startedNs: int = 0  # noqa: N815
    endedNs: int = 0  # noqa: N815
    takeovers: int = 0
    published: bool = False
    percent: float = 0.0
    phases: list[Phase] = field(default_factory=lambda: [Phase(name) for name in PHASES])
    attempts: list[Attempt] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)
    enhancement: str = ""
    catalog: str = ""
    catalogSha: str = ""  # noqa: N815
    seriesSha: str = ""  # noqa: N815
    error: str = ""
    errorCode: str = ""  # noqa: N815
    retryAfterSeconds: float = 0  # noqa: N815
    retryAtNs: int = 0  # noqa: N815
    configuration: str = ""
    requestId: str = ""  # noqa: N815
    dress: dict[str, Any] = field(default_factory=dict)
    version: int = VERSION

    @property
    def ended(self) -> bool:
        return self.state in ("completed", "failed", "removed")

    @property
    def last(self) -> Attempt | None:
        """The newest attempt of the present run."""
        return next((one for one in reversed(self.attempts) if one.runId == self.runId), None)

    @property
    def painted(self) -> Attempt | None:
        """The attempt that became the picture, as far as that was written down; a later run may have failed."""
        return next((one for one in reversed(self.attempts) if one.used), self.last)

    def spent(self, run_id: str) -> float:
        """What the attempts of a run cost, in USD."""
        return round(sum(one.cost for one in self.attempts if one.runId == run_id), 4)

    def phase(self, name: str) -> Phase:
        return next(phase for phase in self.phases if phase.name == name)


def renewed(key: Key, earlier: Journal | None, *, run_id: str, started_ns: int, request_id: str = "") -> Journal:
    """The journal of a key's next run: it remembers every call of the earlier ones."""
    return Journal(
        key.series,
        key.address,
        runId=run_id,
        startedNs=started_ns,
        attempts=earlier.attempts if earlier else [],
        chats=earlier.chats if earlier else [],
        enhancement=earlier.enhancement if earlier else "",
        requestId=request_id,
    )


class NewerJournal(FileSystemError):
    """A later version of this program wrote it: hands off."""


def read(path: Path) -> Journal | None:
    """The journal, or None when there is none. Raises NewerJournal, and FileSystemError for garbage."""
    value = read_json(path)
    if value is None:
        return None
    try:
        if int(value["version"]) > VERSION:
            raise NewerJournal("The journal of this picture was written by a newer version", private=str(path))
        value["phases"] = [Phase(**checked(Phase, phase)) for phase in value["phases"]]
        value["attempts"] = [Attempt(**checked(Attempt, attempt)) for attempt in value["attempts"]]
        value["chats"] = [Chat(**checked(Chat, chat)) for chat in value.get("chats", [])]
        journal = Journal(**checked(Journal, value))
        if [phase.name for phase in journal.phases] != list(PHASES):
            raise ValueError("phases")
        return journal
    except (TypeError, KeyError, ValueError, AttributeError) as exc:
        raise FileSystemError("The journal of this picture is damaged", private=f"{path}: {exc!r}") from exc


def checked(kind: type, value: dict[str, Any]) -> dict[str, Any]:
    """The fields of `kind` in a decoded object. Raises ValueError for one of a wrong type."""
    found = {}
    for one in fields(kind):
        if one.name not in value:
            continue
        content, expected = value[one.name], get_origin(one.type) or one.type
        if expected is Literal:
            good = content in get_args(one.type)
        else:
            good = isinstance(content, (int, float) if expected is float else expected)  # type: ignore[arg-type]
        if not good:
            raise ValueError(one.name)
        found[one.name] = content
    return found


def write(path: Path, journal: Journal, *, durable: bool = False) -> None:
    """Replace the journal on disk."""
    value = plain(journal)
    for name in ("phases", "attempts", "chats"):
        value[name] = [plain(one) for one in value[name]]
    write_json(path, value, durable=durable)


def plain(one: Journal | Phase | Attempt | Chat) -> dict[str, Any]:
    """Its fields, not copied: `dataclasses.asdict` copies all that is in them, which takes longer than the writing."""
    return {name: getattr(one, name) for name in one.__slots__}
