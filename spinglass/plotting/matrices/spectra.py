"""Spectral laws as curves, sampled eigenvalues as histograms under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from spinglass.inputs.checks import checked_integer, instance, measured
from spinglass.plotting.matrices.histograms import checked_bins, histogram
from spinglass.plotting.matrices.smoothed import smoothed, smoothed_name
from spinglass.plotting.style import SAMPLED, Pen, canvas, finish, pens, switch, tight
from spinglass.spectra.data.products.lanczos_spectrum import LanczosSpectrum
from spinglass.spectra.law import Law

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers
    from spinglass.montecarlo.sampled_spectra import SampledSpectrum

EDGE = 0.02  # share of a bulk's width in which its density may grow out of sight
TALL = 4.0  # times the rest of the density beyond which it does
SYMMETRIC = 1e-6  # asymmetry of a matrix that is rounding, over its largest entry
LOW = 0.02  # weight of an atom below which its stem alone is hardly seen
ON_ATOM = 1e-9  # distance from an atom, over the width of the law, of eigenvalues that belong to it
MOST = 2000  # bins
EACH, MANY = 15, 80  # eigenvalues of a bin by default, and bins: with fewer in each the heights form a comb
DECADES = 1e4  # what a logarithmic axis shows


def spectrum(
    law: Law,
    eigenvalues: Numbers | SampledSpectrum | LanczosSpectrum | Axes | None = None,
    ax: Axes | Numbers | SampledSpectrum | LanczosSpectrum | None = None,
    *,
    points: int = 600,
    bins: int | Numbers | None = None,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the density of a law, over a histogram of eigenvalues if they are given (or what probes know of them).

    .. math:: \rho(x) = -\tfrac1\pi\,\mathrm{Im}\, G(x + i0) , \qquad
              \mu = \rho(x)\,dx + \sum_i w_i\, \delta_{x_i}

    Parameters
    ----------
    law : Law
        Any spectral law.
    eigenvalues : array, SampledSpectrum or LanczosSpectrum, optional
        Symmetric matrices of shape (n, n) or (.., n, n), which are diagonalised; or eigenvalues, of any other shape:
        all are put into one histogram; or a histogram with error bars from ``sg.montecarlo.sampled_spectrum``; or what
        ``sg.spectra.lanczos`` found, whose density is smoothed, with its error as a band.
    ax : matplotlib Axes, optional
        A new figure's if left out.  On Axes in use the next colour is taken, labels and limits that are set stay.
        As in all plots it may come second as well.
    points : int
        Of the curve, per bulk.
    bins : int or increasing (k,) array, optional
        How many bins from the lower to the upper end of the bulks (as many more of that width as eigenvalues beyond
        them need), or their edges; by default 10 to 80, about fifteen eigenvalues each.
    legend : bool
        Draw the legend.
    **kwargs
        Handed to ``ax.plot`` for the density, with its aliases (lw, ls, c ..).

    Returns
    -------
    matplotlib Axes
        Area is probability.  A stem stands for an atom, the full height of the Axes being weight 1 (with a dot on top
        below 0.02); eigenvalues on an atom are left out of the histogram, a circle on its stem shows their share.  A
        density that grows at an edge to more than four times what it is elsewhere leaves the picture there.

    Raises
    ------
    TypeError, ValueError
        For something else than a law, matrices that are not symmetric, anything but finite numbers.

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.MarchenkoPastur(ratio=2.)
    >>> ax = sg.plotting.spectrum(law, law.sample(200, rng=1))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['law', 'atom of weight 0.5', 'sampled']
    """
    instance("law", law, Law, "a spectral law such as sg.spectra.Semicircle()")
    points, legend = checked_integer("points", points, 2), switch("legend", legend)
    ax, found = _in_order(ax, eigenvalues)
    if found is not None and not hasattr(found, "stderr") and not isinstance(found, LanczosSpectrum):
        found, bins = spectra_of(found), checked_bins(bins, MOST)
    ax = canvas(ax)
    (pen,) = pens(ax, [0], ["law"], kwargs)
    curves, top = _curves(law, points)
    if hasattr(found, "stderr"):
        histogram(ax, found.density, found.edges, found.stderr, "sampled", {})
    elif isinstance(found, LanczosSpectrum):
        _smoothed(ax, law, found, curves)
    elif found is not None:
        _histogram(ax, law, found, bins, top, pen)
    _draw(ax, curves, top, pen)
    _stems(ax, law, pen)
    return finish(ax, r"eigenvalue $\lambda$", "density", legend)


def spectra_of(eigenvalues):
    """Return eigenvalues in one row: of symmetric matrices, or as they are given."""
    x = measured("eigenvalues", eigenvalues)
    if not x.size:
        raise ValueError("eigenvalues: expected a non-empty array of finite numbers")
    if x.ndim < 2 or x.shape[-1] != x.shape[-2] or x.shape[-1] == 1:
        return x.ravel()
    if np.abs(x - np.swapaxes(x, -1, -2)).max() > SYMMETRIC * np.abs(x).max():
        raise ValueError(
            f"eigenvalues: expected symmetric matrices or eigenvalues, got an array of shape {x.shape} that is not "
            "symmetric; eigenvalues of square shape go in as .ravel()"
        )
    return np.linalg.eigvalsh(x).ravel()


