"""Records of chunks and what is made of them: sums, standard errors, and the cost that steers the samples."""

from dataclasses import dataclass

import numpy as np
import pytest

import spinglass as sg
from spinglass.montecarlo import estimate
from spinglass.montecarlo.estimate import joined, reduced
from spinglass.montecarlo.pilot import Pilot
from spinglass.montecarlo.question import question_of
from spinglass.running.streams import Streams


@pytest.mark.parametrize("scale", [1.0, 300.0])
def test_records_of_parts_add_up_to_that_of_the_whole(scale):
    rng = np.random.default_rng(1)
    weights = scale * rng.normal(size=60)
    weights[::7] = -np.inf
    for cut in (0, 1, 8, 31, 60):
        whole = joined(reduced(weights[:cut]), reduced(weights[cut:]))
        np.testing.assert_allclose(whole[:3], reduced(weights)[:3], rtol=1e-12)
        assert whole[3] == reduced(weights)[3] or scale > 100  # what underflows beside the largest does not count
    top, first, second, hits = reduced(weights)
    assert top == weights.max() and hits == np.count_nonzero(np.exp(weights - top))
    relative = np.exp(weights - top)
    assert (first, second) == pytest.approx((relative.sum(), (relative**2).sum()), rel=1e-12)
    nothing = reduced(np.full(3, -np.inf))
    assert nothing.tolist() == joined(nothing, nothing).tolist() == [-np.inf, 0, 0, 0]


def test_an_estimate_is_made_of_its_weights(monkeypatch):
    """Mean, its error and the number of equal weights that they are worth."""
    weights = np.exp(np.random.default_rng(2).normal(size=1000))
    records = [reduced(np.log(part)) for part in np.split(weights, [100, 103, 700])]
    monkeypatch.setattr(estimate, "run", lambda *arguments, **options: records)
    found = sg.mean_count(sg.pure(3), 5, method="montecarlo", samples=1000, rng=1)
    _, prefactor = question_of(sg.pure(3).local_law(), (5,), None, None)
    assert found.log_mean - prefactor == pytest.approx(np.log(weights.mean()), rel=1e-12)
    assert found.stderr == pytest.approx(weights.std() / weights.mean() / np.sqrt(1000), rel=1e-9)
    assert found.effective_samples == pytest.approx(weights.sum() ** 2 / np.sum(weights**2), rel=1e-12)
    assert 200 < found.effective_samples < 900


def test_a_count_derives_the_local_law_once(monkeypatch):
    asked, original = [], sg.SphericalGame.local_law
    monkeypatch.setattr(
        sg.SphericalGame, "local_law", lambda game, *given: asked.append(game) or original(game, *given)
    )
    sg.mean_count(sg.pure(3), 5, index=1, method="montecarlo", samples=1000, rng=1)
    assert asked == [sg.pure(3)]


@dataclass(frozen=True)
class Diagonal:
    """Independent uniform eigenvalues."""

    def sample(self, n, rng):
        return np.diag(rng.uniform(0.5, 4.5, n))


def test_errors_of_a_sampled_spectrum_are_those_of_means():
    edges = np.arange(6.0)
    sampled = sg.montecarlo.sampled_spectrum(Diagonal(), 8, samples=5, bins=edges, rng=3)
    stream = Streams(3)(0)
    values = np.array([np.diag(Diagonal().sample(8, stream)) for _ in range(5)])
    shares = np.array([np.histogram(row, edges)[0] for row in values]) / 8
    np.testing.assert_allclose(sampled.density, shares.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(sampled.stderr, shares.std(axis=0, ddof=1) / np.sqrt(5), rtol=1e-12)
    logs = np.log(values).mean(axis=1)
    assert sampled.mean_log_det == pytest.approx(logs.mean(), rel=1e-12)
    assert sampled.log_det_stderr == pytest.approx(logs.std(ddof=1) / np.sqrt(5), rel=1e-12)


def test_the_cost_of_an_index_is_the_same_seen_from_above():
    """-J has the law of J at the opposite shift and n - k negative eigenvalues: few missing cost as much as few."""
    model = sg.mixed({3: 0.5, 4: 0.5})
    local = model.local_law()
    question, _ = question_of(local, (12,), None, (0,))
    pilot = Pilot(local, question)
    shifts = np.linspace(-40, 40, 33)[:, None]
    for k in range(12):
        cost, mirrored = (pilot._index_cost(np.array([0]), j, s) for j, s in ((k, shifts), (11 - k, -shifts)))
        np.testing.assert_allclose(cost, mirrored, rtol=1e-9, atol=1e-9)
        assert cost.min() < 1 and cost.max() > 5 and np.all(cost >= 0)
