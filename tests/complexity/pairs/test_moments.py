"""The second moment against an independent computation of two points, and what its supremum says."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from scipy.integrate import quad

import spinglass as sg
from spinglass.complexity.pairs.moments import conditional_variances, overlap_supremum, second_moment


def semicircle_log_potential(t):
    inner = [math.asin(t / 2)] if abs(t) < 2 else None
    return quad(
        lambda a: 2 / math.pi * math.cos(a) ** 2 * math.log(abs(t - 2 * math.sin(a))),
        -math.pi / 2,
        math.pi / 2,
        points=inner,
        epsabs=1e-13,
        limit=400,
    )[0]


def two_points(p, r):
    """The covariance of (f, d_1 f, d_2 f) at two points by differentiating <x, y>^p in sympy.

    Direction 1 is the tangent in the plane of the two points, direction 2 is orthogonal to the plane.
    """
    r = sympy.Rational(r)
    side = sympy.sqrt(1 - r**2)
    x = sympy.symbols("x0:3")
    y = sympy.symbols("y0:3")
    covariance = sum(a * b for a, b in zip(x, y, strict=True)) ** p
    points = [((1, 0, 0), [(0, 1, 0), (0, 0, 1)]), ((r, side, 0), [(-side, r, 0), (0, 0, 1)])]

    def along(expression, variables, direction):
        if direction is None:
            return expression
        return sum(c * expression.diff(v) for c, v in zip(direction, variables, strict=True))

    scalars = [(place, d) for place, tangents in points for d in (None, *tangents)]
    table = np.empty((6, 6))
    for i, (first, d) in enumerate(scalars):
        for j, (second, e) in enumerate(scalars):
            value = along(along(covariance, x, d), y, e)
            table[i, j] = float(value.subs(dict(zip((*x, *y), (*first, *second), strict=True))))
    return table


def independent(p, r, u1, u2):
    """Kac-Rice for pairs at exponential order, from the numerical covariance."""
    table = two_points(p, r)
    values, planar, transverse = [0, 3], [1, 4], [2, 5]
    energies = table[np.ix_(values, values)]
    mixed = table[np.ix_(values, planar)]
    given = energies - mixed @ np.linalg.solve(table[np.ix_(planar, planar)], mixed.T)
    u = np.array([u1, u2])
    gradients = -0.5 * np.log(np.linalg.det(2 * np.pi * table[np.ix_(transverse, transverse)]))  # per dimension
    sphere = 1 + math.log(2 * math.pi) + 0.5 * math.log(1 - float(Fraction(r)) ** 2)  # both points, without -log N
    # Hessian: GOE with entries of variance p (p-1)/N and semicircle of radius 2 sqrt(p (p-1)), shifted by -p u
    size = math.sqrt(p * (p - 1))
    determinants = sum(math.log(size) + semicircle_log_potential(p * v / size) for v in u)
    return sphere + gradients + determinants - 0.5 * u @ np.linalg.solve(given, u)


def test_reference():
    assert second_moment(3, 0.3, -1.64, -1.64) == pytest.approx(0.009651489093424395, abs=2e-15)
    assert second_moment(3, 0.6, -1.65, -1.64) == pytest.approx(0.002970974538412853, abs=2e-15)


@pytest.mark.parametrize("p", [3, 4, 5])
@pytest.mark.parametrize("r", ["3/10", "-7/10", "0"])
def test_against_the_covariance_of_two_points(p, r):
    for u1, u2 in ((-1.7, -1.65), (-1.2, 0.4), (1.9, 1.9)):
        expected = independent(p, r, u1, u2)
        assert second_moment(p, float(Fraction(r)), u1, u2) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("p", [3, 4, 5, 8])
def test_at_overlap_zero_it_is_the_square_of_the_mean(p):
    u = np.linspace(-2.5, 2.5, 101)
    np.testing.assert_allclose(second_moment(p, 0.0, u, u), 2 * sg.complexity(sg.pure(p))(u), atol=4e-15)


@pytest.mark.parametrize("p", [3, 4, 5, 6])
def test_symmetries(p):
    r, u, v = np.array([0.1, 0.5, 0.9]), -1.5, -1.1
    np.testing.assert_allclose(second_moment(p, r, u, v), second_moment(p, r, v, u), atol=1e-14)
    np.testing.assert_allclose(second_moment(p, -r, u, (-1) ** p * v), second_moment(p, r, u, v), atol=1e-14)


@pytest.mark.parametrize("p", [3, 4, 7])
def test_nothing_is_lost_near_overlap_one(p):
    for r in (1 - 1e-3, 1 - 1e-7, 1.0, -1.0):
        if r == -1.0 and p % 2:
            assert second_moment(p, r, -1.6, -1.6) == -np.inf
        else:
            digits = second_moment(p, r, -1.6, -1.6, arithmetic=sg.mp(60))
            assert second_moment(p, r, -1.6, -1.6) == pytest.approx(float(digits), abs=1e-13)
    assert second_moment(p, 1.0, -1.6, -1.5) == -np.inf
    assert second_moment(p, 1.0, -1.6, -1.6) == pytest.approx(second_moment(p, 1 - 1e-9, -1.6, -1.6), abs=1e-7)


def test_conditional_variances_are_those_of_the_matrices():
    for p in (3, 4, 6):
        table = two_points(p, "2/5")
        mixed = table[np.ix_([0, 3], [1, 4])]
        given = table[np.ix_([0, 3], [0, 3])] - mixed @ np.linalg.solve(table[np.ix_([1, 4], [1, 4])], mixed.T)
        plus, minus = conditional_variances(p, 0.4, sg.float64)
        np.testing.assert_allclose([given[0, 0] + given[0, 1], given[0, 0] - given[0, 1]], [plus, minus], atol=1e-14)


def test_arithmetics_agree():
    r, u, v = Fraction(3, 10), Fraction(-8, 5), Fraction(-17, 10)
    balls = sg.balls(30)
    for p in (3, 4):
        for a, b in ((u, u), (u, v)):
            digits = second_moment(p, r, a, b, sg.mp(30))
            assert float(digits) == pytest.approx(second_moment(p, float(r), float(a), float(b)), abs=1e-14)
            with balls.precision():
                assert abs(second_moment(p, r, a, b, balls) - balls.number(str(digits))) < 1e-29
            assert abs(second_moment(p, r, a, b, sg.symbols).evalf(30) - sympy.Float(str(digits), 30)) < 1e-28


def test_as_an_expression():
    r, u = sympy.symbols("r u", real=True)
    formula = second_moment(3, r, u, u, arithmetic=sg.symbols)
    assert float(formula.subs({r: 0.3, u: -1.64})) == pytest.approx(0.009651489093424395, abs=1e-14)


@pytest.mark.parametrize("p", [3, 4, 7])
def test_counts_are_typical_where_there_are_points(p):
    c = sg.complexity(sg.pure(p))
    for u in (0.999999 * c.lowest_energy(), c.threshold_energy, -1.0, 0.0):
        best = overlap_supremum(p, u)
        assert best.typical and best.r == 0.0
        assert best.value == pytest.approx(2 * c(u), abs=1e-10)
    just_below = overlap_supremum(p, 1.001 * c.lowest_energy())
    assert just_below.r == 0.0 and just_below.value < -1e-3 and not just_below.typical  # as many pairs, of no points
    below = overlap_supremum(p, 1.1 * c.lowest_energy())
    assert not below.typical and below.value >= 2 * c(1.1 * c.lowest_energy())


def test_supremum_is_above_a_fine_grid():
    r = np.linspace(-1, 1, 20001)
    for p, u in ((6, -2.0), (3, -1.7), (5, -1.9), (20, -2.3)):
        best = overlap_supremum(p, u)
        heights = second_moment(p, r, u, u)
        assert best.value >= heights.max() - 1e-10
        assert best.value == pytest.approx(heights.max(), abs=1e-6)
        assert second_moment(p, best.r, u, u) == pytest.approx(best.value, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "expected"),
    [
        (lambda: second_moment(2, 0.1, -1, -1), ValueError, "p: expected an integer of at least 3, got 2"),
        (lambda: second_moment("3", 0.1, -1, -1), TypeError, "p: expected an integer"),
        (lambda: second_moment(3, 1.1, -1, -1), ValueError, r"r: expected overlaps in \[-1, 1\], got 1.1"),
        (lambda: second_moment(3, -1.1, -1, -1, sg.mp(20)), ValueError, r"r: expected an overlap in \[-1, 1\]"),
        (lambda: second_moment(3, 0.1, np.inf, -1), ValueError, "u1: expected finite numbers, got inf"),
        (lambda: second_moment(3, 0.1, -1, np.nan), ValueError, "u2: expected finite numbers, got nan"),
        (lambda: second_moment(3, 0.1, None, "b"), TypeError, "expected numbers or arrays"),
        (lambda: overlap_supremum(3, np.nan), ValueError, "u: expected a finite number"),
        (lambda: overlap_supremum(3, [1]), TypeError, "u: expected a real number"),
        (lambda: overlap_supremum(2, -1.0), ValueError, "p: expected an integer of at least 3"),
    ],
)
def test_bad_input_is_refused_in_one_line(call, error, expected):
    with pytest.raises(error, match=expected) as info:
        call()
    assert "\n" not in str(info.value)
