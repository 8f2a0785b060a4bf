"""Fits of what probes know: errors that cover, half as large as without their covariance, outliers and atoms.

A diagonal matrix and vectors that are uniform on the sphere: what these see does not depend on the basis.
"""

import numpy as np
import pytest
from scipy import sparse

import spinglass as sg
from spinglass.spectra.data.fitting.criteria import Criterion
from spinglass.spectra.data.fitting.ensembles import eigenvalues
from spinglass.spectra.data.fitting.expected import expected_modes
from spinglass.spectra.data.fitting.gas import gas
from spinglass.spectra.data.fitting.outside.outlier_rule import chosen, limits
from spinglass.spectra.data.fitting.parameters import family
from spinglass.spectra.data.fitting.probes.probed import Probes
from spinglass.spectra.data.fitting.spectrum import chebyshev, spectrum

S = sg.spectra
MP = {"ratio": 0.5, "variance": 1.0}


def probed(values, probes=5, steps=24, rng=1, **how):
    """Return what Lanczos finds of a matrix with these eigenvalues."""
    return S.lanczos(sparse.diags_array(values), probes, steps, rng=rng, **{"kind": "sphere"} | how)


def sampled(law, n, rng):
    return eigenvalues(law, n, np.random.default_rng(rng))


def bulk(found):
    """Return the spectrum of the fit without outliers."""
    given = Probes(found)
    return given.spectrum(np.zeros(given.places.shape, bool), True)


# -- how modes scatter -------------------------------------------------------------------------------------------------


def test_modes_of_probes_are_exact_to_twice_the_steps_and_scatter_as_the_closed_form_says():
    values, probes = sampled(S.MarchenkoPastur(0.5), 80, 1), 300
    data = bulk(probed(values, probes, 9))
    weights = np.sqrt(2 / np.arange(1, data.orders + 1))
    exact = weights * chebyshev(data.unit(values), data.orders).sum(1)
    assert data.orders == 8
    z = (weights * data.modes - exact) / np.sqrt(np.diag(data.covariance))
    assert np.abs(z).max() < 4
    each = (data.bulk.reshape(probes, 9), data.numbers.reshape(probes, 9) * probes)
    modes = np.array([weights * (chebyshev(data.unit(x), data.orders) @ w) for x, w in zip(*each, strict=True)])
    expected = probes * data.covariance
    scatter = np.sqrt((np.outer(np.diag(expected), np.diag(expected)) + expected**2) / probes)
    assert (np.abs(np.cov(modes.T) - expected) < 4.5 * scatter).all()  # of 36 numbers


def test_whitened_modes_are_those_of_the_metric():
    data = bulk(probed(sampled(S.Semicircle(), 300, 1)))
    whitening = data.whitened(np.eye(data.orders))
    metric = whitening @ (data.covariance + np.eye(data.orders)) @ whitening.T
    np.testing.assert_allclose(metric, np.eye(data.orders), atol=1e-9)


@pytest.mark.parametrize("law", [S.Semicircle(), S.MarchenkoPastur(0.5), S.MarchenkoPastur(1.0)])
def test_mean_and_covariance_of_the_modes_of_random_matrices_are_those_of_a_gas(law):
    n, runs = 100, 200
    low, high = law.support[0]
    data = spectrum(np.linspace(low, high, n)[None], interval=(low - 0.4, high + 0.4), orders=6)
    weights = np.sqrt(2 / np.arange(1, 7))
    mean, covariance = gas(law, data, weights)
    modes = np.array([weights * data.of(sampled(law, n, i)[None]).modes for i in range(runs)])
    modes -= weights * expected_modes(law, data, "apart")
    assert (np.abs(modes.mean(0) - mean) < 4 * modes.std(0) / np.sqrt(runs) + 3 / n).all()
    assert np.abs(mean[1] + mean[3]) > 0.05  # it is not zero
    np.testing.assert_allclose(np.cov(modes.T), covariance, atol=4 * np.sqrt(2 / runs))


def test_errors_of_a_gas_know_the_bias_where_no_matrix_can_be_sampled():
    """The mean square of GOE matrices is too large by 1/n, and so is, nearly, the variance that fits best."""

    class Bare(S.Law):
        atoms = ()

        def __init__(self, variance):
            self.inner = S.Semicircle(variance)

        support = property(lambda self: self.inner.support)

        def upper(self, z):
            return self.inner.upper(z)

    values = sampled(S.Semicircle(), 200, 1)
    found = S.fit(values, Bare, errors="gas", start={"variance": 1.0}, rng=1)
    sampled_bias = S.fit(values, S.Semicircle, start={"variance": 1.0}, fixed={"mean": 0.0}, samples=199, rng=1).bias
    assert not found.p_values and 0.8 < 200 * found.bias["variance"] < 1.1
    assert abs(found.bias["variance"] - sampled_bias["variance"]) < 4 * 0.01 / np.sqrt(199)  # its scatter


# -- fits --------------------------------------------------------------------------------------------------------------


