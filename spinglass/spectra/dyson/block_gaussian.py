r"""The law of a symmetric block Gaussian matrix with shifts: a Dyson equation with one unknown per species.

With the resolvent :math:`g_s` of :math:`H - z`, averaged over block s,

.. math::
   1/g_s = d_s - z - \sum_t v_{st}\kappa_t g_t , \qquad
   \Phi(z) = i\pi - \sum_s\kappa_s\log g_s + \sum_s\kappa_s(d_s - z)g_s - 1
             - \tfrac12\sum_{st}\kappa_s\kappa_t v_{st}g_sg_t .
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain, combinations
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import measured, real_points
from spinglass.running.compiled import kernel
from spinglass.spectra.dyson.bulks import find_bulks
from spinglass.spectra.dyson.log_determinant import handed_solvers, scaled
from spinglass.spectra.dyson.meeting import components
from spinglass.spectra.dyson.psi import complex_potential
from spinglass.spectra.free.cumulants import cumulants_of
from spinglass.spectra.law import FAR, Law
from spinglass.spectra.sampling import block_sizes, matrix_size, sample_blocks

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers, Seed


class BlockGaussian(Law):
    r"""The limiting spectral law of a symmetric block Gaussian matrix.

    Entries of block (s, t) have variance :math:`v_{st}/N`, diagonal blocks are symmetric with doubled diagonal, and
    block s, a fraction :math:`\kappa_s` of the rows, carries :math:`d_s` on its diagonal.

    Parameters
    ----------
    variances : float array of shape (S, S)
        v, symmetric, non-negative, no row of zeros only.
    fractions : float array of shape (S,)
        kappa, positive, of sum 1.
    shifts : float array of shape (S,)
        d, finite.

    Raises
    ------
    ValueError, TypeError
        If a parameter is not of this kind.
    ArithmeticError
        At evaluation, if no physical solution was found.

    Accuracy
    --------
    Potential, density and cdf to about 1e-13 of their scale away from edges and cusps; the potential also there (it is
    stationary in the solution), the density to 1e-8.  Edges to 1e-12 of the radius.

    References
    ----------
    Ajanki, Erdos, Krueger (2017), "Singularities of solutions to quadratic vector equations"; Alt, Erdos, Krueger
    (2020), "The Dyson equation with linear self-energy", for the masses of bands.

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.BlockGaussian([[1.0, 0.5], [0.5, 1.0]], fractions=[0.25, 0.75], shifts=[6.0, 0.0])
    >>> law.support.round(6)
    array([[-1.749216,  1.705307],
           [ 5.072434,  7.056018]])
    >>> law.cdf([-2.0, 3.0, 8.0]).round(12)
    array([0.  , 0.75, 1.  ])
    """

    def __init__(self, variances: Numbers, fractions: Numbers, shifts: Numbers) -> None:
        self.variances, self.fractions, self.shifts = (
            _frozen(value, name)
            for value, name in ((variances, "variances"), (fractions, "fractions"), (shifts, "shifts"))
        )
        n, k = self.fractions.size, self.fractions
        if k.shape != (n,) or n == 0 or np.any(k <= 0) or abs(k.sum() - 1) > 1e-9:
            raise ValueError(f"fractions: expected positive numbers of sum 1, got {k.tolist()}")
        if self.shifts.shape != (n,):
            raise ValueError(f"shifts: expected {n} numbers, one per fraction, got {self.shifts.tolist()}")
        v = self.variances
        if v.shape != (n, n) or np.any(v < 0) or np.any(v != v.T):
            raise ValueError(f"variances: expected a symmetric non-negative {n} x {n} matrix, got {v.tolist()}")
        if not v.any(1).all():
            raise ValueError(f"variances: expected a positive entry in every row, got {v.tolist()}")
        # species that are not coupled, directly or by others, are a mixture: the equation of each part is regular
        part = np.array(components(v > 0))
        species = [np.flatnonzero(part == i) for i in range(part.max() + 1)]
        blocks = [(where, v[np.ix_(where, where)]) for where in species]
        self._parts = [(where, scaled(k[where], part, part, (1,) * len(where))) for where, part in blocks]

    def __setattr__(self, name, value):
        if name in self.__dict__:
            raise AttributeError(f"{name}: a BlockGaussian is fixed; construct another one")
        super().__setattr__(name, value)

    def __repr__(self):
        parts = ", ".join(f"{name}={getattr(self, name).tolist()}" for name in ("variances", "fractions", "shifts"))
        return f"BlockGaussian({parts})"

    def __eq__(self, other):
        if not isinstance(other, BlockGaussian):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self):
        return hash(self._key())

    def _cumulants(self, order):
        """Return free cumulants from moments about the mean: the Dyson equation of h = -g/x as a series in x = 1/z."""
        k = self.fractions / self.fractions.sum()
        mean, flow = k @ self.shifts, self.variances * k
        h = np.ones((order + 1, len(k)))
        for n in range(1, order + 1):  # h = 1 + x (d - mean) h + x^2 (v kappa h) h
            back = (h[j] * (flow @ h[n - 2 - j]) for j in range(n - 1))
            h[n] = (self.shifts - mean) * h[n - 1] + sum(back)
        cumulants = cumulants_of(h[1:] @ k)
        cumulants[0] = mean
        return cumulants

    def _key(self):
        return tuple(getattr(self, name).tobytes() for name in ("variances", "fractions", "shifts"))

    def _solutions(self, z, phi=None):
        """Return kappa_s g_s, shape z.shape + (S,), at an array with Im z >= 0; add the potential to phi, if given."""
        flat = np.ascontiguousarray(z, dtype=complex).ravel()
        resolvents = np.empty((flat.size, len(self.shifts)), complex)
        for where, law in self._parts:
            x, parameters = np.empty((flat.size, len(where)), complex), (law.k, law.w, law.scale, self.shifts[where])
            for solver in handed_solvers(law):
                bad = solve_many(solver, *parameters, flat, x)
                if bad < 0:
                    break
            if bad < 0 and phi is not None:
                phi += law.offset
                bad = add_potentials(*parameters, flat, x, phi)
            if bad >= 0:
                raise ArithmeticError(f"no physical solution of the Dyson equation at z = {flat[bad]} of {self}")
            resolvents[:, where] = x * law.scale
        return resolvents.reshape(*np.shape(z), len(self.shifts))

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G = -sum kappa_s g_s from the solutions of the Dyson equation."""
        phi = np.full(z.size, 1j * np.pi)
        resolvents, on_atom = self._limits(z, phi)
        phi.real[on_atom] = -np.inf
        return phi, _trace(resolvents, on_atom)

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return G alone: no potential is computed."""
        return _trace(*self._limits(z))

    def _limits(self, z, phi=None):
        """Return kappa_s g_s and where z is an atom; where the equation is singular, limits of its solution."""
        real = z.imag == 0
        if not real.any():
            return self._solutions(z, phi), real
        singular = real & np.isin(z.real, [place for place, _ in self._pinned])
        x = self._solutions(np.where(singular, z + 1e-12 * self._radius, z), phi)
        if singular.any():  # the mean over both sides: poles cancel, rounding is not yet enlarged
            nudge = 1e-6 * self._radius
            x[singular] = (self._solutions(z[singular] - nudge) + self._solutions(z[singular] + nudge)) / 2
        return x, singular & np.isin(z.real, [place for place, _ in self.atoms])

    def block_densities(self, x: Numbers) -> Array:
        r"""Return :math:`\kappa_s\,\mathrm{Im}\,g_s(x+i0)/\pi`, what each species adds to the density.

        Parameters
        ----------
        x : float array of any shape

        Returns
        -------
        float array of shape x.shape + (S,)
            Its sum over the last axis is :meth:`density`.

        Examples
        --------
        >>> import numpy as np
        >>> import spinglass as sg
        >>> law = sg.spectra.BlockGaussian([[1.0, 1.0], [1.0, 1.0]], fractions=[0.25, 0.75], shifts=[0.0, 0.0])
        >>> (law.block_densities(0.0) * np.pi).round(12)
        array([0.25, 0.75])
        """
        x = real_points("x", x)
        flat, near = x.ravel(), np.abs(x.ravel()) <= FAR
        densities = np.zeros((flat.size, len(self.shifts)))
        densities[near] = self._limits(flat[near] + 0j)[0].imag / np.pi
        return densities.reshape(*x.shape, len(self.shifts))

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        r"""Pairs (place, weight).

        Rows of species A with one shift d and no variance among themselves meet random columns of the species N(A)
        only, so that d is an eigenvalue at least :math:`\kappa(A) - \kappa(N(A))` times; the largest of these counts.
        """
        return tuple((place, weight) for place, weight in self._pinned if weight > 0)

    @cached_property
    def _pinned(self):
        """Return atoms, and with weight 0 the shifts that are one only just not (square bipartite blocks)."""
        found = []
        for place in np.unique(self.shifts):
            free = np.flatnonzero((self.shifts == place) & (np.diag(self.variances) == 0))
            sets = chain.from_iterable(combinations(free, r) for r in range(1, len(free) + 1))
            excess = (
                self.fractions[list(a)].sum() - self.fractions[self.variances[list(a)].any(0)].sum() for a in sets
            )
            weight = max(excess, default=-1.0)
            if weight > -1e-12:
                found.append((float(place), float(weight) if weight > 1e-12 else 0.0))
        return tuple(found)

    @property
    def _radius(self):
        return np.ptp(self.shifts) / 2 + 2 * np.sqrt((self.variances @ self.fractions).max())

    @cached_property
    def support(self):
        """Intervals of the absolutely continuous part, shape (k, 2); gaps below 1e-13 radii count as closed."""
        middle = 0.5 * (self.shifts.min() + self.shifts.max())
        low, high = middle - 1.001 * self._radius, middle + 1.0013 * self._radius
        places = [place for place, _ in self.atoms]
        return find_bulks(self._solutions, low, high, self.shifts, places)

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return a symmetric random matrix of size n, blocks rounded from the fractions (at least one row each)."""
        sizes = block_sizes(self.fractions, matrix_size(n))
        return sample_blocks(self.variances, self.variances, self.shifts, sizes, n, rng)


