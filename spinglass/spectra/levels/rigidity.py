r"""How evenly unfolded levels lie over many spacings: the number variance and :math:`\Delta_3`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import SQUARE, measured, shown
from spinglass.spectra.levels.spacings import checked_spectrum

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers

RESOLVED = 1e-12  # of the extent of the levels: shorter intervals are rounding
MANY = 1e7  # extent of unfolded levels, a quarter of the intervals over which is averaged
SHORT = 1e-3  # of the extent: sums over shorter intervals are not taken as differences of running ones, which cancel


def number_variance(levels: Numbers, lengths: Numbers) -> Numbers:
    r"""Return the variance of the number of unfolded levels in an interval of length L.

    GOE: :math:`\tfrac2{\pi^2}(\log 2\pi L + \gamma + 1 - \tfrac{\pi^2}8)` for large L; Poisson: L.

    Parameters
    ----------
    levels : float array of shape (n,), or a sequence of such
        Unfolded spectra, one or many; cut off what lies near their edges.
    lengths : float array of any shape
        L > 0, less than the extent of every spectrum.

    Returns
    -------
    float array of the shape of lengths
        Averaged over intervals that begin a quarter of a spacing apart.

    Raises
    ------
    ValueError, TypeError
        If a spectrum is too short or a value is not of this kind.

    References
    ----------
    Mehta (2004), Random Matrices, 16.1.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> print(sg.spectra.number_variance(np.arange(100.0), 2.0))  # a picket fence
    0.0
    """
    return _over_intervals(levels, lengths, _counts, np.var)


def rigidity(levels: Numbers, lengths: Numbers) -> Numbers:
    r"""Return :math:`\Delta_3(L)`, the mean square distance of the staircase of levels from its best straight line.

    .. math:: \Delta_3 = \min_{a,b}\frac1L\int_\alpha^{\alpha+L}(n(x) - a - bx)^2 dx

    GOE: :math:`\tfrac1{\pi^2}(\log 2\pi L + \gamma - \tfrac54 - \tfrac{\pi^2}8)` for large L; Poisson: L/15.
    Parameters, returns and errors as in :func:`number_variance`.

    References
    ----------
    Dyson, Mehta (1963); Bohigas, Giannoni (1975) for the integral in closed form.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> round(float(sg.spectra.rigidity(np.arange(1000.0), 20.0)), 3)  # a picket fence: 1/12
    0.083
    """
    return _over_intervals(levels, lengths, _distances_from_lines, np.mean)


def _over_intervals(levels, lengths, statistic, average):
    """Return the average of a statistic over intervals of each length, in all spectra."""
    lengths = measured("lengths", lengths, SQUARE)
    listed = isinstance(levels, (list, tuple)) and any(isinstance(one, (list, tuple, np.ndarray)) for one in levels)
    many = levels if listed or (getattr(levels, "ndim", 1) == 2 and len(levels)) else [levels]
    spectra = [np.sort(checked_spectrum(one, "levels", SQUARE)) for one in many]
    room = min(one[-1] - one[0] for one in spectra)
    if np.any(lengths <= 0) or np.any(lengths >= room):
        raise ValueError(
            f"lengths: expected numbers between 0 and {room:.6g}, the extent of the levels, got {shown(lengths)}"
        )
    longest = max(one[-1] - one[0] for one in spectra)
    if np.any(lengths < RESOLVED * longest):
        raise ValueError(
            f"lengths: expected at least {RESOLVED * longest:.3g}, above the levels' rounding, got {shown(lengths)}"
        )
    if not longest < MANY:
        raise ValueError(
            f"levels: expected unfolded ones, of mean distance 1, over up to {MANY:.0e}, got {longest:.3g}"
        )

    def one_length(length):
        return average(np.concatenate([statistic(one - one.mean(), length) for one in spectra]))

    return np.array([one_length(length) for length in lengths.ravel()]).reshape(lengths.shape)[()]


def _intervals(levels, length):
    """Return the middles of the intervals (a, a + length], and the first level in each and the first one beyond."""
    starts = np.arange(levels[0], levels[-1] - length, 0.25)
    first, last = np.searchsorted(levels, starts, "right"), np.searchsorted(levels, starts + length, "right")
    return starts + 0.5 * length, first, last


def _counts(levels, length):
    """Return the number of levels in each interval."""
    _, first, last = _intervals(levels, length)
    return last - first


def _distances_from_lines(levels, length):
    """Return the integral of Delta_3 over each interval in closed form, all sums as differences of running ones."""
    middle, first, last = _intervals(levels, length)
    n, place, levels, middle = last - first, np.arange(len(levels)), levels / length, middle / length
    if SHORT * (levels[-1] - levels[0]) > 1:
        return _distances_one_by_one(levels, middle, first, n)
    running = np.zeros((len(levels) + 1, 3))
    np.cumsum(np.c_[levels, levels**2, place * levels], axis=0, out=running[1:])
    total, squares, ranked = (running[last] - running[first]).T
    one, two = total - n * middle, squares - 2 * middle * total + n * middle**2
    return _distances(n, one, two, (n - 1 + 2 * first) * total - 2 * ranked)


def _distances(n, one, two, ordered):
    """Return Delta_3 from sums over levels that are measured in lengths."""
    return n**2 / 16 - one**2 + 1.5 * n * two - 3 * two**2 + ordered


def _distances_one_by_one(levels, middle, first, n):
    """Return the same with every level measured from the middle of its interval."""
    owner = np.repeat(np.arange(len(n)), n)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    x = levels[first[owner] + rank] - middle[owner]
    parts = (x, x * x, (n[owner] - 1 - 2 * rank) * x)
    return _distances(n, *(np.bincount(owner, weights=part, minlength=len(n)) for part in parts))
