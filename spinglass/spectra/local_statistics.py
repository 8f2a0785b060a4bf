r"""Local statistics of spectra: spacings, ratios of spacings, unfolding, and how they compare with GOE and Poisson.

.. math:: p(s) = \tfrac{\pi s}2 e^{-\pi s^2/4} , \qquad r_i = \frac{\min(s_i, s_{i+1})}{\max(s_i, s_{i+1})} , \qquad
          p(r) = \frac{27}4\,\frac{r + r^2}{(1+r+r^2)^{5/2}} ;

for independent levels :math:`e^{-s}` and :math:`2/(1+r)^2`.  Ratios need no unfolding.  Spacings do, by the mean
density of *other* spectra: one that unfolds itself loses its own long-range fluctuations.
"""

import numpy as np
from scipy.interpolate import PchipInterpolator

from spinglass.inputs.checks import MODERATE, SQUARE, measured, one_number, one_of, positive, real_points, shown

#: Mean of the ratio of spacings: GOE from large matrices (the surmise gives 4 - 2 sqrt 3 = 0.5359), Poisson exactly.
MEAN_RATIO = {"goe": 0.5307, "poisson": 2 * np.log(2) - 1}
RESOLVED = 1e-12  # of the extent of the levels: shorter intervals are rounding
MANY = 1e7  # extent of unfolded levels, a quarter of the intervals over which is averaged
SHORT = 1e-3  # of the extent: sums over shorter intervals are not taken as differences of running ones, which cancel
COINCIDE = 1e-12  # of the largest |eigenvalue|: closer eigenvalues are one degenerate one


def distinct(eigenvalues, tolerance=None):
    r"""Return the eigenvalues that stand alone, ascending.

    Eigenvalues that coincide, such as the zeros of a matrix without full rank, do not repel: all of them are dropped,
    so that the others are compared across the place where they were.

    Parameters
    ----------
    eigenvalues : float array of shape (n,)
    tolerance : float, optional
        Neighbours at most this far apart coincide; by default 1e-12 of the largest size.

    Returns
    -------
    float array of shape (m,)

    Raises
    ------
    ValueError, TypeError
        If there are no eigenvalues, or they are not finite real numbers in one dimension.

    Examples
    --------
    >>> distinct([3.0, 0.0, 1e-17, 1.0, -2.0])
    array([-2.,  1.,  3.])
    """
    values = np.sort(_spectrum(eigenvalues))
    least = COINCIDE * np.abs(values).max() if tolerance is None else one_number("tolerance", tolerance)
    apart = np.r_[True, np.diff(values) > least, True]
    return values[apart[1:] & apart[:-1]]


def spacings(eigenvalues, tolerance=None):
    r"""Return the differences of neighbours; of unfolded eigenvalues their mean is 1.

    Parameters
    ----------
    eigenvalues : float array of shape (n,)
        In any order.
    tolerance : float, optional
        As in :func:`distinct`: eigenvalues that coincide are left out.

    Returns
    -------
    float array of shape (n - 1,), shorter for degenerate spectra

    Raises
    ------
    ValueError, TypeError
        If fewer than two eigenvalues are left, or they are not finite real numbers.

    Examples
    --------
    >>> spacings([3.0, 0.0, 1.0])
    array([1., 2.])
    """
    values = distinct(eigenvalues, tolerance)
    if len(values) < 2:
        raise ValueError(f"eigenvalues: expected at least 2 that do not coincide, got {len(values)}")
    return np.diff(values)


def spacing_ratios(eigenvalues, tolerance=None):
    r"""Return :math:`\min(s_i, s_{i+1})/\max(s_i, s_{i+1})` of neighbouring spacings, which need no unfolding.

    Parameters
    ----------
    eigenvalues : float array of shape (n,)
        In any order.
    tolerance : float, optional
        As in :func:`distinct`: eigenvalues that coincide are left out.

    Returns
    -------
    float array of shape (n - 2,), shorter for degenerate spectra
        Between 0 and 1; mean 0.5307 for GOE, 0.3863 for independent eigenvalues.

    Raises
    ------
    ValueError, TypeError
        If fewer than three eigenvalues are left, or they are not finite real numbers.

    References
    ----------
    Oganesyan, Huse (2007); Atas, Bogomolny, Giraud, Roux (2013), Phys. Rev. Lett. 110, 084101.

    Examples
    --------
    >>> spacing_ratios([0.0, 1.0, 3.0, 7.0])
    array([0.5, 0.5])
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> bool(abs(spacing_ratios(np.linalg.eigvalsh(Semicircle().sample(500, rng=1))).mean() - 0.5307) < 0.03)
    True
    """
    values = distinct(eigenvalues, tolerance)
    if len(values) < 3:
        raise ValueError(f"eigenvalues: expected at least 3 that do not coincide, got {len(values)}")
    steps = np.diff(values)
    return np.minimum(steps[1:], steps[:-1]) / np.maximum(steps[1:], steps[:-1])


