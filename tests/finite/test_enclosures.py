"""Every bound that an enclosure adds up, each on an integrand for which this bound alone keeps the value inside."""

import itertools
import math
from dataclasses import dataclass
from typing import Any

import pytest

import spinglass as sg
from spinglass.finite import enclosures
from spinglass.finite.closed_forms import curvature_ratio
from spinglass.finite.count import exact_log_count, mean_digits
from spinglass.finite.integrand import Integrand

pytest.importorskip("flint")

AR, FEW, DIGITS = sg.balls(20), sg.balls(5), sg.mp(30)
INF = math.inf
MIXED = sg.mixed({3: 0.5, 4: 0.5})


@dataclass(frozen=True)
class Known:
    """An integrand whose integral is known: log-concave, a mixture of Gaussians exp(-C (x - m)^2) of one width C."""

    function: Any
    gauss: float
    n: int = 2
    x1: Any = 1
    x2: Any = 1
    mixing: Any = 0
    ar: Any = AR
    factor: Any = 1

    def width(self, window, index):
        return self.ar.number(self.gauss)

    def weight(self, x, index):
        return self.function(self.ar.number(x))

    def chance(self, x, window):
        return 1


def share(ball, exact):
    """Return how far from the middle of a ball a number lies, as a share of the radius: at most 1 inside."""
    return float((abs(exact - ball.mid()) / ball.rad()).mid())


def by_lattice(monkeypatch, known, step, low, high, window=None, index=0):
    """Return the enclosure on a lattice of a given step that stops at given places."""
    monkeypatch.setattr(enclosures, "lattice_step", lambda width, drop: step)
    monkeypatch.setattr(enclosures, "_span", lambda *_: (low, high))
    return enclosures.lattice_sum(known, window, index, 1000)


def by_panels(monkeypatch, known, low, high, count, rho):
    """Return the enclosure by so many panels with ellipses of one shape; ends that are floats are cuts."""
    monkeypatch.setattr(enclosures, "_plan", lambda *_: (count, known.ar.number(rho)))
    monkeypatch.setattr(enclosures, "Integrand", lambda *_: known)  # the one of few digits that bounds
    return enclosures._panels(known, low, high, 0, known.ar, 0.0)


# -- the lattice -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", [0.0, 0.5])
@pytest.mark.parametrize("step", [1.5, 2.0, 2.25])
def test_a_coarse_lattice_is_saved_by_the_bound_of_aliasing(monkeypatch, move, step):
    """A single Gaussian on a node or between two is the worst mixture there is."""
    with AR.precision():
        value = by_lattice(monkeypatch, Known(lambda x: (-((x - move * step) ** 2)).exp(), 1.0), step, -30, 30)
        assert 0.7 < share(value, AR.pi.sqrt()) <= 1


def exponential(low, high):
    """Return a sharp kink exp(-a |x|), of slopes -high and low, rounded by a Gaussian of C = 8, and its integral."""

    def side(x, slope):
        spread = AR.number(1) / 4
        return (
            ((slope * spread) ** 2 / 2 - slope * x).exp()
            * ((slope * spread - x / spread) / AR.sqrt(2 * x**0)).erfc()
            / 2
        )

    def function(x):
        return side(x, high) + side(-x, low)

    return Known(function, 8.0), AR.number(1) / low + AR.number(1) / high


@pytest.mark.parametrize(("low", "high"), [(1, 1), (1, 30), (30, 1), (2, 3)])
def test_a_lattice_that_stops_early_is_saved_by_the_geometric_series(monkeypatch, low, high):
    """Exponential sides fall as slowly as a logarithm that is concave lets them."""
    with AR.precision():
        known, exact = exponential(low, high)
        value = by_lattice(monkeypatch, known, 0.125, -3, 3)
        assert 0.999 < share(value, exact) <= 1


@pytest.mark.parametrize(("low", "high"), [(1, 9), (-9, -1), (0, 9), (-9, 0)])
def test_a_lattice_that_misses_the_peak_is_refused(monkeypatch, low, high):
    with AR.precision(), pytest.raises(ArithmeticError, match="does not decay at the end of its lattice"):
        by_lattice(
            monkeypatch, Known(lambda x: (-((x - (0.125 if low == 0 else -0.125)) ** 2)).exp(), 1.0), 0.25, low, high
        )


# -- panels ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slope", [-20, 20])
@pytest.mark.parametrize(("count", "rho"), [(1, 4.5), (2, 9)])
def test_panels_are_saved_by_the_bound_of_their_error(monkeypatch, slope, count, rho):
    """A steep exponential: the largest value is at one end of the ellipse, on the left or on the right."""
    with AR.precision():
        known = Known(lambda x: (slope * x).exp(), 1e-9)
        value = by_panels(monkeypatch, known, AR.number(-1), AR.number(1), count, rho)
        exact = (AR.number(slope).exp() - AR.number(-slope).exp()) / slope
        assert 1 / 30 < share(value, exact) <= 1


