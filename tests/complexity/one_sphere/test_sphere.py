"""One sphere to rounding: nearly pure mixtures, strong fields and all scales against many digits; limits and nan."""

from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
import sympy

import spinglass as sg
from spinglass.complexity.one_sphere.sphere import OneSphere

TRUE = mpmath.MPContext()
TRUE.dps = 60


class Truth:
    """The text's supremum over the shift with digits for any cancellation: the covariance's sums, then the braces."""

    def __init__(self, coefficients):
        spread = Fraction(max(coefficients.values())) / Fraction(min(coefficients.values()))
        self.ctx = mpmath.MPContext()
        self.ctx.dps = 60 + 4 * len(str(int(spread)))
        number = self.ctx.mpf
        terms = [(p, number(c)) for p, c in coefficients.items()]
        self.v0, self.x1 = sum(c for _, c in terms), sum(p * c for p, c in terms)
        self.x2 = sum(p * (p - 1) * c for p, c in terms)
        self.s2 = self.x1 + self.x2 - self.x1**2 / self.v0
        self.edge = 2 * self.ctx.sqrt(self.x2)

    def cost(self, y):
        """Return I(y)."""
        root = self.ctx.sqrt(y * y - 1)
        return y * root - self.ctx.log(y + root)

    def braces(self, d, mean, variance, k):
        """Return what the supremum is taken of."""
        y = abs(d) / self.edge
        return d * d / (4 * self.x2) - (k + 1) * (self.cost(y) if y > 1 else 0) - (d - mean) ** 2 / (2 * variance)

    def best(self, mean, variance, index):
        """Return the supremum of the braces: the better of the edge, the bulk and the roots outside."""
        ctx, k = self.ctx, index or 0
        mean = abs(mean) if index is None else mean
        places = [self.edge]
        inside = mean / (1 - variance / (2 * self.x2)) if variance != 2 * self.x2 else self.edge
        if index is None and abs(inside) < self.edge:
            places.append(inside)
        # d = sqrt(x2)(t + 1/t): a quadratic in t
        a, c = 1 + k * variance / (2 * self.x2), 1 - (k + 2) * variance / (2 * self.x2)
        b = mean / ctx.sqrt(self.x2)
        if b * b >= 4 * a * c:
            roots = [(b + sign * ctx.sqrt(b * b - 4 * a * c)) / (2 * a) for sign in (-1, 1)]
            places += [self.edge * (t + 1 / t) / 2 for t in roots if t >= 1]
        return max(self.braces(d, mean, variance, k) for d in places)

    def at(self, u, index):
        """Return Sigma_k(u)."""
        u = self.ctx.mpf(u)
        level = self.ctx.log(self.x2 / self.x1) / 2 - u * u / (2 * self.v0)
        return level + self.best(-self.x1 * u / self.v0, self.s2, index)

    def total(self, index):
        """Return the supremum over u too: the shift alone has variance x1 + x2 and mean 0."""
        return self.ctx.log(self.x2 / self.x1) / 2 + self.best(self.ctx.mpf(0), self.x1 + self.x2, index)

    def at_fraction(self, u, fraction):
        """Return Sigma(u) at a fraction of negative eigenvalues."""
        ctx, u = self.ctx, self.ctx.mpf(u)
        angle = ctx.findroot(lambda x: x - ctx.sin(x) * ctx.cos(x) - ctx.pi * ctx.mpf(fraction), 1.0)
        d = self.edge * ctx.cos(angle)
        return (
            ctx.log(self.x2 / self.x1) / 2 - u * u / (2 * self.v0) + self.braces(d, -self.x1 * u / self.v0, self.s2, 0)
        )

    def threshold(self):
        """Return the threshold energy."""
        return -self.v0 * (2 * self.x2 - self.s2) / (self.x1 * self.ctx.sqrt(self.x2))


