"""The steps of one run, from an address to a published picture.

The order of writing is what makes a run survive anything: the attempt before the call, the bytes before anything is
done with them, the picture before the report says done. So a run that was left behind is in one of three states:
nothing was called, and it starts again; the bytes are on disk, and it goes on from them; a paid call was sent and
nothing came, and it ends as OUTCOME_UNKNOWN.
"""

import logging
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Protocol

from dalle.errors import (
    BadAnswer,
    Crashed,
    DiskTrouble,
    DownloadFailed,
    FileSystemError,
    GenerationError,
    OutcomeUnknown,
    TimedOut,
    Unavailable,
)
from dalle.imaging import decoding as picture
from dalle.imaging.caption import annotate
from dalle.imaging.thumbnails import WIDTHS, thumbnails
from dalle.painters.protocol import Answer, Order, Painter
from dalle.runs.run import Run
from dalle.storage.folder.atomic import read_bytes, remove, write_atomic, write_json
from dalle.storage.folder.claims import ClaimLost
from dalle.storage.folder.layout import Store
from dalle.storage.journal import Attempt, Chat
from dalle.words import prompts
from dalle.words.catalog import Catalog
from dalle.words.orientation import orientation_of
from dalle.words.selection import Selection, select
from dalle.words.shelf import SeriesShelf

log = logging.getLogger(__name__)

# Below this many free bytes nothing is bought that might not fit.
LEAST_ROOM = 16 * 2**20


class Enhanced(Protocol):
    """What a writer gives back."""

    @property
    def text(self) -> str: ...


class Writer(Protocol):
    """Enhances prompts; `fingerprint` names prompt and settings, so that a text can be used again."""

    def fingerprint(self, author: str, prompt: str) -> str: ...

    def enhance(self, author: str, prompt: str, deadline: float, note: Callable[[Chat], None]) -> Enhanced:
        """Calls `note` after each call to the language model. Raises GenerationError."""


