"""The paid provider: its painter, its writer, and what they send and share.

painter, writer ──▶ calls (events, repetition) ──▶ client (one POST) ──▶ transport (deadline, limits, addresses)
        │                    answers, faults: read what came back   endpoint: base URL and key
        └─▶ breaker, budget, pacing, models: documents shared by all workers
"""
