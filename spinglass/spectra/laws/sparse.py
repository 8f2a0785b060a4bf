r"""Sparse random matrices: a mask of finite mean degree over Gaussian entries.

No closed form is known; the law is that of a population of cavity fields
(:mod:`~spinglass.spectra.laws.sparse_population`), fixed by a seed.  The atom at 0 is exact: with
:math:`\beta = e^{-ae^{-b\beta}}`,

.. math:: \max_\beta\ e^{-ae^{-b\beta}} - \tfrac ab\big[1 - e^{-b\beta}(1 + b\beta)\big]

for mean degrees a of rows and b of columns (Wishart), and :math:`q + e^{-cq} + cqe^{-cq} - 1`,
:math:`q = e^{-ce^{-cq}}` the smallest root, for degree c (Wigner).
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.capacity import dense, within
from spinglass.inputs.checks import positive, real_points, whole_number
from spinglass.running.streams import generator
from spinglass.spectra.free.cumulants import cumulants_of
from spinglass.spectra.law import Law
from spinglass.spectra.laws.product_equation import stretch, upper_log
from spinglass.spectra.laws.sparse_moments import tree_moments
from spinglass.spectra.laws.sparse_population import Population, bethe, one_kind, two_kinds
from spinglass.spectra.sampling import matrix_size

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers, Seed

MOST = 100_000.0  # vertices, and ends of edges, of a population: a second for every place


class _Sparse(Law):
    """A law from a population of cavity fields: what its two kinds have in common."""

    population: int
    resolution: float

    @cached_property
    @abstractmethod
    def _population(self) -> Population:
        """Return the random graph that carries the fields."""

    @abstractmethod
    def _interval(self):
        """Return the interval of the population's eigenvalues."""

    def _sums(self, z):
        r"""Return :math:`\Phi` and G of the population, per row, at z lifted by :math:`i\eta`."""
        phi, g = np.empty(z.shape, complex), np.empty(z.shape, complex)
        failed = bethe(*self._population, z + 1j * self.resolution, phi, g)
        if failed >= 0:
            raise ArithmeticError(f"no cavity fields of {self} at z = {z[failed]}; try a larger resolution")
        return phi / self.population, g / self.population

    @property
    def _weight(self):
        return sum(weight for _, weight in self.atoms)

    @cached_property
    def support(self):
        """Interval of the population's eigenvalues, shape (1, 2): the law itself has thin tails without end."""
        edges = self._interval()
        edges.flags.writeable = False
        return edges

    def quantile(self, alpha: Numbers) -> Numbers:
        """Return the place below which a fraction alpha lies, not beyond the support; as in :meth:`Law.quantile`."""
        alpha = real_points("alpha", alpha)
        low, high = self.cdf(self.support[0])
        inside = np.where((alpha > 0) & (alpha < 1), np.clip(alpha, low, high), alpha)
        return super().quantile(inside)


