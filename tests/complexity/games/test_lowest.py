"""Lowest and typical energies of games where the complexity touches 0, begins at a bound or is attained twice."""

import itertools
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest

import spinglass as sg
from spinglass.complexity.games.digits import Digits
from spinglass.complexity.games.lowest import SCAN, Along, Lowest, crossing
from spinglass.complexity.games.supremum import NONE


def two(first, second, kappa, losses=((1.0, 0.0), (0.0, 1.0)), players=((0,), (1,))):
    """Return a game on two spheres that do not meet: {degree: coefficient} of each."""
    fields = [{(p, 0): c for p, c in first.items()}, {(0, p): c for p, c in second.items()}]
    return sg.SphericalGame([kappa, 1 - kappa], fields, losses, players)


@pytest.mark.parametrize("kappa", [0.5, 0.3, 0.999, 1e-4])
def test_largest_singular_value_in_every_arithmetic(kappa):
    # x M y on two spheres: minus the largest singular value of a Gaussian matrix, the end of a plateau at complexity 0
    c = sg.complexity(sg.bipartite(1, 1, kappa=kappa))
    exact = -(np.sqrt(kappa) + np.sqrt(1 - kappa))
    assert c.total() == 0.0
    lowest = (c.lowest_energy(), c.lowest_energy(index=0), c.lowest_energy(loss=[-1.0]), -c.highest_energy())
    for level in (*lowest, c.typical_energy()):
        assert abs(level - exact) < 1e-15
    for digits in (20, 60 if 0.1 < kappa < 0.9 else 30):
        with mpmath.workdps(digits + 10):
            exact = -(mpmath.sqrt(kappa) + mpmath.sqrt(1 - mpmath.mpf(kappa)))
            got = mpmath.mpf(str(c.lowest_energy(arithmetic=sg.mp(digits))))
            assert abs(got - exact) < mpmath.mpf(10) ** (1 - digits)


def trivial_games(count):
    """Yield games whose fields are so strong that only 2^S points are left, and their gradient and loss matrices."""
    rng = np.random.default_rng(5)
    for _ in range(count):
        kappa, a, b = rng.uniform(0.2, 0.8), *rng.uniform(1.5, 3.0, 2)
        weak = dict(zip([(1, 1), (2, 0), (0, 2)], rng.uniform(0.02, 0.1, 3), strict=True))
        yield sg.SphericalGame([kappa, 1 - kappa], [{(1, 0): a, (0, 1): b} | weak], [[1.0]], [[0, 1]])
        fields = [{(1, 0): a, (2, 0): 0.05}, {(0, 1): b}, {(1, 1): 0.1}]
        yield sg.SphericalGame([kappa, 1 - kappa], fields, [[1.0, 0.0, 1.0], [0.3, 1.0, -1.0]], [[0], [1]])


def test_trivial_landscapes_have_their_lower_energy():
    # outside all bulks Sigma is stationary at b_s = +-1/sqrt(kappa_s V_s), where it is 0: 2^S places, derived here
    tried = 0
    for game in trivial_games(3):
        law, c = game.local_law(), sg.complexity(game)
        points = []
        for signs in itertools.product((1, -1), repeat=2):
            b = np.array(signs) / np.sqrt(law.fractions * law.gradient_variance)
            points.append(law.losses @ (law.fractions * b @ law.shifts))
        assert c.total() == 0.0
        for weights in ([1.0], [-2.0]) if len(law.losses) == 1 else ([1.0, 0.0], [0.0, 1.0], [0.4, -1.0]):
            lowest = min(point @ weights for point in points)
            assert abs(c.lowest_energy(loss=weights) - lowest) < 1e-14 * abs(lowest)
            assert abs(c.typical_energy(loss=weights) - lowest) < 1e-14 * abs(lowest)
            tried += 1
    assert tried == 3 * 5


def test_trivial_landscape_with_digits():
    game = sg.SphericalGame([0.5, 0.5], [{(1, 0): 2, (0, 1): 3, (1, 1): 0.125}], [[1]], [[0, 1]])
    got = sg.complexity(game).lowest_energy(arithmetic=sg.mp(30))
    with mpmath.workdps(40):  # -sum_s M_s with M_s = xi_s sqrt(kappa_s / V_s) = sqrt(kappa_s xi_s)
        exact = -sum(mpmath.sqrt(mpmath.mpf("0.5") * v) for v in (2.125, 3.125))
        assert abs(mpmath.mpf(str(got)) - exact) < mpmath.mpf(10) ** -29


