"""A sampled spectrum by itself: a histogram with its standard errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.patches import StepPatch

from spinglass.inputs.checks import instance
from spinglass.montecarlo.sampled_spectra import SampledSpectrum
from spinglass.plotting.matrices.spectra import spectrum
from spinglass.plotting.style import SAMPLED, canvas, finish, keywords, pens, tight
from spinglass.spectra.law import Law

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def sampled(
    found: SampledSpectrum, ax: Axes | None = None, *, law: Law | None = None, legend: bool = True, **kwargs: Any
) -> Axes:
    r"""Draw the mean density of sampled matrices with its standard errors, and a law over it if one is given.

    Parameters
    ----------
    found : SampledSpectrum
        From ``sg.montecarlo.sampled_spectrum``.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    law : Law, optional
        Drawn over the histogram, as by ``sg.plotting.spectrum(law, found)``.
    legend : bool
        Whether to name what is drawn.
    **kwargs
        Handed to ``ax.stairs`` for the histogram; with a law to ``ax.plot`` for its density.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError, ValueError
        For something else than a sampled spectrum.

    Examples
    --------
    >>> import spinglass as sg
    >>> hessian = sg.pure(3).hessian(-1.7)
    >>> found = sg.montecarlo.sampled_spectrum(hessian, 60, samples=20, bins=30, rng=1)
    >>> ax = sg.plotting.sampled(found)
    >>> ax.get_legend().get_texts()[0].get_text()
    '20 matrices, n = 60'
    """
    instance("found", found, SampledSpectrum, "the result of sg.montecarlo.sampled_spectrum")
    if law is not None:
        return spectrum(law, ax, found, legend=legend, **kwargs)
    ax, kwargs = canvas(ax), keywords(kwargs, StepPatch)
    if not ax.has_data():
        kwargs = {"color": SAMPLED, "fill": True, "alpha": 0.5, "linewidth": 0} | kwargs
    (pen,) = pens(ax, [1], [f"{found.samples:,} matrices, n = {found.n}"], kwargs, StepPatch)
    style = {key: value for key, value in pen.keywords.items() if key != "linestyle" or key in kwargs}
    bars = pen.holds(ax.stairs(found.density, found.edges, **style))
    tight(bars, y=[0.0])
    centres = (found.edges[1:] + found.edges[:-1]) / 2
    ax.errorbar(centres, found.density, found.stderr, fmt="none", ecolor="0.35", elinewidth=0.8)
    return finish(ax, r"eigenvalue $\lambda$", "density", legend)
