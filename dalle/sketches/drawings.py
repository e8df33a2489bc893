"""What one thread draws: what was asked for last comes first.

A page that shows other sketches meanwhile has asked for those before, which it may not want any more.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from dalle.errors import ServiceUnavailable

IDLE = 60.0  # seconds

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Drawing:
    """What is drawn or waits for it, for all who ask for it meanwhile."""

    draw: Callable[[], bytes]
    callers: list[Future[bytes]] = field(default_factory=list)

    @property
    def is_wanted(self) -> bool:
        return not all(caller.cancelled() for caller in self.callers)


class Drawings:
    """One thread of a process, which starts with the first drawing: threads do not survive a fork.

    A name stands for its content. A drawing of which every caller's future is cancelled is left out. `rest` is called
    in the thread when nothing was drawn for a minute.
    """

    def __init__(self, rest: Callable[[], object] = bool, *, idle: float = IDLE) -> None:
        self._rest = rest
        self._idle = idle
        self._change = threading.Condition()
        self._drawings: dict[str, Drawing] = {}  # in the order in which they were asked for last
        self._thread: threading.Thread | None = None
        self._is_stopped = False

    def add(self, name: str, draw: Callable[[], bytes]) -> "Future[bytes]":
        """Return the caller's own future of a drawing; calls back in the thread. Returns at once."""
        future = Future[bytes]()
        with self._change:
            if self._is_stopped:
                future.set_exception(ServiceUnavailable("nothing is drawn any more", retry_after=1))
                return future
            drawing = self._drawings.pop(name, None) or Drawing(draw)
            drawing.callers.append(future)
            self._drawings[name] = drawing
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="sketches", daemon=True)
                self._thread.start()
            self._change.notify()
        return future

    def stop(self) -> None:
        """Draw nothing more but what is being drawn, and wait for that. Nobody gets what waits."""
        with self._change:
            self._is_stopped = True
            self._change.notify()
        if self._thread and self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while True:
            with self._change:
                if not self._change.wait_for(self._is_needed, self._idle):
                    self._rest()
                    self._change.wait_for(self._is_needed)
                if self._is_stopped:
                    break
                name = next(reversed(self._drawings))
                drawing = self._drawings[name]
                if not drawing.is_wanted:
                    del self._drawings[name]
                    continue
            self._draw(name, drawing)
        self._give_up()

    def _is_needed(self) -> bool:
        return bool(self._drawings) or self._is_stopped

    def _draw(self, name: str, drawing: Drawing) -> None:
        result = Future[bytes]()
        try:
            result.set_result(drawing.draw())
        except Exception as exc:
            log.exception("a sketch cannot be drawn")
            result.set_exception(exc)
        with self._change:
            del self._drawings[name]
        for caller in drawing.callers:
            settle(caller, result)

    def _give_up(self) -> None:
        with self._change:
            callers = [caller for drawing in self._drawings.values() for caller in drawing.callers]
            self._drawings.clear()
        for caller in callers:
            caller.cancel()


def settle(caller: "Future[bytes]", result: "Future[bytes]") -> None:
    """Give a caller what was drawn, or why not, unless it has cancelled."""
    if caller.set_running_or_notify_cancel():
        if exc := result.exception():
            caller.set_exception(exc)
        else:
            caller.set_result(result.result())
