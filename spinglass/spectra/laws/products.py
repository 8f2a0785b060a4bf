r"""Products of random matrices: Wishart products of any depth, and a Wigner matrix between two factors.

With :math:`M = zG - 1`, :math:`c_0 = 1` and :math:`c_l = N_0/N_l`, the law of :math:`YY^T`, :math:`Y = X_1\cdots X_L`,
obeys

.. math:: zM = \prod_{l=0}^L (1 + c_l M) , \qquad
          \Phi(z) = (1+M)\log z - (1+M)\log(1+M) + M\log M
          - \sum_{l=1}^L \big[(\tfrac1{c_l} + M)\log(1+c_lM) - M\big] .

The potential is :math:`\int G\,dz = (1+M)\log z - \int\log z\,dM`, stationary in M.  M maps the upper half-plane into
the lower one, so every logarithm is principal, and :math:`\sum\log(1+c_lM) - \log M = \log z` without a multiple of
:math:`2\pi i`.  That equation has one solution in the lower half-plane: its two sides leave the strip
:math:`0 < \mathrm{Im} < \pi` together, and far out there is one.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from scipy.optimize import brentq

from spinglass.inputs.capacity import dense
from spinglass.inputs.checks import one_number, positive
from spinglass.running.compiled import OPTIONS
from spinglass.running.streams import generator
from spinglass.spectra.law import Law
from spinglass.spectra.sampling import matrix_size, sample_blocks

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Seed

STRIDE = 0.5  # of log z in one step of the continuation
APART = 1e100  # the factor between ratios beyond which products of them are no floats
SMALLEST = 1e-290  # the distance to 0 to which closer places are moved


@dataclass(frozen=True)
class WishartProduct(Law):
    r"""The limiting law of :math:`YY^T`, :math:`Y = X_1\cdots X_L`, with entries of :math:`X_l` of variance 1/N_l.

    :math:`X_l` is an :math:`N_{l-1}\times N_l` matrix of independent entries.  The mean is 1 and the second moment
    :math:`1 + \sum c_l`.  The rank gives an atom at 0 of weight :math:`\max(0, 1 - \min_l N_l/N_0)`.

    Parameters
    ----------
    ratios : sequence of L floats, or one float
        :math:`c_l = N_0/N_l`, positive; one ratio is Marchenko-Pastur.

    Raises
    ------
    ValueError, TypeError
        If a ratio is not a positive number, or there is none.
    ArithmeticError
        At evaluation, if the equation was not solved.

    Accuracy
    --------
    Potential and cdf to about 1e-14 of their scale; G and density to about 1e-13, close to an edge to 1e-8.  Edges to
    1e-15 of their size.

    References
    ----------
    Muller (2002), "On the asymptotic eigenvalue distribution of concatenated vector-valued fading channels"; Burda,
    Jarosz, Livan, Nowak, Swiech (2010), "Eigenvalues and singular values of products of rectangular Gaussian random
    matrices".

    Examples
    --------
    >>> WishartProduct([1.0, 1.0]).support.round(12)  # Fuss-Catalan: 3^3/2^2
    array([[0.  , 6.75]])
    >>> WishartProduct([2.0, 0.5]).atoms
    ((0.0, 0.5),)
    """

    ratios: tuple

    def __post_init__(self):
        given = np.ravel(np.asarray(self.ratios, dtype=object)).tolist()
        ratios = tuple(one_number("ratios", ratio) for ratio in given)
        if not ratios or min(ratios) <= 0:
            raise ValueError(f"ratios: expected at least one positive number N_0/N_l, got {ratios}")
        if max(1.0, *ratios) > APART * min(1.0, *ratios):
            raise ValueError(f"ratios: expected numbers closer to each other and to 1, got {ratios}")
        object.__setattr__(self, "ratios", ratios)

    def _moments(self):
        return 1.0, sum(self.ratios)

    @cached_property
    def support(self):
        """One interval, shape (1, 2); it begins at 0 where the two largest of 1, c_1, .., c_L are equal."""
        edges = np.array([product_edges((1.0, *self.ratios))])
        edges.flags.writeable = False
        return edges

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The pair (0, 1 - min N_l/N_0), or nothing."""
        weight = 1 - 1 / max(1.0, *self.ratios)
        return ((0.0, weight),) if weight > 0 else ()

    def _upper(self, z):
        c, (low, high) = np.sort((1.0, *self.ratios))[::-1], self.support[0]
        at_zero = z == 0
        place = np.where(at_zero, 1.0, z * stretch(z))
        v, near = np.empty(z.shape, complex), np.empty(z.shape, bool)
        failed = solve_product(place, c, high, v, near)
        if failed >= 0:
            raise ArithmeticError(f"no solution of the equation of {self} at z = {z[failed]}")
        v = np.where((z.imag == 0) & ((z.real <= low) | (z.real >= high)), v.real, v)
        v, near = np.where(at_zero, 0.0, v), near | at_zero
        c = c[:, None]
        m, factors = v - near / c[0], np.where(near, (c[0] - c) / c[0], 1.0) + c * v
        first = int(np.argmin(np.abs(c - 1)))
        entropy = _x_log_x(factors) / c
        phi = factors[first] * upper_log(place) + _x_log_x(m) + len(self.ratios) * m - entropy.sum(0)
        g = factors[first] / place
        if at_zero.any():
            phi.real[at_zero] = -np.inf if self.atoms else phi.real[at_zero]
            regular = np.prod(1 - np.array(self.ratios))
            g.real[at_zero] = np.inf if self.atoms else (0.0 if low == 0 else -1 / regular)
            g.imag[at_zero] = -np.inf if low == 0 else 0.0  # the density diverges at an edge at 0
        return phi, g

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return Y Y^T, a symmetric matrix of size n, from Gaussian factors of widths n/c_l (at least 1).

        Parameters
        ----------
        n : int
            At least 1.
        rng : int, SeedSequence, Generator or None

        Examples
        --------
        >>> bool(np.linalg.eigvalsh(WishartProduct([0.5, 0.25]).sample(100, rng=1)).min() > 0)
        True
        """
        n, rng = matrix_size(n), generator(rng)
        sizes = [n, *(max(1, round(n / ratio)) for ratio in self.ratios)]
        for shape in itertools.pairwise(sizes):
            dense(*shape)
        factors = [rng.standard_normal(shape) / np.sqrt(shape[1]) for shape in itertools.pairwise(sizes)]
        y = functools.reduce(np.matmul, factors)
        return y @ y.T


@dataclass(frozen=True)
class WignerProduct(Law):
    r"""The limiting law of :math:`XAX^T`: a GOE matrix A of size N_1, radius 2, between factors X of size N_0 x N_1.

    Entries of X have variance :math:`1/N_0`, :math:`\lambda = N_1/N_0`.  This is the free compound Poisson law over the
    semicircle: with :math:`g = s/(1+s^2)`,

    .. math:: R(g) = \lambda\int\frac{t}{1-tg}d\nu(t) = \lambda s(1+s^2) , \qquad zs = (1+s^2)(1+\lambda s^2) .

    The square of this equation is one of a product: :math:`z^2/\lambda` has the law of ``WishartProduct((1, 1/lambda,
    1/lambda))`` with :math:`M = \lambda s^2`.  So the law is its symmetric root.  The second moment is
    :math:`\lambda`; the rank gives an atom at 0 of weight :math:`\max(0, 1-\lambda)`.

    Parameters
    ----------
    ratio : float
        :math:`\lambda = N_1/N_0`, positive.

    Raises
    ------
    ValueError, TypeError
        If the ratio is not a positive number.

    Accuracy
    --------
    That of :class:`WishartProduct`.

    References
    ----------
    Speicher (1998) for the free compound Poisson law.

    Examples
    --------
    >>> law = WignerProduct(0.5)
    >>> law.atoms, bool(law.support[0, 0] == -law.support[0, 1])
    (((0.0, 0.5),), True)
    """

    ratio: float

    def __post_init__(self):
        object.__setattr__(self, "ratio", positive("ratio", self.ratio))
        if not 1 / APART <= self.ratio <= APART:
            raise ValueError(f"ratio: expected a number closer to 1, got {self.ratio}")

    @cached_property
    def _square(self):
        return WishartProduct((1.0, 1 / self.ratio, 1 / self.ratio))

    def _moments(self):
        return 0.0, self.ratio

    @cached_property
    def support(self):
        """One symmetric interval, shape (1, 2)."""
        high = np.sqrt(self.ratio * self._square.support[0, 1])
        edges = np.array([[-high, high]])
        edges.flags.writeable = False
        return edges

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The pair (0, 1 - lambda), or nothing."""
        return ((0.0, 1 - self.ratio),) if self.ratio < 1 else ()

    def _upper(self, z):
        # log(z-t) + log(z+t) = log(z^2 - t^2) for Re z >= 0; the left quadrant is its mirror image
        left, at_zero = z.real < 0, z == 0
        right = np.where(at_zero, 1.0, np.where(left, -z.conj(), z) * stretch(z, np.sqrt(SMALLEST)))
        square = np.where(right.imag == 0, right.real**2, right**2) / self.ratio
        phi, g = self._square._upper(square.real + 1j * np.abs(square.imag))
        phi, g = (phi + np.log(self.ratio)) / 2, g * right / self.ratio
        phi, g = np.where(left, phi.conj() + 1j * np.pi, phi), np.where(left, -g.conj(), g)
        phi[at_zero], g[at_zero] = self._at_zero()
        return phi, g

    def _at_zero(self):
        """Return Phi and G at 0, from s = -i (or -i/sqrt(lambda) where that is the smaller)."""
        ratio = self.ratio
        if ratio < 1:
            return complex(-np.inf, ratio * np.pi / 2), complex(np.inf, -ratio / (1 - ratio))
        phi = (self._square._upper(np.zeros(1, complex))[0][0] + np.log(ratio)) / 2
        return phi, complex(0, -np.sqrt(ratio) / (ratio - 1) if ratio > 1 else -np.inf)

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return X A X^T, a symmetric matrix of size n; A has size lambda n (at least 1).

        Parameters
        ----------
        n : int
            At least 1.
        rng : int, SeedSequence, Generator or None

        Examples
        --------
        >>> values = np.linalg.eigvalsh(WignerProduct(0.5).sample(100, rng=1))
        >>> int(np.sum(abs(values) < 1e-10))
        50
        """
        n, rng = matrix_size(n), generator(rng)
        inner = max(1, round(self.ratio * n))
        dense(inner, max(n, inner))
        x = rng.standard_normal((n, inner)) / np.sqrt(n)
        product = x @ sample_blocks([[1.0]], [[1.0]], [0.0], [inner], inner, rng) @ x.T
        return (product + product.T) / 2


def product_edges(ratios):
    r"""Return the two edges of the law with :math:`zM = \prod(1+c_lM)`: stationary points of z on the real line.

    :math:`d\log z/d\log M = \sum c_lM/(1+c_lM) - 1` rises on M > 0, which belongs to z above the support, and on
    :math:`-1/c_2 < M < -1/c_1` (c_1, c_2 the two largest), which belongs to 0 < z below the support: one zero each.

    Parameters
    ----------
    ratios : sequence of floats
        All :math:`c_l`, the 1 included.

    Returns
    -------
    tuple of two floats

    Examples
    --------
    >>> tuple(round(edge, 12) for edge in product_edges([1.0, 0.25]))  # Marchenko-Pastur: (1 -+ sqrt(c))^2
    (0.25, 2.25)
    """
    c = np.sort(np.asarray(ratios, dtype=float))[::-1]
    high = _stationary(lambda m: np.sum(c * m / (1 + c * m)) - 1, 0.0, 2 / np.min(c))
    upper = float(np.prod(1 + c * high) / high)
    if c[0] == c[1]:
        return 0.0, upper
    # M = -1/c_1 - w: the factors c_l (gap_l - w) are exact where they are small
    gap = (c[0] - c) / (c[0] * c)
    w = _stationary(lambda w: np.sum((1 / c[0] + w) / (gap - w)) + 1, 0.0, gap[1])
    return float(-np.prod(c * (gap - w)) / (1 / c[0] + w)), upper


def _stationary(slope, low, high):
    """Return the zero of a monotone function between two places where it may be infinite."""
    inner = 1e-14 * (high - low)
    if slope(low + inner) * slope(high - inner) > 0:
        raise ValueError("ratios: expected numbers within about 1e12 of each other and of 1, got some further apart")
    return brentq(slope, low + inner, high - inner, xtol=1e-300, rtol=1e-15)


@njit(**OPTIONS)
def solve_product(z, c, top, v, near):
    r"""Fill v at all z (Im z >= 0, not 0) and tell where it is M + 1/max c, not M; return the first failure or -1.

    Near 0 the first is known to full relative accuracy, far out the second.  Any solution in the lower half-plane is
    the one, so Newton's method may start anywhere; what it does not reach at once is followed along log z, from a
    near or a far place on the imaginary axis.  The ratios c descend, the 1 is among them; top is the upper edge.
    """
    gaps = (c[0] - c) / c[0]
    power, constant, least = 0, np.log(c[0]), 1.0
    for gap in gaps:
        if gap == 0.0:
            power += 1
        else:
            constant += np.log(gap)
            least = min(least, gap)
    far, low = np.log(10 * top), constant + power * np.log(0.1 * least)
    ones = np.ones(len(c))
    for i in range(len(z)):
        target = upper_log(z[i])
        near[i] = target.real < 0.5 * (far + low)
        origin, offsets = (-1 / c[0], gaps) if near[i] else (0.0, ones)
        start = near_or_far(target, near[i], power, constant, c[0])
        v[i], found = newton(target, start, origin, offsets, c, 25)
        if found:
            continue
        height = complex(min(target.real, low) if near[i] else max(target.real, far), 0.5 * np.pi)
        middle = complex(target.real, 0.5 * np.pi)
        x = near_or_far(height, near[i], power, constant, c[0])
        for first, last in ((height, middle), (middle, target)):
            steps = int(abs(last - first) / STRIDE) + 1
            for step in range(1, steps + 1):
                x, found = newton(first + (last - first) * step / steps, x, origin, offsets, c, 4)
        v[i], found = newton(target, x, origin, offsets, c, 60)
        if not found:
            return i
    return -1


@njit(**OPTIONS)
def near_or_far(target, near, power, constant, largest):
    """Return v from the asymptotic form of the equation: z = 1/M far out, near 0 a power of v."""
    if near:
        return np.exp((target - 1j * np.pi - constant) / power) / largest
    return np.exp(-target)


@njit(**OPTIONS)
def newton(target, v, origin, offsets, c, most):
    """Solve sum log(1+cM) - log M = target for log v, in which both ends are linear; tell whether it is solved."""
    for _ in range(most):
        m = origin + v
        if m == 0:
            m = 1e-8 + 0j
        miss, slope = -lower_log(m) - target, -1 / m
        for s in range(len(c)):
            factor = offsets[s] + c[s] * v
            if factor == 0:  # a start on a pole
                factor = 1e-8 + 0j
            miss += lower_log(factor)
            slope += c[s] / factor
        if slope == 0:
            slope = 1e-30 + 0j
        step = -miss / (slope * v)
        if abs(step) < 1e-15 or abs(miss) < 2e-16:
            break
        v *= np.exp(step / max(1.0, 2 * abs(step)))
        v = complex(v.real, -abs(v.imag))
    # on the real axis outside the support there is a second real solution, at which M would rise with z
    falls = abs(v.imag) > 1e-9 * abs(v) or slope.real * np.cos(target.imag) < 1e-6 / abs(v)
    return v, abs(miss) < 1e-12 and falls


@njit(**OPTIONS)
def upper_log(z):
    """Return the logarithm with an argument between 0 and pi: of z, or of its limit from above."""
    return np.log(np.abs(z)) + 1j * np.arctan2(np.abs(z.imag), z.real)


@njit(**OPTIONS)
def lower_log(z):
    """Return the logarithm with an argument between -pi and 0: of z, or of its limit from below."""
    return np.log(np.abs(z)) - 1j * np.arctan2(np.abs(z.imag), z.real)


def stretch(z, least=SMALLEST):
    """Return the factors that move places closer to 0 than least out to it, so that 1/z does not overflow."""
    return np.maximum(1.0, least / np.maximum(np.abs(z), 1e-320))


def _x_log_x(z):
    """Return z log z from below, 0 at 0."""
    return z * lower_log(np.where(z == 0, 1.0, z))
