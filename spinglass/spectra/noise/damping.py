r"""Damping: what noise in a matrix does to its regularised inverse, and the best step of a preconditioned descent.

For noise X of the law mu in general position, in bilinear forms with vectors that do not know X,

.. math:: (A + sX + \delta)^{-1} \simeq (A + \delta_{\mathrm{eff}})^{-1} = \Pi , \qquad
          \delta_{\mathrm{eff}} = \delta + sR_\mu(s\,g_B(-\delta)) , \quad g_B(-\delta) = g_A(-\delta_{\mathrm{eff}}) .

Stretching A by 1 + t and differentiating at t = 0, with :math:`\langle\cdot\rangle` the mean over the diagonal,

.. math:: B^{-1}AB^{-1} \simeq \Pi A\Pi + \frac{s^2R'\langle\Pi A\Pi\rangle}{1 - s^2R'\langle\Pi^2\rangle}\,\Pi^2 ,
          \qquad B = A + sX + \delta .
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

from spinglass.inputs.checks import measured, one_number, positive, shown
from spinglass.spectra.free.inverse import hull
from spinglass.spectra.law import Law
from spinglass.spectra.noise.outliers import Deformation, Eigenvalues

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Numbers


def effective_damping(
    delta: Numbers, noise: Law, *, bulk: Law | Numbers | None = None, noisy: Law | None = None, scale: float = 1.0
) -> Numbers:
    r"""Return :math:`\delta_{\mathrm{eff}} = \delta + sR_\mu(s\,g_B(-\delta))`.

    With a semicircle of variance 1 this is :math:`\delta - s^2|g_B(-\delta)|`: such noise reduces the damping.  The
    eigenvectors of the noise have to be in general position to A and to the vectors that its inverse is applied to.

    Parameters
    ----------
    delta : float array of any shape
        Such that A + s X + delta is positive definite.
    noise : Law
        mu, the law of X.
    bulk, noisy : Law or float array of shape (n,)
        One of them: the law or the eigenvalues of A, or those of A + s X.
    scale : float, optional
        s > 0.

    Returns
    -------
    float array of the shape of delta

    Raises
    ------
    ValueError, TypeError
        If -delta is not below the spectrum of A + s X, or an argument is not of its kind.

    Accuracy
    --------
    About 1e-12 from laws; bilinear forms of one matrix of size n scatter by :math:`O(n^{-1/2})`.

    References
    ----------
    Baskerville, Keating, Mezzadri, Najnudel, Granziol (2022), "Universal characteristics of deep neural network loss
    surfaces from random matrix theory".

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> float(sg.spectra.effective_damping(2.5, Semicircle(), noisy=Semicircle()))  # A = 0: 2 + 1/2 = 2.5
    2.0
    """
    delta = measured("delta", delta)
    if (bulk is None) == (noisy is None):
        raise TypeError("bulk, noisy: expected exactly one, the spectrum of A or that of A + s X")
    if noisy is None:
        deformation = Deformation(noise, bulk, scale)
        values = [-_preimage(deformation, -float(d)) for d in delta.ravel()]
    else:
        law = noisy if isinstance(noisy, Law) else Eigenvalues(noisy, "noisy")
        scale = Deformation(noise, None, scale).scale  # the same demands on noise and scale as from the bulk
        edge = hull(law)[0]
        if np.any(-delta >= edge):
            raise _not_positive(delta, edge)
        values = [
            d + scale * float(noise.r_transform(scale * float(np.real(law.stieltjes(-d))))) for d in delta.ravel()
        ]
    return np.reshape(values, delta.shape)[()]


def best_step(gradient: Numbers, hessian: Numbers, preconditioner: Numbers) -> float:
    r"""Return :math:`\eta^* = g^TB^{-1}g\,/\,g^TB^{-1}AB^{-1}g`, the step along :math:`B^{-1}g` to the lowest loss.

    Parameters
    ----------
    gradient : float array of shape (n,)
        g, not 0.
    hessian, preconditioner : float arrays of shape (n, n)
        A and B, symmetric, positive definite.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If shapes do not fit, a matrix is not symmetric, or the loss does not rise along the direction.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> float(sg.spectra.best_step([1.0, 2.0], np.diag([1.0, 4.0]), np.diag([0.5, 2.0])))
    0.5
    """
    gradient, hessian = _checked(gradient, hessian)
    direction = np.linalg.solve(_checked(gradient, preconditioner)[1], gradient)
    return _ratio(gradient @ direction, direction @ hessian @ direction)


def expected_best_step(gradient: Numbers, hessian: Numbers, delta: float, noise: Law, scale: float = 1.0) -> float:
    r"""Return the deterministic equivalent of :func:`best_step` for the preconditioner :math:`A + sX + \delta`.

    Parameters
    ----------
    gradient : float array of shape (n,)
        g, independent of X.
    hessian : float array of shape (n, n)
        A, symmetric.
    delta : float
    noise : Law
        mu, the law of X.
    scale : float, optional
        s > 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        If an argument is not of its kind or A + s X + delta is not positive definite.

    Accuracy
    --------
    Samples scatter by :math:`O(n^{-1/2})`; next to :math:`-\delta` at the edge of the spectrum, by more.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> from spinglass.spectra.semicircle import Semicircle
    >>> float(sg.spectra.expected_best_step([1.0, 2.0], np.diag([1.0, 4.0]), 0.5, Semicircle(), scale=1e-9).round(6))
    1.26
    """
    gradient, hessian = _checked(gradient, hessian)
    scale = positive("scale", scale)
    values, vectors = np.linalg.eigh(hessian)
    weights = (vectors.T @ gradient) ** 2
    damping = float(effective_damping(one_number("delta", delta), noise, bulk=values, scale=scale))
    pi = 1 / (values + damping)
    response = scale**2 * noise._r_slope(-scale * np.mean(pi))
    shift = response * np.mean(values * pi**2) / (1 - response * np.mean(pi**2))
    return _ratio(weights @ pi, weights @ ((values + shift) * pi**2))


def _preimage(deformation, place):
    """Return theta below the bulk of A with Omega(theta) = place."""
    depth, edge = deformation.edge(-1)
    if place >= edge:
        raise _not_positive(-place, edge)
    last = depth + 1
    while deformation.image(deformation.beyond(-1, last)) > place:
        last += 1
    depth = brentq(lambda d: deformation.image(deformation.beyond(-1, d)) - place, depth, last, xtol=1e-14, rtol=1e-15)
    return deformation.beyond(-1, depth)


def _not_positive(delta, edge):
    return ValueError(
        f"delta: expected more than {-edge:.6g}, so that A + s X + delta is positive definite, got {shown(delta)}"
    )


def _ratio(above, below):
    if not below > 0:
        raise ValueError("hessian: expected one along which the loss rises in the direction of the step")
    return above / below


def _checked(gradient, matrix):
    """Return a gradient and a symmetric matrix of its size."""
    gradient, matrix = measured("gradient", gradient), measured("hessian", matrix)
    if gradient.ndim != 1 or matrix.shape != (gradient.size, gradient.size):
        raise ValueError(f"expected a vector and a square matrix of its size, got {gradient.shape} and {matrix.shape}")
    if np.max(np.abs(matrix - matrix.T), initial=0.0) > 1e-10 * np.max(np.abs(matrix), initial=0.0):
        raise ValueError("expected a symmetric matrix; try (matrix + matrix.T) / 2")
    return gradient, matrix
