r"""One sphere: the complexity in closed form, in every arithmetic.

Only :math:`v_0 = \xi(1)`, :math:`x_1 = \xi'(1)`, :math:`x_2 = \xi''(1)` matter.  The Hessian is a semicircle of
radius :math:`2\sqrt{x_2}` shifted by d, and :math:`(u, d)` is Gaussian: given u, d has mean :math:`d_0 = -x_1 u/v_0`
and variance :math:`s^2 = x_1 + x_2 - x_1^2/v_0`, so that with :math:`k + 1 = 1` for all indices together

.. math:: \Sigma_k(u) = \tfrac12\log\frac{x_2}{x_1} - \frac{u^2}{2v_0} + \sup_d\Big\{\frac{d^2}{4x_2}
          - (k+1)\, I\Big(\frac{|d|}{2\sqrt{x_2}}\Big) - \frac{(d-d_0)^2}{2s^2}\Big\},

over all d, or over :math:`d \ge 2\sqrt{x_2}` at a given index k; :math:`I(y) = y\sqrt{y^2-1} - \log(y+\sqrt{y^2-1})`
for y > 1, else 0.  Outside the bulk the condition of stationarity is a quadratic in t where
:math:`d = \sqrt{x_2}\,(t + 1/t)`; inside it is linear.  The function of d is even but for :math:`d_0`, so the
supremum lies on the side of :math:`d_0`, and there it is unimodal: the supremum is global.

References: Auffinger, Ben Arous, Cerny (2013), Theorems 2.5-2.8 (pure); Auffinger, Ben Arous (2013) (mixed).
"""

from dataclasses import dataclass
from typing import Any

from spinglass.arithmetic import resolve


def deviation(y, ar):
    r"""Return I(y), the cost (per dimension of the block) of pulling one GOE eigenvalue to y edges, y >= 1."""
    root = ar.sqrt((y - 1) * (y + 1))
    return y * root - ar.log(y + root)


def terms_of(game):
    """Return {degree: coefficient} of xi of a game with one species, in float64."""
    terms = {}
    for weight, xi in zip(game.losses[0], game.fields, strict=True):
        for (p,), c in xi:
            terms[p] = terms.get(p, 0.0) + float(weight) ** 2 * float(c)
    return terms


