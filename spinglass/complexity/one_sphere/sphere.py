r"""One sphere: the complexity in closed form, in every arithmetic.

Only :math:`v_0 = \xi(1)`, :math:`x_1 = \xi'(1)`, :math:`x_2 = \xi''(1)` matter.  The Hessian is a semicircle of
radius :math:`2\sqrt{x_2}` shifted by d, and :math:`(u, d)` is Gaussian: given u, d has mean :math:`d_0 = -x_1 u/v_0`
and variance :math:`s^2 = x_1 + x_2 - x_1^2/v_0`, so that with :math:`k + 1 = 1` for all indices together

.. math:: \Sigma_k(u) = \tfrac12\log\frac{x_2}{x_1} - \frac{u^2}{2v_0} + \sup_d\Big\{\frac{d^2}{4x_2}
          - (k+1)\, I\Big(\frac{|d|}{2\sqrt{x_2}}\Big) - \frac{(d-d_0)^2}{2s^2}\Big\},

over all d, or over :math:`d \ge 2\sqrt{x_2}` at a given index k; :math:`I(y) = y\sqrt{y^2-1} - \log(y+\sqrt{y^2-1})`
for y > 1, else 0.  The supremum lies on the side of :math:`d_0`, where the braces are unimodal: it is global.

Without I the supremum is a parabola in u; what I takes off it depends on how far u lies below the threshold energy.
With :math:`\sigma^2 = s^2/4x_2 \le 1/4`, :math:`e = (-u - E_\infty)\,x_1/(2v_0\sqrt{x_2})` and
:math:`d = \sqrt{x_2}\,(t + 1/t)`, :math:`t = 1 + \tau`, outside the bulk (e > 0)

.. math:: \Sigma_k = \tfrac12\log\frac{x_2}{x_1} - \frac{x_2-x_1}{x_2-x_1+x_1^2/v_0}\,\frac{u^2}{2v_0}
          - (k+1)\,I - \frac{\sigma^2(k+1)^2(t-1/t)^2}{2(1-2\sigma^2)} ,\qquad
          (1+2k\sigma^2)\,\tau^2 + 2\big(2(k+1)\sigma^2 - e\big)\tau = 2e .

Inside, the parabola is all; at a given index the shift is held on the edge there, which costs
:math:`e^2/(2\sigma^2(1-2\sigma^2))`.  Nothing large cancels, however pure a mixture is, because the parameters are
exact fractions until they are rounded.

References: Auffinger, Ben Arous, Cerny (2013), Theorems 2.5-2.8 (pure); Auffinger, Ben Arous (2013) (mixed).
"""

import functools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from spinglass.arithmetic import resolve
from spinglass.arithmetic.exact import exact, over_root
from spinglass.complexity.one_sphere.quantile import semicircle_quantile
from spinglass.models.table import exact_table
from spinglass.spectra.semicircle import deviation, deviation_beyond

MANY = 50  # indices from which I needs a series near the edge: its rounding is multiplied by k + 1
ROUNDING = 1e-17  # share of a covariance that no float shows
FARTHEST = 1e140  # standard deviations of the energy that count as infinitely many: squares stay finite


def scaled_terms(model):
    """Return a power of two about sqrt(xi(1)) and the terms of xi in its square, floats no power of which overflows."""
    unit = 2.0 ** round(math.log2(over_root(*[exact_table(model).v0] * 2)[0]))
    terms: dict = {}
    for weight, xi in zip(model.losses[0], model.fields, strict=True):
        for (p,), c in xi.series(ROUNDING) if weight else ():
            terms[p] = terms.get(p, 0) + exact(weight) ** 2 * exact(c)
    return unit, {p: float(c / Fraction(unit) ** 2) for p, c in terms.items()}


