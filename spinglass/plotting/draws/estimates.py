"""How a Monte Carlo estimate settles: its logarithm, with one standard error, against the number of samples."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from spinglass.counts import Estimate
from spinglass.inputs.checks import instance, one_number
from spinglass.plotting.style import EXACT, SAMPLED, canvas, finish, keywords, pens

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spinglass.inputs.annotations import Number

BAND = 0.3  # opacity of one standard error


def convergence(
    estimate: Estimate,
    ax: Axes | None = None,
    *,
    exact: Estimate | Number | None = None,
    legend: bool = True,
    **kwargs: Any,
) -> Axes:
    r"""Draw what a Monte Carlo estimate was after ever more samples, with a band of one standard error.

    .. math:: m \mapsto \log\frac1m\sum_{i\le m} w_i \pm \sigma_m

    A band that narrows like one over the square root of the samples, and stays within earlier bands, is that of an
    estimate to be trusted; jumps upwards come from rare heavy weights.

    Parameters
    ----------
    estimate : Estimate
        Of ``sg.mean_count(..., method="montecarlo")``: its ``history``, which a run keeps at no cost, with one row per
        1024 samples (of long runs 400 rows).
    ax : matplotlib Axes, optional
        A new figure's if left out.
    exact : Estimate or number, optional
        The exact value, or the logarithm of a mean, to be drawn as a line.
    legend : bool
        Whether to name the curves.
    **kwargs
        Handed to ``ax.plot`` for the curve.

    Returns
    -------
    matplotlib Axes
        Samples on a logarithmic axis.

    Raises
    ------
    TypeError, ValueError
        For something else than an estimate, or an exact value, which has no samples.

    Examples
    --------
    >>> import spinglass as sg
    >>> estimate = sg.mean_count(sg.pure(3), 10, method="montecarlo", samples=20_000, rng=1)
    >>> ax = sg.plotting.convergence(estimate, exact=sg.mean_count(sg.pure(3), 10, method="exact"))
    >>> ax.get_xlabel()
    'samples'
    """
    instance("estimate", estimate, Estimate, "an estimate such as sg.mean_count(model, 20, method='montecarlo')")
    if not len(estimate.history):
        raise ValueError(f"estimate: expected one of method='montecarlo' and of one question, got {estimate!r}")
    value = None if exact is None else _logarithm(exact)
    ax = canvas(ax)
    if not ax.has_data():
        ax.set_xscale("log")
        kwargs = {"color": SAMPLED, "linestyle": "-"} | keywords(kwargs)
    samples, log_mean, stderr = estimate.history.T[:3]
    (pen,) = pens(ax, [1], [f"Monte Carlo: {_with_error(log_mean[-1], stderr[-1])}"], kwargs)
    pen.curve(ax, samples, log_mean)
    band = ax.fill_between(samples, log_mean - stderr, log_mean + stderr, color=pen.colour, alpha=BAND, linewidth=0)
    pen.holds(band)
    if value is not None:
        ax.axhline(value, color=EXACT, linewidth=1.2, label=f"exact: {value:.4f}")
    return finish(ax, "samples", "log of the mean number", legend)


def _logarithm(exact):
    """Return the logarithm of an exact mean."""
    return one_number("exact", exact.log_mean if isinstance(exact, Estimate) else exact)


def _with_error(value, stderr):
    """Write a value with its standard error to one digit."""
    digits = max(0, math.ceil(-math.log10(stderr))) if 0 < stderr < 1 else 0
    return f"{value:.{digits}f} $\\pm$ {stderr:.{digits}f}"
