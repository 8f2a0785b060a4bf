"""Fitted laws over the histogram of what they were fitted to, outliers marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.inputs.checks import instance
from spinglass.plotting.matrices.spectra import spectrum
from spinglass.plotting.style import OBSERVED, switch
from spinglass.spectra.data.result import Fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Numbers


def fit(
    found: Fit,
    ax: Axes | None = None,
    *,
    points: int = 600,
    bins: int | Numbers | None = None,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw a fitted law over a histogram of the eigenvalues, with its parameters and their errors in the legend.

    Parameters
    ----------
    found : Fit
        From :func:`sg.spectra.fit`.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    points, bins, legend, **kwargs
        As in :func:`spectrum`.

    Returns
    -------
    matplotlib Axes
        Triangles on the axis are eigenvalues outside the bulk.

    Raises
    ------
    TypeError, ValueError
        For something else than a fit.

    Examples
    --------
    >>> import numpy as np, spinglass as sg
    >>> values = np.linalg.eigvalsh(sg.spectra.Semicircle(variance=2.0).sample(100, rng=1))
    >>> ax = sg.plotting.fit(sg.spectra.fit(values, sg.spectra.Semicircle, rng=1))
    >>> print(ax.get_legend().get_texts()[0].get_text())
    law: variance = 1.97(4), mean = -0.01(2)
    """
    instance("found", found, Fit, "a fit from sg.spectra.fit")
    kwargs.setdefault("label", "law: " + ", ".join(written(found)))
    ax = spectrum(found.law, found.eigenvalues.ravel(), ax, points=points, bins=bins, legend=False, **kwargs)
    outside(ax, found.outliers)
    if switch("legend", legend):
        ax.legend(frameon=False)
    return ax


def written(found):
    """Return the parameters of a fit with their errors in parentheses, in units of the last digit."""
    return [f"{name} = {short(value, found.errors.get(name))}" for name, value in found.parameters.items()]


def short(value, error):
    """Return a number with the error of its last digit: 0.497(3).

    Examples
    --------
    >>> from spinglass.plotting.matrices.fits import short
    >>> short(0.49712, 0.0031), short(1234.5, 41.0), short(0.5, None), short(2.0, 0.0)
    ('0.497(3)', '1234(41)', '0.5', '2')
    """
    if not error:
        return f"{value:.4g}"
    digits = -int(np.floor(np.log10(error)))
    if digits > 8 or digits < 0:
        return f"{value:.6g}({error:.2g})" if digits > 8 else f"{value:.0f}({error:.0f})"
    return f"{value:.{digits}f}({round(error * 10**digits)})"


def outside(ax, outliers):
    """Mark eigenvalues outside the bulk on the axis."""
    if outliers.size:
        some = f"{outliers.size} outlier{'s' if outliers.size > 1 else ''}"
        style = {"color": OBSERVED, "linestyle": "none", "markersize": 6, "clip_on": False, "zorder": 3}
        ax.plot(outliers, np.full(outliers.size, 0.02), "v", transform=ax.get_xaxis_transform(), label=some, **style)
