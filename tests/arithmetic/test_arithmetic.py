"""Arithmetics: the same closed form has the same value in all of them, and none leaves a trace."""

import builtins
import math
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import spinglass as sg
from spinglass.arithmetic import ball, determinant, eliminated, float64, resolve, solve
from spinglass.arithmetic.exact import exact
from spinglass.arithmetic.multiprecision import checked_digits
from spinglass.complexity.one_sphere.sphere import OneSphere
from spinglass.spectra.semicircle import deviation

ARITHMETICS = [float64, sg.mp(30), sg.balls(30), sg.symbols]
NAMES = [ar.name for ar in ARITHMETICS]
every_arithmetic = pytest.mark.parametrize("ar", ARITHMETICS, ids=NAMES)


def as_float(x):
    """Return the float nearest to a number of any arithmetic."""
    if isinstance(x, flint.arb):
        return float(x.mid())
    return float(sympy.N(x, 20)) if isinstance(x, sympy.Basic) else float(x)


def contains(ball, value):
    """Tell whether a ball holds a number known to more digits than its own."""
    with sg.balls(120).precision():
        return ball.contains(flint.arb(mpmath.nstr(value, 110)))


# -- the contract of an arithmetic ---------------------------------------------------------------------------------


@every_arithmetic
def test_an_arithmetic_has_the_whole_vocabulary(ar):
    with ar.precision():
        assert as_float(ar.pi) == math.pi
        assert as_float(ar.sqrt(ar.number(2))) == pytest.approx(math.sqrt(2), rel=1e-15)
        assert as_float(ar.log(ar.number(3))) == pytest.approx(math.log(3), rel=1e-15)
        assert as_float(ar.number(Fraction(1, 3))) == 1 / 3
        assert as_float(ar.log1p(ar.number(Fraction(1, 4)))) == pytest.approx(math.log(1.25), rel=1e-15)
        assert as_float(ar.logarithm(Fraction(10**400))) == pytest.approx(400 * math.log(10), rel=1e-15)
        assert as_float(ar.logarithm(1 + Fraction(1, 10**20))) == pytest.approx(1e-20, rel=1e-15)
        assert as_float(ar.over_root(Fraction(-7), Fraction(10**500))[0]) == pytest.approx(-7e-250, rel=1e-15)
        assert as_float(ar.hypot(ar.number(3), ar.number(4))) == 5
        assert as_float(ar.least(ar.number(2), ar.number(1))) == 1
        assert ar.is_infinite(-ar.infinity) and not ar.is_infinite(ar.number(1))
        assert bool(ar.positive(ar.number(1))) and not bool(ar.positive(ar.number(-1)))
        assert as_float(ar.result(ar.number(7))) == 7
        assert bool(ar.infinity > 10**9)


@every_arithmetic
@pytest.mark.parametrize("x", [0.1, 0.3, -2.5e-20, 1e200, np.float64(0.1), 2**70, np.int64(5), Fraction(5, 4)])
def test_a_number_is_converted_exactly(ar, x):
    with ar.precision():
        number = ar.number(x)
        exact = Fraction(x) if not isinstance(x, np.generic) else Fraction(x.item())
        if ar is float64:
            assert number == float(x)
        else:
            difference = number * exact.denominator - exact.numerator
            assert difference == 0 or abs(as_float(difference)) <= 1e-40 * abs(exact.numerator)


@pytest.mark.parametrize("seed", range(5))
def test_functions_of_fractions_are_rounded_once(seed):
    rng, ctx = np.random.default_rng(seed), sg.mp(700).context
    for _ in range(20):
        a, b = (Fraction(float(rng.uniform(-1, 1))) * Fraction(10) ** int(rng.integers(-300, 300)) for _ in range(2))
        b = abs(b)
        a = a * Fraction(10) ** round(math.log10(b) / 2 - math.log10(abs(a)))  # so that a/sqrt(b) is of order 1
        high, low = float64.over_root(a, b)
        true = ctx.mpf(a.numerator) / a.denominator / ctx.sqrt(ctx.mpf(b.numerator) / b.denominator)
        assert abs(ctx.mpf(high) + low - true) < 1e-30 * abs(true) and abs(low) <= 2**-53 * abs(high)
        for x in (b, 1 + b, 1 + Fraction(1, 10**30) * (1 + b)):
            true = ctx.log(x.numerator) - ctx.log(x.denominator)
            assert float64.logarithm(x) == pytest.approx(float(true), rel=4e-16, abs=0)