def test_errors_cover_p_values_are_even_and_quantiles_would_be_worse():
    """Of 24 matrices; counts within binomial scatter at four standard deviations."""
    runs, n, truth = 24, 200, {"variance": 1.0, "mean": 0.0}
    inside, p, off, worse = [], [], [], []
    for i in range(runs):
        seen = probed(sampled(S.Semicircle(), n, i), 4, 20, rng=i)
        found = S.fit(seen, S.Semicircle, start=truth, rng=i)
        inside.append([low < truth[name] < high for name in truth for low, high in [found.interval(name)]])
        p.append(list(found.p_values.values()))
        off.append([found.parameters[name] - truth[name] for name in truth])
        if i % 2:
            quantiles = S.Empirical(seen).quantile((np.arange(n) + 0.5) / n)
            other = S.fit(quantiles, S.Semicircle, errors=None, start=truth)
            worse.append([other.parameters[name] - truth[name] for name in truth])
    assert (np.abs(np.mean(inside, 0) - 0.9) < 4 * np.sqrt(0.9 * 0.1 / runs)).all()
    assert (np.abs(np.mean(p, 0) - 0.5) < 4 * np.sqrt(1 / 12 / runs)).all()
    assert (np.std(off[1::2], 0) < 0.8 * np.std(worse, 0)).all()


@pytest.mark.parametrize(
    ("law", "truth"),
    [
        (S.MarchenkoPastur, {"ratio": 0.5, "variance": 0.7}),
        (S.MarchenkoPastur, {"ratio": 2.0, "variance": 0.7}),  # half of the eigenvalues at 0
        (S.PercolatedWigner, {"keep": 0.5, "variance": 2.0}),
        (lambda variance, ratio: S.Semicircle(variance) + S.MarchenkoPastur(ratio), {"variance": 0.3, "ratio": 0.5}),
    ],
)
def test_parameters_are_found_within_their_errors(law, truth):
    n, probes = 300, 5
    found = S.fit(probed(sampled(law(**truth), n, 2), probes), law, start=truth, rng=1)
    for name, value in truth.items():
        assert abs(found.parameters[name] - value) < 4 * found.errors[name] < 20 * value / np.sqrt(n * probes)
    assert found.p_value > 0.01 and found.outliers.size == 0 and found.n == n


def test_start_and_units_do_not_matter():
    values = sampled(S.MarchenkoPastur(0.5), 200, 3)
    here = S.fit(probed(values), S.MarchenkoPastur, errors=None).parameters
    there = S.fit(probed(1e-20 * values), S.MarchenkoPastur, errors=None).parameters
    assert there["ratio"] == pytest.approx(here["ratio"], rel=1e-4)
    assert there["variance"] == pytest.approx(1e-20 * here["variance"], rel=1e-4)


def test_many_probes_lead_to_the_fit_of_eigenvalues():
    """Signs see a diagonal matrix without any error, and say so by their scatter."""
    values = sampled(S.MarchenkoPastur(0.5), 300, 4)
    exact = S.fit(values, S.MarchenkoPastur, errors="gas", start=MP, rng=1)
    signs = S.fit(probed(values, kind="rademacher"), S.MarchenkoPastur, start=MP, rng=1)
    few = S.fit(probed(values), S.MarchenkoPastur, start=MP, rng=1)
    for name in MP:
        assert abs(signs.parameters[name] - exact.parameters[name]) < exact.errors[name]
        assert 0.7 < signs.errors[name] / exact.errors[name] < 1.4 and few.errors[name] > 3 * exact.errors[name]


def test_signs_of_a_full_matrix_are_no_better_than_the_sphere():
    found = S.lanczos(S.MarchenkoPastur(0.5).sample(200, rng=1), 6, 20, rng=1)
    assert bulk(found).better == 1.0


def test_a_wrong_law_has_a_small_p_value_and_the_right_one_has_none():
    found = probed(sampled(S.MarchenkoPastur(0.5), 400, 1))
    laws = S.compare(found, {"Wigner": S.Semicircle, "Wishart": S.MarchenkoPastur}, rng=1)
    assert max(laws["Wigner"].p_values.values()) < 0.01 < min(laws["Wishart"].p_values.values())
    assert laws["Wigner"].distance > 5 * laws["Wishart"].distance


def test_moments_fit_laws_whose_distribution_is_slow():
    found = probed(np.linalg.eigvalsh(S.SparseWigner(4.0).sample(300, rng=2)), steps=8)
    fit = S.fit(found, S.SparseWigner, criterion="moments", start={"degree": 3.0}, rng=1)
    assert abs(fit.parameters["degree"] - 4.0) < 4 * fit.errors["degree"] < 8.0


def test_all_steps_leave_the_scatter_of_the_vectors_alone():
    """Every eigenvalue is known, but to a few probes their number is not."""
    found = probed(sampled(S.Semicircle(), 60, 1), 3, 60)
    fit = S.fit(found, S.Semicircle, rng=1)
    assert all(rule.closed for rule in found.rules)
    assert abs(fit.parameters["variance"] - 1) < 4 * fit.errors["variance"] and fit.errors["variance"] > 2 / 60


