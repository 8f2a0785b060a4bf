"""``sg.mean_count`` of the parabola, by index and at several sizes; LaTeX and references of parabola and spike."""

import math

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser
from scipy.integrate import quad

import spinglass as sg
from spinglass.complexity.further.parabola_counts import parabolic_mean_count


@pytest.mark.parametrize("m", [0.2, 1.0, 2.5])
@pytest.mark.parametrize("n", [1, 2, 5])
def test_indices_add_up_to_all_points_and_to_the_euler_characteristic(n, m):
    model = sg.parabolic(m)
    by_index = sg.mean_count(model, n, index=list(range(n + 1))).mean
    assert by_index.sum() == pytest.approx(parabolic_mean_count(model, n), rel=1e-12)
    # a function that grows at infinity: maxima, saddles and minima add up to 1 with their signs
    assert np.sum((-1.0) ** np.arange(n + 1) * by_index) == pytest.approx(1, abs=1e-12 * by_index.sum())
    assert sg.mean_count(model, n, index=n + 1).mean == 0


@pytest.mark.parametrize("m", [0.3, 1.5])
def test_minima_in_one_and_two_dimensions_are_kac_rice(m):
    def normal(x):
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)

    # N = 1: V'' of variance 3; N = 2: det = (m + s)^2 - w, trace 2(m + s), s ~ N(0, 1), w ~ Exp(1)
    one = quad(lambda g: (m + math.sqrt(3) * g) * normal(g), -m / math.sqrt(3), 12)[0] / m
    assert sg.mean_count(sg.parabolic(m), 1, index=0).mean == pytest.approx(one, rel=1e-10)
    two = quad(lambda s: ((m + s) ** 2 - 1 + math.exp(-((m + s) ** 2))) * normal(s), -m, 12)[0] / m**2
    assert sg.mean_count(sg.parabolic(m), 2, index=0).mean == pytest.approx(two, rel=1e-10)


def test_counts_by_index_grow_at_the_rate():
    model, sizes = sg.parabolic(3), np.array([6, 12, 24])
    logs = sg.mean_count(model, sizes, index=1).log_mean  # an outlier beyond the bulk: no edge between
    # log E# = N Sigma + b log N + a: solved from three sizes
    found = np.linalg.solve(np.stack([sizes, np.log(sizes), np.ones(3)], axis=1), logs)[0]
    assert found == pytest.approx(sg.complexity(model).total(index=1), abs=0.02) and found < -0.5


def test_several_sizes_and_digits():
    model = sg.parabolic(0.5)
    both = sg.mean_count(model, [[2], [3]], index=[None, 0])
    assert both.log_mean.shape == (2, 2) and both.mean[0, 0] == pytest.approx(5.249503123621212, rel=1e-13)
    digits = sg.mean_count(model, 3, arithmetic=sg.mp(30))
    assert abs(digits.mean - parabolic_mean_count(model, 3, sg.mp(30))) < 1e-28
    assert float(digits.log_mean) == pytest.approx(both.log_mean[1, 0], abs=1e-12) and digits.method == "exact"
    assert math.isfinite(sg.mean_count(sg.parabolic(0.1), 2000).log_mean)  # whose mean is beyond float64


@pytest.mark.parametrize(
    ("arguments", "error", "expected"),
    [
        ({"energies": (-1, 0)}, NotImplementedError, "energies"),
        ({"method": "montecarlo"}, NotImplementedError, "montecarlo"),
        ({"method": "guess"}, ValueError, "method"),
        ({"n": 0}, ValueError, "n: "),
        ({"n": (4, 4)}, TypeError, "n: "),
        ({"n": 200, "index": 0}, ValueError, "n at an index"),
        ({"index": -1}, ValueError, "index"),
        ({"model": sg.parabolic(1e152), "index": 0}, ValueError, "m at an index"),
        ({"index": 0, "arithmetic": sg.mp(20)}, NotImplementedError, "index"),
        ({"arithmetic": sg.balls(20)}, NotImplementedError, "quadrature"),
        ({"model": sg.complexity(sg.parabolic(0.5))}, TypeError, "model: .*try its .model"),
    ],
)
def test_what_has_no_count_is_refused_in_one_line(arguments, error, expected):
    with pytest.raises(error, match=expected) as info:
        sg.mean_count(**({"model": sg.parabolic(0.5), "n": 4} | arguments))
    assert "\n" not in str(info.value)


@pytest.mark.parametrize(
    ("obj", "parts"),
    [
        (sg.spiked(4, 0.9), [r"\langle u, s \rangle^{4}", r"\lambda = 0.9"]),
        (sg.parabolic(0.5), [r"\frac{\mu}{2} |x|^{2}", "= 0.5"]),
        (sg.complexity(sg.spiked(3, 2)), [r"S(m, x) = - 3 \lambda^{2} m^{4}", r"t = \sqrt{3} x", r"\lambda = 2"]),
        (sg.complexity(sg.parabolic(0.3)), [r"\Sigma = ", r"- \log{\left(m \right)}", "m = 0.3"]),
    ],
)  # fmt: skip
def test_latex_writes_models_and_rates(obj, parts):
    text = sg.latex(obj)
    assert all(part in text for part in parts)
    MathTextParser("path").parse(f"${text}$")


def test_models_and_their_complexities_are_cited_alike():
    for model, key in ((sg.spiked(3, 1.0), "benarous2019"), (sg.parabolic(0.5), "fyodorov2004")):
        assert sg.cite(model) == sg.cite(sg.complexity(model))
        assert key in sg.cite(model).lower()