def random_mixtures(count, seed):
    """Yield mixtures whose coefficients differ by factors of up to 1e18, at scales up to 1e150."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        size = int(rng.integers(2, 5))
        degrees = rng.choice([1, 2, 3, 4, 5, 7, 16], size, replace=False)
        if max(degrees) < 2:
            degrees[0] = 3
        scale = 10.0 ** (rng.uniform(-150, 150) * rng.integers(0, 2))
        yield {int(p): float(scale * 10.0 ** rng.uniform(-18, 0)) for p in degrees}, rng


def close(got, true, least=1.0):
    """Tell whether a float agrees to 1e-13, relative to itself or to a size if it is smaller."""
    return abs(float(got) - float(true)) <= 1e-13 * max(abs(float(true)), least)


def test_rates_and_energies_of_random_mixtures_are_exact_to_rounding():
    asked = 0
    for coefficients, rng in random_mixtures(150, 1):
        c, truth = sg.complexity(sg.mixed(coefficients)), Truth(coefficients)
        unit = float(truth.ctx.sqrt(truth.v0))
        threshold = c.threshold_energy
        assert close(threshold, truth.threshold(), 0), coefficients
        for index in (None, 0, 2):
            near = threshold * (1 + 10.0 ** rng.uniform(-16, 0) * rng.choice([-1, 1]))
            for u in (near, unit * rng.uniform(-3, 3), threshold, 0.0, -1e6 * unit):
                assert close(c(u, index=index), truth.at(u, index)), (coefficients, u, index)
                asked += 1
            assert close(c.total(index=index), truth.total(index)), (coefficients, index)
        u = unit * rng.uniform(-2, 2)
        assert close(c(u, fraction=0.2), truth.at_fraction(u, 0.2)), (coefficients, u)
    assert asked == 150 * 15


def test_lowest_energies_of_random_mixtures_are_zeros_to_rounding():
    found = nothing = 0
    for coefficients, _ in random_mixtures(60, 2):
        c, truth = sg.complexity(sg.mixed(coefficients)), Truth(coefficients)
        for index in (None, 0, 3):
            low = c.lowest_energy(index=index)
            if low == np.inf:
                assert truth.total(index) < 0
                nothing += 1
                continue
            found += 1
            if truth.x2 <= truth.x1:  # the complexity is 0 at the two extremes only
                assert close(low, -truth.ctx.sqrt(truth.x1), 0), (coefficients, index)
                assert c.total(index=index) == 0
            else:
                # next to a pure model of degree 2 the rate is positive on less than 1e-13 around its maximum
                typical = 0 if index is None else -truth.edge * truth.x1 / (truth.x1 + truth.x2)
                low = truth.ctx.mpf(low)
                assert truth.at(low * (1 + 1e-13), index) < 0, (coefficients, index)
                assert truth.at(min(low * (1 - 1e-13), typical), index) > 0, (coefficients, index)
    assert found > 100 and nothing > 5


@pytest.mark.parametrize("small", [1e-10, 1e-60, 1e-200, 1e-300])
@pytest.mark.parametrize("degree", [2, 3])
def test_the_lowest_energies_of_all_but_pure_mixtures_are_zeros_in_all_digits(degree, small):
    coefficients = {degree: 1e100, 7: 1e100 * small}
    c, truth = sg.complexity(sg.mixed(coefficients)), Truth(coefficients)
    for index in (None, 0, 10**5):
        typical = 0 if index is None else -truth.edge * truth.x1 / (truth.x1 + truth.x2)
        for ar, digits in ((None, 13), (sg.mp(20), 19)):
            low, error = truth.ctx.convert(c.lowest_energy(index=index, arithmetic=ar)), truth.ctx.mpf(10) ** -digits
            assert truth.at(low * (1 + error), index) < 0 < truth.at(min(low * (1 - error), typical), index)


@pytest.mark.parametrize(
    ("coefficients", "index", "value"),
    [({3: 1 - 1e-16, 4: 1e-16}, 0, 0.0042538940146), ({3: 1.0, 4: 1e-17}, None, 0.0042538940146)],
)
def test_a_nearly_pure_mixture_has_the_rates_of_the_pure_one(coefficients, index, value):
    c = sg.complexity(sg.mixed(coefficients))
    assert c(-1.65, index=index) == pytest.approx(value, abs=1e-12)
    assert c.lowest_energy(index=index) == pytest.approx(sg.complexity(sg.pure(3)).lowest_energy(), abs=1e-15)


@pytest.mark.parametrize("coefficients", [{1: 4.0, 3: 1}, {1: 1.0, 2: 0.5}, {1: 10.0, 3: 1.0}, {2: 3.0}, {1: 3, 3: 1}])
def test_trivial_landscapes_have_rate_0_at_the_two_extremes_exactly(coefficients):
    game = sg.mixed(coefficients)
    c, radius = sg.complexity(game), sum(p * x for p, x in coefficients.items()) ** 0.5
    arithmetics = (None, sg.mp(20), sg.balls(20), sg.symbols)
    for index in (None, 0):
        assert all(c.total(index=index, arithmetic=ar) == 0 for ar in arithmetics)
        assert all(abs(float(c.lowest_energy(index=index, arithmetic=ar)) + radius) < 1e-14 for ar in arithmetics)
        assert c.lowest_energy(index=index) == c.typical_energy(index=index)
        assert np.all(c(np.linspace(-2 * radius, 2 * radius, 1001), index=index) <= 0)
    assert c.lowest_energy(loss=[-1.0]) == c.lowest_energy()


def test_scales_change_energies_alone():
    c = sg.complexity(sg.mixed({2: 0.3, 3: 1.0, 4: 1e-9}))
    for power in (-700, -333, 333, 700):
        unit = 2.0 ** (power // 2)
        d = sg.complexity(sg.mixed({p: x * unit**2 for p, x in {2: 0.3, 3: 1.0, 4: 1e-9}.items()}))
        assert d.threshold_energy == unit * c.threshold_energy
        assert d.lowest_energy(index=1) == pytest.approx(unit * c.lowest_energy(index=1), rel=4e-16)
        u = np.linspace(-2, 2, 41)
        np.testing.assert_allclose(d(unit * u, index=0), c(u, index=0), rtol=1e-14)
        np.testing.assert_allclose(d(unit * u, fraction=0.1), c(u, fraction=0.1), rtol=1e-14)
        assert d.classify().G == c.classify().G


@pytest.mark.parametrize("power", [-330, 330])
def test_quenched_complexities_and_ground_states_have_no_scale_either(power):
    for terms in ({3: 1 / 2, 16: 1 / 32}, {3: 1.0, 4: 1.0}, {2: 1.0, 4: 0.01}):
        games = [sg.mixed({p: x * unit**2 for p, x in terms.items()}) for unit in (1.0, 2.0**power)]
        c, d = (sg.complexity(game, "quenched") for game in games)
        assert d.total() == pytest.approx(c.total(), rel=1e-14)
        if 16 in terms:
            assert d.threshold_energy == pytest.approx(2.0**power * c.threshold_energy, rel=1e-12)
            assert d(-1.2878 * 2.0**power) == pytest.approx(c(-1.2878), abs=1e-12)
        else:
            energies = [sg.ground_state_energy(game) for game in games]
            assert energies[1] == pytest.approx(2.0**power * energies[0], rel=1e-12)
        energies = [sg.algorithmic_energy(game) for game in games]
        assert energies[1] == pytest.approx(2.0**power * energies[0], rel=1e-12)
    with pytest.raises(NotImplementedError, match="neither one step nor full"):
        sg.ground_state_energy(sg.mixed({2: 4.0**power, 4: 0.1 * 4.0**power}))


@pytest.mark.parametrize("small", [1e-10, 1e-17, 1e-40, 1e-200])
def test_the_quenched_complexity_of_a_nearly_pure_mixture_is_the_pure_one(small):
    c, pure = sg.complexity(sg.mixed({3: 1.0, 4: small}), "quenched"), sg.complexity(sg.pure(3))
    for index in (None, 0):
        assert c.lowest_energy(index=index) == pytest.approx(pure.lowest_energy(index=index), abs=2 * small + 1e-15)
        assert c(-1.64, index=index) == pytest.approx(pure(-1.64, index=index), abs=2 * small + 1e-14)
        assert c.total(index=index) == pytest.approx(pure.total(index=index), abs=2 * small + 1e-14)


def test_digits_and_enclosures_of_random_mixtures_keep_what_they_promise():
    digits, balls = sg.mp(20), sg.balls(20)
    for coefficients, rng in random_mixtures(12, 3):
        c, truth = sg.complexity(sg.mixed(coefficients)), Truth(coefficients)
        number, least = truth.ctx.convert, truth.ctx.mpf(10) ** -20
        for index in (None, 0, 3):
            for factor in (1 + 10.0 ** rng.uniform(-15, 0), rng.uniform(-1, 1)):
                u = float(c.threshold_energy * factor)
                true = truth.at(u, index)
                got = number(c(u, index=index, arithmetic=digits))
                assert got == true or abs(got - true) <= least * max(1, abs(true)), (coefficients, u, index)
                ball = c(u, index=index, arithmetic=balls)
                with sg.balls(200).precision():
                    assert ball.overlaps(flint.arb(mpmath.nstr(true, 150))), (coefficients, u, index)
            low, ball = (c.lowest_energy(index=index, arithmetic=ar) for ar in (digits, balls))
            if low < digits.infinity:
                with sg.balls(40).precision():
                    assert abs(ball / flint.arb(mpmath.nstr(low, 25)) - 1) < 2e-19
            if low < digits.infinity and truth.x2 > truth.x1:
                low, typical = number(low), 0 if index is None else -truth.edge * truth.x1 / (truth.x1 + truth.x2)
                assert (
                    truth.at(low * (1 + 10 * least), index) < 0 < truth.at(min(low * (1 - 10 * least), typical), index)
                )


def test_a_strong_field_and_energies_far_out_are_silent():
    c = sg.complexity(sg.mixed({1: 1.0, 2: 1e-300, 3: 1e-310}))
    u = np.array([-1e308, -1e160, -1e154, -1e10, -1.0, 0.0, 1.0, 1e10, 1e160, np.inf])
    for index in (None, 0, 7):
        rates, below = c(u, index=index), c.below(u, index=index)
        assert not np.isnan([rates, below]).any() and np.all(rates <= 0) and rates[0] == rates[-1] == -np.inf
        assert below[-1] == c.total(index=index)
    strong = sg.mixed({1: 5e250, 2: 1e107})
    assert np.isfinite([float(strong.hessian(u).shifts[0]) for u in (-1e226, 1e226, -1e125, 0.0)]).all()
    flat = sg.complexity(sg.mixed({2: 1e230, 5: 1e-132}))  # x2/x1 - 1 is no float
    assert flat.lowest_energy() == pytest.approx(-(2**0.5) * 1e115, rel=1e-15) and flat.total() == 0


def test_a_field_beside_which_the_rest_is_no_float_is_left_to_digits():
    c = sg.complexity(sg.mixed({2: 1e-272, 1: 1e70}))
    assert c.total() == 0 and c.lowest_energy() == -1e35
    with pytest.raises(ValueError, match="arithmetic: expected one with digits"):
        c(-1.0)
    truth = Truth({2: 1e-272, 1: 1e70})
    for u in (-1e34, -1e35, 2e35):
        assert close(c(u, arithmetic=sg.mp(20)), truth.at(u, None))


@pytest.mark.parametrize("index", [50, 10**6, 10**9])
def test_many_negative_eigenvalues_keep_their_digits(index):
    for coefficients in ({3: 1.0}, {3: 0.5, 4: 0.5}, {1: 2.0, 3: 1.0}):
        c, truth = sg.complexity(sg.mixed(coefficients)), Truth(coefficients | {9: 1e-60})
        for u in np.array([1.0001, 1.01, 1.2, 3.0]) * c.threshold_energy:
            assert close(c(u, index=index), truth.at(u, index)), (coefficients, u)


# -- the Hessian where the points are most numerous ------------------------------------------------------------------


@pytest.mark.parametrize("u", [1.5, 0.4, -0.4, -1.5, -1.9, 1.9])
def test_the_shift_of_the_hessian_is_where_the_rate_is_largest(u):
    game = sg.mixed({3: 0.5, 4: 0.5})
    truth, shift = Truth({3: 0.5, 4: 0.5}), float(game.hessian(u).shifts[0])
    mean, places = -truth.x1 * u / truth.v0, np.linspace(-9, 9, 4001)
    best = max(places, key=lambda d: truth.braces(truth.ctx.mpf(float(d)), mean, truth.s2, 0))
    assert abs(best - shift) < 0.005
    assert game.hessian(u).law.support.mean() == pytest.approx(shift)


def test_the_dominant_normals_of_a_nearly_pure_mixture_carry_what_the_energy_leaves():
    for small in (1e-6, 1e-14, 1e-25):
        game = sg.mixed({3: 1.0, 5: small})
        law, sphere = game.local_law(), Truth({3: 1.0, 5: small})
        for u, index in ((-1.0, None), (1.2, None), (-1.7, 1)):
            g = sg.complexity(game).dominant_normals(u, index=index)
            assert float(law.losses[0] @ g) == pytest.approx(u, abs=1e-14) and law.losses[0, 1] == 0
            assert float(sphere.s2**0.5) == pytest.approx(abs(law.shifts[0, 1]), rel=1e-14)
            mean, slope = -sphere.x1 * u / sphere.v0, sphere.ctx.mpf(abs(law.shifts[0, 1]))
            rates = [
                sphere.braces(mean - sphere.ctx.mpf(float(g[1] * factor)) * slope, mean, sphere.s2, index or 0)
                for factor in (0.9999, 1, 1.0001)
            ]
            assert g[1] != 0 and rates[1] > max(rates[0], rates[2]), (small, u)


# -- limits, and what is no number -----------------------------------------------------------------------------------

FLOAT, DIGITS, BALLS = sg.float64, sg.mp(20), sg.balls(20)
INFINITE = [
    (None, np.inf),
    (DIGITS, np.inf),
    (DIGITS, mpmath.inf),
    (DIGITS, np.float32(np.inf)),
    (BALLS, np.inf),
    (BALLS, flint.arb("inf")),
    (sg.symbols, np.inf),
    (sg.symbols, sympy.oo),
]


@pytest.mark.parametrize(("ar", "infinity"), INFINITE, ids=str)
@pytest.mark.parametrize("model", [sg.pure(3), sg.mixed({3: 0.5, 4: 0.5}), sg.mixed({1: 4, 3: 1})], ids=str)
def test_infinite_energies_have_their_limits_in_every_arithmetic(ar, infinity, model):
    c = sg.complexity(model)
    for kind in ({}, {"index": 0}, {"index": 2}, {"fraction": 0.25}):
        if "fraction" in kind and ar in (BALLS, sg.symbols):
            continue
        for sign in (-1, 1):
            assert float(c(sign * infinity, arithmetic=ar, **kind)) == -np.inf
        assert float(c.below(-infinity, arithmetic=ar, **kind)) == -np.inf
        assert float(c.below(infinity, arithmetic=ar, **kind)) == pytest.approx(c.total(**kind), abs=1e-14)


NANS = [float("nan"), np.float64("nan"), np.float32("nan"), mpmath.mpf("nan"), flint.arb("nan"), sympy.nan]


@pytest.mark.parametrize("nan", NANS, ids=[type(x).__name__ for x in NANS])
@pytest.mark.parametrize("ar", [None, DIGITS, BALLS, sg.symbols], ids=str)
def test_nan_of_every_kind_is_refused_in_every_arithmetic(nan, ar):
    for ask in (sg.complexity(sg.mixed({3: 0.5, 4: 0.5})), sg.complexity(sg.pure(3)).below):
        with pytest.raises((ValueError, TypeError)) as caught:
            ask(nan, arithmetic=ar)
        assert "nan" in str(caught.value) and "\n" not in str(caught.value)
    asks = (lambda x: sg.second_moment(3, 0.3, x, -1.6, arithmetic=ar), lambda x: sg.spiked(3, 1.0)(x, arithmetic=ar))
    for ask in asks:
        with pytest.raises((ValueError, TypeError)) as caught:
            ask(nan)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("terms", [{3: 1.0}, {2: 0.3, 4: 1.0}, {3: 1.0, 16: 0.2}, {1: 0.5, 3: 1.0}])
def test_dominant_shift_is_its_mean_at_the_energy_and_what_is_its_own(terms):
    """In the bulk and beyond it: given u the shift has the mean -xi'(1) u / xi(1), whatever dominates."""
    sphere = OneSphere.of(sg.mixed(terms) if len(terms) > 1 else sg.pure(3), sg.float64)
    slope = sum(p * c for p, c in terms.items()) / sum(terms.values())
    energies = float(sphere.threshold_energy) * np.array([3.0, 1.2, 0.9, 0.4, 0.01])
    for index, given in ((None, [*energies, *-energies]), (0, energies), (2, energies)):
        for u in given:
            assert sphere.best_shift(u, index) - sphere.own_shift(u, index) == pytest.approx(-slope * u, rel=1e-13)
