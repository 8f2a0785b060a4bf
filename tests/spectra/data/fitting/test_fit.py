"""A fit finds the law behind sampled eigenvalues, with errors that cover and p-values that are uniform."""

import numpy as np
import pytest

import spinglass as sg
from spinglass.spectra.data.fitting.criteria import Criterion
from spinglass.spectra.data.fitting.ensembles import eigenvalues, realised
from spinglass.spectra.data.fitting.expected import expected_modes, fejer, moment_modes
from spinglass.spectra.data.fitting.parameters import family
from spinglass.spectra.data.fitting.spectrum import chebyshev, chebyshev_slopes, spectrum

S = sg.spectra


def with_semicircle(variance, ratio):
    return S.Semicircle(variance) + S.MarchenkoPastur(ratio)


def scaled_product(ratio, scale):
    return scale * S.WishartProduct((ratio, 0.25))


FAMILIES = [
    (S.Semicircle, {"variance": 2.0, "mean": -1.0}),
    (S.MarchenkoPastur, {"ratio": 0.1, "variance": 0.7}),
    (S.MarchenkoPastur, {"ratio": 0.5, "variance": 0.7}),
    (S.MarchenkoPastur, {"ratio": 1.0, "variance": 0.7}),
    (S.MarchenkoPastur, {"ratio": 2.0, "variance": 0.7}),
    (with_semicircle, {"variance": 0.3, "ratio": 0.5}),
    (scaled_product, {"ratio": 0.5, "scale": 2.0}),
    (S.PercolatedWigner, {"keep": 0.5, "variance": 2.0}),
    (S.PercolatedWishart, {"keep": 0.5, "ratio": 0.5}),
]


def sampled(law, n, rng):
    return eigenvalues(law, n, np.random.default_rng(rng))


@pytest.mark.parametrize(("law", "truth"), FAMILIES)
def test_parameters_are_found_within_their_errors(law, truth):
    n = 80
    found = S.fit(sampled(law(**truth), n, 1), law, samples=29, rng=2)
    assert list(found.parameters) == list(truth)
    for name, value in truth.items():
        # 4 standard errors; a counted share may be exact
        assert abs(found.parameters[name] - value) < 4 * found.errors[name] + 1e-4 * value
        assert found.errors[name] < 10 * abs(value) / n  # errors are O(1/n)
        low, high = found.interval(name, 0.95)
        assert low < found.parameters[name] + found.bias[name] < high or found.errors[name] < 1e-3 * value
    assert found.p_value > 0.01 and found.outliers.size == 0


def test_coverage_and_p_values_are_those_that_are_said():
    """A small version: 40 spectra; the counts lie within what binomial scatter allows at four standard deviations."""
    runs, truth, inside, p = 40, {"ratio": 0.5, "variance": 0.7}, np.zeros(2), []
    for i in range(runs):
        values = sampled(S.MarchenkoPastur(**truth), 50, i)
        found = S.fit(values, S.MarchenkoPastur, start=truth, samples=19, rng=i)
        inside += [low <= truth[name] <= high for name in truth for low, high in [found.interval(name)]]
        p.append([found.p_values[name] for name in ("kolmogorov", "wasserstein", "energy")])
    assert (np.abs(inside / runs - 0.9) < 4 * np.sqrt(0.9 * 0.1 / runs)).all()
    assert (np.abs(np.mean(p, 0) - 0.5) < 4 * np.sqrt(1 / 12 / runs)).all()
    assert (np.abs(np.mean(np.array(p) <= 0.25, 0) - 0.25) < 4 * np.sqrt(0.25 * 0.75 / runs)).all()


def test_a_wrong_law_has_a_small_p_value():
    values = sampled(S.MarchenkoPastur(0.5), 200, 1)
    found = S.fit(values, S.Semicircle, rng=1)
    assert max(found.p_values.values()) <= 0.01


def test_units_do_not_matter():
    values = sampled(S.MarchenkoPastur(0.5, 1.0), 100, 3)
    one = S.fit(values, S.MarchenkoPastur, errors=None).parameters
    for c in (1e-5, 1e-40, 1e40):
        scaled = S.fit(c * values, S.MarchenkoPastur, errors=None).parameters
        assert scaled["ratio"] == pytest.approx(one["ratio"], rel=1e-5)
        assert scaled["variance"] == pytest.approx(c * one["variance"], rel=1e-5)


def test_a_fit_of_a_semicircle_is_as_good_as_its_exact_likelihood():
    """That of a GOE matrix is known by the mean and the mean square; only what lies beyond the edges is seen otherwise,
    which costs less than a sixteenth of the variance."""
    n, runs = 100, 30
    values = [sampled(S.Semicircle(2.0, 1.0), n, i) for i in range(runs)]
    found = [S.fit(x, S.Semicircle, errors=None, start={"variance": 2.0, "mean": 1.0}).parameters for x in values]
    off = np.array([[one["mean"] - x.mean(), one["variance"] - x.var()] for one, x in zip(found, values, strict=True)])
    assert (off.std(0) < 0.25 * np.array([2 / n, 4 / n])).all()  # of the exact standard errors


