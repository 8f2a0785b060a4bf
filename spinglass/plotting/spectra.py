"""Spectral laws as curves, sampled eigenvalues as histograms under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.inputs.checks import checked_integer, instance, measured
from spinglass.plotting.style import COLOURS, axes_or_new, frame, places
from spinglass.spectra.law import Law

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Numbers


def spectrum(
    law: Law,
    eigenvalues: Numbers | None = None,
    ax: Axes | None = None,
    *,
    points: int = 600,
    bins: int | Numbers = 80,
    **kwargs: Any,
) -> Axes:
    """Draw the density of a law, over a histogram of eigenvalues if they are given; atoms as stems.

    Parameters
    ----------
    law : Law
        Any spectral law.
    eigenvalues : array or SampledSpectrum, optional
        Of sampled matrices: all are put into one histogram of unit mass; or a histogram with error bars from
        ``sg.montecarlo.sampled_spectrum``.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    points, bins : int
        Points of the curve per bulk, bins of the histogram.
    **kwargs
        Handed to ``ax.plot`` for the density.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.Semicircle(variance=1.)
    >>> ax = sg.plotting.spectrum(law)
    >>> ax.get_ylabel()
    'density'
    """
    instance("law", law, Law, "a spectral law such as sg.spectra.Semicircle()")
    points = checked_integer("points", points, 2)
    ax = frame(axes_or_new(ax))
    if hasattr(eigenvalues, "stderr"):
        _with_errors(ax, eigenvalues)
    elif eigenvalues is not None:
        eigenvalues = np.ravel(measured("eigenvalues", eigenvalues))
        if not len(eigenvalues):
            raise ValueError("eigenvalues: expected a non-empty array of finite numbers")
        bins = places("bins", bins) if np.ndim(bins) else checked_integer("bins", bins, 1)
        ax.hist(eigenvalues, bins=bins, density=True, color="0.82", edgecolor="0.7", linewidth=0.3, label="sampled")
    kwargs.setdefault("color", COLOURS[1])
    kwargs.setdefault("linewidth", 1.6)
    kwargs.setdefault("label", "law")
    for low, high in law.support:
        # crowd the points at the edges, where the density is a square root
        x = 0.5 * (low + high) - 0.5 * (high - low) * np.cos(np.linspace(0, np.pi, points))
        ax.plot(x, law.density(x), **kwargs)
        kwargs["label"] = "_nolegend_"
    for place, weight in law.atoms:
        ax.plot([place, place], [0, weight], color=kwargs["color"], linewidth=2.5, label=f"atom of weight {weight:.3g}")
    ax.set_ylim(bottom=0)
    ax.set_xlabel(r"eigenvalue $\lambda$")
    ax.set_ylabel("density")
    ax.legend(frameon=False)
    return ax


def _with_errors(ax, sampled):
    """Draw a sampled histogram with its standard errors."""
    centres = 0.5 * (sampled.edges[1:] + sampled.edges[:-1])
    ax.stairs(sampled.density, sampled.edges, fill=True, color="0.86", label="sampled")
    ax.errorbar(centres, sampled.density, sampled.stderr, fmt="none", ecolor="0.45", elinewidth=0.8, capsize=0)
