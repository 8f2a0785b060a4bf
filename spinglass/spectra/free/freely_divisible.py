r"""Freely infinitely divisible laws with finitely many jumps: closed under free addition, algebraic, in closed form.

With drift m, variance v, jumps :math:`t_i` and rates :math:`r_i`

.. math:: R(g) = m + v g + \sum_i \frac{r_i t_i}{1 - t_i g} , \qquad z = 1/G + R(G) , \qquad
          \Phi = -\log G + zG - 1 - \int_0^G R .

In :math:`w = 1/G` the equation reads :math:`z = \bar t + w + \sum_k c_k/(w - p_k)` with the mean
:math:`\bar t = m + \sum r_i t_i`, poles at the jumps of strength :math:`r_i t_i^2` and a pole at 0 of strength v.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.capacity import dense
from spinglass.inputs.checks import SQUARE, measured, one_number, positive, real_points
from spinglass.running.streams import generator
from spinglass.spectra.free import divisible_kernel as kernel
from spinglass.spectra.free.levy import LevyLaw
from spinglass.spectra.sampling import matrix_size, sample_blocks

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers, Seed

NODES = 385  # of the chart of each bulk, from which Newton's method starts
ATOM = 1e-12  # weights below count as none
LARGEST = 1e152  # of standard deviations and, with their inverses, the smallest: squares stay floats
FARTHEST = 3e7  # of jumps in standard deviations: beyond, what they move weighs less than rounding


class FreelyDivisible(LevyLaw):
    r"""The law with :math:`R(g) = m + vg + \sum_i r_i t_i/(1 - t_i g)`: sums, multiples and shifts stay of this kind.

    It is the limit of :math:`m + \sqrt v\,\mathrm{GOE} + \sum_i t_i X_i X_i^T/n` with independent standard normal
    :math:`n \times r_i n` matrices :math:`X_i`.

    Parameters
    ----------
    drift : float
        m.
    variance : float
        v >= 0, of the semicircle part, kept as ``semicircle``; the law's own variance is larger by its jumps.
    jumps : float array of shape (k,)
        t, not 0; equal ones are merged.
    rates : float array of shape (k,)
        r > 0.

    Raises
    ------
    ValueError, TypeError
        If a parameter is not of this kind, or if v = 0 and there are no jumps (a :class:`PointMass`).

    Accuracy
    --------
    G, density, cdf and potential to about 1e-14 of their scale away from edges; the potential and the cdf also there,
    the density to the rounding of its argument.  Edges to 1e-15 of the distance to the mean or of the standard
    deviation.

    References
    ----------
    Voiculescu (1986); Bercovici, Voiculescu (1993); Biane (1997).

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.FreelyDivisible(drift=0.0, variance=0.01, jumps=[1.0, 12.0], rates=[1.0, 0.25])
    >>> law.support.round(6)
    array([[-0.028421,  3.361907],
           [ 4.204286, 28.059361]])
    """

    def __init__(self, drift: float, variance: float, jumps: Numbers, rates: Numbers) -> None:
        self.drift, self.semicircle = one_number("drift", drift), one_number("variance", variance, SQUARE)
        if self.semicircle < 0:
            raise ValueError(f"variance: expected a number >= 0, got {self.semicircle}")
        jumps, rates = np.atleast_1d(measured("jumps", jumps)), np.atleast_1d(measured("rates", rates))
        if jumps.ndim != 1 or jumps.shape != rates.shape:
            raise ValueError(f"rates: expected one for each of {jumps.size} jumps, got shape {rates.shape}")
        if np.any(jumps == 0):
            raise ValueError(f"jumps: expected non-zero numbers, got {jumps.tolist()}")
        if np.any(rates <= 0):
            raise ValueError(f"rates: expected positive numbers, got {rates.tolist()}")
        if self.semicircle == 0 and not jumps.size:
            raise ValueError("variance: expected a positive number where there are no jumps, got 0; try PointMass")
        size = np.max(np.r_[np.sqrt(self.semicircle), np.sqrt(rates) * abs(jumps)])
        if not (1 / LARGEST <= size <= LARGEST and np.all(abs(jumps) < 1.1 * FARTHEST * size)):
            raise ValueError(
                f"jumps, rates: expected a standard deviation from {1 / LARGEST} to {LARGEST} and jumps of up to "
                f"{FARTHEST:.0e} of it, got about {size:.3g} and {jumps.tolist()}"
            )
        places, which = np.unique(jumps, return_inverse=True)
        self.jumps = tuple(places.tolist())
        self.rates = tuple(np.bincount(which, rates, minlength=places.size).tolist())

    def __repr__(self):
        parts = (f"{name}={x}" for name, x in zip(("drift", "variance", "jumps", "rates"), self._triple, strict=True))
        return f"FreelyDivisible({', '.join(parts)})"

    def __eq__(self, other):
        if not isinstance(other, FreelyDivisible):
            return NotImplemented
        return self._triple == other._triple

    def __hash__(self):
        return hash(self._triple)

    @property
    def _triple(self):
        return self.drift, self.semicircle, self.jumps, self.rates

    @cached_property
    def _scaled(self):
        """Return mean, standard deviation, and the compiled solver's data at mean 0 and variance 1."""
        strengths = np.r_[
            [self.semicircle] * (self.semicircle > 0), np.square(np.multiply(np.sqrt(self.rates), self.jumps))
        ]
        poles = np.r_[[0.0] * (self.semicircle > 0), self.jumps]
        order = np.argsort(poles)
        scale = np.sqrt(strengths.sum())
        p, c = poles[order] / scale, strengths[order] / scale**2
        return self.mean, scale, (p, c, *kernel.chart(p, c, NODES))

    def upper(self, z: Numbers) -> tuple[Numbers, Numbers]:
        """Return Phi and G = 1/w from the physical root w."""
        _, scale, (p, c, *_) = self._scaled
        w, on_atom = self._reciprocal(z)
        phi = np.empty(len(z), complex)
        kernel.potentials(p, c, w, phi)
        stieltjes = 1 / (scale * w)
        right = sum(r for t, r in zip(self.jumps, self.rates, strict=True) if t > 0)
        phi[on_atom], stieltjes[on_atom] = complex(-np.inf, np.pi * right), np.inf
        return phi + np.log(scale), stieltjes

    def upper_stieltjes(self, z: Numbers) -> Numbers:
        """Return G alone: no potential is computed."""
        w, on_atom = self._reciprocal(z)
        stieltjes = 1 / (self._scaled[1] * w)
        stieltjes[on_atom] = np.inf
        return stieltjes

    def _reciprocal(self, z):
        """Return w = 1/G in units of the standard deviation, 1 on an atom, and where that is."""
        mean, scale, data = self._scaled
        w = np.empty(len(z), complex)
        kernel.solve_many(*data, (z.real - mean) / scale, z.imag / scale, w)
        on_atom = (w == 0) | np.isin(z, [place for place, _ in self.atoms])
        w[on_atom] = 1.0
        return w, on_atom

    def density(self, x: Numbers) -> Numbers:
        r"""Return the density :math:`\mathrm{Im}\,w/(\pi|w|^2)` of the absolutely continuous part, at real x."""
        x = real_points("x", x)
        out = np.empty(x.shape)
        mean, scale, (p, c, _, _, places, tables) = self._scaled
        kernel.densities(p, c, places, tables, mean, scale, x.ravel(), out.reshape(-1))
        return out[()]

    @property
    def support(self) -> Array:
        """Intervals of the absolutely continuous part, shape (k, 2), from the zeros of dz/dG."""
        mean, scale, (_, _, _, _, places, _) = self._scaled
        return mean + scale * places.reshape(-1, 2)

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """One pair (place, weight) at the drift if there is no semicircle part and the rates' sum is below 1."""
        weight = 1 - sum(self.rates)
        return ((self.drift, weight),) if self.semicircle == 0 and weight > ATOM else ()

    def sample(self, n: int, rng: Seed = None) -> Array:
        """Return the sum of a GOE matrix and independent Wishart matrices, of round(rate n) columns (at least one)."""
        n, rng = matrix_size(n), generator(rng)
        dense(n, max([n, *(r * n for r in self.rates)]))
        matrix = sample_blocks([[self.semicircle]], [[self.semicircle]], [self.drift], [n], n, rng)
        for t, r in zip(self.jumps, self.rates, strict=True):
            columns = max(1, round(r * n))
            x = rng.standard_normal((n, columns))
            matrix += (r * t / columns) * (x @ x.T)
        return (matrix + matrix.T) / 2


