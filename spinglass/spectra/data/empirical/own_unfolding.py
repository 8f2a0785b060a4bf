r"""Levels on the scale of their mean spacing, which is read off the spectrum itself.

.. math:: \epsilon_i = \bar N(\lambda_i) , \qquad \bar N(\lambda) \approx \#\{j: \lambda_j \le \lambda\} ,

where the smooth staircase is a polynomial or a sum of kernels.  It follows the fluctuations of the levels themselves
over long distances, and these are lost: :func:`~spinglass.spectra.unfold` by a law or by other spectra keeps them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.chebyshev import Chebyshev

from spinglass.inputs.checks import positive, whole_number
from spinglass.spectra.data.empirical.mixture import Mixture, merged
from spinglass.spectra.levels.spacings import COINCIDE, checked_spectrum

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers

HIGHEST = 60  # degree of a staircase


def polynomial_unfolding(eigenvalues: Numbers, degree: int = 5) -> Array:
    r"""Return :math:`p(\lambda_i)`, ascending, with the polynomial p that fits the staircase of the levels best.

    .. math:: \min_p \sum_i \big(p(\lambda_i) - i + \tfrac12\big)^2

    Parameters
    ----------
    eigenvalues : float array of shape (n,)
        One spectrum, n at least degree + 2.  Cut off outliers and tails first: a polynomial cannot follow them.
    degree : int, optional
        From 1 to 60.

    Returns
    -------
    float array of shape (n,)
        Cut off what lies near the edges before statistics are taken.

    Raises
    ------
    ValueError, TypeError
        If there are too few levels, or p does not rise over the spectrum.

    Accuracy
    --------
    The bias, against unfolding by the law, over the middle 80 % of GOE spectra of n = 100, 300, 1000, 2000 levels:
    none is seen in the variance of spacings (below 0.001 of 0.286) and in the rigidity up to L = 20 (below 0.3 %).  The
    number variance is too small by up to 3 % at lengths n/(4 degree), 8 % at n/(2 degree), 22 % at n/degree.  A degree
    too low for the law has the other sign: 4 % at L = 20 for degree 3 and n = 2000.  Ratios of spacings need no
    unfolding.

    References
    ----------
    Derived here.

    Examples
    --------
    >>> import numpy as np, spinglass as sg
    >>> eigenvalues = np.linalg.eigvalsh(sg.spectra.Semicircle().sample(300, rng=1))
    >>> levels = sg.spectra.polynomial_unfolding(eigenvalues)
    >>> round(float(np.diff(levels).mean()), 1)
    1.0
    """
    values = np.sort(checked_spectrum(eigenvalues))
    degree = whole_number("degree", degree, 1, HIGHEST)
    _enough(values, degree + 2, f" for degree {degree}; try a lower one")
    levels = Chebyshev.fit(values, np.arange(len(values)) + 0.5, degree)(values)
    if (np.diff(levels) < 0).any():
        raise ValueError(
            f"degree: expected a polynomial that rises from level to level, got one of degree {degree} that falls; "
            "try another degree, the spectrum without its tails, or kernel_unfolding"
        )
    return levels


def kernel_unfolding(eigenvalues: Numbers, bandwidth: float | None = None) -> Array:
    r"""Return :math:`nF(\lambda_i)`, ascending, with the distribution function F of the smoothed spectrum itself.

    F is that of :class:`~spinglass.spectra.Empirical`: every level is spread over its neighbours by a bump.

    Parameters
    ----------
    eigenvalues : float array of shape (n,)
        One spectrum, at least two levels that differ.
    bandwidth : float, optional
        Spacings over which a level is spread to each side, fewer near the ends; by default :math:`1.5\,n^{2/3}`.

    Returns
    -------
    float array of shape (n,)
        Cut off what lies near the edges, at least a bandwidth, before statistics are taken: there a level is spread
        over fewer and fewer others.  An eigenvalue that stands alone, or several that coincide, are at the middle of
        their own step.

    Raises
    ------
    ValueError, TypeError
        If an argument is not of this kind.

    Accuracy
    --------
    The bias, against unfolding by the law, over the middle 80 % of GOE spectra of n = 100, 300, 1000, 2000 levels:
    the variance of spacings, 0.286, is too small by 0.022, 0.004, 0.001 for bandwidths 5, 10, 20, and beyond by nothing
    that is seen.  The number variance is too small by up to 3 % at lengths of a quarter of the bandwidth, 14 % at half,
    33 to 45 % at the bandwidth, and does not grow beyond (0.42, 0.56, 0.70 for bandwidths 5, 10, 20).  With the default
    bandwidth it is right to 1 % up to L = 10 for n = 300 and to L = 20 for n = 1000; for n = 100 it lacks 2 % at 5 and
    8 % at 10.  The rigidity is right to 1 % at lengths up to the bandwidth, and lacks 10 % at twice that.  Ratios of
    spacings need no unfolding.

    References
    ----------
    Derived here.

    Examples
    --------
    >>> import numpy as np, spinglass as sg
    >>> eigenvalues = np.linalg.eigvalsh(sg.spectra.MarchenkoPastur(1.0).sample(300, rng=1))
    >>> levels = sg.spectra.kernel_unfolding(eigenvalues)
    >>> round(float(np.diff(levels).mean()), 1)
    1.0
    """
    values = np.sort(checked_spectrum(eigenvalues))
    _enough(values, 2, "")
    smoothing = None if bandwidth is None else positive("bandwidth", bandwidth)
    places, weights, repeated = merged(values, np.full(len(values), 1 / len(values)), COINCIDE * np.abs(values).max())
    levels = len(values) * Mixture.of(places, weights, repeated, smoothing).middle_cdf(places)
    return np.repeat(levels, np.rint(weights * len(values)).astype(int))


def _enough(values, least, why):
    """Refuse a spectrum of fewer places than are asked for."""
    places = len(np.unique(values))
    if places < least:
        raise ValueError(f"eigenvalues: expected at least {least} that differ{why}, got {places}")