@pytest.mark.parametrize("x", [7, 0.1, -2.5e-300, Fraction(2, 3), np.float64(0.3), np.int64(5)])
def test_every_number_is_a_fraction(x):
    assert exact(x) == Fraction(x if isinstance(x, Fraction) else getattr(x, "item", lambda: x)())
    ctx = sg.mp(50).context
    assert exact(ctx.mpf(7) / 3) * 3 - 7 < Fraction(1, 10**60) and exact(ctx.mpf("-0.5")) == Fraction(-1, 2)
    assert exact(sympy.Rational(2, 7)) == Fraction(2, 7) and exact(sympy.Symbol("x")) == sympy.Symbol("x")


@every_arithmetic
def test_a_branch_is_evaluated_only_where_it_is_valid(ar):
    with ar.precision():
        for x, expected in ((ar.number(4), 2.0), (ar.number(-4), -1.0)):
            value = ar.where(ar.positive(x), lambda on, x=x: ar.sqrt(ar.select(x, on)), ar.number(-1))
            assert as_float(value) == expected


def test_float64_selects_by_element_without_warnings():
    x = np.array([[-1.0, 4.0], [9.0, -2.0]])
    roots = float64.where(x > 0, lambda on: np.sqrt(float64.select(x, on)), -np.inf)
    np.testing.assert_array_equal(roots, [[-np.inf, 2.0], [3.0, -np.inf]])
    nothing = float64.where(np.zeros(0, bool), lambda on: 1 / 0, 0.0)
    assert nothing.shape == (0,)


@every_arithmetic
def test_resolve_returns_an_arithmetic_itself(ar):
    assert resolve(ar) is ar
    assert resolve(None) is float64


@pytest.mark.parametrize("wrong", [50, "mp", sg.mp, sg.balls, math, sg.mp(5).number])
def test_resolve_refuses_anything_else_in_one_line(wrong):
    with pytest.raises(TypeError, match=r"arithmetic: expected sg\.mp") as error:
        resolve(wrong)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("make", [sg.mp, sg.balls])
def test_arithmetics_with_digits_are_shared_and_named(make):
    assert make(40) is make(40)
    assert repr(make(40)) == f"sg.{make.__name__}(40)"
    assert repr(sg.symbols) == "sg.symbols"


@pytest.mark.parametrize("make", [sg.mp, sg.balls, checked_digits])
@pytest.mark.parametrize(
    ("digits", "kind"),
    [(0, ValueError), (-3, ValueError), (2.5, TypeError), ("50", TypeError), (True, TypeError), (None, TypeError)],
)
def test_digits_are_a_positive_integer(make, digits, kind):
    with pytest.raises(kind, match="digits: expected a positive integer, got") as error:
        make(digits)
    assert "\n" not in str(error.value)


def test_digits_may_be_a_numpy_integer():
    assert sg.mp(np.int64(20)).digits == 20


# -- the same closed form in every arithmetic ----------------------------------------------------------------------

coefficient = st.fractions(min_value=Fraction(1, 20), max_value=3, max_denominator=40)
mixtures = st.dictionaries(st.integers(1, 9), coefficient, min_size=1, max_size=3).filter(lambda c: max(c) >= 2)
energy = st.fractions(min_value=-3, max_value=1, max_denominator=50)


@settings(max_examples=40, deadline=None)
@given(mixtures, energy, st.sampled_from([None, 0, 1, 5]))
def test_one_sphere_agrees_in_every_arithmetic(coefficients, u, index):
    game = sg.mixed(coefficients)
    values = {}
    for ar in ARITHMETICS:
        with ar.precision():
            sphere = OneSphere.of(game, ar)
            try:
                values[ar.name] = ar.result(sphere.at(ar.number(u), index))
            except ArithmeticError as error:  # a ball on a boundary must not guess
                assert ar.name == "balls(30)"
                assert "try more digits" in str(error)
    digits = values["mp(30)"]
    if mpmath.isinf(digits):
        assert {as_float(x) for x in values.values()} == {-math.inf}
        return
    exact = sympy.N(values["symbols"], 50)
    assert abs(exact - sympy.Float(str(digits), 40)) < 1e-28 * (1 + abs(exact))
    # float64 carries the fractions rounded: close to -infinity's boundary that matters
    assert values["float64"] == pytest.approx(float(digits), rel=1e-12, abs=1e-12)
    if "balls(30)" in values:
        assert contains(values["balls(30)"], mp_value(game, u, index, 60))
        assert values["balls(30)"].rad() < 1e-30 * (1 + abs(float(digits)))


def mp_value(game, u, index, digits):
    """Return the complexity with so many digits, from the public entrance."""
    return sg.complexity(game)(Fraction(u), index=index, arithmetic=sg.mp(digits))