def unfold(eigenvalues, reference, window=10.0):
    r"""Return :math:`n F(\lambda_i)`, ascending: eigenvalues on the scale of their mean spacing.

    Parameters
    ----------
    eigenvalues : float array of shape (n,)
        One spectrum.
    reference : Law, any object with a method ``cdf``, or float array of any shape
        F; or eigenvalues of other spectra of the same ensemble, pooled.  Their distribution function is smoothed over
        ``window`` mean spacings (a monotone cubic through quantiles).  Eigenvalues beyond all of them are continued
        linearly.
    window : float, optional
        Positive; statistics over longer distances see the smoothing.

    Returns
    -------
    float array of shape (n,)

    Raises
    ------
    ValueError
        If the reference contains the spectrum itself, has fewer eigenvalues than it, or a value is not finite.

    Examples
    --------
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> law = Semicircle()
    >>> levels = unfold(np.linalg.eigvalsh(law.sample(300, rng=1)), law)
    >>> round(float(np.diff(levels).mean()), 2)
    1.0
    """
    values = np.sort(_spectrum(eigenvalues))
    if hasattr(reference, "cdf"):
        return len(values) * np.asarray(reference.cdf(values), dtype=float)
    window = positive("window", window)
    pool = np.sort(_spectrum(np.ravel(measured("reference", reference)), "reference"))
    if len(pool) < len(values):
        raise ValueError(f"reference: expected at least {len(values)} pooled eigenvalues, got {len(pool)}")
    if np.isin(np.unique(values), pool).mean() > 0.5:
        raise ValueError("reference: expected eigenvalues of other spectra, got the spectrum itself among them")
    knots = max(2, round(len(values) / window) + 1)
    levels = np.linspace(0, 1, knots)
    places, first = np.unique(np.quantile(pool, levels), return_index=True)
    if len(places) < 2:
        raise ValueError("reference: expected eigenvalues that differ, got one place")
    smooth = PchipInterpolator(places, levels[first], extrapolate=False)
    inside = np.clip(values, places[0], places[-1])
    steepness = np.diff(levels[first])[[0, -1]] / np.diff(places)[[0, -1]]
    beyond = values - inside
    return len(values) * (smooth(inside) + beyond * np.where(beyond < 0, *steepness))