def test_a_fit_of_wishart_matrices_is_as_good_as_their_exact_likelihood():
    """That is known by the trace and the determinant."""
    n, runs, truth = 100, 30, {"ratio": 0.5, "variance": 0.7}
    values = [sampled(S.MarchenkoPastur(**truth), n, i) for i in range(runs)]
    laws = [S.fit(x, S.MarchenkoPastur, errors=None, start=truth).law for x in values]
    off = np.array(
        [[law.mean - x.mean(), law.log_potential(0.0) - np.log(x).mean()] for law, x in zip(laws, values, strict=True)]
    )
    exact = np.array([0.7, np.sqrt(2 * np.log(2))]) / n  # standard errors; of the trace (2 ratio)^(1/2) variance
    assert (off.std(0) < 0.25 * exact).all()


@pytest.mark.parametrize(
    "law",
    [S.Semicircle(2.0, 1.0), S.MarchenkoPastur(0.3), S.MarchenkoPastur(2.0), S.WishartProduct((1.0, 1.0)),
     S.FreelyDivisible(0.0, 0.01, [1.0, 12.0], [1.0, 0.25]), S.PercolatedWigner(0.3)],
)  # fmt: skip
def test_modes_of_a_law_from_its_distribution_function_and_from_its_moments(law):
    ends = np.ravel(law.support)
    data = spectrum(np.array([[ends.min(), ends.max(), *np.linspace(0.4, 0.6, 10)]]), orders=6)
    np.testing.assert_allclose(expected_modes(law, data, "apart"), moment_modes(law, data), atol=2e-5 * data.n)


def test_modes_of_a_law_that_reaches_beyond_the_interval_of_the_spectrum():
    """What lies beyond is at its ends; the sums over quantiles are the same."""
    law, row = S.MarchenkoPastur(0.5), np.linspace(0.3, 2.3, 60)
    data = spectrum(row[None], interval=(0.2, 2.4))
    places = law.quantile((np.arange(20_000) + 0.5) / 20_000)
    sums = 60 * chebyshev(data.unit(places), data.orders).mean(1)
    np.testing.assert_allclose(expected_modes(law, data, "additive"), sums, atol=1e-4)


def test_chebyshev_polynomials_and_their_slopes():
    y = np.linspace(-0.99, 0.99, 7)
    for k in range(1, 6):
        t = np.polynomial.chebyshev.Chebyshev.basis(k)
        np.testing.assert_allclose(chebyshev(y, 5)[k - 1], t(y), atol=1e-14)
        np.testing.assert_allclose(chebyshev_slopes(y, 5)[k - 1], t.deriv()(y), atol=1e-12)
    nodes, weights = fejer(8)
    np.testing.assert_allclose([weights @ nodes**k for k in range(8)], [2 / (k + 1) * (k % 2 == 0) for k in range(8)],
                               atol=1e-14)  # fmt: skip


def test_modes_of_goe_matrices_are_independent_normals_of_variance_one():
    n, runs = 60, 400
    data = spectrum(np.linspace(-2, 2, n)[None], interval=(-2.2, 2.2), orders=6)
    criterion = Criterion(family(S.Semicircle, None, None, None, 0.0, 4.0), "likelihood", "apart")
    modes = np.array([criterion.observed(data.of(sampled(S.Semicircle(), n, i)[None])) for i in range(runs)])[:, :2]
    # in an interval that is the support itself they would be exactly so; it is a tenth longer
    np.testing.assert_allclose(np.cov(modes.T), np.eye(2), atol=0.35)


@pytest.mark.parametrize(
    "law", [S.MarchenkoPastur(0.7), with_semicircle(0.3, 0.7), S.WishartProduct((0.7, 0.45)),
            S.PercolatedWigner(0.55), S.PercolatedWishart(0.55, 0.7), 2.0 * S.WishartProduct(0.7) + 1.0,
            S.WishartProduct((0.7, 0.45)) + S.Semicircle(0.2)],
)  # fmt: skip
def test_a_sample_has_the_law_that_is_realised(law):
    n, runs = 23, 60
    values = np.array([sampled(law, n, i) for i in range(runs)])
    means = values.mean(1)
    assert abs(means.mean() - realised(law, n).mean) < 4 * means.std() / np.sqrt(runs) + 1e-12
    atoms = sum(weight for _, weight in realised(law, n).atoms)
    assert n * atoms == pytest.approx(round(n * atoms), abs=1e-9)