def _in_order(ax, eigenvalues):
    """Return Axes and eigenvalues, which may come in either order."""
    given = hasattr(ax, "stderr") or hasattr(ax, "__array__") or isinstance(ax, (list, tuple, LanczosSpectrum))
    if isinstance(eigenvalues, Axes) or (given and eigenvalues is None):
        ax, eigenvalues = eigenvalues, ax
    return None if ax is None else instance("ax", ax, Axes, "matplotlib Axes or None"), eigenvalues


def _curves(law, points):
    """Return places and densities of every bulk, and a top above which they are cut where they are very tall."""
    curves, inner, peak = [], 0.0, 0.0
    for low, high in law.support:
        # crowd the points at the edges, where the density is a square root
        x = 0.5 * (low + high) - 0.5 * (high - low) * np.cos(np.linspace(0, np.pi, points))
        density = law.density(x)
        curves.append((x, density))
        inside = np.minimum(x - low, high - x) >= EDGE * (high - low)
        inner = max(inner, np.max(density[inside], initial=0.0))
        peak = max(peak, np.max(density, initial=0.0))
    if not 0 < inner < peak / TALL:
        return curves, np.inf
    return [(x, np.where(density <= inner, density, np.nan)) for x, density in curves], inner


def _draw(ax, curves, top, pen):
    """Draw the density of every bulk under one label, on a linear axis from 0 on, on a logarithmic one over decades."""
    linear = ax.get_yscale() == "linear"
    peak = max((np.nanmax(density) for _, density in curves), default=0.0)
    for x, density in curves:
        drawn = pen.curve(ax, x, density if linear else np.where(density > peak / DECADES, density, np.nan))
        pen.keywords["label"] = "_nolegend_"
        if linear:
            tight(drawn, y=[0.0, top])


def _stems(ax, law, pen):
    """Draw atoms as stems, the full height of the Axes being weight 1; low ones, hardly seen, with a dot on top."""
    alike = {}
    for place, weight in law.atoms:
        alike.setdefault(f"{weight:.3g}", []).append((place, weight))
    for name, atoms in alike.items():
        x, y = (
            np.concatenate(one)[:-1] for one in zip(*([(a, a, np.nan), (0, w, np.nan)] for a, w in atoms), strict=True)
        )
        label = f"atom of weight {name}" if len(atoms) == 1 else f"{len(atoms)} atoms of weight {name}"
        style = {"color": pen.colour, "linewidth": 2.5, "label": label}
        if atoms[0][1] < LOW:
            style |= {"marker": "o", "markersize": 4, "markevery": slice(1, None, 3), "clip_on": False}
        (stem,) = ax.plot(x, y, transform=ax.get_xaxis_transform(), **style)
        pen.holds(stem)
        if not len(law.support) and not ax.dataLim.height > 0:  # nothing else decides how high the Axes are
            tight(stem, y=[0.0, 1.0])
            ax.update_datalim([(place, top) for place, _ in law.atoms for top in (0.0, 1.0)])
            ax.autoscale_view()


def _histogram(ax, law, eigenvalues, bins, top, pen):
    """Draw the eigenvalues that lie on no atom as bars, the shares of the others as circles on the stems."""
    ends = [*np.ravel(law.support), *(place for place, _ in law.atoms)]
    near = ON_ATOM * max(np.ptp(ends), np.abs(ends).max(), np.finfo(float).tiny)
    free = np.ones(len(eigenvalues), bool)
    for place, _ in law.atoms:
        on = np.abs(eigenvalues - place) <= near
        free &= ~on
        if on.any():
            style = {"color": SAMPLED, "markerfacecolor": "none", "transform": ax.get_xaxis_transform()}
            ax.plot([place], [on.mean()], "o", **style)
    if not free.any():
        return
    edges = bins if np.ndim(bins) else _edges(law, eigenvalues[free], bins or min(max(10, free.sum() // EACH), MANY))
    heights = np.histogram(eigenvalues[free], edges)[0] / (len(eigenvalues) * np.diff(edges))
    style = {"color": "0.82", "edgecolor": "0.7"} if pen.number == 0 else {"color": pen.colour, "alpha": 0.25}
    ax.bar(edges[:-1], np.minimum(heights, top), np.diff(edges), align="edge", linewidth=0.3, label="sampled", **style)


def _smoothed(ax, law, found, curves):
    """Draw what probes know; of atoms, whose height is that of the smoothing, as much as four times the law."""
    peak = max((np.nanmax(density) for _, density in curves), default=np.inf)
    style = {"color": SAMPLED, "linestyle": "-", "linewidth": 2.5, "label": smoothed_name(found, found.width)}
    smoothed(ax, found, found.width, Pen(0, style), TALL * peak if law.atoms else np.inf)


def _edges(law, eigenvalues, bins):
    """Return edges of so many bins over the bulks, continued as far as there are eigenvalues."""
    low, high = min(eigenvalues), max(eigenvalues)
    if not len(law.support):
        return np.histogram_bin_edges(eigenvalues, bins)
    first, last = law.support[0, 0], law.support[-1, 1]
    width = (last - first) / bins
    below, above = (max(int(np.ceil(gap / width)), 0) for gap in (first - low, high - last))
    if below + above > MOST:
        return np.histogram_bin_edges(eigenvalues, bins)
    return first + width * np.arange(-below, bins + above + 1)
