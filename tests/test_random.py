"""Keyed draws: known answers of the generator, uniformity and independence."""

import numpy as np
import pytest

from hesim.random import STREAMS, join, philox, stream_key, uniform2, uniforms

ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ((0,) * 6, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((ONES,) * 6, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_known_answers(words, answer) -> None:
    got = philox(*(np.uint32(word) for word in words))
    assert " ".join(f"{int(word):08x}" for word in got) == answer


def test_uniform_and_independent() -> None:
    ids = np.arange(40000, dtype=np.uint64)
    key, other = stream_key(1, 0, "push"), stream_key(1, 0, "choice")
    base = uniforms(key, ids, 5, 0)
    assert base.min() > 0 and base.max() < 1
    counts = np.histogram(base, 50, (0, 1))[0]
    assert ((counts - 800) ** 2 / 800).sum() < 100
    others = [
        uniforms(other, ids, 5, 0),
        uniforms(key, ids, 6, 0),
        uniforms(key, ids, 5, 1),
        uniforms(key, ids + np.uint64(1), 5, 0),
        uniforms(stream_key(1, 1, "push"), ids, 5, 0),
        uniforms(stream_key(2, 0, "push"), ids, 5, 0),
    ]
    for draws in others:
        assert abs(np.corrcoef(base, draws)[0, 1]) < 0.025


def test_same_key_same_draw_and_names_matter() -> None:
    key = stream_key(1, 0, "push")
    args = (np.uint64(7), np.uint32(3), np.uint32(0))
    assert uniform2(key, *args) == uniform2(stream_key(1, 0, "push"), *args)
    assert len({int(stream_key(1, 0, name)) for name in STREAMS}) == len(STREAMS)
    assert join(np.uint64(1), np.uint64(2)) != join(np.uint64(2), np.uint64(1))
    with pytest.raises(ValueError, match="not registered"):
        stream_key(1, 0, "nothing")