def test_several_matrices_are_fitted_together():
    law, truth = S.MarchenkoPastur, {"ratio": 0.5, "variance": 0.7}
    rows = np.array([sampled(law(**truth), 60, i) for i in range(12)])
    one, many = S.fit(rows[0], law, rng=1), S.fit(rows, law, samples=39, errors="matrices", rng=1)
    for name, value in truth.items():
        assert abs(many.parameters[name] - value) < 4 * many.errors[name]
        assert 0.15 < many.errors[name] / one.errors[name] < 0.6  # 12^-1/2 = .29
    assert many.eigenvalues.shape == (12, 60) and many.p_value > 0.01


def test_independent_eigenvalues_would_have_larger_errors():
    values = sampled(S.MarchenkoPastur(0.5), 150, 1)
    errors = {kind: S.fit(values, S.MarchenkoPastur, errors=kind, samples=49, rng=1).errors["ratio"]
              for kind in ("bootstrap", "gas", "eigenvalues")}  # fmt: skip
    assert 0.7 < errors["gas"] / errors["bootstrap"] < 1.4
    assert 4 < errors["eigenvalues"] / errors["bootstrap"] < 15


def test_a_law_without_an_ensemble_is_refused_or_lent_one():
    class Halves(S.Law):
        atoms = ()

        def __init__(self, gap):
            self.left, self.right = S.Semicircle(mean=-2.0 - gap), S.Semicircle(mean=2.0 + gap)

        @property
        def support(self):
            return np.concatenate([self.left.support, self.right.support])

        def upper(self, z):
            return [(a + b) / 2 for a, b in zip(self.left.upper(z), self.right.upper(z), strict=True)]

    values = np.concatenate([sampled(S.Semicircle(mean=m), 60, 3 + int(m)) for m in (-3.0, 3.0)])
    with pytest.raises(NotImplementedError, match=r"an ensemble of its own to sample.*try ensemble='goe'"):
        S.fit(values, Halves)
    found = S.fit(values, Halves, ensemble="goe", samples=19, rng=1)
    assert abs(found.parameters["gap"] - 1.0) < 4 * found.errors["gap"] and found.p_value > 0.05


VALUES = np.linspace(0.1, 2.0, 50)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: S.fit(np.eye(4), S.Semicircle), "got a symmetric matrix; try np.linalg.eigvalsh"),
        (lambda: S.fit(VALUES + 0j, S.Semicircle), "expected real numbers, got complex"),
        (lambda: S.fit([1.0, np.nan], S.Semicircle), "got nan"),
        (lambda: S.fit(VALUES * 1e100, S.Semicircle), "numbers up to 1e.45 in size"),
        (lambda: S.fit(VALUES * 1e-100, S.Semicircle), "the largest to be at least 1e-45 in size"),
        (lambda: S.fit([], S.Semicircle), "eigenvalues: expected shape"),
        (lambda: S.fit(np.ones((2, 2, 2)), S.Semicircle), "eigenvalues: expected shape"),
        (lambda: S.fit(np.ones(50), S.Semicircle), "expected numbers that differ"),
        (lambda: S.fit(VALUES[:9], S.Semicircle), "expected at least 10 for 2 parameters"),
        (lambda: S.fit(VALUES, S.Semicircle(1.0)), "a law without free parameters; try Semicircle"),
        (lambda: S.fit(VALUES, lambda: S.Semicircle()), "expected at least one free parameter"),
        (lambda: S.fit(VALUES, S.Semicircle, fixed={"variance": 1.0, "mean": 0.0}), "at least one free parameter"),
        (lambda: S.fit(VALUES, "Semicircle"), "law: expected a class of laws"),
        (lambda: S.fit(VALUES, S.Law), "law: expected a class of laws"),
        (lambda: S.fit(VALUES, lambda x: x), "expected a function that returns a spectral law"),
        (lambda: S.fit(VALUES, lambda *x: S.Semicircle()), "whose parameters have no names"),
        (lambda: S.fit(VALUES, S.Semicircle, fixed={"sigma": 1.0}), "fixed: expected parameters among variance, mean"),
        (lambda: S.fit(VALUES, S.Semicircle, start={"variance": -1.0}), "start: expected variance between 0 and inf"),
        (lambda: S.fit(VALUES, S.Semicircle, bounds={"variance": 3}), r"bounds: expected a pair \(low, high\)"),
        (lambda: S.fit(VALUES, S.Semicircle, bounds={"variance": (3, 2)}), "bounds: expected low < high"),
        (lambda: S.fit(VALUES, S.Semicircle, outliers=50), "and 50 outliers, got 50"),
        (lambda: S.fit(VALUES, S.Semicircle, outliers=-1), "outliers: expected"),
        (lambda: S.fit(VALUES, S.Semicircle, errors="matrices"), r"shape \(matrices, n\) for 'matrices'"),
        (lambda: S.fit(VALUES, S.Semicircle, errors="bayes"), "errors: expected one of"),
        (lambda: S.fit(VALUES, S.Semicircle, errors=None).interval("variance"), "got errors=None"),
        (lambda: S.fit(VALUES, S.Semicircle, samples=2).interval("ratio"), "name: expected one of variance, mean"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_one_line(call, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
