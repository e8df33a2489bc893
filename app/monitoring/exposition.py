"""The figures of all workers, as Prometheus text and as JSON.

Counters are added up over the workers; state (queue, breaker, budget, disk) is read at each scrape from what the
workers share. So every worker returns the same.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric

from app.monitoring import multiprocess
from app.monitoring.gauges import Reading, gauges
from app.monitoring.metrics import Metrics
from app.monitoring.quantiles import summary

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Exposition:
    """Exports the metrics and the state of one service.

    version  of the service
    started  when the service started, in Unix seconds
    read     returns the present state; called at each scrape
    folder   where the workers keep their counters (`multiprocess.enter`); None: this process counts alone
    """

    def __init__(
        self,
        metrics: Metrics,
        *,
        version: str,
        started: float,
        read: Callable[[], Reading] = Reading,
        folder: Path | None = None,
    ) -> None:
        self.metrics = metrics
        self.version = version
        self.started = started
        self.read = read
        self.folder = folder

    def text(self, request_id: str) -> bytes:
        """Returns the figures of all workers in Prometheus's text format 0.0.4, below the id of the request."""
        return f"# Request ID: {request_id}\n".encode() + generate_latest(self)

    def tree(self) -> dict[str, Any]:
        """Returns the same figures as data: name → type, help, samples."""
        return {
            shown_name(family): {
                "type": family.type,
                "help": family.documentation,
                "samples": [
                    {"name": sample.name, "labels": sample.labels, "value": sample.value} for sample in family.samples
                ],
            }
            for family in self.collect()
        }

    def collect(self) -> Iterator[Metric]:
        """Yields all families, also those without a sample, so that each name has its HELP and TYPE."""
        counted = {family.name: family for family in self.counted()}
        extremes = [counted.pop(gauge._name).samples for gauge in (self.metrics.longest, self.metrics.shortest)]
        slowest, inverse = (part[0].value if part else 0.0 for part in extremes)
        yield from gauges(
            self.read(),
            version=self.version,
            started=self.started,
            response_seconds=summary(counted.get(self.metrics.durations._name), slowest, inverse),
        )
        for family in counted.values():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family

    def counted(self) -> Iterator[Metric]:
        """Yields the counters of all workers; without a shared folder, those of this process."""
        if not self.folder:
            yield from self.metrics.registry.collect()
            return
        merged = {family.name: family for family in multiprocess.counted(self.folder)}
        for declared in self.declared:
            yield merged.get(declared[0]) or Metric(*declared)

    def error_totals(self) -> dict[str, Any]:
        """Returns the errors of all workers since the start: total, by code and by endpoint, most frequent first."""
        families = {family.name: family.samples for family in self.counted()}

        def ranked(name: str, label: str) -> dict[str, int]:
            rows = ((sample.labels[label], int(sample.value)) for sample in families[name] if label in sample.labels)
            return dict(sorted(rows, key=lambda row: (-row[1], row[0])))

        by_code = ranked("dalleserver_error_code", "code")
        by_endpoint = ranked("dalleserver_error_endpoint", "endpoint")
        return {"total": sum(by_code.values()), "by_code": by_code, "by_endpoint": by_endpoint}

    @cached_property
    def declared(self) -> list[tuple[str, str, str]]:
        """Name, help and type of all families. Cached, because collecting them reads every value."""
        return [(family.name, family.documentation, family.type) for family in self.metrics.registry.collect()]


def shown_name(family: Metric) -> str:
    """Returns the name as exported: prometheus_client stores a counter's without `_total`."""
    return f"{family.name}_total" if family.type == "counter" else str(family.name)