class Pipeline:
    """Makes pictures. Holds no state of a run: several threads use one pipeline."""

    def __init__(
        self,
        *,
        store: Store,
        catalog: Catalog,
        shelf: SeriesShelf,
        painter: Painter,
        fallback: Painter | None = None,
        writer: Writer | None = None,
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._shelf = shelf
        self._painter = painter
        self._fallback = fallback
        self._writer = writer

    def work(self, run: Run) -> None:
        """Take a run to its end. Never raises: how it ended stands in journal and report."""
        try:
            try:
                self._steps(run)
            except ClaimLost:
                raise
            except GenerationError as exc:
                run.fail(exc)
            except (OSError, FileSystemError) as exc:
                log.error("%s %s: %s", run.journal.runId, run.key, exc)
                run.fail(DiskTrouble(private=str(exc)))
            except Exception as exc:
                log.exception("%s %s: unexpected failure", run.journal.runId, run.key)
                run.fail(Crashed(private=repr(exc)))
        except ClaimLost:
            log.warning("%s %s: another holder has the key, nothing is published", run.journal.runId, run.key)
            with suppress(OSError):
                run.claim.release()
        except OSError as exc:
            # The end itself cannot be written: the ticket stays, and the sweep ends the run once the disk is well.
            log.error("%s %s: the end of the run cannot be written: %s", run.journal.runId, run.key, exc)
            with suppress(OSError):
                run.claim.release()

    def _steps(self, run: Run) -> None:
        if run.journal.published:
            run.finish()
            return
        last = run.journal.attempts[-1] if run.journal.attempts else None
        data = self._kept(run, last) if last else None
        examined = None
        if last is None or data is None:
            last, data, examined = self._make(run)
        elif not run.journal.dress:
            self._compose(run)
            for phase in ("enhance_prompt", "image_prep", "image_wait", "image_download"):
                run.skip(phase)
        self._publish(run, last, data, examined)

    def _kept(self, run: Run, last: Attempt) -> bytes | None:
        """What an earlier holder, or an earlier run that had failed, left to go on from; None to start.

        Raises OutcomeUnknown when this run has sent a call that may have been charged and nothing of it is there.
        """
        if last.used:
            return None
        mine = last.runId == run.journal.runId
        raw = self._store.raw(run.key, last.runId, last.number)
        data = read_bytes(raw)
        if data is not None and is_usable(data, last):
            run.record.painter, run.record.paid = last.painter, last.paid
            run.record.adopt(last)
            return data
        if data is not None:
            remove(raw)  # it cost nothing, and was never fsynced
            return None
        if last.outcome == "accepted" and last.url and last.painter == self._painter.name:
            run.enter("image_download")
            try:
                return self._download(run, last)
            except DownloadFailed:
                if mine:
                    raise
                return None
        if mine and last.paid and last.outcome != "refused":
            unknown = OutcomeUnknown()
            if last.outcome == "":
                run.record.failed(last.number, unknown)
            raise unknown
        return None

    def _compose(self, run: Run) -> tuple[Selection, prompts.Prompts]:
        """The attributes and the texts, which cost nothing and are the same each time."""
        run.enter("setup")
        series = self._shelf.get(run.key.series)
        if series is None:
            raise Crashed("the series is not defined any more")
        selection = select(run.key.address, series, self._catalog)
        journal = run.journal
        journal.catalog, journal.catalogSha = self._catalog.version, self._catalog.sha256
        journal.seriesSha = series.sha256
        run.enter("base_prompts")
        texts = prompts.write(selection)
        with run.mutex:
            journal.dress = describe(selection, texts)
        for kind in ("data", "title", "terse", "prompt", "technical"):
            with run.filing("write"):
                write_atomic(self._store.text(run.key, kind), f"{getattr(texts, kind)}\n".encode())
        with run.filing("write"):
            write_json(self._store.selector(run.key), journal.dress)
        return selection, texts

    def _make(self, run: Run) -> tuple[Attempt, bytes, picture.Examined | None]:
        selection, texts = self._compose(run)
        journal = run.journal
        prompt = self._enhance(run, selection, texts) or texts.prompt
        order = Order(
            key=run.key,
            run_id=journal.runId,
            selection=selection,
            prompt=f"{prompt}\n\n{texts.technical}",
            orientation=orientation_of(selection),
            deadline=run.deadline,
        )
        run.enter("image_prep")
        if shutil.disk_usage(self._store.root).free < LEAST_ROOM:
            raise DiskTrouble("the disk is full")
        run.enter("image_wait")
        answer = self._paint(run, order)
        last = journal.last
        if last is None:
            raise Crashed("the painter recorded no attempt")
        if answer.data:
            run.skip("image_download")
            return last, answer.data, answer.examined
        run.enter("image_download")
        return last, self._download(run, last), None

    def _enhance(self, run: Run, selection: Selection, texts: prompts.Prompts) -> str:
        """The prompt in the words of the language model, "" without one; a failure costs only the enhancement."""
        if self._writer is None or not selection["litStyle"].present:
            run.journal.enhancement = ""
            run.skip("enhance_prompt")
            return ""
        run.enter("enhance_prompt")
        path = self._store.text(run.key, "enhanced")
        fingerprint = self._writer.fingerprint(texts.author, texts.prompt)
        kept = read_bytes(path) if run.journal.enhancement == fingerprint else None
        try:
            text = kept.decode(errors="replace").strip() if kept else ""
            text = text or self._writer.enhance(texts.author, texts.prompt, run.deadline, run.record.chatted).text
        except GenerationError as exc:
            log.warning("%s %s: painting from the plain prompt: %s", run.journal.runId, run.key, exc.code)
            run.journal.enhancement = ""
            run.excuse(exc)
            return ""
        with run.filing("write"):
            write_atomic(path, f"{text}\n".encode())
        with run.mutex:
            run.journal.enhancement = fingerprint
            run.journal.dress = {**run.journal.dress, "enhancedPrompt": text}
        return text

    def _paint(self, run: Run, order: Order) -> Answer:
        run.record.painter, run.record.paid = self._painter.name, self._painter.paid
        try:
            return self._painter.paint(order, run.record)
        except (Unavailable, TimedOut) as exc:
            if self._fallback is None:
                raise
            log.warning("%s %s: the fallback paints: %s", run.journal.runId, run.key, exc.details or exc.message)
            run.record.painter, run.record.paid = self._fallback.name, self._fallback.paid
            return self._fallback.paint(order, run.record)

    def _download(self, run: Run, last: Attempt) -> bytes:
        data = self._painter.fetch(last.url, run.deadline)
        run.raws.commit(last, data)
        return data

    def _publish(self, run: Run, last: Attempt, data: bytes, examined: picture.Examined | None) -> None:
        run.enter("annotate")
        try:
            extension, painted = examined or picture.examine(data)
        except BadAnswer:
            run.refuse(last)
            raise
        caption = (read_bytes(self._store.text(run.key, "terse")) or b"").decode(errors="replace").strip()
        about = {
            "Title": str(run.journal.dress.get("titlePrompt", "")),
            "Description": caption,
            "Software": "dalleserver",
            "Source": " ".join(dict.fromkeys((last.painter, last.model))),
        }
        annotated, image = annotate(painted, caption, about)
        small = {self._store.thumb(run.key, width): data for width, data in thumbnails(image, WIDTHS).items()}
        generated = self._store.generated(run.key, extension)
        run.publish(
            last,
            annotated,
            small,
            generated,
            {
                "generatedPath": self._store.public(generated),
                "annotatedPath": self._store.public(self._store.annotated(run.key)),
                "downloadMode": "url" if last.url else "b64" if last.paid else "local",
                "imageUrl": last.url.partition("?")[0],
            },
        )
        run.complete()


def is_usable(data: bytes, attempt: Attempt) -> bool:
    """Whether to go on from bytes on disk: whatever was paid for is, and else only a whole picture."""
    if attempt.paid:
        return True
    try:
        picture.verify(data)
    except BadAnswer:
        return False
    return True


def describe(selection: Selection, texts: prompts.Prompts) -> dict[str, Any]:
    """The contract's `dalleDress`, as far as it is known before the picture."""
    attributes = [
        {name: value for name, value in asdict(attribute).items() if name != "fields"} for attribute in selection
    ]
    return {
        "original": selection.original,
        "fileName": f"{selection.original}.png",
        "seed": selection.seed,
        "series": selection.series,
        "prompt": texts.prompt,
        "dataPrompt": texts.data,
        "titlePrompt": texts.title,
        "tersePrompt": texts.terse,
        "attributes": attributes,
        "seedChunks": [attribute.bytes for attribute in selection],
        "selectedTokens": [attribute.word for attribute in selection],
        "selectedRecords": [attribute.value for attribute in selection],
    }
