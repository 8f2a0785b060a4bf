r"""The Hessian of a neural network's loss as a free sum: a positive part and one that grows with the energy.

With phi parameters per example, error variance sigma, :math:`H = H_0 + H_1` and :math:`R = R_0 + R_1`,

.. math:: R_0 = \frac{\sigma}{1 - \sigma\phi g} , \qquad R_1 = 2\epsilon g \ \text{(linearised)} , \qquad
          R_1 = \frac{\epsilon\phi g}{2 - \epsilon\phi^2 g^2} \ \text{(one hidden layer of rectified units)} :

a Marchenko-Pastur law plus a semicircle, or plus a free compound Poisson law with jumps
:math:`\pm\phi\sqrt{\epsilon/2}` of rate :math:`1/(2\phi)` each.  At the critical energy the lower edge is 0.
There, with :math:`A = |g|/(1 + \phi|g|)` at sigma = 1, the pair z = 0, dz/dg = 0 is a quadratic,

.. math:: \phi A^2 + A - 2 = 0 \ \text{(linearised)} , \qquad
          3\phi A^2 + (1 - 4\phi)A - 2(1 - \phi) = 0 \ \text{(rectified)} .

References: Pennington, Bahri (2017), "Geometry of neural network loss surfaces via random matrix theory".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spinglass.arithmetic import resolve
from spinglass.inputs.checks import (
    broadcast,
    in_arithmetic,
    measured,
    one_number,
    one_of,
    positive,
    real_points,
    shown,
)
from spinglass.spectra.free.addition import add
from spinglass.spectra.free.freely_divisible import FreeCompoundPoisson, MarchenkoPastur
from spinglass.spectra.semicircle import Semicircle

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Numbers
    from spinglass.spectra.law import Law

ACTIVATIONS = ("linear", "relu")


def network_hessian(phi: float, energy: float, activation: str = "linear", sigma: float = 1.0) -> Law:
    r"""Return the limiting law of the Hessian at an energy.

    Parameters
    ----------
    phi : float
        Parameters per example, positive.
    energy : float
        epsilon >= 0, the loss; at 0 only the positive part is left.
    activation : {"linear", "relu"}, optional
        Which model of the part that grows with the energy.
    sigma : float, optional
        Scale of the positive part, positive.

    Returns
    -------
    Law
        A cubic for "linear", a quartic for "relu".

    Raises
    ------
    ValueError
        If a parameter is outside its domain.

    References
    ----------
    Pennington, Bahri (2017), sections 3 and 4.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.spectra.network_hessian(phi=0.25, energy=0.5).support.round(6)
    array([[-1.193895,  3.296261]])
    >>> sg.spectra.network_hessian(phi=0.25, energy=0.5, activation="relu").atoms
    ()
    """
    _check_activation(activation)
    phi, energy = positive("phi", phi), one_number("energy", energy)
    if energy < 0:
        raise ValueError(f"energy: expected a number >= 0, got {energy}")
    law = MarchenkoPastur(phi, sigma)
    if energy == 0:
        return law
    if activation == "linear":
        return add(law, Semicircle(2 * energy))
    jump = phi * np.sqrt(energy / 2)
    return add(law, FreeCompoundPoisson(1 / phi, [-jump, jump], [0.5, 0.5]))


def critical_energy(
    phi: Numbers, activation: str = "linear", sigma: float = 1.0, arithmetic: Arithmetic | None = None
) -> Numbers:
    r"""Return the energy below which no eigenvalue is negative.

    With A from the quadratic above, :math:`a = A - 1`,

    .. math:: \epsilon_c = \frac{2a^3\sigma^2}{A^4} \ \text{(linearised)} , \qquad
              \epsilon_c = \frac{8a^3(1 + 2a)\sigma^2}{\phi(1 + 2a + 3a^2)A^3} \ \text{(rectified)} .

    Parameters
    ----------
    phi : float array of any shape, or one number of the arithmetic
        Between 0 and 1, both excluded.
    activation : {"linear", "relu"}, optional
    sigma : float, optional
        Positive.
    arithmetic : arithmetic, optional
        float64 by default; ``sg.mp(digits)``, ``sg.balls(digits)`` or ``sg.symbols``.

    Returns
    -------
    float array of the shape of phi, or a number of the arithmetic

    Raises
    ------
    ValueError
        If a parameter is outside its domain.

    Accuracy
    --------
    Relative rounding of order 1e-15 for all phi: there is no cancellation.

    References
    ----------
    Pennington, Bahri (2017), equations for the critical energy in sections 3.3 and 4.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.spectra.critical_energy([0.25, 0.5, 0.75]).round(8)
    array([0.04350953, 0.01127124, 0.0012662 ])
    >>> sg.spectra.critical_energy(0.5, arithmetic=sg.mp(30))
    mpf('0.0112712429686842801278667714785245')
    """
    ar = resolve(arithmetic)
    with ar.precision():
        phi, sigma = _ratio(phi, ar), _scale(sigma, ar)
        a = _excess(phi, activation, ar)
        if activation == "linear":
            energy = 2 * a**3 / (1 + a) ** 4
        else:
            energy = 8 * a**3 * (1 + 2 * a) / (phi * (1 + 2 * a + 3 * a**2) * (1 + a) ** 3)
        value = energy * sigma**2
        return value if ar.vectorised else ar.result(value)


def index_amplitude(phi: Numbers, activation: str = "linear", arithmetic: Arithmetic | None = None) -> Numbers:
    r"""Return :math:`\alpha_0` of the index :math:`\alpha \approx \alpha_0 |(\epsilon-\epsilon_c)/\epsilon_c|^{3/2}`.

    From the square root of the density at the edge,
    :math:`\alpha_0 = \frac{2}{3\pi}\sqrt{2/|z''|}\,|\epsilon_c\,\partial_\epsilon z|^{3/2}` at the critical point; with
    A and :math:`a = A - 1` as above and :math:`b = \phi a`,

    .. math:: \alpha_0 = \frac{2}{3\pi}\frac{a^{3/2}}{\sqrt{1 - \phi^2A^3}} \ \text{(linearised)} , \qquad
              \alpha_0 = \frac{2}{3\pi}\frac{(a(1 + b))^{3/2}}{\sqrt{1 - \phi^2A^3 + ab(3 + 4b)}} \ \text{(rectified)} .

    Parameters
    ----------
    phi : float array of any shape, or one number of the arithmetic
        Between 0 and 1, both excluded.
    activation : {"linear", "relu"}, optional
    arithmetic : arithmetic, optional

    Returns
    -------
    float array of the shape of phi, or a number of the arithmetic
        It does not depend on sigma.

    Raises
    ------
    ValueError
        If a parameter is outside its domain.

    Accuracy
    --------
    Rounding, divided by 1 - phi.  The power law itself is good to 1% at a relative distance of 0.01, 7% at 0.1.

    References
    ----------
    Pennington, Bahri (2017), section 3.3.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.spectra.index_amplitude([0.25, 0.5, 0.75]).round(6)
    array([0.074833, 0.033501, 0.012677])
    """
    ar = resolve(arithmetic)
    with ar.precision():
        phi = _ratio(phi, ar)
        a = _excess(phi, activation, ar)
        curvature = 1 - phi**2 * (1 + a) ** 3
        if activation == "relu":
            b = phi * a
            curvature = curvature + a * b * (3 + 4 * b)
            a = a * (1 + b)
        value = 2 * ar.sqrt(a**3 / curvature) / (3 * ar.pi)
        return value if ar.vectorised else ar.result(value)


def negative_fraction(phi: Numbers, energy: Numbers, activation: str = "linear", sigma: float = 1.0) -> Numbers:
    r"""Return the index: the fraction of negative eigenvalues at an energy, in closed form.

    :math:`\alpha = 1 - \mathrm{Im}\,\Phi(0)/\pi` at the root w = 1/G(0) in the upper half-plane, of a cubic for both
    models:

    .. math:: w^3 + (\sigma - t)w^2 + 2\epsilon(w - t) = 0 \ \text{(linearised)} , \qquad
              (w - t)(w^2 - s^2) + \sigma(w^2 - s^2) + \tfrac12\epsilon\phi(w - t) = 0 \ \text{(rectified)}

    with :math:`t = \sigma\phi` and :math:`s^2 = \epsilon\phi^2/2`.

    Parameters
    ----------
    phi : float array
        Between 0 and 1, both excluded.
    energy : float array
        epsilon >= 0.
    activation : {"linear", "relu"}, optional
    sigma : float, optional
        Positive.

    Returns
    -------
    float array of the common shape of phi and energy
        0 up to the critical energy.

    Raises
    ------
    ValueError
        If a parameter is outside its domain.

    Accuracy
    --------
    1e-14 absolute.

    References
    ----------
    Pennington, Bahri (2017), section 3.3.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.spectra.negative_fraction(0.25, [0.04, 0.1, 1.0]).round(6)
    array([0.      , 0.05398 , 0.292612])
    """
    sigma = positive("sigma", sigma)
    phi, energy = _ratio(phi, resolve(None)), measured("energy", energy)
    shape = broadcast("phi, energy", phi, energy)
    phi, energy = np.broadcast_to(phi, shape), np.broadcast_to(energy, shape)
    if np.any(energy < 0):
        raise ValueError(f"energy: expected numbers >= 0, got {shown(energy)}")
    alpha = np.zeros(phi.shape)
    on = energy > critical_energy(phi, activation, sigma)
    f, e = phi[on], energy[on] / sigma**2  # in units of sigma
    if activation == "linear":
        w = _upper_root(1 - f, 2 * e, -2 * e * f)
        height = (np.angle(w - f) - np.angle(w)) / f + (1 / (w - f) + e / w**2).imag
    else:
        square, pull = e * f * f / 2, e * f / 2
        w = _upper_root(1 - f, pull - square, square * (f - 1) - pull * f)
        s = np.sqrt(square)
        half = (np.angle(w - s) + np.angle(w + s)) / 2 + (square / (w * w - square)).imag
        height = (np.angle(w - f) + half - 2 * np.angle(w)) / f + (1 / (w - f)).imag
    alpha[on] = np.clip(1 - (np.angle(w) + height) / np.pi, 0.0, 1.0)
    return alpha[()]


def minimiser_energy(phi: Numbers) -> Numbers:
    r"""Return :math:`(1-\phi)^2/2`, the energy of minimisers that training finds, for phi between 0 and 1.

    An observation on small networks, to be set beside :func:`critical_energy`.

    Parameters
    ----------
    phi : float array of any shape
        Between 0 and 1, both excluded.

    Raises
    ------
    ValueError
        If phi is outside its domain.

    References
    ----------
    Pennington, Bahri (2017), section 5.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(sg.spectra.minimiser_energy(0.5))
    0.125
    """
    return (1 - _ratio(phi, resolve(None))) ** 2 / 2


def _excess(phi, activation, ar):
    """Return a = A - 1 at the critical point, a quadratic's root in the form without cancellation."""
    _check_activation(activation)
    if activation == "linear":
        root = ar.sqrt(1 + 8 * phi)
        return 8 * (1 - phi) / ((1 + root) * (3 + root))
    return 2 * (1 - phi) / (1 + 2 * phi + ar.sqrt(1 + 16 * phi - 8 * phi**2))


