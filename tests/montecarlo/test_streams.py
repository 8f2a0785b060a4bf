"""Seeds of every kind, and the streams that they are the key of."""

import pickle

import numpy as np
import pytest

from spinglass.montecarlo.streams import Streams, seed_of


def test_a_stream_is_keyed_by_seed_and_block():
    first = Streams(1)(2).random(5)
    np.testing.assert_array_equal(first, pickle.loads(pickle.dumps(Streams(1)))(2).random(5))
    others = [Streams(1)(3), Streams(2)(2), np.random.default_rng(1), np.random.default_rng([1, 2])]
    assert not set(first) & set(np.concatenate([rng.random(5) for rng in others]))


def test_seed_of_everything():
    sequence = np.random.SeedSequence(7)
    children = [seed_of(child) for child in sequence.spawn(2)]
    assert seed_of(7) == seed_of(np.int64(7)) == seed_of(sequence) == 7
    assert len({7, *children, seed_of(np.random.SeedSequence([7, 8])), seed_of(), seed_of()}) == 6
    assert children[0] == seed_of(np.random.SeedSequence(7).spawn(1)[0])
    assert seed_of(np.random.default_rng(3)) == seed_of(np.random.default_rng(3))
    rng = np.random.default_rng(3)
    assert seed_of(rng) != seed_of(rng)
    assert all(seed_of(seed) == seed for seed in children)


@pytest.mark.parametrize(("rng", "error"), [(-1, ValueError), (True, TypeError), ("1", TypeError), (1.0, TypeError)])
def test_seed_of_nothing_else(rng, error):
    with pytest.raises(error, match="rng: expected"):
        seed_of(rng)
