"""Fitted laws over the histogram of what they were fitted to, outliers marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.inputs.checks import instance
from spinglass.plotting.matrices.spectra import spectrum
from spinglass.plotting.style import OBSERVED, canvas, switch
from spinglass.spectra.data.fitting.comparison import Comparison
from spinglass.spectra.data.fitting.result import Fit

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
    r"""Draw a fitted law over what it was fitted to, with its parameters and their errors in the legend.

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
        Triangles on the axis are eigenvalues outside the bulk.  What ``sg.spectra.lanczos`` found is drawn as its
        smoothed density.

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
    kwargs.setdefault("label", "law: " + ", ".join(found.written()))
    ax = spectrum(found.law, _fitted(found), ax, points=points, bins=bins, legend=False, **kwargs)
    outside(ax, found.outliers)
    if switch("legend", legend):
        ax.legend(frameon=False)
    return ax


def comparison(
    found: Comparison,
    ax: Axes | None = None,
    *,
    points: int = 600,
    bins: int | Numbers | None = None,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw several fitted laws over one histogram, with their p-values (or distances) in the legend.

    Parameters
    ----------
    found : Comparison
        From :func:`sg.spectra.compare`.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    points, bins, legend, **kwargs
        As in :func:`spectrum`.

    Returns
    -------
    matplotlib Axes
        Triangles on the axis are what is outside the bulk for the first law.

    Raises
    ------
    TypeError, ValueError
        For something else than a comparison.

    Examples
    --------
    >>> import numpy as np, spinglass as sg
    >>> values = np.linalg.eigvalsh(sg.spectra.Semicircle(variance=2.0).sample(100, rng=1))
    >>> laws = {"Wigner": sg.spectra.Semicircle}
    >>> ax = sg.plotting.comparison(sg.spectra.compare(values, laws, rng=1))
    >>> print(ax.get_legend().get_texts()[0].get_text())
    Wigner: p = 0.21
    """
    instance("found", found, Comparison, "a comparison from sg.spectra.compare")
    ax, label = canvas(ax), kwargs.pop("label", None)
    for i, (name, one) in enumerate(found.items()):
        mark = f"distance {one.distance:.2g}" if one.p_value is None else f"p = {one.p_value:.2g}"
        named = ", ".join(part for part in (label, f"{name}: {mark}") if part)
        values = _fitted(one) if i == 0 else None
        ax = spectrum(one.law, values, ax, points=points, bins=bins, legend=False, label=named, **kwargs)
        if i == 0:
            outside(ax, one.outliers)
    if switch("legend", legend):
        ax.legend(frameon=False)
    return ax


def _fitted(found):
    """Return eigenvalues in one row, which may be as many as those of square matrices; or what probes found."""
    known = found.eigenvalues
    return known.ravel() if isinstance(known, np.ndarray) else known


def outside(ax, outliers):
    """Mark eigenvalues outside the bulk on the axis."""
    if outliers.size:
        some = f"{outliers.size} outlier{'s' if outliers.size > 1 else ''}"
        style = {"color": OBSERVED, "linestyle": "none", "markersize": 6, "clip_on": False, "zorder": 3}
        ax.plot(outliers, np.full(outliers.size, 0.02), "v", transform=ax.get_xaxis_transform(), label=some, **style)
