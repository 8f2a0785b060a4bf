"""Spacings of neighbouring eigenvalues and their ratios as histograms, under the laws they are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.inputs.checks import one_of, sequence
from spinglass.plotting.matrices.histograms import checked_bins, histogram
from spinglass.plotting.style import THEORY, finish
from spinglass.spectra.data.empirical.own_unfolding import kernel_unfolding, polynomial_unfolding
from spinglass.spectra.levels.ensembles import MEAN_RATIO, ratio_density, wigner_surmise
from spinglass.spectra.levels.spacings import checked_spectrum, spacing_ratios
from spinglass.spectra.levels.spacings import spacings as differences
from spinglass.spectra.levels.unfolding import unfold
from spinglass.spectra.universal.level_spacing import LevelSpacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Numbers
    from spinglass.spectra.law import Law

NAMES = {"goe": "GOE", "gue": "GUE", "gse": "GSE", "surmise": "surmise", "poisson": "independent levels"}
SPACINGS = {
    **{name: LevelSpacing(beta).pdf for name, beta in (("goe", 1), ("gue", 2), ("gse", 4))},
    **{"surmise": wigner_surmise, "poisson": lambda s: np.exp(-s)},
}
OWN = {"kernel": kernel_unfolding, "polynomial": polynomial_unfolding}
DASHES = {"goe": "-", "gue": "-.", "gse": (0, (4, 1, 1, 1, 1, 1)), "surmise": ":", "poisson": "--"}
LONGEST = 4.0  # spacings, in means: beyond are one in 3e5 of the GOE and one in 55 independent ones
POINTS = 201  # of a curve
MOST = 10_000  # bins


def spacings(
    eigenvalues: Numbers | Sequence[Numbers],
    ax: Axes | None = None,
    *,
    reference: Law | Numbers | str | None = None,
    bins: int | Numbers = 40,
    ensembles: Sequence[str] = ("goe", "poisson"),
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the spacings of neighbouring eigenvalues in units of their mean, under the laws of the ensembles.

    .. math:: p(s) = E''(s) \quad\text{(GOE, exactly: sg.spectra.LevelSpacing)}, \qquad
              p(s) = \tfrac{\pi s}2 e^{-\pi s^2/4} \quad\text{(surmise)}, \qquad
              p(s) = e^{-s} \quad\text{(independent levels)}

    Parameters
    ----------
    eigenvalues : (n,) array, or sequence of such
        One spectrum or many; spacings within each are pooled.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    reference : Law, any object with a method ``cdf``, array, "kernel" or "polynomial", optional
        By which every spectrum is unfolded (``sg.spectra.unfold``): its law, or eigenvalues of other spectra; or by
        itself (``sg.spectra.kernel_unfolding``, ``sg.spectra.polynomial_unfolding``).  Without one the eigenvalues are
        taken to be unfolded already: of even density.
    bins : int or array
        Number of bins from 0 to 4 means, or their edges.
    ensembles : sequence of {"goe", "gue", "gse", "surmise", "poisson"}
        Laws to draw.
    legend : bool
        Whether to name what is drawn.
    **kwargs
        Handed to ``ax.stairs`` for the histogram, whose mass is 1 with the spacings beyond its bins.

    Returns
    -------
    matplotlib Axes
        With standard errors of the bins, as if spacings were independent.

    Raises
    ------
    TypeError, ValueError
        For something else than spectra, such as a matrix.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> law = sg.spectra.Semicircle()
    >>> ax = sg.plotting.spacings(np.linalg.eigvalsh(law.sample(200, rng=1)), reference=law)
    >>> ax.get_xlabel()
    'spacing $s$ (in means)'
    """
    spectra, ensembles = _spectra(eigenvalues), _known(ensembles, SPACINGS)
    levels = [_unfolded(one, reference) for one in spectra]
    values = np.concatenate([differences(one) for one in levels])
    edges = _edges(bins, LONGEST)
    ax = _histogram(ax, values / values.mean(), edges, f"{values.size:,} spacings", kwargs)
    _laws(ax, edges, {name: SPACINGS[name] for name in ensembles})
    return finish(ax, "spacing $s$ (in means)", "density", legend)