@dataclass(frozen=True)
class OneSphere:
    """The numbers v0, x1, x2 of a one-sphere model (fractions or symbols), and the complexity in one arithmetic."""

    v0: Any
    x1: Any
    x2: Any
    single_degree: bool  # one degree only: the energy fixes the shift
    ar: Any

    @classmethod
    def of(cls, model, arithmetic=None):
        """Read the numbers off a game with one species."""
        ar = resolve(arithmetic)
        table = exact_table(model, ar)
        if table.x2 == 0:
            raise ValueError(f"expected a term of degree 2 or more, got {model}: a linear function has no complexity")
        return cls(table.v0, table.x1, table.x2, table.conditional_variance == 0, ar)

    # -- parameters, each rounded once -------------------------------------------------------------------------------

    @functools.cached_property
    def conditional_variance(self):
        """s^2, the variance of the shift at a given energy, exactly."""
        return 0 * self.x1 if self.single_degree else self.x1 + self.x2 - self.x1**2 / self.v0

    @functools.cached_property
    def trivial(self):
        """Whether the number of points does not grow, x2 <= x1; of a symbol it is not known."""
        return not getattr(self.x2 / self.x1, "free_symbols", None) and not bool(self._grows)

    @functools.cached_property
    def _grows(self):
        """Whether x2 > x1, for symbols the relation; ArithmeticError where enclosures of a kernel do not decide it."""
        return self.ar.positive(self.x2 - self.x1) if self.ar.proves else self.x2 > self.x1

    @functools.cached_property
    def _in_strong_field(self):
        """Whether a field rules, x2 < x1/2 (of symbols it is not asked).

        There the parabola bends upwards steeply, squares of e overflow, and the forms for the bulk cancel.
        """
        return not self.ar.exact and bool(2 * self.x2 < self.x1)

    @functools.cached_property
    def level(self):
        """log(x2/x1)/2, the complexity of all points unless the landscape is trivial."""
        return self.ar.logarithm(self.x2 / self.x1) / 2

    @functools.cached_property
    def bend(self):
        """Factor of the parabola -u^2/(2 v0) inside the bulk."""
        try:
            return self.ar.number((self.x2 - self.x1) / (2 * self.x2 - self.conditional_variance))
        except OverflowError:
            raise ValueError(
                "arithmetic: expected one with digits for a field this strong, xi''(1)/xi'(1) < 1e-308, got float64; "
                "try sg.mp(digits)"
            ) from None

    @functools.cached_property
    def per_energy(self):
        """1/sqrt(2 v0)."""
        return self.root(1 / (2 * self.v0))

    @functools.cached_property
    def _turn(self):
        """|d0/edge| per energy."""
        return self.ar.over_root(self.x1 / (2 * self.v0), self.x2)[0]

    @functools.cached_property
    def sigma(self):
        """Standard deviation of the shift at a given energy in edges."""
        return self.root(self.conditional_variance / (4 * self.x2)) if not self.single_degree else self.ar.number(0)

    @functools.cached_property
    def _reach(self):
        """Return sigma sqrt(2 (1 - 2 sigma^2)): what e is measured in at a given index inside the bulk."""
        part = self.conditional_variance / (2 * self.x2)
        return self.root(part * (1 - part))

    @functools.cached_property
    def _rest(self):
        """1 - 2 sigma^2, at least 1/2."""
        return self.ar.number((2 * self.x2 - self.conditional_variance) / (2 * self.x2))

    @functools.cached_property
    def _threshold(self):
        """E_inf and what its rounding takes off it."""
        return self.ar.over_root(self.v0 * (2 * self.x2 - self.conditional_variance) / self.x1, self.x2)

    def root(self, x):
        """Return the square root of an exact number, rounded once."""
        return self.ar.over_root(x, x)[0]

    @functools.cached_property
    def edge(self):
        """Radius of the Hessian's semicircle."""
        return 2 * self.root(self.x2)

    @property
    def threshold_energy(self):
        r"""Energy above which the dominant points have a positive fraction of negative eigenvalues.

        :math:`-(x_2 - x_1 + x_1^2/v_0) v_0/(x_1\sqrt{x_2})`; for the pure p-spin :math:`-2\sqrt{(p-1)/p}`.
        """
        return -self._threshold[0]

    # -- at an energy ------------------------------------------------------------------------------------------------

    def deviations(self, u):
        r"""Return :math:`u/\sqrt{2v_0}`."""
        return u * self.per_energy

    def parabola(self, u):
        """Return the complexity without the cost of leaving the bulk, an upper bound."""
        w = self.deviations(u)
        return self.level - self.bend * (w * w)

    def _beyond(self, u, index):
        """Return how far d0 lies outside the bulk: e of the module's text."""
        pull = abs(u) if index is None else -u
        high, low = self._threshold
        return ((pull - high) - low) * self._turn

    def _tau(self, e, index):
        """Return tau > 0 at e > 0, by that form of the root in which nothing cancels."""
        ar, k, square = self.ar, index or 0, self.sigma * self.sigma
        a, b = 1 + 2 * k * square, 2 * (k + 1) * square - e
        if ar.exact:
            return (ar.sqrt(b * b + 2 * a * e) - b) / a
        root = ar.hypot(b, ar.sqrt(2 * a * e)) if self._in_strong_field else ar.sqrt(b * b + 2 * a * e)
        return ar.where(ar.positive(b), lambda on: ar.select(2 * e, on) / ar.select(b + root, on), (root - b) / a)

    def at(self, u, index):
        """Return Sigma_k(u), for one number or (float64) an array; -inf where impossible."""
        ar = self.ar
        if self.single_degree:
            return self._pure(u, index)
        e, base = self._beyond(u, index), self.parabola(u)
        if index is None:
            near = base
        else:
            held = e / self._reach
            near = base - held * held

        def far(on):
            if not index and self._in_strong_field:
                return self._in_field(ar.select(u, on), ar.select(e, on))
            return ar.select(base, on) - self._cost(ar.select(e, on), index)

        value = ar.where(ar.positive(e), far, near)
        return ar.least(value, self.total(index)[0]) if self.trivial and not ar.exact else value

    def _pure(self, u, index):
        """Return the textbook form: the shift is proportional to the energy."""
        ar, base, high = self.ar, self.parabola(u), self._threshold[0]
        pull = abs(u) if index is None else -u

        def cost(on):
            if ar.exact:
                return ((index or 0) + 1) * deviation(pull * self._turn, ar)
            e = ar.select(self._beyond(u, index), on)
            return ((index or 0) + 1) * deviation_beyond(e + ar.sqrt(e * (e + 2)), ar, self._many(index))

        value = base - ar.where(ar.positive(pull - high), cost, 0 * u)
        return value if index is None else ar.where(ar.positive(high - pull), lambda on: -ar.infinity, value)

    def _many(self, index):
        """Tell whether so many eigenvalues are asked for that the rounding of I counts."""
        return self.ar.vectorised and (index or 0) >= MANY

    def _cost(self, e, index):
        """Return what the parabola loses outside the bulk."""
        k, tau = index or 0, self._tau(e, index)
        rise = self.sigma * ((k + 1) * tau * (2 + tau) / (1 + tau))
        return (k + 1) * deviation_beyond(tau, self.ar, self._many(index)) + rise * rise / (2 * self._rest)

    def _in_field(self, u, e):
        r"""Return the rate outside the bulk for k = 0 in :math:`T = t\sqrt{x_2/x_1}`, without the parabola.

        .. math:: \tfrac12 + \tfrac12(1 - 4\sigma^2)/t^2 + \log T - \frac{u^2}{2v_0}
        """
        ar, square = self.ar, self.sigma * self.sigma
        share, w = self.root(self.x2 / self.x1), self.deviations(u)
        e, b = share * e, share * 2 * square
        t = share * self._rest + e + ar.sqrt((e - b) * (e - b) + 2 * share * e)
        inverse = share / t
        return 0.5 + 0.5 * (1 - 4 * square) * (inverse * inverse) + ar.log(t) - w * w

    def best_shift(self, u, index):
        """Return the shift of the dominant points at energy u."""
        return self.edge * self._dominant(u, index)[0]

    def own_shift(self, u, index):
        """Return what the shift of the dominant points differs from its mean d0 at energy u, without subtracting."""
        return self.edge * self._dominant(u, index)[1]

    def _dominant(self, u, index):
        """Return the shift of the dominant points and its difference from d0, in edges."""
        ar, k, square = self.ar, index or 0, self.sigma * self.sigma
        size = self._turn * (abs(u) if index is None else -u)
        own = 0 * size
        if not self.single_degree:
            e = self._beyond(u, index)
            beyond = ar.positive(e)

            def tau(on):
                return self._tau(ar.select(e, on), index)

            near = (size / self._rest, 2 * square * size / self._rest) if index is None else (1 + own, 2 * square - e)
            size = ar.where(beyond, lambda on: 1 + tau(on) * (tau(on) / (2 * (1 + tau(on)))), near[0])
            own = ar.where(beyond, lambda on: square * ((k + 2) / (1 + tau(on)) - k * (1 + tau(on))), near[1])
        if index is not None:
            return size, own
        upper = ar.positive(u)
        return tuple(ar.where(upper, lambda on, x=x: -ar.select(x, on), x) for x in (size, own))

    def slope(self, u, index):
        """Return the derivative of Sigma_k at u < 0, by the envelope theorem."""
        ar, e, k = self.ar, self._beyond(u, index), index or 0
        rise = 0 * e
        if ar.positive(e):
            tau = self._tau(e, index) if not self.single_degree else e + ar.sqrt(e * (e + 2))
            rise = (k + 1) * tau * (2 + tau) / ((1 + tau) * self._rest)
        elif index is not None and not self.single_degree:
            rise = e / (self.sigma * self.sigma * self._rest)
        return -2 * self.bend * self.deviations(u) * self.per_energy + rise * self._turn

    # -- all energies ------------------------------------------------------------------------------------------------

    def total(self, index):
        """Return the complexity of all points of an index, and their typical energy (the lowest, if several tie)."""
        if index not in self._totals:
            ar, grows = self.ar, self._grows
            value, energy = self._total_outside(index or 0)
            most = (self.level, ar.number(0)) if index is None else self._total_on_edge()
            pair = ar.where(grows, lambda on: most[0], value), ar.where(grows, lambda on: most[1], energy)
            self._keep(index, pair)
        return self._totals[index]

    @functools.cached_property
    def _totals(self):
        """Answers of :meth:`total` by index (None or >= 0), and of :meth:`_place` by fraction (between 0 and 1)."""
        return {}

    def _keep(self, key, answer):
        if len(self._totals) > MANY:
            self._totals.clear()
        self._totals[key] = answer

    def _total_on_edge(self):
        """Return the rate and the energy of the points whose shift is the edge, for x2 > x1."""
        share = self.x1 * self.x2 / (self.x1 + self.x2)
        return _area(self._contrast, self.ar), -2 * self.ar.over_root(share, self.x2)[0]

    @property
    def _contrast(self):
        """Return z = (x2 - x1)/(x2 + x1), exactly."""
        return (self.x2 - self.x1) / (self.x2 + self.x1)

    def _total_outside(self, k):
        r"""Return the rate and the energy for x2 <= x1, where the supremum lies outside the bulk.

        There :math:`t^2 = (k+1-z)/(k+1+z)` and the rate is :math:`A(z) - (k+1)A(z/(k+1))`, z = (x2-x1)/(x2+x1),
        :math:`A(z) = \operatorname{artanh} z - z`; 0 without negative eigenvalues.
        """
        ar, x1, x2, z = self.ar, self.x1, self.x2, self._contrast
        square = (k + 1 - z) / (k + 1 + z)
        value = ar.number(0) if k == 0 else _area(z, ar) - (k + 1) * _area(z / (k + 1), ar)
        # u = -sqrt(x2) (t + 1/t) x1/(x1 + x2)
        return value, -ar.over_root(x1 * (1 + square) / (x1 + x2), square / x2)[0]

    def below(self, u, index):
        """Return the supremum of Sigma_k over energies up to u: Sigma_k rises up to the typical energy."""
        ar = self.ar
        value, typical = self.total(index)
        # typical itself is left to `value`: there the pure model at a given index sits on its own boundary
        rising = ar.positive(typical - u)
        return ar.where(rising, lambda on: self.at(ar.select(u, on), index), value + 0 * u)

    def above(self, u, index):
        """Return the supremum of Sigma_k over energies from u on: beyond the typical energy Sigma_k falls.

        All points together look the same from above; at an index Sigma_k is concave (as is its argument over u and d).
        """
        if index is None:
            return self.below(-u, None)
        ar = self.ar
        value, typical = self.total(index)
        falling = ar.positive(u - typical)
        return ar.where(falling, lambda on: self.at(ar.select(u, on), index), value + 0 * u)

    def highest(self, index):
        r"""Return the highest energy with Sigma_k >= 0 at a given index, in closed form.

        Above the typical energy u* the shift is held on the edge of the bulk, and Sigma_k is a parabola,

        .. math:: \Sigma_k(u) = \Sigma_k(u_*) - \frac{(u-u_*)^2}{2 v_0 s^2/(x_1+x_2)} ;

        where x2 <= x1 it touches 0 at the typical energy, or never reaches it.
        """
        value, typical = self.total(index)
        if self.trivial:
            return typical if not index or self.x1 == self.x2 else -self.ar.infinity
        if self.single_degree:
            return self.threshold_energy
        beyond = 2 * self.v0 * self.conditional_variance / (self.x1 + self.x2)
        return typical + self.root(beyond) * self.ar.sqrt(value)

    # -- a fraction of negative eigenvalues --------------------------------------------------------------------------

    def at_fraction(self, u, fraction):
        """Return the complexity at energy u of points with a fraction of negative eigenvalues."""
        ar, w = self.ar, self.deviations(u)
        level, high, low = self._place(fraction)
        level = level - w * w
        gap = ((u + high) + low) * self._turn  # between the shift and its mean, in edges
        if self.single_degree:
            tied = ar.positive(ar.number(1e-12) - abs(gap))
            return ar.where(tied, lambda on: ar.select(level, on), -ar.infinity + 0 * level)
        gap = gap / self.sigma
        return level - gap * gap / 2

    def _place(self, fraction):
        """Return the rate without the energy's part, and where the shift is at its mean: an energy and its rounding."""
        if fraction not in self._totals:
            ar, y = self.ar, -semicircle_quantile(fraction, self.ar)
            places = ar.over_root(y * 2 * self.v0 * self.x2 / self.x1, self.x2)
            self._keep(fraction, (self.level + ar.number(y * y), *places))
        return self._totals[fraction]

    def total_fraction(self, fraction):
        """Return the complexity of all points with a fraction of negative eigenvalues, and their typical energy."""
        ar, y = self.ar, -semicircle_quantile(fraction, self.ar)
        value = self.level - ar.number((self.x2 - self.x1) / (self.x2 + self.x1) * y * y)
        return value, -2 * ar.over_root(y * self.x1 * self.x2 / (self.x1 + self.x2), self.x2)[0]


def _area(z, ar):
    r"""Return :math:`A(z) = \operatorname{artanh} z - z` of an exact number, in float64 accurate relative to itself."""
    if ar.vectorised and abs(z) < Fraction(1, 4):
        x = float(z)
        return x * sum(x ** (2 * j) / (2 * j + 1) for j in reversed(range(1, 16)))
    return ar.logarithm((1 + z) / (1 - z)) / 2 - ar.number(z)