# -- outliers ----------------------------------------------------------------------------------------------------------

SPIKES = np.array([-2.5, 1.8, 3.0])


def spiked(n=300, rng=1):
    """Return eigenvalues of a GOE matrix with spikes, and the outliers among them."""
    matrix, random = S.Semicircle().sample(n, rng=rng), np.random.default_rng(rng)
    frame = np.linalg.qr(random.standard_normal((n, 3)))[0]
    values = np.linalg.eigvalsh(matrix + (frame * SPIKES) @ frame.T)
    return values, values[[0, -2, -1]]


@pytest.mark.parametrize("reorthogonalise", [True, False])
def test_outliers_are_found_and_their_weights_do_not_spoil_the_bulk(reorthogonalise):
    values, outliers = spiked()
    seen = probed(values, 4, 40, reorthogonalise=reorthogonalise)
    for rule in (3, "auto"):
        found = S.fit(seen, S.Semicircle, rule, rng=1)
        np.testing.assert_allclose(found.outliers, outliers, atol=1e-6)
        assert abs(found.parameters["variance"] - 1) < 4 * found.errors["variance"]
        assert abs(found.parameters["mean"]) < 4 * found.errors["mean"] and found.p_value > 0.01
        spikes = found.spikes()
        assert (np.abs(spikes.values - SPIKES) < 4 * spikes.errors).all()


def test_what_has_not_settled_is_an_outlier_if_extremes_know_it():
    values, outliers = spiked()
    seen = S.lanczos(np.diag(values), 4, 7, rng=1, extremes=2, kind="sphere")
    found = S.fit(seen, S.Semicircle, "auto", rng=1)
    np.testing.assert_allclose(found.outliers, outliers, atol=1e-6)
    with pytest.raises(ValueError, match=r"at most 0, the single .* got 3; try more steps, or .*extremes=3"):
        S.fit(probed(values, 4, 7), S.Semicircle, 3)


def test_a_residual_that_is_small_beside_the_bulk_is_enough_and_its_bound_holds():
    values, outliers = spiked()
    given = Probes(probed(values, 4, 20))
    found = S.fit(given.data, S.Semicircle, "auto", rng=1)
    assert found.outliers.size == 3 and given.place_errors(found.outliers).max() > 1e-5
    assert (np.abs(found.outliers - outliers) <= given.place_errors(found.outliers)).all()


def test_limits_widen_by_the_errors_of_the_ends_and_less_with_more_probes():
    values, law = sampled(S.MarchenkoPastur(0.5), 300, 1), family(S.MarchenkoPastur, None, MP, None, 1.0, 3.0)
    criterion, room = Criterion(law, "likelihood", "additive"), []
    for probes in (2, 50):
        given = Probes(probed(values, probes))
        found = chosen(criterion, given, None, 0.05)
        low, high = np.array(given.limits(criterion, found, 0.05)) - limits(found.law, given.n, 0.05)
        room.append((-low, high))
    assert (np.array(room[0]) > 2 * np.array(room[1])).all() and min(room[1]) > 0


def test_several_eigenvalues_at_one_place_are_no_outlier():
    values = np.append(sampled(S.Semicircle(), 270, 1), np.full(30, 6.0))
    given = Probes(probed(values, 4, 30))
    assert not given.places.size or np.abs(given.places - 6.0).min() > 1.0
    assert S.fit(given.data, S.Semicircle, "auto", rng=1).p_values["energy"] < 0.01


def test_errors_of_spikes_know_how_far_their_outliers_have_settled():
    values, _ = spiked()
    found = S.fit(probed(values, 4, 40), S.Semicircle, 3, rng=1)
    object.__setattr__(found, "_place_errors", np.full(3, 0.5))
    assert (found.spikes().errors > 0.4).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda found: S.fit(found, S.MarchenkoPastur, errors="bootstrap"), "errors: expected 'probes' or None"),
        (lambda found: S.fit(found, S.MarchenkoPastur, criterion="cramer"), "criterion: expected 'likelihood' or"),
        (lambda found: S.fit(found, S.MarchenkoPastur, ensemble="goe"), "ensemble: expected None for errors of probes"),
        (lambda found: S.fit(probed(np.ones(50)), S.Semicircle), "expected numbers that differ, got nodes at 1 alone"),
        (lambda found: S.fit(probed(np.arange(9.0)), S.Semicircle), "expected at least 10 for 2 parameters"),
        (lambda found: S.fit(found, lambda a, b, c, d: S.Semicircle()), "at least 5 steps for 4 parameters .* got 4"),
        (lambda found: S.fit(np.arange(50.0), S.Semicircle, errors="probes"), "expected a spectrum from sg.spectra.la"),
    ],
)
def test_what_probes_cannot_answer_is_refused_in_one_line(call, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call(probed(np.linspace(0.1, 2, 50), 2, 4))
    assert "\n" not in str(caught.value)