@dataclass(frozen=True)
class SparseWigner(_Sparse):
    r"""The law of a symmetric matrix with normal entries of variance 1/c, each present with probability c/n.

    The second moment is 1, :math:`m_4 = 2 + 3/c`; all moments are those of the infinite system.  There is no edge.

    Parameters
    ----------
    degree : float
        c > 0, the mean number of entries in a row.
    population : int, optional
        Vertices of the graph that carries the fields, at least 100.
    resolution : float, optional
        :math:`\eta > 0`: all but the atom is convolved with a Cauchy law of this width,
        :math:`\Phi(z) = \Phi_{\mathrm{Bethe}}(z + i\eta) + a[\log z - \log(z + i\eta)]` with the weight a.
    seed : int, optional
        Of the population: equal parameters give equal laws, to the last bit.

    Raises
    ------
    ValueError, TypeError
        If a parameter is not of this kind.
    ArithmeticError
        At evaluation, if the fields did not converge.

    Accuracy
    --------
    Mass 1, :math:`G = \Phi'` and all symmetries hold to about 1e-9 for any population.  Against the infinite system
    the cdf has a standard error of about 0.15 population^(-1/2), 0.0035 by default, which other seeds show; next to 0,
    where the density may diverge, the resolution is seen besides.  The atom is exact, so that right beside it the cdf
    may fall by the population's error.

    References
    ----------
    Rogers, Castillo, Kuhn, Takeda (2008), "Cavity approach to the spectral density of sparse symmetric random
    matrices"; Bordenave, Lelarge, Salez (2011), "The rank of diluted random graphs".

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.SparseWigner(degree=2.0)
    >>> round(law.atoms[0][1], 6)
    0.216074
    """

    degree: float
    population: int = 2000
    resolution: float = 1e-3
    seed: int = 0

    def __post_init__(self):
        _check(self, "degree")

    def _cumulants(self, order):
        moments = np.zeros(order)
        moments[1::2] = tree_moments(order // 2, [self.degree])
        return cumulants_of(moments)

    @cached_property
    def _population(self):
        _within(self.population, self.degree * self.population)
        return one_kind(self.population, self.degree, generator(self.seed))

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G of the population, with the exact atom in place of its own."""
        phi, g = self._sums(z)
        at_zero, lifted = z == 0, z + 1j * self.resolution
        place = np.where(at_zero, 1.0, z * stretch(z))
        phi += self._weight * (upper_log(place) - np.log(lifted))
        g += self._weight * (1 / place - 1 / lifted)
        if self.atoms:
            phi.real[at_zero], g.real[at_zero] = -np.inf, np.inf
        return phi, g

    def _interval(self):
        radius = self._population.radius()
        return np.array([[-radius, radius]])

    @cached_property
    def atoms(self):
        """The pair (0, weight); a trivial weight, below 1e-14, counts as none."""
        c = self.degree
        q = _fixed_point(lambda q: np.exp(-c * np.exp(-c * q)), 0.0)
        weight = q + np.exp(-c * q) * (1 + c * q) - 1
        return ((0.0, float(weight)),) if weight > 1e-14 else ()

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return a symmetric sparse matrix of size n, as a full array, with zeros on its diagonal."""
        n, rng = matrix_size(n), generator(rng)
        mask = rng.random((n, n)) * n < self.degree
        upper = np.triu(mask * rng.standard_normal((n, n)), 1) / np.sqrt(self.degree)
        return upper + upper.T


@dataclass(frozen=True)
class SparseWishart(_Sparse):
    r"""The law of :math:`XX^T` where X has ``degree`` normal entries of variance 1/degree per row, in random places.

    X is n x m with ratio n/m.  The mean is 1; all moments are those of the infinite system.  Without an upper edge.

    Parameters
    ----------
    degree : float
        a > 0, the mean number of entries in a row of X; columns have b = a ratio.
    ratio : float
        n/m > 0.
    population, resolution, seed : optional
        As of :class:`SparseWigner`; the population counts the rows, the resolution is that of singular values.

    Raises
    ------
    ValueError, TypeError, ArithmeticError
        As for :class:`SparseWigner`.

    Accuracy
    --------
    As of :class:`SparseWigner`.

    References
    ----------
    Rogers, Castillo, Kuhn, Takeda (2008); Coja-Oghlan, Ergur, Gao, Hetterich, Rolvien (2020), "The rank of sparse
    random matrices".

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.SparseWishart(degree=3.0, ratio=2.0)
    >>> round(law.atoms[0][1], 6)
    0.501268
    """

    degree: float
    ratio: float
    population: int = 2000
    resolution: float = 1e-3
    seed: int = 0

    def __post_init__(self):
        _check(self, "degree", "ratio")

    def _cumulants(self, order):
        return cumulants_of(tree_moments(order, [self.degree, self.degree * self.ratio]))

    @cached_property
    def _population(self):
        rows, columns = self.population, self.population / self.ratio
        _within(rows + columns, self.degree * rows)
        return two_kinds(self.population, self.degree, self.ratio, generator(self.seed))

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G of the population, with the exact atom in place of its own."""
        # singular values are eigenvalues of the population, in pairs +-w, besides zeros of either side
        at_zero = z == 0
        place = np.where(at_zero, 1.0, z * stretch(z))
        w = np.where(at_zero, 0.0, np.exp(0.5 * upper_log(place)))
        lifted, rest = w + 1j * self.resolution, self._population.size / self.population - 2 + 2 * self._weight
        phi, g = self._sums(w)
        phi += self._weight * upper_log(place) - rest * np.log(lifted)
        g = (g - rest / lifted) / np.where(at_zero, 1.0, 2 * w) + self._weight / place
        if self.atoms:
            phi.real[at_zero] = -np.inf
        g.real[at_zero], g.imag[at_zero] = (np.inf if self.atoms else 0.0), -np.inf
        return phi, g

    def _interval(self):
        return np.array([[0.0, self._population.radius() ** 2]])

    @cached_property
    def atoms(self):
        """The pair (0, weight); a trivial weight, below 1e-14, counts as none."""
        a, b = self.degree, self.degree * self.ratio

        def weight(start):  # the two outer roots are maxima, one between them a minimum
            beta = _fixed_point(lambda beta: np.exp(-a * np.exp(-b * beta)), start)
            return beta - (1 - np.exp(-b * beta) * (1 + b * beta)) / self.ratio

        best = max(weight(0.0), weight(1.0))
        return ((0.0, float(best)),) if best > 1e-14 else ()

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return X X^T of size n, as a full array; X has n/ratio columns (at least 1)."""
        n, rng = matrix_size(n), generator(rng)
        m = max(1, round(n / self.ratio))
        dense(n, m)
        mask = rng.random((n, m)) * m < self.degree
        x = mask * rng.standard_normal((n, m)) / np.sqrt(self.degree)
        return x @ x.T


def _fixed_point(f, start):
    """Return the fixed point of a rising function on [0, 1] that is nearest above 0 or nearest below 1."""
    x = np.float64(start)
    for _ in range(100_000):
        new = f(x)
        if abs(new - x) < 1e-16:
            break
        x = new
    return x


def _within(vertices, edges):
    """Refuse a population that would take minutes for every place, or gigabytes."""
    for size, names in ((vertices, "population (and population/ratio)"), (edges, "degree * population")):
        within(names, float(size), MOST, "try a smaller population or, for a large degree, the laws of full matrices")


def _check(law, *names):
    """Make the parameters of a sparse law plain numbers, or say what was expected."""
    for name in (*names, "resolution"):
        object.__setattr__(law, name, positive(name, getattr(law, name)))
    object.__setattr__(law, "population", whole_number("population", law.population, 100))
    object.__setattr__(law, "seed", whole_number("seed", law.seed, 0))
