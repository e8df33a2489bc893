"""The paid provider: composed here from plain keyword arguments, asked for its state here.

painter, writer ──▶ calls (events, repetition) ──▶ client (one POST) ──▶ wire (deadline, limits, addresses)
        │                    answers, faults: what came back means
        └─▶ breaker, budget, pacing, models: files under `<data>/provider`, shared by all workers
"""
