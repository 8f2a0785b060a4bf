r"""Products of random matrices: Wishart products of any depth, and a Wigner matrix between two factors.

With :math:`M = zG - 1`, :math:`c_0 = 1` and :math:`c_l = N_0/N_l`, the law of :math:`YY^T`, :math:`Y = X_1\cdots X_L`,
obeys

.. math:: zM = \prod_{l=0}^L (1 + c_l M)^{e_l} , \qquad
          \Phi(z) = (1+M)\log z - (1+M)\log(1+M) + M\log M
          - \sum_{l=1}^L e_l\big[(\tfrac1{c_l} + M)\log(1+c_lM) - M\big] .

Layers have exponents e = 1; other ones make real powers of free multiplication, as :math:`S = \prod(1+c_lM)^{-e_l}`.
The potential is :math:`\int G\,dz = (1+M)\log z - \int\log z\,dM`, stationary in M.  M maps the upper half-plane into
the lower one, so every logarithm is principal, and :math:`\sum e_l\log(1+c_lM) - \log M = \log z` without a multiple of
:math:`2\pi i`.  That equation has one solution in the lower half-plane: its two sides leave the strip
:math:`0 < \mathrm{Im} < \pi` together, and far out there is one.  So that they do, the exponents of the largest ratio
have to add up to 1 or more, that of :math:`c_0` among them.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.capacity import dense
from spinglass.inputs.checks import one_number, positive
from spinglass.running.streams import generator
from spinglass.spectra.free.cumulants import moments_of, series_power
from spinglass.spectra.law import Law
from spinglass.spectra.laws.product_equation import SMALLEST, product_edges, solve_product, stretch, upper_log, x_log_x
from spinglass.spectra.sampling import matrix_size, sample_blocks
from spinglass.spectra.semicircle import Semicircle

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers, Seed

APART = 1e100  # the factor between ratios beyond which products of them are no floats
LAYERS = 100  # whole exponents up to this are written as equal ratios
WHOLE = 1e-14  # a relative distance from whole numbers that rounding makes


@dataclass(frozen=True)
class WishartProduct(Law):
    r"""The limiting law of :math:`YY^T`, :math:`Y = X_1\cdots X_L`, with entries of :math:`X_l` of variance 1/N_l.

    :math:`X_l` is an :math:`N_{l-1}\times N_l` matrix of independent entries.  The mean is 1 and the second moment
    :math:`1 + \sum c_l`.  The rank gives an atom at 0 of weight :math:`\max(0, 1 - \min_l N_l/N_0)`.

    Parameters
    ----------
    ratios : sequence of L floats, or one float
        :math:`c_l = N_0/N_l`, positive; one ratio is Marchenko-Pastur.
    exponents : sequence of L floats, or one float, optional
        :math:`e_l`, positive: the free powers of the laws of Marchenko and Pastur that are multiplied.  Whole ones
        stand for layers of equal ratio.

    Raises
    ------
    ValueError, TypeError
        If a ratio or an exponent is not a positive number, or there is none; if the largest ratio is above 1 and its
        exponents add up to less than 1, for which no law exists.
    ArithmeticError
        At evaluation, if the equation was not solved.

    Accuracy
    --------
    Potential and cdf to about 1e-14 of their scale; G and density to about 1e-13, close to an edge to 1e-8.  Edges to
    1e-15 of their size.  A sample of exponents that are not whole has the quantiles for eigenvalues.

    References
    ----------
    Muller (2002), "On the asymptotic eigenvalue distribution of concatenated vector-valued fading channels"; Burda,
    Jarosz, Livan, Nowak, Swiech (2010), "Eigenvalues and singular values of products of rectangular Gaussian random
    matrices".  Banica, Belinschi, Capitaine, Collins (2011) for real exponents of ratio 1; which there are for other
    ratios is derived here.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.spectra.WishartProduct([1.0, 1.0]).support.round(12)  # Fuss-Catalan: 3^3/2^2
    array([[0.  , 6.75]])
    >>> sg.spectra.WishartProduct([2.0, 0.5]).atoms
    ((0.0, 0.5),)
    """

    ratios: tuple
    exponents: tuple = (1.0,)

    def __post_init__(self):
        ratios = _numbers("ratios", self.ratios)
        if not ratios or min(ratios) <= 0:
            raise ValueError(f"ratios: expected at least one positive number N_0/N_l, got {ratios}")
        if max(1.0, *ratios) > APART * min(1.0, *ratios):
            raise ValueError(f"ratios: expected numbers closer to each other and to 1, got {ratios}")
        ratios, exponents = _written_out(ratios, _numbers("exponents", self.exponents))
        object.__setattr__(self, "ratios", ratios)
        object.__setattr__(self, "exponents", exponents)
        c, e = self._descending
        if np.sum(e[c == c[0]]) < 1:
            raise ValueError(
                f"exponents: expected ones of the largest ratio {c[0]:g} that add up to at least 1, as it is above 1, "
                f"got {exponents}"
            )

    def __repr__(self):
        exponents = f", exponents={self.exponents}" if self.exponents != (1.0,) * len(self.ratios) else ""
        return f"WishartProduct(ratios={self.ratios}{exponents})"

    def _cumulants(self, order):
        # y = gR(g) solves y = g prod (1 + c_l y)^e_l; by Lagrange's formula k kappa_k = [y^(k-1)] of its k-th power
        factors = zip(self.ratios, self.exponents, strict=True)
        product = functools.reduce(np.convolve, [series_power([1.0, c], e, order)[: order + 1] for c, e in factors])
        return np.array([series_power(product, k, k - 1)[-1] / k for k in range(1, order + 1)])

    @cached_property
    def support(self):
        """One interval, shape (1, 2); it begins at 0 where the two largest of 1, c_1, .., c_L are equal."""
        edges = np.array([product_edges(*self._descending)])
        edges.flags.writeable = False
        return edges

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The pair (0, 1 - min N_l/N_0), or nothing."""
        weight = 1 - 1 / max(1.0, *self.ratios)
        return ((0.0, weight),) if weight > 0 else ()

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G from the solution M."""
        m, factors, zg, place, at_zero = self._solution(z)
        c, e = (row[:, None] for row in self._descending)
        phi = zg * upper_log(place) + x_log_x(m) + sum(self.exponents) * m - (e * x_log_x(factors) / c).sum(0)
        if self.atoms:
            phi.real[at_zero] = -np.inf
        return phi, self._stieltjes(zg, place, at_zero)

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return G alone: no potential is computed."""
        return self._stieltjes(*self._solution(z)[2:])

    @cached_property
    def _descending(self):
        """Return the different ones of 1 and the ratios, descending, and their exponents."""
        c, which = np.unique((1.0, *self.ratios), return_inverse=True)
        return c[::-1], np.bincount(which, (1.0, *self.exponents))[::-1]

    def _solution(self, z):
        """Return M, all 1 + c_l M, zG = 1 + M, z itself (moved off 0), and where it was 0."""
        (c, e), (low, high) = self._descending, self.support[0]
        at_zero = z == 0
        place = np.where(at_zero, 1.0, z * stretch(z))
        v, near = np.empty(z.shape, complex), np.empty(z.shape, bool)
        failed = solve_product(place, c, e, high, v, near)
        if failed >= 0:
            raise ArithmeticError(f"no solution of the equation of {self} at z = {z[failed]}")
        v = np.where((z.imag == 0) & ((z.real <= low) | (z.real >= high)), v.real, v)
        v, near = np.where(at_zero, 0.0, v), near | at_zero
        c = c[:, None]
        m, factors = v - near / c[0], np.where(near, (c[0] - c) / c[0], 1.0) + c * v
        return m, factors, factors[int(np.argmin(np.abs(c - 1)))], place, at_zero

    def _stieltjes(self, zg, place, at_zero):
        """Return G = zG/z, at 0 its limit."""
        g, starts_at_zero = zg / place, self.support[0, 0] == 0
        if at_zero.any():
            regular = np.prod(np.maximum(1 - np.array(self.ratios), 0.0) ** self.exponents)
            g.real[at_zero] = np.inf if self.atoms else (0.0 if starts_at_zero else -1 / regular)
            g.imag[at_zero] = -np.inf if starts_at_zero else 0.0  # the density diverges at an edge at 0
        return g

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return Y Y^T from Gaussian factors of widths n/c_l (at least 1), or a matrix of the quantiles."""
        if self.exponents != (1.0,) * len(self.ratios):
            return super().sample(n, rng)
        n, rng = matrix_size(n), generator(rng)
        sizes = [n, *(max(1, round(n / ratio)) for ratio in self.ratios)]
        for shape in itertools.pairwise(sizes):
            dense(*shape)
        factors = [rng.standard_normal(shape) / np.sqrt(shape[1]) for shape in itertools.pairwise(sizes)]
        y = functools.reduce(np.matmul, factors)
        return y @ y.T


def _numbers(name, given):
    """Return a tuple of floats."""
    return tuple(one_number(name, number) for number in np.ravel(np.asarray(given, dtype=object)).tolist())


def _written_out(ratios, exponents):
    """Return ratios and as many exponents: those of equal ratios added up, and whole ones as equal ratios again."""
    if len(exponents) == 1:
        exponents *= len(ratios)
    if len(exponents) != len(ratios) or min(exponents) <= 0:
        raise ValueError(f"exponents: expected one positive number for each of {len(ratios)} ratios, got {exponents}")
    if set(exponents) == {1.0}:
        return ratios, exponents
    total: dict[float, float] = {}
    for ratio, exponent in zip(ratios, exponents, strict=True):
        total[ratio] = total.get(ratio, 0.0) + exponent
    pairs = []
    for ratio, exponent in total.items():
        layers = round(exponent) if abs(exponent - round(exponent)) < WHOLE * exponent else 0
        pairs += [(ratio, 1.0)] * layers if 0 < layers <= LAYERS else [(ratio, exponent)]
    return tuple(zip(*pairs, strict=True))


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
    >>> import spinglass as sg
    >>> law = sg.spectra.WignerProduct(0.5)
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

    def _cumulants(self, order):
        return self.ratio * moments_of(Semicircle()._cumulants(order))  # a compound Poisson law over the semicircle

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

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G from those of the square."""
        left, right, square = self._squared(z)
        phi, g = self._square.upper(square)
        phi = (phi + np.log(self.ratio)) / 2
        phi = np.where(left, phi.conj() + 1j * np.pi, phi)
        if self.atoms:
            phi[z == 0] = complex(-np.inf, self.ratio * np.pi / 2)
        elif (z == 0).any():
            phi[z == 0] = (self._square.upper(np.zeros(1, complex))[0] + np.log(self.ratio)) / 2
        return phi, self._root(g, z, left, right)

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return G alone: no potential is computed."""
        left, right, square = self._squared(z)
        return self._root(self._square.upper_stieltjes(square), z, left, right)

    def _squared(self, z):
        """Return which places are left, their mirror images on the right (moved off 0), and where the square is asked.

        log(z-t) + log(z+t) = log(z^2 - t^2) for Re z >= 0; the left quadrant is a mirror image.
        """
        left = z.real < 0
        right = np.where(z == 0, 1.0, np.where(left, -z.conj(), z) * stretch(z, np.sqrt(SMALLEST)))
        square = np.where(right.imag == 0, right.real**2, right**2) / self.ratio
        return left, right, square.real + 1j * np.abs(square.imag)

    def _root(self, g, z, left, right):
        r"""Return G from that of the square; at 0 from s = -i, or :math:`-i/\sqrt\lambda` where that is the smaller."""
        g, ratio = g * right / self.ratio, self.ratio
        g = np.where(left, -g.conj(), g)
        if ratio < 1:
            g[z == 0] = complex(np.inf, -ratio / (1 - ratio))
        else:
            g[z == 0] = complex(0, -np.sqrt(ratio) / (ratio - 1) if ratio > 1 else -np.inf)
        return g

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return X A X^T, a symmetric matrix of size n; A has size lambda n (at least 1)."""
        n, rng = matrix_size(n), generator(rng)
        inner = max(1, round(self.ratio * n))
        dense(inner, max(n, inner))
        x = rng.standard_normal((n, inner)) / np.sqrt(n)
        product = x @ sample_blocks([[1.0]], [[1.0]], [0.0], [inner], inner, rng) @ x.T
        return (product + product.T) / 2
