r"""Eigenvalues of the random matrices behind a law, with the fluctuations that they have at size n.

Semicircles are tridiagonal, Marchenko-Pastur laws bidiagonal (Dumitriu, Edelman 2002), so that no full matrix is
diagonalised; other laws are asked for a matrix.  A law that knows no ensemble of its own puts the eigenvalues of
:meth:`~spinglass.spectra.Law.sample` at its quantiles, without any fluctuation: it is refused, or given those of the
GOE by name,

.. math:: \lambda_i = F^{-1}(F_{\mathrm{GOE}}(y_i)) .
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.linalg import eigvalsh_tridiagonal

from spinglass.inputs.capacity import dense
from spinglass.inputs.checks import shown
from spinglass.spectra.free.affine import Affine, PointMass
from spinglass.spectra.free.free_sum import FreeSum
from spinglass.spectra.free.freely_divisible import FreelyDivisible
from spinglass.spectra.law import Law
from spinglass.spectra.laws.percolated import PercolatedWigner, PercolatedWishart
from spinglass.spectra.laws.products import WishartProduct
from spinglass.spectra.semicircle import Semicircle

GRID = 2000  # quantiles between which others are interpolated


def has_ensemble(law):
    """Return whether the samples of a law fluctuate as its matrices do."""
    if isinstance(law, Affine):
        return has_ensemble(law.law)
    if isinstance(law, FreeSum):
        return has_ensemble(law.first) and has_ensemble(law.second)
    return type(law).sample is not Law.sample


def checked_ensemble(law, ensemble):
    """Refuse a law whose fluctuations are not known, unless those of the GOE are asked for."""
    if ensemble is None and not has_ensemble(law):
        raise NotImplementedError(
            f"errors: expected a law with an ensemble of its own to sample, got {shown(law)}; try ensemble='goe', "
            "which lends it the fluctuations of the GOE, or errors='gas'"
        )


def eigenvalues(law, n, rng, ensemble=None):
    """Return n eigenvalues of one random matrix, ascending."""
    if ensemble == "goe":
        return np.sort(_lent(law, n, rng))
    return np.sort(_own(law, n, rng))


def realised(law, n):
    """Return the law whose ensemble a sample of size n is: widths of factors and numbers of rows are integers."""
    if isinstance(law, Affine):
        return Affine(realised(law.law, n), law.factor, law.shift)
    if isinstance(law, FreeSum):
        return FreeSum(realised(law.first, n), realised(law.second, n))
    if isinstance(law, FreelyDivisible):
        columns = [max(1, round(rate * n)) for rate in law.rates]
        jumps = [t * rate * n / m for t, rate, m in zip(law.jumps, law.rates, columns, strict=True)]
        return FreelyDivisible(law.drift, law.semicircle, jumps, [m / n for m in columns])
    if isinstance(law, WishartProduct) and set(law.exponents) == {1.0}:  # others have no widths
        return WishartProduct(tuple(n / max(1, round(n / ratio)) for ratio in law.ratios))
    if isinstance(law, PercolatedWigner):
        return PercolatedWigner(max(round(law.keep * n), 1) / n, law.entry_variance)
    if isinstance(law, PercolatedWishart):
        return replace(law, keep=max(round(law.keep * n), 1) / n, ratio=n / max(1, round(n / law.ratio)))
    return law


def _own(law, n, rng):
    if isinstance(law, PointMass):
        return np.full(n, law.place)
    if isinstance(law, Affine):
        return law.factor * _own(law.law, n, rng) + law.shift
    if isinstance(law, Semicircle):
        return law.mean + np.sqrt(law.variance / n) * _hermite(n, rng)
    if isinstance(law, FreelyDivisible) and law.semicircle == 0 and len(law.jumps) == 1:
        columns = max(1, round(law.rates[0] * n))
        return law.drift + law.rates[0] * law.jumps[0] / columns * _laguerre(n, columns, rng)
    if isinstance(law, PercolatedWigner):
        kept = round(law.keep * n)
        return np.r_[np.zeros(n - kept), np.sqrt(law.entry_variance / n) * _hermite(kept, rng)]
    dense(n)
    return np.linalg.eigvalsh(law.sample(n, rng))


def _hermite(n, rng):
    """Return eigenvalues of a GOE matrix with entries of variance 1, the diagonal 2."""
    if n < 2:
        return np.sqrt(2) * rng.standard_normal(n)
    beside = np.sqrt(rng.chisquare(np.arange(n - 1, 0, -1)))
    return eigvalsh_tridiagonal(np.sqrt(2) * rng.standard_normal(n), beside, lapack_driver="sterf")


def _laguerre(n, columns, rng):
    """Return eigenvalues of X X^T for a normal n x m matrix, zeros in."""
    rank = min(n, columns)
    diagonal = rng.chisquare(max(n, columns) - np.arange(rank))
    below = rng.chisquare(rank - 1 - np.arange(rank - 1)) if rank > 1 else np.empty(0)
    main = diagonal + np.r_[0.0, below]
    values = main if rank < 2 else eigvalsh_tridiagonal(main, np.sqrt(diagonal[:-1] * below), lapack_driver="sterf")
    return np.r_[np.zeros(n - rank), np.maximum(values, 0.0)]


def _lent(law, n, rng):
    """Return quantiles of a law at the distribution function of GOE eigenvalues, those beyond the edge at its end."""
    levels = Semicircle().cdf(_hermite(n, rng) / np.sqrt(n))
    grid = 0.5 - 0.5 * np.cos(np.pi * (np.arange(GRID) + 0.5) / GRID)
    ends = [*np.ravel(law.support), *(place for place, _ in law.atoms)]
    places = np.r_[min(ends), law.quantile(grid), max(ends)]
    values = np.asarray(np.interp(levels, np.r_[0.0, grid, 1.0], places))
    for place, weight in law.atoms:
        top = law.cdf(place)
        values[(levels <= top) & (levels > top - weight)] = place
    return values
