"""The steps of one run, from an address to a published picture.

The order of writing is what makes a run survive anything: the attempt before the call, the bytes before anything is
done with them, the picture before the report says done. So a run that was left behind is in one of three states:
nothing was called, and it starts again; the bytes are on disk, and it goes on from them; a paid call was sent and
nothing came, and it ends as OUTCOME_UNKNOWN.
"""

import logging
from contextlib import suppress

from dalle.errors import (
    BadAnswer,
    Crashed,
    DiskTrouble,
    DownloadFailed,
    EmptyPicture,
    FileSystemError,
    GenerationError,
    OutcomeUnknown,
    TimedOut,
    Unavailable,
)
from dalle.imaging.caption import annotate
from dalle.imaging.decoding import Examined, examine, verify
from dalle.imaging.thumbnails import thumbnails
from dalle.painters.protocol import Answer, Order, Painter
from dalle.runs.run import Run
from dalle.runs.settings import LEAST_ROOM
from dalle.runs.texts import Texts
from dalle.storage.attempt import Attempt
from dalle.storage.blob import WIDTHS, Blob, Facts, Staged
from dalle.storage.protocol import Blobs, ClaimLost
from dalle.words.orientation import orientation_of

log = logging.getLogger(__name__)


class Pipeline:
    """Makes pictures. Holds no state of a run: several threads use one pipeline.

    fallback  paints when `painter` is unavailable
    """

    def __init__(self, blobs: Blobs, texts: Texts, painter: Painter, fallback: Painter | None = None) -> None:
        self._blobs = blobs
        self._texts = texts
        self._painter = painter
        self._fallback = fallback

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
                if run.journal.published:
                    raise  # the picture is there: the sweep finishes the run once the disk works again
                log.error("%s %s: %s", run.journal.run_id, run.key, exc)
                run.fail(DiskTrouble(private=str(exc)))
            except Exception as exc:
                log.exception("%s %s: unexpected failure", run.journal.run_id, run.key)
                run.fail(Crashed(private=repr(exc)))
        except ClaimLost:
            log.warning("%s %s: another holder has the key, nothing is published", run.journal.run_id, run.key)
            self._let_go(run)
        except (OSError, FileSystemError) as exc:
            # The end itself cannot be written: the ticket stays, and the sweep ends the run once the disk works again.
            log.error("%s %s: the end of the run cannot be written: %s", run.journal.run_id, run.key, exc)
            self._let_go(run)
        except Exception:
            log.exception("%s %s: the run cannot be ended", run.journal.run_id, run.key)
            self._let_go(run)

    def _let_go(self, run: Run) -> None:
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
            self._texts.compose(run)
            for phase in ("enhance_prompt", "image_prep", "image_wait", "image_download"):
                run.skip(phase)
        self._publish(run, last, data, examined)

    def _kept(self, run: Run, last: Attempt) -> bytes | None:
        """Return what an earlier holder, or an earlier run that had failed, left to go on from; None to start.

        Raises OutcomeUnknown when this run has sent a call that may have been charged and nothing of it is there.
        """
        if last.used:
            return None
        mine = last.run_id == run.journal.run_id
        data = run.originals.read(last)
        if data is not None and is_usable(data, last):
            run.record.painter, run.record.paid = last.painter, last.paid
            run.record.adopt(last)
            return data
        if data is not None:
            run.originals.delete(last)  # it cost nothing, and was never fsynced
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

    def _make(self, run: Run) -> tuple[Attempt, bytes, Examined | None]:
        selection, texts = self._texts.compose(run)
        journal = run.journal
        prompt = self._texts.enhance(run, selection, texts) or texts.prompt
        order = Order(
            key=run.key,
            run_id=journal.run_id,
            holder=run.holder,
            selection=selection,
            prompt=f"{prompt}\n\n{texts.technical}",
            orientation=orientation_of(selection),
            deadline=run.deadline,
        )
        run.enter("image_prep")
        free = self._blobs.free_bytes()
        if free is not None and free < LEAST_ROOM:
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

    def _paint(self, run: Run, order: Order) -> Answer:
        run.record.painter, run.record.paid = self._painter.name, self._painter.paid
        try:
            return self._painter.paint(order, run.record)
        except (Unavailable, TimedOut) as exc:
            if self._fallback is None:
                raise
            log.warning("%s %s: the fallback paints: %s", run.journal.run_id, run.key, exc.details or exc.message)
            run.record.painter, run.record.paid = self._fallback.name, self._fallback.paid
            return self._fallback.paint(order, run.record)

    def _download(self, run: Run, last: Attempt) -> bytes:
        data = self._painter.fetch(last.url, run.deadline)
        run.originals.commit(last, data)
        return data

    def _publish(self, run: Run, last: Attempt, data: bytes, examined: Examined | None) -> None:
        run.enter("annotate")
        try:
            extension, painted, _ = examined or examine(data)
        except (BadAnswer, EmptyPicture):
            run.refuse(last)
            raise
        caption = self._texts.caption(run)
        title = str(run.journal.dress.get("titlePrompt", ""))
        about = {
            "Title": title,
            "Description": caption,
            "Software": "dalleserver",
            "Source": " ".join(dict.fromkeys((last.painter, last.model))),
        }
        annotated, image = annotate(painted, caption, about)
        generated = Blob.generated(run.key, extension)
        facts = Facts(title, last.painter, *image.size)
        dress = {
            "generatedPath": generated.path,
            "annotatedPath": Blob.picture(run.key).path,
            "downloadMode": "url" if last.url else "b64" if last.paid else "local",
            "imageUrl": last.url.partition("?")[0],
        }
        small = thumbnails(image, WIDTHS)
        for again in (True, False):
            staged = self._stage(run, annotated, small)
            try:
                run.publish(last, staged, facts, generated, dress)
                break
            except FileNotFoundError:
                # This process slept for so long that a sweep took what it had staged for a dead one's.
                if not again:
                    raise
            finally:
                self._blobs.discard(staged)  # what was published is not there any more
        run.complete()

    def _stage(self, run: Run, annotated: bytes, small: dict[int, bytes]) -> list[Staged]:
        """Stage the picture and its thumbnails, which are made again on demand: the picture does not wait for them."""
        with run.filing("write"):
            staged = [self._blobs.stage(Blob.picture(run.key), annotated, durable=True)]
        with suppress(OSError):
            for width, data in small.items():
                staged.append(self._blobs.stage(Blob.thumbnail(run.key, width), data))
        return staged


def is_usable(data: bytes, attempt: Attempt) -> bool:
    """Return whether to go on from kept bytes: any that were paid for, and else only a whole picture."""
    if attempt.paid:
        return True
    try:
        verify(data)
    except (BadAnswer, EmptyPicture):
        return False
    return True
