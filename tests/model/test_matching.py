"""Deferred acceptance is stable and the best stable match for applicants."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hesim.model.hiring import REFUSED, deferred_acceptance


def naive(seeker, vacancy, score, vacancies):
    """Propose in rounds, everybody at once, best vacancy first."""
    queue = {int(s): list(np.flatnonzero(seeker == s)) for s in np.unique(seeker)}
    held = [-1] * vacancies
    free = set(queue)
    while free:
        for s in sorted(free):
            free.discard(s)
            if not queue[s]:
                continue
            a = queue[s].pop(0)
            old = held[vacancy[a]]
            if score[a] == REFUSED:
                refused = a
            elif old < 0 or score[a] > score[old]:
                held[vacancy[a]], refused = a, old
            else:
                refused = a
            if refused >= 0:
                free.add(int(seeker[refused]))
    return held


# So that it runs without conftest.py too, as for mutants.
@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 12), st.integers(1, 8))
def test_stable_and_agrees_with_naive(number: int, people: int, vacancies: int) -> None:
    draw = np.random.default_rng(number)
    chosen = [draw.permutation(vacancies)[: draw.integers(1, vacancies + 1)] for _ in range(people)]
    seeker = np.repeat(np.arange(people), [len(c) for c in chosen]).astype(np.int64)
    vacancy = np.concatenate([*chosen, np.empty(0, int)]).astype(np.int64)
    score = draw.permutation(seeker.size).astype(float)
    score[draw.random(seeker.size) < 0.3] = REFUSED
    held = deferred_acceptance(seeker, vacancy, score, vacancies)
    assert np.all(score[held[held >= 0]] > REFUSED)
    assert held.tolist() == naive(seeker, vacancy, score, vacancies)
    taken = {int(seeker[a]): a for a in held if a >= 0}
    assert len(taken) == (held >= 0).sum()
    for a in range(seeker.size):
        wants = a < taken.get(int(seeker[a]), seeker.size)
        holder = held[vacancy[a]]
        bar = REFUSED if holder < 0 else score[holder]
        assert not (wants and score[a] > bar)