def ratios(
    eigenvalues: Numbers | Sequence[Numbers],
    ax: Axes | None = None,
    *,
    bins: int | Numbers = 25,
    ensembles: Sequence[str] = ("goe", "poisson"),
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the ratios of neighbouring spacings, the smaller over the larger, which need no unfolding.

    .. math:: p(r) = \frac{27}4\,\frac{r + r^2}{(1+r+r^2)^{5/2}} \quad\text{(GOE: the surmise)}, \qquad
              p(r) = \frac2{(1+r)^2} \quad\text{(independent levels)}

    Parameters
    ----------
    eigenvalues : (n,) array, or sequence of such
        One spectrum or many, as they are; ratios within each are pooled.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    bins : int or array
        Number of bins from 0 to 1, or their edges.
    ensembles : sequence of {"goe", "poisson"}
        Laws to draw; the legend holds their means beside that of the ratios.
    legend : bool
        Whether to name what is drawn.
    **kwargs
        Handed to ``ax.stairs`` for the histogram.

    Returns
    -------
    matplotlib Axes
        With standard errors of the bins, as if ratios were independent.

    Raises
    ------
    TypeError, ValueError
        For something else than spectra, such as a matrix.

    References
    ----------
    Atas, Bogomolny, Giraud, Roux (2013), Phys. Rev. Lett. 110, 084101.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> hessian = sg.pure(3).hessian(-1.6)
    >>> ax = sg.plotting.ratios([np.linalg.eigvalsh(hessian.sample(100, rng=i)) for i in range(5)])
    >>> ax.get_xlabel()
    'ratio of neighbouring spacings $r$'
    """
    ensembles = _known(ensembles, MEAN_RATIO)
    values = np.concatenate([spacing_ratios(one) for one in _spectra(eigenvalues)])
    edges = _edges(bins, 1.0)
    ax = _histogram(ax, values, edges, f"{values.size:,} ratios, mean {values.mean():.3f}", kwargs)
    laws = {name: lambda r, name=name: ratio_density(r, name) for name in ensembles}
    _room(ax)
    _laws(ax, edges, laws, {name: f", mean {MEAN_RATIO[name]:.3f}" for name in ensembles})
    return finish(ax, "ratio of neighbouring spacings $r$", "density", legend)


def _spectra(eigenvalues):
    """Return one array per spectrum; a matrix is none."""
    entries = sequence("eigenvalues", eigenvalues)
    if not any(isinstance(one, (list, tuple, np.ndarray)) for one in entries):
        return [eigenvalues]
    rows = [checked_spectrum(one) for one in entries]
    if len(rows) > 1 and {len(one) for one in rows} == {len(rows)} and np.array_equal(rows, np.transpose(rows)):
        raise ValueError(
            f"eigenvalues: expected spectra, got a symmetric matrix of {len(rows)} rows; try np.linalg.eigvalsh"
        )
    return rows


def _unfolded(eigenvalues, reference):
    """Return levels of mean distance 1."""
    if reference is None:
        return eigenvalues
    if isinstance(reference, str):
        return OWN[one_of("reference", reference, OWN)](eigenvalues)
    return unfold(eigenvalues, reference)


def _known(ensembles, options):
    """Return the names of ensembles."""
    return [one_of("ensembles", name, options) for name in sequence("ensembles", ensembles)]


def _edges(bins, last):
    """Return the edges of bins from 0 to the last place, or those that are given."""
    bins = checked_bins(bins, MOST)
    return np.linspace(0.0, last, bins + 1) if np.ndim(bins) == 0 else bins


def _histogram(ax, values, edges, name, kwargs):
    """Draw the shares of values per unit length with their standard errors, as if values were independent."""
    counts = np.histogram(values, edges)[0]
    unit = 1 / (len(values) * np.diff(edges))
    errors = np.where(counts > 0, np.sqrt(counts), np.nan) * unit  # that of an empty bin is not 0, and not known
    return histogram(ax, counts * unit, edges, errors, name, kwargs)[0]


def _laws(ax, edges, densities, notes=None):
    """Draw densities over the bins, each once."""
    x = np.linspace(edges[0], edges[-1], POINTS)
    for name, density in densities.items():
        label = NAMES[name] + (notes or {}).get(name, "")
        if label not in ax.get_legend_handles_labels()[1]:
            ax.plot(x, density(x), color=THEORY, linestyle=DASHES[name], linewidth=1.5, label=label)


def _room(ax):
    """Leave room above for the legend of densities, and of error bars, that are high everywhere."""
    if not ax.lines and ax.get_autoscaley_on():
        ax.margins(y=0.45)