def number_variance(levels, lengths):
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
    >>> number_variance(np.arange(100.0), 2.0)  # a picket fence
    np.float64(0.0)
    """
    return _over_intervals(levels, lengths, _counts, np.var)


def rigidity(levels, lengths):
    r"""Return :math:`\Delta_3(L)`, the mean square distance of the staircase of levels from its best straight line.

    .. math:: \Delta_3 = \min_{a,b}\frac1L\int_\alpha^{\alpha+L}(n(x) - a - bx)^2 dx

    GOE: :math:`\tfrac1{\pi^2}(\log 2\pi L + \gamma - \tfrac54 - \tfrac{\pi^2}8)` for large L; Poisson: L/15.
    Parameters, returns and errors as in :func:`number_variance`.

    References
    ----------
    Dyson, Mehta (1963); Bohigas, Giannoni (1975) for the integral in closed form.

    Examples
    --------
    >>> round(float(rigidity(np.arange(1000.0), 20.0)), 3)  # a picket fence: 1/12
    0.083
    """
    return _over_intervals(levels, lengths, _distances_from_lines, np.mean)


def _over_intervals(levels, lengths, statistic, average):
    """Return the average of a statistic over intervals of each length, in all spectra."""
    lengths = measured("lengths", lengths, SQUARE)
    listed = isinstance(levels, (list, tuple)) and any(isinstance(one, (list, tuple, np.ndarray)) for one in levels)
    many = levels if listed or (getattr(levels, "ndim", 1) == 2 and len(levels)) else [levels]
    spectra = [np.sort(_spectrum(one, "levels", SQUARE)) for one in many]
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


def wigner_surmise(s):
    r"""Return :math:`\tfrac{\pi s}2 e^{-\pi s^2/4}` at s >= 0, exact for 2 x 2 matrices, the GOE within a percent.

    Examples
    --------
    >>> wigner_surmise([0.0, 1.0]).round(6)
    array([0.      , 0.716186])
    """
    s = np.clip(real_points("s", s), -1, 1e10)  # where it is 0
    return np.where(s < 0, 0.0, 0.5 * np.pi * s * np.exp(-0.25 * np.pi * s * s))[()]


def ratio_density(r, ensemble="goe"):
    r"""Return the density of the ratio of neighbouring spacings, the smaller over the larger, on [0, 1].

    GOE: :math:`\tfrac{27}4(r+r^2)/(1+r+r^2)^{5/2}`, exact for 3 x 3 matrices; Poisson: :math:`2/(1+r)^2`.

    Parameters
    ----------
    r : float array of any shape
    ensemble : {"goe", "poisson"}, optional

    Examples
    --------
    >>> ratio_density([0.0, 1.0]).round(6), ratio_density(1.0, "poisson")
    (array([0.      , 0.866025]), np.float64(0.5))
    """
    r, _ = real_points("r", r), _known(ensemble)
    x = np.clip(r, 0, 1)
    density = 6.75 * (x + x * x) / (1 + x + x * x) ** 2.5 if ensemble == "goe" else 2 / (1 + x) ** 2
    return np.where((r < 0) | (r > 1), 0.0, density)[()]


def spacing_test(values, ensemble="goe"):
    """Return the Kolmogorov-Smirnov test of unfolded spacings against the surmise or against Poisson.

    Parameters
    ----------
    values : float array of shape (n,)
        Spacings; they are divided by their mean.
    ensemble : {"goe", "poisson"}, optional

    Returns
    -------
    object with ``statistic`` and ``pvalue`` of :func:`scipy.stats.kstest`

    Accuracy
    --------
    The p-value takes the spacings for independent (neighbours have correlation -0.27 in the GOE, which makes it too
    large) and the surmise for exact (its cdf is off by 0.003: too small from about 10^5 spacings on).

    Examples
    --------
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> levels = unfold(np.linalg.eigvalsh(Semicircle().sample(300, rng=1)), Semicircle())
    >>> bool(spacing_test(spacings(levels)).pvalue > 0.01 > spacing_test(spacings(levels), "poisson").pvalue)
    True
    """
    values, _ = _spectrum(values, "values"), _known(ensemble)
    if not (mean := values.mean()) > 0:
        raise ValueError(f"values: expected spacings of positive mean, got {mean:g}")
    values = values / mean
    return _against(values, _surmise_cdf if ensemble == "goe" else lambda s: 1 - np.exp(-s))


def ratio_test(values, ensemble="goe"):
    """Return the Kolmogorov-Smirnov test of ratios of spacings; as :func:`spacing_test`, nothing is rescaled.

    Examples
    --------
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> ratios = spacing_ratios(np.linalg.eigvalsh(Semicircle().sample(300, rng=1)))
    >>> bool(ratio_test(ratios).pvalue > 0.01 > ratio_test(ratios, "poisson").pvalue)
    True
    """
    values, _ = _spectrum(values, "values"), _known(ensemble)
    return _against(values, _ratio_cdf if ensemble == "goe" else lambda r: 2 * r / (1 + r))


def _surmise_cdf(s):
    return 1 - np.exp(-0.25 * np.pi * s * s)


def _ratio_cdf(r):
    return 1 - (1 + 1.5 * r - 1.5 * r**2 - r**3) / (1 + r + r * r) ** 1.5


def _known(ensemble):
    one_of("ensemble", ensemble, MEAN_RATIO)


def _spectrum(values, name="eigenvalues", most=MODERATE):
    """Return a non-empty float array of shape (n,), or say what was expected."""
    values = measured(name, values, most)
    if values.ndim != 1 or not values.size:
        raise ValueError(f"{name}: expected a non-empty array in one dimension, got shape {values.shape}")
    return values


def _against(values, cdf):
    """Return the Kolmogorov-Smirnov test; scipy.stats takes long to import and is needed only here."""
    from scipy.stats import kstest

    return kstest(values, cdf)