class MarchenkoPastur(FreelyDivisible):
    r"""The law of :math:`XX^T/m` for X of size n x m with independent entries: one jump.

    .. math:: R(g) = \frac{\sigma}{1 - \sigma\phi g} , \qquad
              \rho(x) = \frac{\sqrt{(x_+ - x)(x - x_-)}}{2\pi\sigma\phi x} , \qquad
              x_\pm = \sigma(1 \pm \sqrt\phi)^2 ,

    and for :math:`\phi > 1` an atom at 0 of weight :math:`1 - 1/\phi`.

    Parameters
    ----------
    ratio : float
        phi = n/m > 0.
    variance : float, optional
        sigma > 0, of an entry.

    Raises
    ------
    ValueError
        If a parameter is not positive, the ratio not between 1e-152 and 9e14 or the variance likewise extreme.

    Accuracy
    --------
    As :class:`FreelyDivisible`.

    References
    ----------
    Marchenko, Pastur (1967).

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.MarchenkoPastur(ratio=0.25)
    >>> print(law.support, f"{law.density(1.0):.9f}")
    [[0.25 2.25]] 0.616404444
    >>> sg.spectra.MarchenkoPastur(ratio=4.0).atoms
    ((0.0, 0.75),)
    """

    def __init__(self, ratio: float, variance: float = 1.0) -> None:
        self.ratio, self.entry_variance = positive("ratio", ratio), positive("variance", variance)
        if not 1 / LARGEST <= self.ratio <= FARTHEST**2:
            raise ValueError(f"ratio: expected a number from {1 / LARGEST} to {FARTHEST**2}, got {self.ratio}")
        super().__init__(0.0, 0.0, [self.entry_variance * self.ratio], [1 / self.ratio])

    def __repr__(self):
        return f"MarchenkoPastur(ratio={self.ratio}, variance={self.entry_variance})"


