"""The steps of one run, from an address to a published picture.

The order of writing is what makes a run survive anything: the attempt before the call, the answer before anything is
done with it, the picture before the report says done. So a run that was left behind is in one of three states:
nothing was called, and it starts again; there is an answer, and it goes on from that; a paid call was sent and
nothing came, and it ends as OUTCOME_UNKNOWN.
"""

import logging
from contextlib import suppress

from dalle.errors import (
    Crashed,
    DiskTrouble,
    FileSystemError,
    GenerationError,
    TimedOut,
    Unavailable,
)
from dalle.host.trouble import explained
from dalle.imaging.caption import annotate
from dalle.imaging.thumbnails import AVATAR, avatar_in, thumbnails
from dalle.painters.protocol import Answer, Order, Painter
from dalle.quiet_log import QuietLog
from dalle.runs.claimed import RunCancelled
from dalle.runs.finishing import Finishing
from dalle.runs.run import Run
from dalle.runs.settings import LEAST_ROOM
from dalle.runs.texts import Texts
from dalle.storage.attempt import Attempt
from dalle.storage.blob import WIDTHS, Blob, Content, Facts, Staged
from dalle.storage.protocol import Blobs, ClaimLost
from dalle.storage.version import version_of

log = logging.getLogger(__name__)


class Pipeline:
    """Makes pictures. Holds no state of a run: several threads use one pipeline.

    fallback  paints when `painter` is unavailable
    """

    def __init__(
        self, blobs: Blobs, texts: Texts, finishing: Finishing, painter: Painter, fallback: Painter | None = None
    ) -> None:
        self._blobs = blobs
        self._texts = texts
        self._finishing = finishing
        self._painter = painter
        self._fallback = fallback
        self._quiet = QuietLog(log)

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
                self._quiet.error(exc, "%s %s: the run cannot be written", run.journal.run_id, run.key)
                run.fail(DiskTrouble(private=explained(exc)))
            except Exception as exc:
                log.exception("%s %s: unexpected failure", run.journal.run_id, run.key)
                run.fail(Crashed(private=repr(exc)))
        except RunCancelled:
            self._settle(run)
        except ClaimLost:
            log.warning("%s %s: another holder has the key, nothing is published", run.journal.run_id, run.key)
            self._let_go(run)
        except (OSError, FileSystemError) as exc:
            # The end itself cannot be written: the ticket stays, and the sweep ends the run once the disk works again.
            self._quiet.error(exc, "%s %s: the end of the run cannot be written", run.journal.run_id, run.key)
            self._let_go(run)
        except Exception:
            log.exception("%s %s: the run cannot be ended", run.journal.run_id, run.key)
            self._let_go(run)
        finally:
            run.room.leave()

    def _settle(self, run: Run) -> None:
        """End a cancelled run. What cannot be written now is left to the sweep."""
        try:
            run.settle()
        except (OSError, FileSystemError, ClaimLost) as exc:
            log.warning("%s %s: cancelled, and not let go of: %s", run.journal.run_id, run.key, explained(exc))
            self._let_go(run)

    def _let_go(self, run: Run) -> None:
        with suppress(OSError):
            run.claim.release()

    def _steps(self, run: Run) -> None:
        if run.journal.state == "cancelled":
            raise RunCancelled(str(run.key))
        if run.journal.published:
            run.finish()
            return
        attempt, answer = self._finishing.finish(run, paid=self._painter.paid) or self._make(run)
        self._publish(run, attempt, answer)

    def _make(self, run: Run) -> tuple[Attempt, Answer]:
        selection, texts = self._texts.compose(run)
        journal = run.journal
        prompt = self._texts.enhance(run, selection, texts) or texts.prompt
        order = Order(
            key=run.key,
            run_id=journal.run_id,
            holder=run.holder,
            selection=selection,
            prompt=f"{prompt}\n\n{texts.technical}",
            orientation=self._texts.library.orientation_of(selection),
            deadline=run.deadline,
        )
        run.begin("image_prep")
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
            return last, answer
        return last, self._finishing.fetch(run, last, bought=True)

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

    def _publish(self, run: Run, last: Attempt, answer: Answer) -> None:
        run.enter("annotate")
        extension, painted, oddity = answer.examined or run.record.examine(answer.data)
        caption = self._texts.caption(run)
        title = str(run.journal.dress.get("titlePrompt", ""))
        avatar = "" if last.paid else avatar_in(answer.data)
        about = {
            "Title": title,
            "Description": caption,
            "Software": "dalleserver",
            "Source": " ".join(dict.fromkeys((last.painter, last.model))),
            AVATAR: avatar,
        }
        annotated = annotate(painted, caption, about, run.room.for_pixels)
        generated = Blob.generated(run.key, extension)
        version = version_of(annotated.pieces)
        facts = Facts(title, last.painter, annotated.width, annotated.height, version, annotated.painting)
        dress = {
            "generatedPath": generated.path,
            "annotatedPath": Blob.picture(run.key).path,
            "downloadMode": "url" if last.url else "b64" if last.paid else "local",
            "imageUrl": last.url.partition("?")[0],
            "note": "; ".join(filter(None, (answer.note, oddity))),
        }
        small = thumbnails(annotated.preview, WIDTHS, avatar=avatar)
        for again in (True, False):
            staged = self._stage(run, annotated.pieces, small, (generated, answer.data), durable=last.paid)
            try:
                run.publish(last, staged, facts, dress)
                break
            except FileNotFoundError:
                # This process slept for so long that a sweep took what it had staged for a dead one's.
                if not again:
                    raise
            finally:
                self._blobs.discard(staged)  # what was published is not there any more
        run.complete()

    def _stage(
        self, run: Run, annotated: Content, small: dict[int, bytes], original: tuple[Blob, bytes], *, durable: bool
    ) -> list[Staged]:
        """Stage picture, original and thumbnails, which are made again on demand: nothing waits for those."""
        with run.filing("write"):
            staged = [
                self._blobs.stage(Blob.picture(run.key), annotated, durable=True),
                self._blobs.stage(*original, durable=durable),
            ]
        with suppress(OSError):
            for width, data in small.items():
                staged.append(self._blobs.stage(Blob.thumbnail(run.key, width), data))
        return staged
