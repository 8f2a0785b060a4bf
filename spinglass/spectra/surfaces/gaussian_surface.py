r"""Loss surfaces that are Gaussian processes: Hessians at a point, gradients at two, with what deforms them.

For a loss of covariance :math:`k(-\tfrac12|w-w'|^2)` and :math:`u = w - w'`, derivatives of k at :math:`-\tfrac12u^2`,

.. math:: \mathrm{Cov}(\partial_iL, \partial_jL') = \delta_{ij}k' - u_iu_jk'' , \qquad
          \mathrm{Cov}(\partial_{ij}L, \partial_{kl}L) = k''(0)\,
          (\delta_{ij}\delta_{kl} + \delta_{ik}\delta_{jl} + \delta_{il}\delta_{jk}) ,

so that the Hessian at a point is :math:`\sqrt{k''(0)}\,(Q + \zeta I)`: Q a GOE matrix with off-diagonal variance 1 and
diagonal variance 2 (radius :math:`2\sqrt N`), zeta one standard normal for the whole matrix.  Local statistics do not
see zeta.  The value of the loss does: :math:`\mathrm{Cov}(L, \partial_{ij}L) = -\delta_{ij}k'(0)`, while Q and the
gradient are independent of it, so that at places where the loss is :math:`L`

.. math:: H \,|\, L = \sqrt{k''(0)}\,Q + \sqrt{k''(0) - k'(0)^2/k(0)}\,\zeta I - \frac{k'(0)}{k(0)} L\, I ,

the same at critical points and elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.inputs.checks import measured, one_number, positive, shown, whole_number
from spinglass.running.streams import generator
from spinglass.spectra.sampling import matrix_size, sample_blocks

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers, Seed


def gradient_covariance(displacement: Numbers, slope: Callable[[Any], Any], curvature: Callable[[Any], Any]) -> Array:
    r"""Return :math:`\mathrm{Cov}(\partial_iL, \partial_jL') = \delta_{ij}k' - u_iu_jk''`.

    Parameters
    ----------
    displacement : float array of shape (N,)
        u = w - w'.
    slope, curvature : callables
        k' and k'', as functions of the argument :math:`-\tfrac12|u|^2 \le 0`.

    Returns
    -------
    float array of shape (N, N)

    Raises
    ------
    ValueError, TypeError
        If the displacement is not a finite vector.

    References
    ----------
    Baskerville, Granziol, Keating (2022), "Appearance of random matrix theory in deep learning".

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> sg.spectra.gradient_covariance([1.0, 0.0], np.exp, np.exp).round(4)  # k = exp: along u they decorrelate first
    array([[0.    , 0.    ],
           [0.    , 0.6065]])
    """
    _callable(slope=slope, curvature=curvature)
    u = measured("displacement", displacement)
    if u.ndim != 1 or not u.size:
        raise ValueError(f"displacement: expected a vector, got shape {u.shape}")
    place = -0.5 * (u @ u)
    return slope(place) * np.eye(u.size) - curvature(place) * np.outer(u, u)


def gradient_correlation(
    distance: Numbers, slope: Callable[[Any], Any], curvature: Callable[[Any], Any]
) -> tuple[Numbers, Numbers]:
    r"""Return the correlation of gradient components at a distance, along the displacement and across it.

    .. math:: \frac{k'(-r^2/2) - r^2k''(-r^2/2)}{k'(0)} , \qquad \frac{k'(-r^2/2)}{k'(0)} .

    Parameters
    ----------
    distance : float array of any shape
        r >= 0.
    slope, curvature : callables
        k' and k'', which take arrays.

    Returns
    -------
    tuple of two float arrays of the shape of distance

    Raises
    ------
    ValueError, TypeError
        If a distance is negative or not finite.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> along, across = sg.spectra.gradient_correlation([0.0, 1.0], np.exp, np.exp)
    >>> along, across.round(6)
    (array([1., 0.]), array([1.      , 0.606531]))
    """
    _callable(slope=slope, curvature=curvature)
    r = measured("distance", distance)
    if np.any(r < 0):
        raise ValueError(f"distance: expected non-negative numbers, got {shown(r)}")
    place = -0.5 * r * r
    across, most = slope(place), one_number("slope", slope(0.0))
    if most == 0:
        raise ValueError("slope: expected k'(0) other than 0, got 0: then there are no gradients")
    return (across - r * r * curvature(place)) / most, across / most


def sample_surface_hessian(
    n: int,
    curvature: float = 1.0,
    *,
    flat: int = 0,
    spikes: Numbers = (),
    energy: float | None = None,
    slope: float = 0.0,
    rng: Seed = None,
) -> Array:
    r"""Return a Hessian :math:`\sqrt{k''(0)}\,(Q + \zeta I)`, of deficient rank and with spikes if wanted.

    At a given value of the loss it is :math:`\sqrt{k''(0)}\,Q + \sqrt{k''(0) - k'(0)^2}\,\zeta I - k'(0)LI`, in units
    in which the loss has variance :math:`k(0) = 1` (derived here).

    Parameters
    ----------
    n : int
        Number of weights, at least 1.
    curvature : float, optional
        k''(0) > 0.  Entries have this variance, not 1/n of it.
    flat : int, optional
        The loss ignores this many weights, at random places: their rows and columns are 0, which gives the spectrum an
        atom of weight flat/n at 0.
    spikes : float array of shape (k,), optional
        Added to the diagonal at k of the other places at random, in units of the eigenvalues: outliers if they exceed
        :math:`\sqrt{k''(0)(n - \mathrm{flat})}`, at :math:`\theta + k''(0)(n-\mathrm{flat})/\theta`, all moved by
        the mean eigenvalue of the rest.
    energy : float, optional
        The loss L at this place; anywhere by default.
    slope : float, optional
        k'(0), which matters at a given energy only; at most :math:`\sqrt{k''(0)}` in size.
    rng : int, SeedSequence, Generator or None

    Returns
    -------
    float array of shape (n, n)
        Exactly symmetric.

    Raises
    ------
    ValueError, TypeError
        If there are more spikes and flat directions than weights, no surface has this slope, or a parameter is not of
        its kind.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> low = sg.spectra.sample_surface_hessian(200, 1.0, energy=-30.0, slope=1.0, rng=1)  # k = exp
    >>> int(np.sum(np.linalg.eigvalsh(low) < 0))  # 30 > 2 sqrt(200): there all curvatures are positive
    0
    >>> hessian = sg.spectra.sample_surface_hessian(50, 0.1, flat=10, rng=1)
    >>> int(np.sum(np.abs(np.linalg.eigvalsh(hessian)) < 1e-12))
    10
    """
    n, flat = matrix_size(n), whole_number("flat", flat, 0)
    curvature, spikes = positive("curvature", curvature), np.ravel(measured("spikes", spikes))
    if flat + spikes.size > n or flat == n:
        raise ValueError(f"flat, spikes: expected at most {n} together and flat < {n}, got {flat} and {spikes.size}")
    mean, variance = _level(curvature, energy, slope)
    rng = generator(rng)
    hessian = np.zeros((n, n))
    rest = rng.permutation(n)[flat:]
    level = mean + np.sqrt(variance) * rng.standard_normal()
    block = sample_blocks([[curvature]], [[curvature]], [level], [rest.size], 1, rng)
    block[np.arange(spikes.size), np.arange(spikes.size)] += spikes
    hessian[np.ix_(rest, rest)] = block
    return hessian


def _level(curvature, energy, slope):
    """Return the mean and the variance of the multiple of the identity."""
    slope = one_number("slope", slope)
    if slope**2 > curvature:
        raise ValueError(f"slope: expected at most the root of the curvature in size, got {slope} and {curvature}")
    if energy is None:
        return 0.0, curvature
    return -slope * one_number("energy", energy), curvature - slope**2


def _callable(**functions):
    """Refuse what is no function."""
    for name, function in functions.items():
        if not callable(function):
            raise TypeError(f"{name}: expected a function of an array, got {shown(function)}")
