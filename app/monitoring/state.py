"""The present state of the service: its processes, its queue, its resources and its health."""

import os
import time
from functools import partial
from pathlib import Path

import dalle
from app.config import Config
from app.monitoring import components, multiprocess, resources
from app.monitoring.gauges import Reading
from app.monitoring.health import Health
from dalle.studio import Studio


class ServiceState:
    """Reads the state from what all workers share. `watch` must be called before the first question.

    folder   where the workers keep their counters; None: this process is the whole service
    started  when the service started, in Unix seconds
    """

    def __init__(self, config: Config, folder: Path | None, started: float) -> None:
        self.config = config
        self.folder = folder
        self.started = started
        self.studio: Studio | None = None
        self.health = Health({}, version=dalle.__version__, started=started)

    def watch(self, studio: Studio) -> None:
        """Sets the studio whose state is read, and the checks of its data folder and provider."""
        self.studio = studio
        folder = self.config.data_dir
        limits = {"degraded": self.config.degraded_percent, "unhealthy": self.config.unhealthy_percent}
        self.health = Health(
            {
                "filesystem": partial(
                    components.filesystem,
                    studio.storage.check,
                    read_only=self.config.read_only,
                    broken=studio.library.shelf.problems,
                    free=studio.storage.blobs.free_bytes,
                ),
                "openai": partial(components.openai, studio.provider_status),
                "memory": partial(components.memory, self.processes, **limits),
                "disk_space": partial(components.disk_space, folder, **limits),
            },
            version=dalle.__version__,
            started=self.started,
        )

    def workers(self) -> list[int]:
        """Returns the pids of the workers."""
        return multiprocess.workers(self.folder) if self.folder else [os.getpid()]

    def processes(self) -> list[int]:
        """Returns the pids of the workers and of gunicorn's master."""
        return [*self.workers(), *([multiprocess.master(self.folder)] if self.folder else [])]

    def reading(self) -> Reading:
        """Returns what the gauges show at a scrape."""
        if self.studio is None:
            return Reading()
        processes = self.processes()
        tickets = self.studio.storage.tickets()
        waiting = [ticket.queued_ns for ticket in tickets if ticket.state == "waiting"]
        running = sum(ticket.state == "running" for ticket in tickets)
        status = self.studio.provider_status()
        disk = resources.disk(self.config.data_dir)
        return Reading(
            jobs={"queued": len(waiting), "running": running},
            oldest=max(0.0, time.time() - min(waiting) / 1e9) if waiting else 0.0,
            breaker=status["state"] if status else "CLOSED",
            budget_left=status["budget"]["usd_left"] if status else None,
            images_left=status["budget"]["images_left"] if status else None,
            webhooks=len(self.studio.storage.outbox.waiting()) if self.config.webhook_url else None,
            workers=len(self.workers()),
            memory=sum(resources.resident(pid) for pid in processes),
            disk_free=disk.free,
            disk_used=disk.percent / 100,
        )
