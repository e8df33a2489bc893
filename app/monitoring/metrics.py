"""Everything that one process of the service counts.

Counters and histograms are prometheus_client's: in mapped files that all workers share if the service has a folder for
them (app.monitoring.multiprocess), else in a registry of this application alone, so that one process can hold two.
app.monitoring.exposition exports them.

No label holds an address, a path or free text: endpoints come from the URL map, codes and phases from the contract,
models and qualities from the configuration.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from app.monitoring.flask_exporter import METHODS
from app.monitoring.gauges import BREAKER
from dalle.errors import Cancelled
from dalle.events import CallOutcome, Observer

REQUEST_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
PHASE_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
PROVIDER_SECONDS = (0.1, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 300)
GENERATION = "generation"  # the endpoint label of an error that ended a run


class Metrics(Observer):
    """Counts events. `multiprocess.enter` comes first if workers share their counters."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.slowest = 0.0
        self.fastest = 0.0
        self.children: dict[tuple[str, str, int], Callable[[float], None]] = {}

        self.requests = self.counter("requests", "HTTP requests answered.", "endpoint", "method", "status")
        self.durations = self.histogram(
            "request_duration_seconds", "Time to answer a request.", REQUEST_SECONDS, "endpoint"
        )
        self.errors = self.counter("errors", "Error answers (4xx, 5xx) and failed runs.")
        self.error_codes = self.counter("error_code", "Errors by code of the contract.", "code")
        self.error_endpoints = self.counter(
            "error_endpoint", "Errors by endpoint; failed runs: generation.", "endpoint"
        )

        self.queued = self.counter("runs_queued", "Runs accepted into the queue.")
        self.coalesced = self.counter(
            "requests_coalesced", "Requests to generate that joined an open run of their key."
        )
        self.hits = self.counter("cache_hits", "Requests to generate that found the finished picture.")
        self.runs = self.counter("runs", "Runs ended, by code (OK: a picture) and painter.", "code", "painter")
        self.run_seconds = self.histogram("run_duration_seconds", "Time of a run.", PHASE_SECONDS, "painter")
        self.recovered = self.counter("runs_recovered", "Abandoned runs taken over, by outcome.", "how")
        self.phase_seconds = self.histogram("phase_duration_seconds", "Time of a phase.", PHASE_SECONDS, "phase")
        self.phase_errors = self.counter("phase_errors", "Phases that failed.", "phase", "code")

        self.calls = self.counter("openai_requests", "Calls sent to the provider.")
        self.call_errors = self.counter("openai_errors", "Calls to the provider that failed.")
        self.call_timeouts = self.counter("openai_timeouts", "Calls to the provider that ran into a deadline.")
        self.retries = self.counter("retries", "Calls to the provider that were repeats.")
        self.attempts = self.counter(
            "attempts", "Calls to the provider by outcome; unknown: perhaps charged.", "kind", "model", "outcome"
        )
        self.latency = self.histogram(
            "provider_latency_seconds", "Time of a call to the provider.", PROVIDER_SECONDS, "kind", "outcome"
        )
        self.tokens = self.counter("tokens", "Tokens used.", "model", "direction")
        self.spend = self.counter("spend_usd", "Money spent at the provider, in US dollars.", "model", "quality")
        self.moves = self.counter("circuit_breaker_transitions", "Moves of the circuit breaker into a state.", "state")

        self.webhooks_delivered = self.counter("webhooks_delivered", "Events that the receiver of webhooks took.")
        self.webhooks_failed = self.counter("webhooks_failed", "Attempts to deliver an event that failed.")
        self.webhooks_given_up = self.counter("webhooks_given_up", "Events that were given up after the last attempt.")

        self.listings = self.counter(
            "gallery_listings", "Folders listed for the gallery, because something else had changed them."
        )
        self.operations = self.counter(
            "file_operations", "Writes and removals that runs and requests made in the data folder."
        )
        self.operation_errors = self.counter(
            "file_operation_errors", "Writes and removals in the data folder that failed."
        )

        # extremes of the response time; the fastest as its inverse, since a new worker's file starts with 0
        self.longest = self.extreme("longest_response_seconds", "Kept for dalleserver_response_time_ms.")
        self.shortest = self.extreme("shortest_response_inverse", "Kept for dalleserver_response_time_ms.")

        for state in BREAKER:
            self.moves.labels(state)
        for how in ("restarted", "resumed", "finished", "given_up", "cancelled"):
            self.recovered.labels(how)

    def counter(self, name: str, sentence: str, *labels: str) -> Counter:
        return Counter(f"dalleserver_{name}", sentence, labels, registry=self.registry)

    def histogram(self, name: str, sentence: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"dalleserver_{name}", sentence, labels, registry=self.registry, buckets=buckets)

    def extreme(self, name: str, sentence: str) -> Gauge:
        return Gauge(f"dalleserver_{name}", sentence, registry=self.registry, multiprocess_mode="max")

    def answered(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Counts a request; `endpoint` is one of the URL map ("images.show") or "unmatched"."""
        try:
            child = self.children[endpoint, method, status]
        except KeyError:
            child = self.child(endpoint, method, status)
        child(seconds)
        if seconds > self.slowest:
            self.slowest = seconds
            self.longest.set(seconds)
        if seconds * self.fastest < 1:
            self.fastest = 1 / max(seconds, 1e-9)
            self.shortest.set(self.fastest)

    def child(self, endpoint: str, method: str, status: int) -> Callable[[float], None]:
        """Looks up the counters for these labels, once: a lookup costs as much as counting."""
        known = method if method in METHODS else "other"
        count = self.requests.labels(endpoint, known, str(status)).inc
        observe = self.durations.labels(endpoint).observe

        def answered(seconds: float) -> None:
            count()
            observe(seconds)

        if known == method:
            self.children[endpoint, method, status] = answered
        return answered

    def failed(self, code: str, endpoint: str) -> None:
        """Counts an error response, or a failed run (`endpoint`: generation)."""
        self.errors.inc()
        self.error_codes.labels(code).inc()
        self.error_endpoints.labels(endpoint).inc()

    def run_queued(self) -> None:
        self.queued.inc()

    def run_coalesced(self) -> None:
        self.coalesced.inc()

    def folders_listed(self, count: int) -> None:
        self.listings.inc(count)

    def cache_hit(self) -> None:
        self.hits.inc()

    def run_ended(self, code: str, painter: str, seconds: float) -> None:
        self.runs.labels(code or "OK", painter).inc()
        self.run_seconds.labels(painter).observe(seconds)
        if code and code != Cancelled.code:
            self.failed(code, GENERATION)

    def run_recovered(self, how: str) -> None:
        self.recovered.labels(how).inc()

    def phase_ended(self, phase: str, seconds: float, code: str) -> None:
        self.phase_seconds.labels(phase).observe(seconds)
        if code:
            self.phase_errors.labels(phase, code).inc()

    def attempt_sent(self, kind: str, model: str) -> None:
        self.calls.inc()

    def attempt_ended(
        self, kind: str, model: str, quality: str, outcome: CallOutcome, code: str, seconds: float
    ) -> None:
        self.attempts.labels(kind, model, outcome).inc()
        self.latency.labels(kind, outcome).observe(seconds)
        if code:
            self.call_errors.inc()

    def attempt_timed_out(self, kind: str) -> None:
        self.call_timeouts.inc()

    def spent(self, model: str, quality: str, usd: float, tokens: dict[str, int]) -> None:
        self.spend.labels(model, quality or "default").inc(max(usd, 0))
        for direction, number in tokens.items():
            self.tokens.labels(model, direction).inc(max(number, 0))

    def retried(self, kind: str) -> None:
        self.retries.inc()

    def breaker_moved(self, state: str) -> None:
        self.moves.labels(state).inc()

    def webhook_delivered(self) -> None:
        self.webhooks_delivered.inc()

    def webhook_failed(self) -> None:
        self.webhooks_failed.inc()

    def webhook_given_up(self) -> None:
        self.webhooks_given_up.inc()

    def file_operation(self, name: str, error: str) -> None:
        self.operations.inc()
        if error:
            self.operation_errors.inc()
