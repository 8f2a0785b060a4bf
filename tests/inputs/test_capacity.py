"""What is too far or too large is answered by the limit or refused with its size; an alarm guards against hangs."""

import contextlib
import signal

import numpy as np
import pytest

import spinglass as sg
from spinglass.complexity.further.parabola_counts import parabolic_mean_count
from spinglass.finite import closed_forms
from spinglass.landscape.family.root_count import root_count

MIX = sg.mixed({3: 1, 4: 1})


@contextlib.contextmanager
def alarm(seconds=60):
    """Fail instead of hanging, where the platform has alarms."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_):
        raise AssertionError(f"no answer in {seconds} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("model", [sg.pure(3), MIX])
@pytest.mark.parametrize("index", [None, 1, "each"])
def test_beyond_the_support_of_the_energies_the_number_of_points_is_constant(model, index):
    with alarm():
        far = sg.count_density(model, 5, [10.0, 1e3, 1e6, 1e300, np.inf], index, cumulative=True)
    np.testing.assert_allclose(far, np.broadcast_to(far[-1], far.shape), atol=1e-12)
    assert np.isfinite(far).all()


@pytest.mark.parametrize("model", [sg.pure(3), MIX])
def test_far_energies_do_not_change_the_answers_at_the_others(model):
    near = [-1.9, -1.5, 0.3]
    with alarm():
        alone = sg.count_density(model, 5, near, "each", cumulative=True)
        among = sg.count_density(model, 5, [-1e6, -30.0, *near, 1e6], "each", cumulative=True)
    np.testing.assert_allclose(among[2:5], alone, atol=2e-12)
    assert (np.diff(among, axis=0) >= -1e-12).all()
    assert among[0].max() < -1e11


@pytest.mark.parametrize(("u", "index"), [(-40.0, 0), (-40.0, 2), (300.0, 1), (-1e4, 3), (1e6, 4)])
def test_rare_energies_agree_with_digits(u, index):
    with alarm():
        value = sg.count_density(sg.pure(3), 5, u, index)
        digits = sg.count_density(sg.pure(3), 5, u, index, arithmetic=sg.mp(20))
    assert value == pytest.approx(float(digits), abs=1e-12, rel=2e-15)


@pytest.mark.parametrize("index", [None, 0, "each"])
def test_where_the_logarithm_overflows_there_are_no_points(index):
    assert (sg.count_density(sg.pure(3), 5, [1e300, -1e300], index) == -np.inf).all()
    assert sg.count_density(MIX, 5, -1e300, index, cumulative=True).max() == -np.inf
    assert sg.mean_count(sg.pure(3), 5, (-2e300, -1e300)).mean == 0
    whole = sg.mean_count(MIX, 5, (-1e300, 1e300)).log_mean
    assert whole == pytest.approx(sg.mean_count(MIX, 5).log_mean, abs=1e-12)


def test_a_narrow_window_of_a_nearly_linear_model_needs_few_digits():
    model, window = sg.mixed({3: 5.4e-5, 1: 474, 7: 1.5e-7}), (-21.0, -21.0 + 1e-8)
    with alarm():
        digits = sg.mean_count(model, 3, window, 0, arithmetic=sg.mp(15)).log_mean
        ball = sg.mean_count(model, 3, window, 0, arithmetic=sg.balls(15)).log_mean
    assert sg.mean_count(model, 3, window, 0).log_mean == pytest.approx(float(digits), abs=1e-11)
    assert float(abs(ball - float(digits)).upper()) < 1e-11


def descents(starts):
    return sg.critical_points(sg.pure(3).draw(4, rng=1), search="multistart", starts=starts)


#: What is too large or too far, and what the line has to say: the size that came and what is possible.
REFUSED = {
    "layers of a gan": (lambda: sg.gan(3, 10**6, 1.0, 0.5), "at most 1000, got 1000003"),
    "degree": (lambda: sg.pure(10**400), "at most 1e[+]100"),
    "monomials": (lambda: sg.pure(3).draw(10**6), "at most 20000000 monomials"),
    "dimensions": (lambda: sg.pure(3).draw(10**30), "at most 1000000000"),
    "dimensions of a game": (lambda: sg.gan(3, 3, 1.0, 0.5).draw(10**30), "at most 1000000000"),
    "degrees and dimensions": (lambda: sg.pure(10**30).draw((10**30,)), "at most 20000000 monomials"),
    "long monomials": (lambda: sg.pure(10**5).draw(2), "variables in the monomials"),
    "count": (lambda: sg.mean_count(sg.pure(3), 10**6), "at most 10000, got 1000000"),
    "count, 10^30": (lambda: sg.mean_count(sg.pure(3), 10**30), "at most 10000"),
    "count at an index": (lambda: sg.mean_count(sg.pure(3), 10**4, index=0), "at an index .* at most 100, got 10000"),
    "count with digits": (lambda: sg.mean_count(sg.pure(3), 10**4, arithmetic=sg.mp(20)), "at most 1000"),
    "closed form": (lambda: sg.mean_count(sg.pure(3), 10**4, arithmetic=sg.symbols), "at most 1000"),
    "index with digits": (lambda: sg.mean_count(sg.pure(3), 99, index=3, arithmetic=sg.mp(20)), "at most 30, got 99"),
    "sampled count": (lambda: sg.mean_count(sg.pure(3), 10**6, method="montecarlo"), "at most 4000"),
    "sampled window": (
        lambda: sg.mean_count(sg.pure(3), 5, (1e300, 2e300), method="montecarlo"),
        "a part of the window within",
    ),
    "samples": (
        lambda: sg.mean_count(sg.pure(3), 5, method="montecarlo", samples=10**12),
        "samples: expected at most 1000000000",
    ),
    "density": (lambda: sg.count_density(sg.pure(3), 10**6, -1.6), "at most 10000"),
    "density of each": (lambda: sg.count_density(sg.pure(3), 10**6, -1.6, "each"), "at most 100"),
    "energies of a mixture": (
        lambda: sg.count_density(MIX, 5, 1e100),
        "energies from 1e[+]100 to 1e[+]100: expected at most 100000 panels",
    ),
    "energies with digits": (lambda: sg.count_density(MIX, 5, 1e300, arithmetic=sg.mp(20)), "no numbers as small"),
    "energies in balls": (lambda: sg.count_density(sg.pure(3), 5, 1e6, 2, arithmetic=sg.balls(20)), "up to 100000"),
    "eigenpairs": (lambda: sg.real_eigenpairs(10**4, 3, sg.mp(20)), "at most 1000, got 10000"),
    "band": (lambda: sg.spiked(10**6, 1.0).band(), "k: expected at most 10000, got 1000000"),
    "spike": (lambda: sg.spiked(3, 1e300), "lambda_: expected numbers up to"),
    "starts": (lambda: descents(10**30), "starts: expected at most 1000000"),
    "exponents": (lambda: sg.critical_points(sg.pure(2).draw(900, rng=1)), "exponents in all equations"),
    "root count": (lambda: root_count([[(3,)]], [10**30]), "sizes: expected at most 10000"),
    "overlap": (lambda: sg.second_moment(10**6, 0.3, -1.6, -1.6), "p: expected at most 10000"),
    "parabola": (lambda: parabolic_mean_count(sg.parabolic(0.5), 10**6), "n: expected at most 10000"),
    "sampled spectrum": (lambda: sg.montecarlo.sampled_spectrum(sg.spectra.Semicircle(), 10**6), "entries of a dense"),
    "multiple of the identity": (lambda: sg.spectra.PointMass(1.0).sample(10**6), "entries of a dense matrix"),
    "degree of a ground state": (lambda: sg.ground_state_energy(sg.pure(10**5)), "at most 10000, got 100000"),
    "degree, 10^30": (lambda: sg.algorithmic_energy(sg.pure(10**30)), "at most 10000"),
    "population": (lambda: sg.spectra.SparseWigner(3.0, 10**7).density(0.1), "at most 100000"),
    "degree of a sparse law": (lambda: sg.spectra.SparseWigner(1e6).density(0.1), "at most 100000"),
    "columns of a sparse law": (lambda: sg.spectra.SparseWishart(3.0, 1e-6).density(0.1), "at most 100000"),
    "sparse matrix": (lambda: sg.spectra.SparseWigner(3.0).sample(10**6), "entries of a dense matrix"),
    "matrix": (lambda: sg.spectra.Semicircle().sample(10**6), "entries of a dense matrix"),
    "wide matrix": (lambda: sg.spectra.MarchenkoPastur(1e-6).sample(200), "entries of a dense matrix"),
    "size": (lambda: sg.goe.density(10**7, 1.0), "at most 100000"),
    "size with digits": (lambda: sg.goe.density(10**6, 1, sg.balls(20)), "at most 5000"),
    "size in symbols": (lambda: sg.goe.density(10**3, 1, sg.symbols), "at most 100"),
}


@pytest.mark.parametrize("question", REFUSED)
def test_what_is_too_large_is_refused_in_one_line_with_its_size(question):
    call, line = REFUSED[question]
    with alarm(), pytest.raises(ValueError, match=line) as error:
        call()
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


def test_counts_beyond_float64_are_enclosed():
    model, window = sg.mixed({10**6: 1, 10**6 + 1: 1}), (-0.1, 0.3)
    with alarm():
        ball = sg.mean_count(model, 110, window, arithmetic=sg.balls(20)).log_mean
    value = sg.mean_count(model, 110, window).log_mean
    assert value > 750
    assert float(abs(ball - value).upper()) < 1e-11


def test_numbers_of_eigenpairs_beyond_float64_are_infinite_and_those_of_matrices_exact():
    with alarm():
        assert sg.real_eigenpairs(10**6, 3) == sg.real_eigenpairs(10**30, 3) == np.inf
        assert sg.real_eigenpairs(3, 10**400) == np.inf
        assert sg.real_eigenpairs(10**6, 2) == sg.real_eigenpairs(10**6, 2, sg.mp(20)) == 10**6
        assert sg.real_eigenpairs(3, 10**200) == pytest.approx(4 / 3**0.5 * 1e200, rel=1e-14)


@pytest.mark.parametrize("n", [5, 6, 17])
def test_products_of_polynomials_by_large_integers_are_those_of_their_coefficients(n):
    a, b = [(-3) ** i + n for i in range(n)], [(-7) ** (n + 1 - i) for i in range(n + 2)]
    assert closed_forms._product(a, b) == [
        sum(a[i] * b[k - i] for i in range(len(a)) if 0 <= k - i < len(b)) for k in range(2 * n + 1)
    ]
