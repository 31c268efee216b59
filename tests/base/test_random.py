"""Keyed draws: known answers of the generator, uniformity and independence."""

import math

import numpy as np
import pytest

from hesim.random import (
    SPARE,
    STREAMS,
    join,
    normal,
    normals,
    output_after,
    output_at,
    splitmix64,
    steps_to,
    stream_key,
    uniform,
    uniforms,
    unit,
    words_below,
)

# Reference outputs of SplitMix64 for two seeds (published test vectors).
KNOWN = {
    1234567: [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ],
    0: [16294208416658607535, 7960286522194355700, 487617019471545679],
}
COUNT = 200_000


@pytest.mark.parametrize("seed", KNOWN)
def test_known_answers(seed: int) -> None:
    got = [int(output_at(np.uint64(seed), np.uint64(k))) for k in range(len(KNOWN[seed]))]
    assert got == KNOWN[seed]
    assert splitmix64(seed) == KNOWN[seed][0]


def structured_ids() -> np.ndarray:
    """Identities as the model makes them: few bits in use, most of them the same."""
    employer, ordinal = np.divmod(np.arange(COUNT, dtype=np.uint64), np.uint64(4000))
    return (np.uint64(1) << np.uint64(60)) | (employer << np.uint64(48)) | ordinal


def chi_square(draws: np.ndarray, bins: int = 100) -> float:
    """Standardised chi-square of uniformity: about a standard normal when uniform."""
    counts = np.histogram(draws, bins, (0, 1))[0]
    expected = draws.size / bins
    return float((((counts - expected) ** 2 / expected).sum() - (bins - 1)) / math.sqrt(2 * bins))


@pytest.mark.parametrize("stream", ["push", "seen", "careers", "choice"])
@pytest.mark.parametrize("month", [-24, -1, 0, 1, 119])
def test_uniform_over_structured_identities(stream: str, month: int) -> None:
    draws = uniforms(stream_key(1, 0, stream), structured_ids(), month, 0)
    assert draws.min() > 0.0 and draws.max() < 1.0
    assert abs(chi_square(draws)) < 4.5
    assert abs(draws.mean() - 0.5) < 4.5 / math.sqrt(12 * COUNT)


def test_uniform_for_one_identity_over_months_and_lanes() -> None:
    key = stream_key(3, 1, "push")
    identity = structured_ids()[77]
    months = np.array([uniform(key, identity, month, 0) for month in range(5000)])
    lanes = np.array([uniform(key, identity, 7, lane) for lane in range(5000)])
    for draws in (months, lanes):
        assert abs(chi_square(draws, 50)) < 4.5
        assert abs(np.corrcoef(draws[1:], draws[:-1])[0, 1]) < 4.5 / math.sqrt(5000)


def test_independent_between_streams_months_lanes_neighbours_and_seeds() -> None:
    ids = structured_ids()
    key = stream_key(1, 0, "push")
    base = uniforms(key, ids, 5, 0)
    others = {
        "stream": uniforms(stream_key(1, 0, "choice"), ids, 5, 0),
        "month": uniforms(key, ids, 6, 0),
        "lane": uniforms(key, ids, 5, 1),
        "neighbour": uniforms(key, ids + np.uint64(1), 5, 0),
        "other employer": uniforms(key, ids + (np.uint64(1) << np.uint64(48)), 5, 0),
        "replication": uniforms(stream_key(1, 1, "push"), ids, 5, 0),
        "seed": uniforms(stream_key(2, 0, "push"), ids, 5, 0),
    }
    for name, draws in others.items():
        assert abs(np.corrcoef(base, draws)[0, 1]) < 4.5 / math.sqrt(COUNT), name
        # Joint uniformity on a 20 x 20 grid: dependence that is no correlation shows here.
        cells = (base * 20).astype(int) * 20 + (draws * 20).astype(int)
        expected = COUNT / 400
        counts = np.bincount(cells, minlength=400)
        score = (((counts - expected) ** 2 / expected).sum() - 399) / math.sqrt(2 * 399)
        assert abs(score) < 4.5, name
    assert abs(np.corrcoef(base[1:], base[:-1])[0, 1]) < 4.5 / math.sqrt(COUNT)


def test_pairs_of_persons_and_vacancies_are_uniform_and_distinct() -> None:
    people = structured_ids()[:500]
    vacancies = (np.uint64(2) << np.uint64(60)) | np.arange(400, dtype=np.uint64)
    pairs = np.array([join(p, v) for p in people for v in vacancies], np.uint64)
    assert np.unique(pairs).size == pairs.size
    draws = uniforms(stream_key(1, 0, "seen"), pairs, 3, 8).reshape(500, 400)
    assert abs(chi_square(draws.ravel())) < 4.5
    assert abs(np.corrcoef(draws[1:].ravel(), draws[:-1].ravel())[0, 1]) < 4.5 / math.sqrt(200_000)
    assert join(np.uint64(1), np.uint64(2)) != join(np.uint64(2), np.uint64(1))


def test_normal_has_the_moments_of_one() -> None:
    key = stream_key(1, 0, "tie")
    draws = np.array([normal(key, np.uint64(k), 0, 0) for k in range(20_000)])
    assert abs(draws.mean()) < 4.5 / math.sqrt(20_000)
    assert abs(draws.var() - 1) < 4.5 * math.sqrt(2 / 20_000)


def test_many_normals_are_those_drawn_one_by_one() -> None:
    key, ids = stream_key(1, 0, "tie"), structured_ids()[:200]
    assert normals(key, ids, 4, 1).tolist() == [normal(key, each, 4, 1) for each in ids]


def test_an_output_after_the_steps_to_a_place_is_the_output_at_it() -> None:
    seed = stream_key(1, 0, "seen")
    for place in structured_ids()[:200]:
        assert output_after(seed, np.uint64(steps_to(place))) == output_at(seed, place)


@pytest.mark.parametrize(
    "chance", [0.0, 1e-300, 2.0**-54, 2.0**-53, 0.1, 1 / 3, 0.5, 1 - 2.0**-53, 1.0]
)
def test_words_below_a_chance_are_those_whose_uniform_is(chance: float) -> None:
    count = int(words_below(chance))
    words = [w for w in range(count - 3, count + 3) if 0 <= w < 1 << 52]
    assert words
    for word in words:
        assert (unit(np.uint64(word) << SPARE) < chance) == (word < count)


def test_same_key_same_draw_and_names_matter() -> None:
    args = (np.uint64(7), 3, 0)
    assert uniform(stream_key(1, 0, "push"), *args) == uniform(stream_key(1, 0, "push"), *args)
    assert len({int(stream_key(1, 0, name)) for name in STREAMS}) == len(STREAMS)
    with pytest.raises(ValueError, match="not registered"):
        stream_key(1, 0, "nothing")
