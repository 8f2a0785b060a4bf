"""A spectrum known from matrix-vector products: a smoothed density with its error, and the outermost eigenvalues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.inputs.checks import instance, positive
from spinglass.plotting.matrices.smoothed import smoothed, smoothed_name
from spinglass.plotting.matrices.spectra import spectrum
from spinglass.plotting.style import canvas, finish, pens, switch
from spinglass.spectra.data.products.lanczos_spectrum import LanczosSpectrum
from spinglass.spectra.law import Law

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def lanczos(
    found: LanczosSpectrum,
    ax: Axes | None = None,
    *,
    law: Law | None = None,
    width: float | None = None,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw the smoothed density of an operator with its error as a band, and marks at its outermost eigenvalues.

    Parameters
    ----------
    found : LanczosSpectrum
        From ``sg.spectra.lanczos``.
    ax : matplotlib Axes, optional
        A new figure's if left out.
    law : Law, optional
        Its density is drawn as well; it is not smoothed.
    width : float, optional
        Of the normal law that smooths; by default ``found.width``, the legend says it.
    legend : bool
        Whether to name what is drawn.
    **kwargs
        Handed to ``ax.plot`` for the density.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError, ValueError
        For something else than such a spectrum, or a width that is no positive number.

    Examples
    --------
    >>> import spinglass as sg
    >>> law = sg.spectra.Semicircle()
    >>> found = sg.spectra.lanczos(law.sample(300, rng=1), steps=30, rng=1)
    >>> ax = sg.plotting.lanczos(found, law=law, width=0.1)
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['law', '10 probes of 30 steps, smoothed by 0.1', 'outermost eigenvalues']
    """
    instance("found", found, LanczosSpectrum, "the result of sg.spectra.lanczos")
    width = found.width if width is None else positive("width", width)
    switch("legend", legend)
    if law is not None:
        ax = spectrum(law, ax=ax, legend=False)
    ax = canvas(ax)
    (pen,) = pens(ax, [1], [smoothed_name(found, width)], kwargs)
    smoothed(ax, found, width, pen)
    ends = np.concatenate([found.extremes.bottom, found.extremes.top])
    style = {"transform": ax.get_xaxis_transform(), "clip_on": False, "label": "outermost eigenvalues"}
    pen.marks(ax, ends, np.full(len(ends), 0.015), marker="|", markersize=9, **style)
    return finish(ax, r"eigenvalue $\lambda$", "density", legend)