@pytest.mark.parametrize("rho", [1.6, 2.0])
def test_panels_are_saved_by_the_growth_off_the_axis(monkeypatch, rho):
    """A comb of Gaussians under a wide one: too fine for the nodes, next to flat, large off the axis."""
    with FEW.precision():

        def function(x):
            return sum((-x * x / 16 - 17 * (x - j / FEW.number(4)) ** 2).exp() for j in range(-30, 31))

        known = Known(function, 17 + 1 / 16, ar=FEW)
        value = by_panels(monkeypatch, known, FEW.number(-1), FEW.number(1), 1, rho)
        exact = FEW.integral(function, -1, 1, FEW.number(2) ** -FEW.bits)
        assert 1 / 100 < share(value, exact) <= 1


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("cut", [1.0, 5.0])
def test_panels_that_stop_early_are_saved_by_the_bound_of_the_tail(monkeypatch, side, cut):
    """An exponential has the longest tail that its slope allows."""
    with AR.precision():
        ends = (AR.number(0), side * cut)[::side]
        value = by_panels(monkeypatch, Known(lambda x: (-side * 2 * x).exp(), 1e-9), *ends, 4, 6)
        assert 0.999 < share(value, AR.number(0.5)) <= 1


@pytest.mark.parametrize("side", [-1, 1])
def test_panels_that_miss_the_peak_are_refused(monkeypatch, side):
    with AR.precision(), pytest.raises(ArithmeticError, match="does not decay at the end of its interval"):
        ends = (AR.number(0), side * 2.0)[::side]
        by_panels(monkeypatch, Known(lambda x: (-((x - 2 * side) ** 2)).exp(), 1.0), *ends, 4, 6)


# -- the integrands of counts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "window"), [(sg.pure(3), None), (MIXED, None), (MIXED, (-1.2, 0.3))])
def test_a_coarse_or_short_lattice_still_holds_the_count(monkeypatch, model, window):
    """Aliasing by a hundredth or an eighth, or cuts in the flanks: width and decay are those of the integrand."""
    places = {True: [], False: []}
    for n, index in ((size, k) for size in (2, 3, 5) for k in range(size)):
        exact = exact_log_count(model, n, window, index, sg.balls(30))
        with AR.precision():
            part, ends = Integrand.of(model, n, AR), enclosures.numbers_of(window, AR)
            for short in (True, False):
                low, high = enclosures._span(part, ends, index, 2.0 if short else 40.0)
                for q in (0.01, 0.12):
                    step = math.pi / math.sqrt(-math.log(q) * float(part.width(ends, index)))
                    with monkeypatch.context() as patch:
                        value = by_lattice(patch, part, step, low, high, ends, index)
                    places[short].append(share(value, exact))
    assert 0.3 < max(places[True]) <= 1 and 0.25 < max(places[False]) <= 1


@pytest.mark.parametrize("window", [(-INF, INF), (-0.4, 0.7), (-INF, 0.2)])
@pytest.mark.parametrize("model", [sg.pure(3), MIXED, sg.mixed({1: 5.0, 2: 0.1})], ids=["pure", "mixed", "in a field"])
def test_a_short_interval_is_saved_by_the_closed_form_of_the_tails(monkeypatch, model, window):
    """The exact numbers are those of another rule, on panels."""
    exact = {n: exact_log_count(model, n, window, None, DIGITS) for n in (2, 3, 5)}
    for n, edge in itertools.product((2, 3, 5), (0.0, 1.0, 5.0)):
        monkeypatch.setattr(enclosures, "_edge", lambda drop, decay, edge=edge: edge)
        with AR.precision():
            part, number = Integrand.of(model, n, AR), AR.number(exact[n])
            value = enclosures._any_index(part, curvature_ratio(model), enclosures.numbers_of(window, AR), 0.0)
            assert value.contains(number)
            assert edge or window[1] < INF or number > 0.1 * value.upper()  # the bound is of the size of the whole


@pytest.mark.parametrize("u", [0.0, -0.5])
def test_the_tails_of_a_density_are_bounded_by_its_largest_value(monkeypatch, u):
    """Far apart degrees: the energy hardly depends on the Hessian, and its density is next to constant."""
    model = sg.mixed({1: 0.05, 20: 0.01})
    exact = {n: mean_digits(model, n, (u, u), None, DIGITS) for n in (2, 3)}
    monkeypatch.setattr(enclosures, "_edge", lambda drop, decay: 0.0)
    for n in (2, 3):
        with AR.precision():
            number = AR.number(exact[n])
            ends = enclosures.numbers_of((u, u), AR)
            value = enclosures._any_index(Integrand.of(model, n, AR), curvature_ratio(model), ends, 0.0)
            assert value.contains(number)
            assert u or number > 0.4 * value.upper()
