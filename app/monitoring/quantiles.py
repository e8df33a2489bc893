"""Average, extremes and quantiles of a Prometheus histogram."""

from collections.abc import Iterable

from prometheus_client.metrics_core import Metric


def summary(durations: Metric | None, slowest: float, inverse: float) -> dict[str, float]:
    """Returns avg, min, max, 0.95 and 0.99 of all response times, in seconds; zeros before the first."""
    buckets: dict[float, float] = {}
    total = 0.0
    for sample in durations.samples if durations else ():
        if sample.name.endswith("_bucket"):
            bound = float(sample.labels["le"])
            buckets[bound] = buckets.get(bound, 0.0) + sample.value
        elif sample.name.endswith("_sum"):
            total += sample.value
    rows = sorted(buckets.items())
    count = rows[-1][1] if rows else 0.0
    least = 1 / inverse if inverse else 0.0
    return {
        "avg": total / count if count else 0.0,
        "min": least,
        "max": slowest,
        "0.95": min(max(quantile(rows, 0.95), least), slowest),
        "0.99": min(max(quantile(rows, 0.99), least), slowest),
    }


def quantile(rows: Iterable[tuple[float, float]], share: float) -> float:
    """Returns the value below which `share` of the observations are, interpolated as Prometheus does it.

    rows: upper bound and cumulative count, ascending; the last bound is infinite, and the one before stands for it.
    """
    rows = list(rows)
    if not rows or not rows[-1][1]:
        return 0.0
    rank = share * rows[-1][1]
    below, counted = 0.0, 0.0
    for bound, count in rows:
        if count >= rank:
            if bound == float("inf"):
                break
            return below + (bound - below) * (rank - counted) / (count - counted)
        below, counted = bound, count
    return below
