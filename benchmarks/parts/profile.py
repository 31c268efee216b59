"""Describe where a month's time goes: CPU milliseconds of each event at full scale; no bar."""

from __future__ import annotations

from benchmarks import worlds
from benchmarks.clock import Spent, milliseconds, share, spend
from benchmarks.part import Measured, Options, Part


def measure(options: Options) -> Measured:
    """Let one model settle, then read its own clock after each block of months."""
    months = options.whole(12, 1)
    model = worlds.world(options.pick(1.0, 0.02), options.whole(worlds.SETTLE, 2))
    events: dict[str, list[Spent]] = {name: [] for name in model.profile}
    blocks: list[Spent] = []
    for _ in range(options.rounds):
        before = dict(model.profile)
        blocks.append(spend(lambda: worlds.step(model, months)))
        for name, spent in events.items():
            spent.append(Spent(model.profile[name] - before[name], 0.0))
    facts: dict[str, str | float] = {"persons": worlds.persons(model)}
    facts |= {name: milliseconds(spent, months) for name, spent in events.items()}
    facts["all events"] = milliseconds(blocks, months)
    facts["CPU share of wall time"] = share(blocks)
    return Measured({}, facts)


PART = Part("profile", "CPU time of each event of a month at full scale", (), measure)
