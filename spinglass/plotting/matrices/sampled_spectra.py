"""A sampled spectrum by itself: a histogram with its standard errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spinglass.inputs.checks import instance
from spinglass.montecarlo.sampled_spectra import SampledSpectrum
from spinglass.plotting.matrices.histograms import histogram
from spinglass.plotting.matrices.spectra import spectrum
from spinglass.plotting.style import finish, tight
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
    name = f"{found.samples:,} matrices, n = {found.n}"
    ax, bars = histogram(ax, found.density, found.edges, found.stderr, name, kwargs)
    tight(bars, y=[0.0])
    return finish(ax, r"eigenvalue $\lambda$", "density", legend)