class FreeCompoundPoisson(FreelyDivisible):
    r"""The free compound Poisson law, :math:`R(g) = \lambda\sum_i w_i t_i/(1 - t_i g)`.

    It is the limit of :math:`XTX^T/n` with standard normal X of size :math:`n \times \lambda n` and T diagonal with
    the fractions w of entries t.

    Parameters
    ----------
    rate : float
        lambda > 0.
    jumps : float array of shape (k,)
        t, not 0.
    weights : float array of shape (k,)
        w, positive, of sum 1.

    Raises
    ------
    ValueError
        If a parameter is not of this kind.

    Accuracy
    --------
    As :class:`FreelyDivisible`.

    References
    ----------
    Voiculescu, Dykema, Nica (1992); Speicher (1998).

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.FreeCompoundPoisson(rate=0.5, jumps=[-1.0, 2.0], weights=[0.5, 0.5])
    >>> law.atoms, law.mean
    (((0.0, 0.5),), 0.25)
    """

    def __init__(self, rate: float, jumps: Numbers, weights: Numbers) -> None:
        rate = positive("rate", rate)
        weights = np.atleast_1d(measured("weights", weights))
        if weights.ndim != 1 or not weights.size or np.any(weights <= 0) or abs(weights.sum() - 1) > 1e-9:
            raise ValueError(f"weights: expected positive numbers of sum 1, got {weights.tolist()}")
        if np.shape(jumps) != np.shape(weights) and np.shape(jumps) != ():
            raise ValueError(f"jumps: expected one for each of {weights.size} weights, got shape {np.shape(jumps)}")
        super().__init__(0.0, 0.0, jumps, rate * weights)