@pytest.mark.parametrize("y", [1.0, 1.0 + 1e-9, 1.5, 40.0, 1e8])
def test_deviation_agrees_in_every_arithmetic(y):
    """I(y) is the integral of 2 sqrt(t^2 - 1)."""
    with mpmath.workdps(40):
        ctx = mpmath.mp
        reference = ctx.mpf(y) * ctx.sqrt(ctx.mpf(y) ** 2 - 1) - ctx.acosh(ctx.mpf(y))
        integral = ctx.quad(lambda t: 2 * ctx.sqrt((t - 1) * (t + 1)), [1, ctx.mpf(y)])
        assert abs(reference - integral) <= 1e-12 * reference
    for ar in ARITHMETICS:
        with ar.precision():
            value = deviation(ar.number(y), ar)
            # float64: two terms of size sqrt(2(y-1)) cancel beside the edge
            assert as_float(value) == pytest.approx(float(reference), rel=1e-13, abs=5e-16)


@pytest.mark.parametrize("digits", [1, 15, 50])
@pytest.mark.parametrize("p", [3, 4, 10])
@pytest.mark.parametrize("index", [None, 0, 3])
def test_balls_hold_the_values_of_twice_as_many_digits(p, index, digits):
    c = sg.complexity(sg.pure(p))
    threshold = Fraction(c.threshold_energy)
    u = threshold - Fraction(1, 7)
    questions = [
        lambda ar: c(u, index=index, arithmetic=ar),
        lambda ar: c.below(u, index=index, arithmetic=ar),
        lambda ar: c.total(index=index, arithmetic=ar),
        lambda ar: c.lowest_energy(index=index, arithmetic=ar),
    ]
    for question in questions:
        enclosure, value = question(sg.balls(digits)), question(sg.mp(2 * digits + 25))
        assert contains(enclosure, value)
        assert enclosure.rad() <= 10.0**-digits


@pytest.mark.parametrize("p", [2, 3, 7])
def test_digits_only_add_to_each_other(p):
    c = sg.complexity(sg.pure(p))
    long = c.lowest_energy(index=0, arithmetic=sg.mp(200))
    for digits in (5, 20, 100):
        short = c.lowest_energy(index=0, arithmetic=sg.mp(digits))
        with mpmath.workdps(220):
            assert abs(short - long) <= abs(long) * mpmath.mpf(10) ** (1 - digits)
    assert c.lowest_energy(index=0) == pytest.approx(float(long), rel=4e-16)


def test_a_ball_that_holds_both_signs_refuses_to_guess():
    for middle, radius in ((0, 1), (0.5, 0.5), (1e-300, 1), (-0.25, 0.5)):
        with pytest.raises(ArithmeticError, match="try more digits"):
            sg.balls(10).positive(flint.arb(middle, radius))


@pytest.mark.parametrize("size", [1e-300, 1e-30, 0.25, 0.75, 1.0, 1.5, 1e30])
def test_a_ball_on_one_side_of_zero_has_its_sign(size):
    for radius in (0.0, 0.5, 0.999):
        assert sg.balls(10).positive(flint.arb(size, radius * size)) is True
        assert sg.balls(10).positive(flint.arb(-size, radius * size)) is False
    assert sg.balls(10).positive(flint.arb(0)) is False


# -- nothing global is touched -------------------------------------------------------------------------------------


@pytest.fixture
def unusual_precisions():
    """Set precisions nobody else would, and check them afterwards."""
    before = flint.ctx.prec, mpmath.mp.dps
    flint.ctx.prec, mpmath.mp.dps = 77, 23
    yield
    after = flint.ctx.prec, mpmath.mp.dps
    flint.ctx.prec, mpmath.mp.dps = before
    assert after == (77, 23)


@pytest.mark.parametrize("ar", [sg.mp(60), sg.balls(60), sg.symbols], ids=["mp", "balls", "symbols"])
def test_global_precisions_are_untouched(ar, unusual_precisions):
    c = sg.complexity(sg.pure(3))
    c(Fraction(-17, 10), index=0, arithmetic=ar), c.total(arithmetic=ar)
    if ar is not sg.symbols:
        c.lowest_energy(index=1, arithmetic=ar)
    sg.gan(p=3, q=3, sigma_z=1, kappa=Fraction(9, 10)).local_law(ar)
    assert (flint.ctx.prec, mpmath.mp.dps) == (77, 23)


def test_precision_of_flint_returns_after_an_error(unusual_precisions):
    with pytest.raises(ZeroDivisionError), sg.balls(60).precision():
        assert flint.ctx.prec > 199
        _ = 1 // 0
    assert flint.ctx.prec == 77


def test_results_do_not_depend_on_global_precisions(unusual_precisions):
    c = sg.complexity(sg.pure(3))
    value = c.lowest_energy(index=0, arithmetic=sg.mp(40))
    assert value.context.dps == 40
    assert str(value) == str(c.lowest_energy(index=0, arithmetic=sg.mp(40)))
    with mpmath.workdps(60):
        assert abs(value - c.lowest_energy(index=0, arithmetic=sg.mp(55))) < mpmath.mpf(10) ** -39
    assert mpmath.mp.dps == 23


