r"""The ground state of one sphere by Parisi's formula at zero temperature, where its order is known.

The minimum of the loss is :math:`-\sqrt N E` with

.. math:: E = \min_{L, \nu} \tfrac12\Big[\xi'(1)L - \int_0^1 \xi''(q)\,a(q)\,dq + \int_0^1 \frac{dq}{L - a(q)}\Big] ,
          \qquad a(q) = \int_0^q \nu[0, s]\,ds ,

a convex problem over measures nu.  One mass m at 0 (one step of replica symmetry breaking) gives

.. math:: E = \min_m \tfrac12\Big[\xi'(1)L - m(\xi'(1) - \xi(1)) + \tfrac1m\log\frac{L}{L-m}\Big] , \qquad
          L = \tfrac12\big(m + \sqrt{m^2 + 4/\xi'(1)}\big) ,

and is the minimum if and only if :math:`g(u) = \int_u^1\!\int_s^1 [(L-mq)^{-2} - \xi''(q)]\,dq\,ds \ge 0` on [0, 1].
Where :math:`\xi''^{-1/2}` is concave, nu has full support and :math:`E = \int_0^1\sqrt{\xi''}`, which for every model
is the energy that message passing reaches.

References: Crisanti, Sommers (1992); Chen, Sen (2017), Parisi formula, disorder chaos and fluctuation for the ground
state energy in the spherical mixed p-spin models; Subag (2021), Following the ground states of full-RSB spherical spin
glasses.
"""

from __future__ import annotations

import itertools

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

from spinglass.complexity.one_sphere.sphere import scaled_terms
from spinglass.inputs.capacity import within
from spinglass.inputs.checks import shown
from spinglass.models import SphericalGame

MOST = 10_000  # degrees


def ground_state_energy(model: SphericalGame) -> float:
    r"""Return the lowest energy density of a one-sphere model, :math:`\lim N^{-1/2} \min L` (negative).

    Parameters
    ----------
    model : SphericalGame
        One sphere, no term of degree 1.

    Returns
    -------
    float

    Raises
    ------
    NotImplementedError
        If neither one step nor full replica symmetry breaking holds, if there is a field, or several spheres.

    Accuracy
    --------
    About 1e-12; which formula holds is tested on 4001 overlaps.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(f"{sg.ground_state_energy(sg.pure(3)):.10f} {sg.ground_state_energy(sg.mixed({2: 1, 4: .01})):.10f}")
    -1.6569983635 -1.4282310693
    """
    unit, terms = _terms(model)
    grid = np.linspace(0, 1, 4001)
    m = _breaking(terms)
    if m is not None and np.all(_excess(terms, m, grid) >= -1e-12):
        return -unit * _one_step(terms, m)
    curvature = _derivative(terms, 2, grid)
    if curvature[0] > 0 and np.all(np.diff(curvature**-0.5, 2) <= 1e-14):
        return algorithmic_energy(model)
    raise NotImplementedError(
        f"the ground state of {model} has neither one step nor full replica symmetry breaking: no closed form is known "
        "here; sg.complexity(model, 'quenched').lowest_energy(index=0) goes one step further"
    )


def algorithmic_energy(model: SphericalGame) -> float:
    r"""Return :math:`-\int_0^1\sqrt{\xi''(q)}\,dq`, the energy density that message passing and gradient methods reach.

    Parameters, errors and accuracy as for :func:`ground_state_energy`.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(f"{sg.algorithmic_energy(sg.pure(3)):.6f}")  # minus E_inf for a pure model
    -1.632993
    """
    unit, terms = _terms(model)
    cuts = 1 - 0.5 ** np.arange(1 + np.ceil(np.log2(max(terms))))  # a term q^p changes where 1 - q is near 1/p
    pieces = (
        quad(lambda q: np.sqrt(_derivative(terms, 2, q)), a, b, epsabs=1e-14, epsrel=1e-13)[0]
        for a, b in itertools.pairwise([*cuts, 1.0])
    )
    return -unit * sum(pieces)


def _terms(model):
    """Return a unit of energy and {degree: coefficient} of xi in it, of a model that has these formulas."""
    if not isinstance(model, SphericalGame):
        raise TypeError(f"model: expected a SphericalGame such as sg.pure(3), got {shown(model)}")
    if len(model.fractions) > 1:
        raise NotImplementedError("model: the ground state of several spheres has no known formula here")
    unit, terms = scaled_terms(model)
    if terms.get(1):
        raise NotImplementedError("model: a random field (a term of degree 1) is not in these formulas")
    within("model: degree", max(terms), MOST, "try lower degrees: formulas near q = 1 lose digits in proportion")
    return unit, terms


def _derivative(terms, order, q):
    """Return the derivative of xi of an order at q."""
    return sum(c * np.prod(np.arange(p - order + 1, p + 1)) * q ** (p - order) for p, c in terms.items() if p >= order)


def _lengths(terms, m):
    """Return L and L - m for a mass m at 0, from L (L - m) xi'(1) = 1."""
    slope = _derivative(terms, 1, 1.0)
    length = 0.5 * (m + np.sqrt(m * m + 4 / slope))
    return length, 1 / (slope * length)


def _breaking(terms):
    """Return the mass m at which the energy of one step is stationary, g(0) = 0; None if there is none."""
    low, high = 1e-3, 1.0
    if _excess(terms, low, 0.0) >= 0:
        return None
    while _excess(terms, high, 0.0) < 0:
        high *= 2
    return brentq(lambda m: _excess(terms, m, 0.0), low, high, xtol=1e-15)


def _excess(terms, m, u):
    """Return g(u)."""
    (length, rest), value, slope = _lengths(terms, m), _derivative(terms, 0, 1.0), _derivative(terms, 1, 1.0)
    straight = (1 - u) * (1 / (m * rest) - slope)
    return value - _derivative(terms, 0, u) + straight - np.log((length - m * u) / rest) / m**2


def _one_step(terms, m):
    """Return the energy of one step."""
    (length, rest), value, slope = _lengths(terms, m), _derivative(terms, 0, 1.0), _derivative(terms, 1, 1.0)
    return 0.5 * (slope * length - m * (slope - value) + np.log(length / rest) / m)
