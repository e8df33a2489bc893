"""What is kept of the past of a data folder: it only grows, and is put in order a part at a time."""

from collections.abc import Callable

from dalle.storage.folder.calls.log import FolderCallLog
from dalle.storage.folder.failures import Failures
from dalle.storage.folder.layout import Layout


class History:
    """Calls to the provider, and failed runs."""

    def __init__(self, layout: Layout) -> None:
        self.calls = FolderCallLog(layout.calls)
        self.failures = Failures(layout)

    def keep_up(self, now_ns: int, over: Callable[[], bool]) -> bool:
        """Put in order what has accumulated until `over()`; return whether all is done."""
        return self.calls.keep_up(now_ns, over) and self.failures.keep_up(over)
