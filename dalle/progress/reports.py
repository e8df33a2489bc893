"""The public reports: read as they were written, or derived from the journal."""

import json
from itertools import islice
from typing import Any

from dalle.errors import Cancelled
from dalle.key import Key
from dalle.outcome import Report
from dalle.progress import legacy
from dalle.progress.averages import Averages
from dalle.progress.journals import Journals
from dalle.progress.report import body, cache_hit, failed, report_of
from dalle.storage.journal import Journal
from dalle.storage.protocol import Storage

FAILURES_NS = 3_600_000_000_000


class Reports:
    """Starts nothing and writes nothing."""

    def __init__(self, storage: Storage, journals: Journals, averages: Averages) -> None:
        self._storage = storage
        self.journals = journals
        self.averages = averages

    # -- from a journal ----------------------------------------------------------------------------------------

    def fields(self, journal: Journal, position: int = 0, version: str | None = None) -> dict[str, Any]:
        """Return the fields of the report that follows from a journal now; see `report_of`.

        Without a `version` it is the one that was noted when the run published its picture.
        """
        now_ns = self._storage.now_ns()
        if version is None:
            version = self._noted(journal.key) if journal.published else ""
        return report_of(journal, self.averages.durations(), now_ns, position=position, version=version)

    def _noted(self, key: Key) -> str:
        stat = self._storage.stat(key)
        return self._storage.noted_version(key, *stat) if stat else ""

    def encoded(self, journal: Journal, position: int = 0) -> bytes:
        """Return the report as it is written and sent."""
        return body(self.fields(journal, position))

    # -- of a key ----------------------------------------------------------------------------------------------

    def of_work(self, key: Key, report: bytes) -> Report | None:
        """Return the report of an open, failed or cancelled run; None for any other key. `report`: what was read."""
        if report and not is_done(report):
            return Report(report)
        journal = self.journals.read(key)
        if journal is None or journal.state in ("removed", "completed"):
            return None
        if report and failed(journal):
            return Report(report)
        return Report(self.encoded(journal))

    def of(self, key: Key) -> dict[str, Any] | None:
        """Return the fields of a key whose run is open or failed, or that has a picture; None when it is idle."""
        journal = self.journals.read(key)
        version = self._picture(key)
        if version is not None:
            return self.fields(self._finished(key, journal), version=version)
        if journal is None or journal.state in ("removed", "completed"):
            return None
        return self.fields(journal)

    def of_picture(self, key: Key) -> Report | None:
        """Return the report of a cache hit; None without a picture."""
        journal = self.journals.read(key)
        version = self._picture(key)
        if version is None:
            return None
        fields = self.fields(self._finished(key, journal), version=version)
        return Report(body(cache_hit(fields, self._storage.now_ns())))

    def has_picture(self, key: Key) -> bool:
        """Return whether there is a whole finished picture."""
        return self._storage.stat(key) is not None

    def _picture(self, key: Key) -> str | None:
        """Return the version of the finished picture, computed where it is not noted; None without a picture."""
        if noted := self._noted(key):
            return noted
        picture = self._storage.finished(key)
        if picture is None:
            return None
        with picture.file:
            return self._storage.version(key, picture)

    def _finished(self, key: Key, journal: Journal | None) -> Journal:
        """Return the journal of a picture: its run may be about to say so, or the picture came from elsewhere."""
        if journal is None or journal.state == "removed" or failed(journal):
            return legacy.adopt(self._storage, key)
        return journal.shown_completed()

    # -- of many -----------------------------------------------------------------------------------------------

    def runs(self) -> list[dict[str, Any]]:
        """Return the fields of every open run, oldest first."""
        return [fields for _, report in self._storage.open_runs() if (fields := data_of(report))]

    def failures(self) -> list[dict[str, Any]]:
        """Return the fields of the runs that failed within the last hour, newest first."""
        noted = self._storage.failures(self._storage.now_ns() - FAILURES_NS)
        reports = [(data_of(report), run_id) for _, run_id, report in noted]
        mine = [fields for fields, run_id in reports if fields and fields["runId"] == run_id]
        return [fields for fields in mine if fields["error"] and fields["errorCode"] != Cancelled.code]

    def latest_failures(self, most: int) -> list[dict[str, Any]]:
        """Return the fields of keys whose last run failed, newest first."""
        averages, journals = self.averages.durations(), islice(self._storage.failed_journals(), most)
        reports = [report_of(journal, averages, journal.ended_ns) for journal in journals]
        return sorted(reports, key=lambda fields: -int(fields["updatedNs"]))


def is_done(report: bytes) -> bool:
    """Return whether a report is of a run that has ended."""
    return b'"done":true' in report


def data_of(report: bytes) -> dict[str, Any] | None:
    """Return the fields of a report, None if it is not a report."""
    try:
        answer = json.loads(report)
    except ValueError:
        return None
    data = answer.get("data") if isinstance(answer, dict) else None
    return data if isinstance(data, dict) else None
