r"""Levels on the scale of their mean spacing, :math:`n F(\lambda_i)`.

F is the distribution function of a law or of *other* spectra: one that unfolds itself loses its own long-range
fluctuations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator

from spinglass.inputs.checks import measured, positive
from spinglass.spectra.levels.spacings import checked_spectrum

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers
    from spinglass.spectra.law import Law


def unfold(eigenvalues: Numbers, reference: Law | Numbers, window: float = 10.0) -> Array:
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
    >>> import numpy as np
    >>> import spinglass as sg
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> law = Semicircle()
    >>> levels = sg.spectra.unfold(np.linalg.eigvalsh(law.sample(300, rng=1)), law)
    >>> round(float(np.diff(levels).mean()), 2)
    1.0
    """
    values = np.sort(checked_spectrum(eigenvalues))
    if hasattr(reference, "cdf"):
        _refuse_itself(values, getattr(reference, "eigenvalues", ()))
        return len(values) * np.asarray(reference.cdf(values), dtype=float)
    window = positive("window", window)
    pool = np.sort(checked_spectrum(np.ravel(measured("reference", reference)), "reference"))
    if len(pool) < len(values):
        raise ValueError(f"reference: expected at least {len(values)} pooled eigenvalues, got {len(pool)}")
    _refuse_itself(values, pool)
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


def _refuse_itself(values, pool):
    """Refuse other eigenvalues among which are those that are to be unfolded."""
    if len(pool) and np.isin(np.unique(values), pool).mean() > 0.5:
        raise ValueError(
            "reference: expected eigenvalues of other spectra, got the spectrum itself among them; "
            "try kernel_unfolding and mind its bias"
        )
