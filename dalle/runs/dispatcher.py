"""Claims the oldest waiting ticket, takes its run up, and brings it to its end."""

import logging
from functools import partial

from dalle.correlation import working_for
from dalle.errors import FileSystemError
from dalle.host.trouble import explained
from dalle.runs.heartbeat import Heartbeat
from dalle.runs.holder import Holder
from dalle.runs.pipeline import Pipeline
from dalle.runs.run import Run
from dalle.storage.protocol import ClaimLost, Storage
from dalle.threads.pool import Job

log = logging.getLogger(__name__)


class Dispatcher:
    """`heartbeat` keeps the runs alive that this worker has."""

    def __init__(self, storage: Storage, holder: Holder, pipeline: Pipeline, heartbeat: Heartbeat) -> None:
        self._storage = storage
        self._holder = holder
        self._pipeline = pipeline
        self._heartbeat = heartbeat

    def take(self) -> Job | None:
        """Return the oldest waiting run that is free, as a job; None when there is none. Raises OSError."""
        while claim := self._storage.take():
            try:
                run = self._holder.hold(claim)
            except (ClaimLost, FileSystemError, PermissionError) as exc:
                # The sweep looks after it; the others must not wait for that.
                log.error("%s: its run cannot be started: %s", claim.key, explained(exc))
                claim.release()
                continue
            except BaseException:
                claim.release()
                raise
            if run is not None:
                return partial(self._work, run)
        return None

    def _work(self, run: Run) -> None:
        self._heartbeat.add(run)
        try:
            with working_for(run.journal.request_id):
                self._pipeline.work(run)
        finally:
            self._heartbeat.discard(run)