# -- without python-flint ------------------------------------------------------------------------------------------


def test_without_flint_the_error_says_what_to_install(monkeypatch):
    normal = builtins.__import__

    def without_flint(name, *rest, **more):
        if name.split(".")[0] == "flint":
            raise ImportError("No module named 'flint'")
        return normal(name, *rest, **more)

    ball._make.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without_flint)
    with pytest.raises(ImportError, match=r"pip install python-flint .*\"\.\[certify\]\" in a clone") as error:
        sg.balls(30)
    assert "\n" not in str(error.value)
    monkeypatch.undo()
    assert sg.balls(30).digits == 30  # the failure is not remembered


# -- linear algebra ------------------------------------------------------------------------------------------------


def random_fractions(rng, *shape):
    upper, lower = rng.integers(-9, 10, shape), rng.integers(1, 8, shape)
    return np.vectorize(lambda a, b: Fraction(int(a), int(b)), otypes=[object])(upper, lower)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_solve_and_determinant_are_exact_on_fractions(n):
    rng = np.random.default_rng(n)
    a, x = random_fractions(rng, n, n), random_fractions(rng, n, 2)
    exact = sympy.Matrix(n, n, lambda i, j: sympy.Rational(a[i, j].numerator, a[i, j].denominator))
    assert determinant(a) == Fraction(int(exact.det().p), int(exact.det().q))
    assert determinant(a) != 0
    assert (solve(a, np.dot(a, x)) == x).all()
    assert (solve(a, np.dot(a, x[:, 0])) == x[:, 0]).all()


def test_pivots_are_exchanged():
    a = [[Fraction(x) for x in row] for row in ((0, 2, 1), (1, 0, 0), (0, 0, 3))]
    assert determinant(a) == -6
    assert list(solve(a, [Fraction(x) for x in (5, 1, 3)])) == [1, 2, 1]


def test_the_determinant_of_a_singular_matrix_is_zero():
    assert determinant([[1.0, 2.0], [2.0, 4.0]]) == 0
    assert determinant([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]]) == 0


@pytest.mark.parametrize("n", [1, 2, 4])
def test_elimination_of_fractions_is_exact(n):
    rng = np.random.default_rng(n)
    root = np.tril(random_fractions(rng, n, n), -1) + np.eye(n, dtype=int) * Fraction(1)
    weights = [Fraction(1, 10 ** (9 * i)) for i in range(n)]  # in floats all but the first would be lost
    matrix = np.dot(root * weights, root.T)
    assert (np.array(eliminated(matrix)) == root * weights).all()


@every_arithmetic
@pytest.mark.parametrize("n", [1, 2, 3])
def test_linear_algebra_agrees_with_numpy(ar, n):
    rng = np.random.default_rng(10 + n)
    a = rng.integers(-5, 6, size=(n, n)) + 7 * np.eye(n, dtype=int)
    b, definite = rng.integers(-5, 6, size=n), a @ a.T
    with ar.precision():

        def convert(x):
            return np.array([ar.number(int(y)) for y in np.ravel(x)], dtype=object).reshape(np.shape(x))

        floats = np.vectorize(as_float, otypes=[float])
        np.testing.assert_allclose(floats(solve(convert(a), convert(b))), np.linalg.solve(a, b), rtol=1e-12)
        assert as_float(determinant(convert(a))) == pytest.approx(np.linalg.det(a), rel=1e-12)
        lower = floats(np.array(eliminated(convert(definite)), dtype=object))
        np.testing.assert_allclose(lower / np.sqrt(np.diag(lower)), np.linalg.cholesky(definite), rtol=1e-12)


def test_solve_takes_complex_digits():
    ctx = sg.mp(40).context
    a = np.array([[ctx.mpc(1, 2), ctx.mpc(0, 1)], [ctx.mpc(3), ctx.mpc(-1, 1)]], dtype=object)
    x = np.array([ctx.mpc(1, -1), ctx.mpc(2, 5)], dtype=object)
    assert max(abs(d) for d in solve(a, np.dot(a, x)) - x) < 1e-48


def test_balls_around_zero_stay_finite():
    flint = pytest.importorskip("flint")
    for model in (sg.pure(3), sg.mixed({3: 0.5, 4: 0.5})):
        value = sg.complexity(model)(flint.arb(0, 1e-30), arithmetic=sg.balls(20))
        assert value.is_finite() and abs(float(value.mid()) - sg.complexity(model)(0.0)) < 1e-12