def shifted(law, shifts):
    """Return a law with other shifts; what depends on variances and fractions alone is shared."""
    other = object.__new__(BlockGaussian)
    other.variances, other.fractions, other._parts = law.variances, law.fractions, law._parts
    other.shifts = _frozen(shifts, "shifts")
    return other


def _frozen(value, name):
    """Return a read-only float array, with a plain zero for a negative one."""
    array = np.ascontiguousarray(measured(name, value)) + 0.0
    array = np.asarray(array)
    array.flags.writeable = False
    return array


def _trace(resolvents, on_atom):
    """Return G, infinite on an atom."""
    stieltjes = -resolvents.sum(-1)
    stieltjes.real[on_atom] = np.inf
    return stieltjes


@kernel
def solve_many(solver, k, w, scale, shifts, z, x):
    """Fill x (len(z), S) at all z, Im z >= 0; return the first failure or -1."""
    n = len(k)
    a = np.empty(n, np.complex128)
    for i in range(len(z)):
        for s in range(n):
            a[s] = (shifts[s] - z[i]) * scale[s]
        if not solver(k, w, a, x[i]):
            return i
        for s in range(n):
            if not np.isfinite(x[i, s].real):
                return i
            if not x[i, s].imag > 0.0:  # a logarithm must not see a negative zero
                x[i, s] = complex(x[i, s].real, 0.0)
    return -1


@kernel
def add_potentials(k, w, scale, shifts, z, x, phi):
    """Add the potential of t - z (but for the scaling) at all z to phi; return the first failure or -1."""
    n = len(k)
    a = np.empty(n, np.complex128)
    for i in range(len(z)):
        for s in range(n):
            a[s] = (shifts[s] - z[i]) * scale[s]
        phi[i] += complex_potential(x[i], k, w, a)
        if not np.isfinite(phi[i].real):
            return i
    return -1