@dataclass(frozen=True)
class OneSphere:
    """The numbers v0, x1, x2 of a one-sphere model in one arithmetic, and the complexity they give."""

    v0: Any
    x1: Any
    x2: Any
    single_degree: bool  # one degree only: the energy fixes the shift
    ar: Any

    @classmethod
    def of(cls, game, arithmetic=None):
        """Read the numbers off a game with one species."""
        ar = resolve(arithmetic)
        number = ar.number
        v0 = x1 = x2 = number(0)
        degrees = set()
        for weight, xi in zip(game.losses[0], game.fields, strict=True):
            for (p,), c in xi:
                variance = number(weight) ** 2 * number(c)
                v0, x1, x2 = v0 + variance, x1 + p * variance, x2 + p * (p - 1) * variance
                if weight:
                    degrees.add(p)
        if max(degrees) < 2:
            raise ValueError(f"expected a term of degree 2 or more, got {game}: a linear function has no complexity")
        return cls(v0, x1, x2, len(degrees) == 1, ar)

    @property
    def conditional_variance(self):
        """s^2, the variance of the shift at a given energy."""
        return self.ar.number(0) if self.single_degree else self.x1 + self.x2 - self.x1**2 / self.v0

    @property
    def edge(self):
        """Radius of the Hessian's semicircle."""
        return 2 * self.ar.sqrt(self.x2)

    @property
    def threshold_energy(self):
        r"""Energy above which the dominant points have a positive fraction of negative eigenvalues.

        :math:`-(x_2 - x_1 + x_1^2/v_0) v_0/(x_1\sqrt{x_2})`; for the pure p-spin :math:`-2\sqrt{(p-1)/p}`.
        """
        return -self.v0 * (2 * self.x2 - self.conditional_variance) / (self.x1 * self.ar.sqrt(self.x2))

    def at(self, u, index):
        """Return Sigma_k(u), for one number or (float64) an array; -inf where impossible."""
        ar = self.ar
        level = ar.log(self.x2 / self.x1) / 2
        if self.single_degree:
            return self._pure(u, index, level)
        return level - u * u / (2 * self.v0) + self._best(-self.x1 * u / self.v0, self.conditional_variance, index)[0]

    def _pure(self, u, index, level):
        """Return the textbook form: the shift is proportional to the energy."""
        ar = self.ar
        y = u / self.threshold_energy
        degree = self.x1 / self.v0
        base = level - (degree - 2) / (4 * self.v0 * (degree - 1)) * (u * u)
        if index is None:
            return base - ar.where(ar.positive(abs(y) - 1), lambda on: deviation(abs(ar.select(y, on)), ar), 0 * y)
        inside = ar.positive(1 - y)
        penalty = ar.where(ar.positive(y - 1), lambda on: (index + 1) * deviation(ar.select(y, on), ar), 0 * y)
        return ar.where(inside, lambda on: -ar.infinity, base - penalty)

    def _best(self, d0, s2, index):
        """Return the supremum over d of the braces in the module's text, and the shift where it is attained."""
        ar, x2 = self.ar, self.x2
        k = index or 0
        root = ar.sqrt(x2)
        pull = abs(d0) if index is None else d0
        outside = ar.positive(s2 - 2 * x2 + root * pull)  # the function still rises at the edge

        def far(on):
            b = root * ar.select(pull, on)
            t = (b + ar.sqrt(b * b + (k * s2 + 2 * x2) * ((k + 2) * s2 - 2 * x2))) / (k * s2 + 2 * x2)
            return root * (t + 1 / t)

        # inside the bulk for all indices together (linear equation), at the edge for a given index
        near = 2 * root + 0 * pull if index is not None else pull * (2 * x2) / self._curvature(s2)
        d = ar.where(outside, far, near)
        cost = ar.where(outside, lambda on: (k + 1) * deviation(ar.select(d, on) / (2 * root), ar), 0 * pull)
        return d * d / (4 * x2) - cost - (d - pull) * (d - pull) / (2 * s2), d

    def _curvature(self, s2):
        """Return 2 x2 - s2, or any other number where the bulk holds no maximum and the value is not used."""
        curvature = 2 * self.x2 - s2
        return curvature if self.ar.name == "symbols" or self.ar.positive(curvature) else self.x2

    def total(self, index):
        """Return the complexity of all points of an index, and their typical energy (the lowest, if two tie)."""
        ar = self.ar
        value, d = self._best(ar.number(0), self.x1 + self.x2, index)
        return ar.log(self.x2 / self.x1) / 2 + value, -d * self.x1 / (self.x1 + self.x2)

    def total_shift(self, index):
        """Return the shift of the dominant points of an index."""
        return self._best(self.ar.number(0), self.x1 + self.x2, index)[1]

    def best_shift(self, u, index):
        """Return the shift of the dominant points at energy u."""
        d0 = -self.x1 * u / self.v0
        if self.single_degree:
            return d0
        d = self._best(d0, self.conditional_variance, index)[1]
        return -d if index is None and d0 < 0 else d

    def below(self, u, index):
        """Return the supremum of Sigma_k over energies up to u: Sigma_k rises up to the typical energy."""
        ar = self.ar
        value, typical = self.total(index)
        # typical itself is left to `value`: there the pure model at a given index sits on its own boundary
        rising = ar.positive(typical - u)
        return ar.where(rising, lambda on: self.at(ar.select(u, on), index), value + 0 * u)

    def shift_of_fraction(self, fraction):
        """Return the shift at which a fraction of the semicircle is negative."""
        return -self.edge * semicircle_quantile(fraction, self.ar)

    def at_fraction(self, u, fraction):
        """Return the complexity at energy u of points with a fraction of negative eigenvalues."""
        ar, d = self.ar, self.shift_of_fraction(fraction)
        level = ar.log(self.x2 / self.x1) / 2 + d * d / (4 * self.x2) - u * u / (2 * self.v0)
        rest = d + self.x1 * u / self.v0
        if self.single_degree:
            tied = ar.positive(self.edge * ar.number(1e-12) - abs(rest))
            return ar.where(tied, lambda on: ar.select(level, on), -ar.infinity + 0 * level)
        return level - rest * rest / (2 * self.conditional_variance)

    def total_fraction(self, fraction):
        """Return the complexity of all points with a fraction of negative eigenvalues, and their typical energy."""
        d = self.shift_of_fraction(fraction)
        value = self.ar.log(self.x2 / self.x1) / 2 + d * d / (4 * self.x2) - d * d / (2 * (self.x1 + self.x2))
        return value, -d * self.x1 / (self.x1 + self.x2)

    def slope(self, u, index):
        """Return the derivative of Sigma_k at u, by the envelope theorem."""
        ar = self.ar
        if self.single_degree:
            y = u / self.threshold_energy
            degree = self.x1 / self.v0
            outer = 2 * ar.sqrt((y - 1) * (y + 1)) / self.threshold_energy * ((index or 0) + 1)
            return -u * (degree - 2) / (2 * self.v0 * (degree - 1)) - outer
        s2 = self.conditional_variance
        d0 = -self.x1 * u / self.v0
        d = self._best(d0, s2, index)[1]
        return -u / self.v0 - (d - d0) / s2 * self.x1 / self.v0


def semicircle_quantile(fraction, ar):
    r"""Return q in (-1, 1) with :math:`\tfrac12 + (q\sqrt{1-q^2} + \arcsin q)/\pi` equal to the fraction."""
    import math

    from scipy.optimize import brentq

    alpha = float(fraction)
    # with q = -cos(theta): theta - sin(theta) cos(theta) = pi * fraction
    theta = brentq(lambda x: x - math.sin(x) * math.cos(x) - math.pi * alpha, 0.0, math.pi, xtol=1e-15)
    if ar.name == "float64":
        return -math.cos(theta)
    if not hasattr(ar, "context"):
        raise NotImplementedError(f"fraction: a quantile of the semicircle has no closed form in {ar.name}; try sg.mp")
    ctx = ar.context
    goal = ctx.pi * ar.number(fraction)
    return -ctx.cos(ctx.findroot(lambda x: x - ctx.sin(x) * ctx.cos(x) - goal, ctx.mpf(theta)))
