"""Seeds of every kind, and the streams that they are the key of."""

import pickle
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import spinglass as sg
from spinglass.agreement import agreement
from spinglass.running.streams import SPAWN_KEYS, Streams, seed_of


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


# -- one registry --------------------------------------------------------------------------------------------------


def test_spawn_keys_are_given_in_one_place_and_differ():
    assert len(set(SPAWN_KEYS.values())) == len(SPAWN_KEYS)
    package = Path(sg.__file__).parent
    users = {path.name for path in package.rglob("*.py") if "spawn_key=" in path.read_text(encoding="utf-8")}
    assert users == {"streams.py"}


def test_no_two_streams_of_a_seed_are_the_same(monkeypatch):
    """Samples, their pilot, a draw, a search on it and the comparison of all, asked for with one seed."""
    made, purposes = [], []

    class Noted(np.random.SeedSequence):
        def __init__(self, entropy=None, *, spawn_key=(), **options):
            super().__init__(entropy, spawn_key=spawn_key, **options)
            made.append((entropy, tuple(spawn_key)))

    def keys(call):
        made.clear()
        call()
        return {key for entropy, key in made if entropy == 5}

    monkeypatch.setattr(np.random, "SeedSequence", Noted)
    model, draws = sg.pure(3), []
    cases = [("pure 3", model, (3,), (None,))] * 2
    for call in (
        lambda: sg.mean_count(model, 3, method="montecarlo", samples=256, rng=5),
        lambda: draws.append(model.draw(3, rng=5)),
        lambda: sg.critical_points(draws[0], search="multistart", starts=2),
        lambda: agreement(draws=2, samples=256, rng=5, cases=cases),
    ):
        purposes.append(keys(call))
    purposes[3] -= purposes[0]  # the comparison asks for that very estimate
    assert [len(found) for found in purposes] == [5, 1, 1, 6], purposes
    counted = Counter(key for found in purposes for key in found)
    assert max(counted.values()) == 1, counted


def test_a_pilot_and_a_draw_of_one_seed_share_no_numbers(monkeypatch):
    seen = []

    def tuned(pilot, question, rng, original=sg.montecarlo.estimate.tuned):
        seen.append(rng.bit_generator.seed_seq.generate_state(4).tolist())
        return original(pilot, question, rng)

    monkeypatch.setattr(sg.montecarlo.estimate, "tuned", tuned)
    sg.mean_count(sg.pure(3), 3, method="montecarlo", samples=256, rng=5)
    keys = [(), *((key,) for key in range(3)), (0, 0)]
    others = [np.random.SeedSequence(5, spawn_key=key).generate_state(4).tolist() for key in keys]
    assert len(seen) == 1 and seen[0] not in others
