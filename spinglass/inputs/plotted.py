"""The door from what is computed to its picture: ``thing.plot()``.

Plotting lies above the rooms whose results it draws.  It is named here by a string and loaded, matplotlib with it, when
something is drawn.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLOTTING = "spinglass.plotting"


class Plotted:
    """What has a picture: a class says by which function of :mod:`spinglass.plotting`."""

    _picture: ClassVar[str]

    def plot(self, ax: Axes | None = None, **kwargs: Any) -> Axes:
        """Draw this with the function of ``sg.plotting`` that is made for it.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            A new figure's if left out.
        **kwargs
            As of that function: ``complexity`` for a complexity, ``spectrum`` for a law, ``sampled`` for a sampled
            spectrum, ``lanczos`` for that of an operator, ``convergence`` for a Monte Carlo estimate, ``points`` for
            critical points, ``sphere`` for a draw in three dimensions, ``spiked`` for a spiked tensor, ``parabolic``
            for a confined field, ``fit`` for a fit.

        Returns
        -------
        matplotlib Axes

        Raises
        ------
        TypeError, ValueError
            As of that function.

        Examples
        --------
        >>> import spinglass as sg
        >>> ax = sg.complexity(sg.pure(3)).plot(indices=(0, 1))
        >>> ax = sg.spectra.Semicircle().plot(label="no spike")
        """
        return getattr(import_module(PLOTTING), self._picture)(self, ax=ax, **kwargs)
