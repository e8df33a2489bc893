"""The public report of a run, derived from its journal; pure.

Source of the fields: the HTTP contract. No field is ever null or left out.
"""

import math
from collections.abc import Mapping
from typing import Any

from dalle.storage.codec import encode_json, to_wire
from dalle.storage.journal import Journal
from dalle.storage.phase import Phase

IMAGE = {"image_prep", "image_wait", "image_download", "annotate"}

EMPTY_DRESS: Mapping[str, Any] = {
    "original": "",
    "fileName": "",
    "seed": "",
    "prompt": "",
    "dataPrompt": "",
    "titlePrompt": "",
    "tersePrompt": "",
    "enhancedPrompt": "",
    "attributes": [],
    "seedChunks": [],
    "selectedTokens": [],
    "selectedRecords": [],
    "imageUrl": "",
    "generatedPath": "",
    "annotatedPath": "",
    "downloadMode": "",
    "note": "",
    "ipfsHash": "",
    "cacheHit": False,
    "completed": False,
    "series": "",
}


def current_phase(journal: Journal) -> Phase:
    """Return the phase that runs or, when none does, the last one entered (the first before the start)."""
    entered = [phase for phase in journal.phases if phase.started_ns and not phase.skipped]
    return entered[-1] if entered else journal.phases[0]


def failed(journal: Journal) -> bool:
    """Return whether a run has ended without a picture."""
    return journal.state in ("failed", "cancelled")


def share(elapsed: float, average: float) -> float:
    """Return how much of a phase is done, 0 to below 1: linear at first, then ever slower, so that it always moves."""
    ratio = elapsed / max(average, 1.0)
    return ratio if ratio < 0.8 else 0.8 + 0.19 * (1 - math.exp(0.8 - ratio))


def spans(journal: Journal, phase: Phase, averages: Mapping[str, int], now_ns: int) -> tuple[float, float]:
    """Return how much of a run has passed and how long it is in all, in nanoseconds of its averages."""
    total = passed = 0.0
    for each in journal.phases:
        expected = 0.0 if each.skipped else float(averages.get(each.name, 0))
        total += expected
        if each.ended_ns and not (failed(journal) and each is phase):
            passed += expected
        elif each is phase and each.started_ns:
            passed += expected * share((each.ended_ns or now_ns) - each.started_ns, expected)
    return passed, total


def report_of(
    journal: Journal, averages: Mapping[str, int], now_ns: int, *, position: int = 0, version: str = ""
) -> dict[str, Any]:
    """Return the contract's progress.

    averages  phase → nanoseconds
    position  1 for the next to run
    version   of the finished picture, "" before there is one
    """
    phase = current_phase(journal)
    done = journal.state == "completed" or failed(journal)
    passed, total = spans(journal, phase, averages, now_ns)
    percent = max(journal.percent, min(99.0, 100 * passed / max(total, 1.0)))
    if journal.state == "completed":
        percent = 100.0
    expected = float(averages.get(phase.name, 0))
    elapsed = float((phase.ended_ns or now_ns) - phase.started_ns) if phase.started_ns else 0.0
    name = "failed" if failed(journal) else "completed" if done else phase.name
    return {
        "series": journal.series,
        "address": journal.address,
        "runId": journal.run_id,
        "currentPhase": name,
        "current": name,
        "startedNs": journal.started_ns,
        "updatedNs": now_ns,
        "percent": round(percent, 2),
        "etaSeconds": 0 if done else round(max(0.0, total - passed) / 1e9, 2),
        "phasePercent": 100 if name == "completed" else round(100 * share(elapsed, expected), 2) if expected else 0,
        "phaseETASeconds": 0 if done else round(max(0.0, expected - elapsed) / 1e9, 2),
        "phaseIndex": journal.phases.index(phase) + 1,
        "phaseCount": len(journal.phases),
        "queuePosition": position,
        "done": done,
        "error": journal.error,
        "errorCode": journal.error_code,
        "retryAfterSeconds": journal.retry_after_seconds,
        "retryAtNs": journal.retry_at_ns,
        "purchases": len(journal.purchases),
        "cacheHit": False,
        "painter": journal.painter,
        "version": version,
        "phases": [to_wire(one) for one in journal.phases],
        "phaseAverages": dict(averages),
        "dalleDress": {**EMPTY_DRESS, "series": journal.series, "original": journal.address, **journal.dress},
    }


def cache_hit(present: Mapping[str, Any], now_ns: int) -> dict[str, Any]:
    """Return a finished report, as `generate=1` shows it while the picture is there."""
    dress = {**present["dalleDress"], "cacheHit": True, "completed": True}
    return {**present, "cacheHit": True, "updatedNs": now_ns, "dalleDress": dress}


def body(fields: Mapping[str, Any]) -> bytes:
    """Return the answer but for its request id: the envelope, with the scalar fields beside `data` too."""
    scalars = {name: value for name, value in fields.items() if not isinstance(value, dict | list)}
    return encode_json({"success": True, "data": fields, **scalars})