def test_the_highest_minima_of_pure_models_are_a_bound():
    # index 0 ends where the bulks touch 0, with a positive complexity
    c = sg.complexity(two({3: 1.0}, {3: 1.0}, 0.4))
    threshold = 2 * np.sqrt(2 / 3)
    exact = threshold * (np.sqrt(0.4) + np.sqrt(0.6))
    assert abs(c.lowest_energy(loss=[-1.0, -1.0], index=(0, 0)) - exact) < 1e-14
    with mpmath.workdps(40):
        exact = 2 * mpmath.sqrt(mpmath.mpf(2) / 3) * sum(mpmath.sqrt(k) for k in (0.4, 1 - mpmath.mpf(0.4)))
        got = mpmath.mpf(str(c.lowest_energy(loss=[-1.0, -1.0], index=(0, 0), arithmetic=sg.mp(30))))
        assert abs(got - exact) < mpmath.mpf(10) ** -29


def test_spheres_that_do_not_meet_with_digits():
    # one bulk holds 0, the other does not: each is on its own branch of the Dyson equation
    first, second = sg.complexity(sg.pure(3)), sg.complexity(sg.mixed({2: 0.3, 4: 1.0}))
    c = sg.complexity(two({3: 1.0}, {2: 0.3, 4: 1.0}, 0.5))
    half = np.sqrt(0.5)
    for u, v, index in ((-1.7, -0.5, None), (-1.65, -1.7, (0, 1)), (-0.1, 1.2, None)):
        want = [
            0.5 * x(w, index=None if index is None else k, arithmetic=sg.mp(30))
            for x, w, k in ((first, u, 0 if index else None), (second, v, 1 if index else None))
        ]
        got = c(u * half, v * half, index=index, arithmetic=sg.mp(30))
        assert abs(float(got - sum(want))) < 1e-14  # the energies were rounded to float64
        assert abs(c(u * half, v * half, index=index) - float(got)) < 1e-13


def test_a_player_of_species_that_do_not_meet():
    first, second = sg.complexity(sg.pure(3)), sg.complexity(sg.mixed({2: 0.2, 3: 0.7}))
    game = two({3: 1.0}, {2: 0.2, 3: 0.7}, 0.4, [[1.0, 1.0]], [[0, 1]])
    c = sg.complexity(game)
    want = 0.4 * first.total(index=0) + 0.6 * second.total(index=0)
    assert abs(c.total(index=0) - want) < 1e-13
    assert abs(float(c.total(index=0, arithmetic=sg.mp(25))) - want) < 1e-13


def test_a_free_player_beside_joint_minima_is_searched_everywhere():
    # the second player's complexity has two equal maxima and a saddle between them, where a single search may end
    fields = [{(2, 1, 0): 1.0, (0, 3, 0): 0.5}, {(0, 0, 3): 1.0, (0, 0, 2): 0.1}]
    game = sg.SphericalGame([0.3, 0.3, 0.4], fields, [[1, 0], [0, 1]], [[0, 1], [2]])
    joint = sg.complexity(sg.SphericalGame([0.5, 0.5], [{(2, 1): 1.0, (0, 3): 0.5}], [[1]], [[0, 1]]))
    free = sg.complexity(sg.mixed({3: 1.0, 2: 0.1}))
    for index in (None, 0, 1):
        want = 0.6 * joint.total(index=0) + 0.4 * free.total(index=index)
        assert abs(sg.complexity(game).total(index=(0, index)) - want) < 1e-9


@pytest.mark.parametrize("side", [1, -1])
def test_the_end_of_a_plateau_is_extrapolated_from_whichever_side(side):
    """Extrapolations to multiplier 0 stay below the end (side 1), or are above and below it in turn."""
    ar = sg.mp(30)

    class Curve:  # below its end 1 the value is 1 - side log(1 + side t) at the multiplier's square t
        def rows(self, rows, species, face):
            return rows, []

        def stationary(self, rows, values, place, index):
            return None, None, [ar.sqrt(side * ar.context.expm1(side * (1 - values[0])))]

    curve = Curve()
    curve.ar = ar
    along = SimpleNamespace(size=1.0, outliers=NONE, suprema=lambda u: SimpleNamespace(faces=[0], places=[None]))
    with ar.precision():
        end = Digits._plateau_end(curve, None, SimpleNamespace(level=ar.number(1)), along)
        assert abs(end - 1) < 1e-28


def test_a_narrow_summit_between_two_values_is_not_overlooked():
    """The complexity is positive on less than a step of the scan, far below where most points are."""
    summit, width = 18.5 / (SCAN - 1), 0.02

    def heights(values):
        x = np.asarray(values, dtype=float)
        return 1.2 * np.exp(-(((x - summit) / width) ** 2)) - 1 + 2 * np.maximum(x - 0.45, 0)

    grid = heights(np.linspace(0, 1, SCAN))
    assert np.all(grid[: SCAN // 2] < 0) and grid[-1] > 0
    along = Along(None, np.ones(1))
    along.heights, along.suprema = heights, lambda u: SimpleNamespace(places=[None], faces=[0])
    found = along.crossed(crossing(along, 0.0, 1.0))
    assert found == Lowest(pytest.approx(summit - width * np.sqrt(np.log(1.2)), abs=1e-12), "crossing")