def _upper_root(b, c, d):
    """Return the root of w^3 + b w^2 + c w + d in the upper half-plane, by Cardano's formula and Newton's method."""
    p, q = c - b * b / 3, 2 * b**3 / 27 - b * c / 3 + d
    first = -np.copysign(np.cbrt(np.abs(q) / 2 + np.sqrt(np.maximum(q * q / 4 + p**3 / 27, 0.0))), q)
    second = -p / (3 * first)
    w = -(first + second) / 2 - b / 3 + 0.5j * np.sqrt(3) * np.abs(first - second)
    for _ in range(2):
        w = w - (((w + b) * w + c) * w + d) / ((3 * w + 2 * b) * w + c)
    return w


def _ratio(phi, ar):
    """Return phi as a number of the arithmetic; refuse what is not between 0 and 1."""
    if not getattr(phi, "free_symbols", None):  # a symbol has no value to be checked
        value = real_points("phi", phi)
        if np.any((value <= 0) | (value >= 1)):
            raise ValueError(f"phi: expected numbers between 0 and 1, both excluded, got {shown(phi)}")
    return in_arithmetic("phi", phi, ar)


def _scale(sigma, ar):
    """Return sigma as a number of the arithmetic; refuse what is not positive."""
    if not getattr(sigma, "free_symbols", None):
        positive("sigma", sigma)
    return in_arithmetic("sigma", sigma, ar)


def _check_activation(activation):
    one_of("activation", activation, ACTIVATIONS)
