r"""The index of critical points against their energy: where it begins, and with which power.

Where a square-root edge of the spectrum crosses 0, :math:`\alpha \propto (\epsilon - \epsilon_c)^{3/2}`.  Both are
fitted as :math:`\epsilon(\alpha) = \epsilon_c + c\,\alpha^{1/\gamma}`, since it is the energy that scatters: the
index is a count out of P.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from spinglass.running.streams import generator

POWERS = 0.3, 6.0  # between which the exponent is looked for


def fit_critical_energy(energy, index, largest=0.15):
    r"""Fit :math:`\epsilon = \epsilon_c + c\,\alpha^{2/3}` to points of small index by least squares.

    Parameters
    ----------
    energy, index : float arrays of shape (points,)
        :math:`\epsilon` and :math:`\alpha`, the fraction of negative eigenvalues; best the certain ones.
    largest : float, optional
        Points with a larger :math:`\alpha` are left out: the power 3/2 is the start of a curve.

    Returns
    -------
    critical, error, c : float
        :math:`\epsilon_c`, its standard error, and c.

    Raises
    ------
    ValueError
        If less than three points are left, or all of one index.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.networks import fit_critical_energy
    >>> energy = np.array([0.2, 0.21, 0.23, 0.3])
    >>> critical, error, c = fit_critical_energy(energy, (energy - 0.2) ** 1.5)
    >>> round(critical, 12), round(c, 12), bool(error < 1e-12)
    (0.2, 1.0, True)
    """
    energy, index = small_indices(energy, index, largest, least=2)
    (critical, c), rest, inverse = line(energy, index ** (2 / 3))
    error = np.sqrt(rest / (len(energy) - 2) * inverse[0, 0])
    return float(critical), float(error), float(c)


@dataclass(frozen=True)
class IndexPower:
    r"""The power :math:`\alpha \propto (\epsilon - \epsilon_c)^\gamma` fitted to critical points.

    Attributes
    ----------
    exponent : float
        :math:`\gamma`.
    critical : float
        :math:`\epsilon_c`.
    exponents, criticals : float arrays of shape (resamples,)
        The same of bootstrap samples of the points.
    """

    exponent: float
    critical: float
    exponents: np.ndarray
    criticals: np.ndarray

    def interval(self, level=0.95):
        """Return the bootstrap interval of the exponent, an array (2,)."""
        return np.quantile(self.exponents, [(1 - level) / 2, (1 + level) / 2])


def fit_index_power(energy, index, largest=0.15, resamples=200, rng=0):
    r"""Fit :math:`\epsilon = \epsilon_c + c\,\alpha^{1/\gamma}` with a free exponent to points of small index.

    Parameters
    ----------
    energy, index, largest
        As for `fit_critical_energy`; at least three different indices are needed.
    resamples : int, optional
        Bootstrap samples of the points.
    rng : int, SeedSequence, Generator or None, optional

    Returns
    -------
    IndexPower
        The exponent is looked for between 0.3 and 6; an interval that ends there has no end.

    Raises
    ------
    ValueError
        If less than four points are left, or less than three different indices.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.networks import fit_index_power
    >>> rng = np.random.default_rng(1)
    >>> index = rng.integers(0, 20, 500) / 128
    >>> found = fit_index_power(0.2 + 0.3 * index ** (2 / 3) + 0.01 * rng.standard_normal(500), index, resamples=50)
    >>> low, high = found.interval()
    >>> bool(low < 1.5 < high), round(found.critical, 2)
    (True, 0.2)
    """
    energy, index = small_indices(energy, index, largest, least=3)
    exponent, critical = _power(energy, index)
    draw, found = generator(rng), []
    while len(found) < resamples:
        chosen = draw.integers(len(energy), size=len(energy))
        if len(np.unique(index[chosen])) > 2:
            found.append(_power(energy[chosen], index[chosen]))
    exponents, criticals = np.array(found).reshape(-1, 2).T
    return IndexPower(exponent, critical, exponents, criticals)


def _power(energy, index):
    """Return the exponent of the least sum of squares, and the critical energy there."""
    places, group = np.unique(index, return_inverse=True)  # the sums are over the few different indices
    counts, sums = np.bincount(group), np.bincount(group, energy - energy.mean())

    def centred(logarithm):
        x = places ** np.exp(-logarithm)
        return x - (counts @ x) / len(energy)

    def explained(logarithm):
        x = centred(logarithm)
        return -((x @ sums) ** 2) / (counts @ x**2)

    # the sum of squares can have a second valley: the best of a grid leads to the deepest
    low, high = np.log(POWERS)
    grid = np.linspace(low, high, 25)
    best = int(np.argmin([explained(place) for place in grid]))
    bounds = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    logarithm = minimize_scalar(explained, bounds=bounds, method="bounded", options={"xatol": 1e-6}).x
    x = centred(logarithm)
    slope, mean = (x @ sums) / (counts @ x**2), np.mean(index ** np.exp(-logarithm))
    return float(np.exp(logarithm)), float(energy.mean() - slope * mean)


def small_indices(energy, index, largest, least):
    """Return the points of small index, in which ``least`` different ones are found."""
    energy, index = np.asarray(energy, dtype=float), np.asarray(index, dtype=float)
    small = index <= largest
    if small.sum() <= least:
        raise ValueError(f"index: expected at least {least + 1} points of index {largest} or less, got {small.sum()}")
    if len(different := np.unique(index[small])) < least:
        seen = ", ".join(f"{one:g}" for one in different)
        raise ValueError(f"index: expected points of {least} different indices, got only {seen}; try more attempts")
    return energy[small], index[small]


def line(y, x):
    """Return the intercept and slope of least squares, the sum of squares left, and the inverse of X^T X."""
    columns = np.stack([np.ones(len(x)), x], axis=1)
    inverse = np.linalg.inv(columns.T @ columns)
    found = inverse @ columns.T @ y
    rest = y - columns @ found
    return found, rest @ rest, inverse
