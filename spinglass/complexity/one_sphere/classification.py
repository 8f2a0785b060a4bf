r"""Pure-like or full: what a mixture's landscape looks like at its threshold energy.

With :math:`v_0 = \xi(1)`, :math:`x_1 = \xi'(1)`, :math:`x_2 = \xi''(1)`,

.. math:: G = \log\frac{x_2}{x_1} - \frac{(x_2-x_1)(x_2-x_1+x_1^2/v_0)}{x_2\,x_1^2/v_0}

is twice the complexity of all points at the threshold energy.  G > 0: minima start below the threshold and dominate
there, as in the pure model ("pure-like"); G < 0: at the threshold no points are left ("full"); G = 0: "critical".
G does not change when the covariance is multiplied by a number.  For x2 <= x1 the number of points does not grow
exponentially ("trivial").

References: Auffinger, Ben Arous (2013), Complexity of random smooth functions on the high-dimensional sphere.
"""

from dataclasses import dataclass
from typing import Any

from spinglass.arithmetic import resolve
from spinglass.complexity.one_sphere.sphere import OneSphere
from spinglass.inputs.checks import shown
from spinglass.models import SphericalGame


@dataclass(frozen=True)
class Classification:
    """The class of a one-sphere model, with the number it is read from.

    Attributes
    ----------
    name : {"pure-like", "critical", "full", "trivial"}
        See the module's text.
    G : number
        Twice the complexity of all points at the threshold energy, in nats per dimension.
    """

    name: str
    G: Any

    def __str__(self):
        return f"{self.name} (G = {self.G:.6g})" if isinstance(self.G, float) else f"{self.name} (G = {self.G})"


def classify(model, arithmetic=None):
    r"""Classify a one-sphere model by the sign of G.

    .. math:: G = \log\frac{x_2}{x_1} - \frac{(x_2-x_1)(x_2-x_1+x_1^2/v_0)}{x_2\,x_1^2/v_0}

    Parameters
    ----------
    game : SphericalGame
        With one sphere, such as sg.pure(p) or sg.mixed({..}).
    arithmetic : arithmetic, optional
        float64 by default; sg.mp(digits), sg.balls(digits) (a proof of the sign), sg.symbols (an exact one).

    Returns
    -------
    Classification
        ``.name`` and ``.G``.

    Raises
    ------
    TypeError
        For something that is not a game.
    NotImplementedError
        For several spheres.
    ArithmeticError
        In sg.balls, if the digits do not decide the sign.

    Notes
    -----
    *Accuracy*: "critical" means that abs(G) is below the rounding of the arithmetic: about 1e-14 in float64, 10^-digits
    in sg.mp.  With rational coefficients G is never 0 but for x1 = x2: log of a rational number other than 1 is not
    rational.

    References
    ----------
    Auffinger, Ben Arous (2013), Complexity of random smooth functions on the high-dimensional sphere, Ann. Probab. 41.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.complexity.one_sphere.classification import classify
    >>> print(classify(sg.mixed({3: .5, 4: .5})))
    pure-like (G = 0.0589741)
    >>> print(classify(sg.mixed({3: 16, 16: 1})).name)
    full
    """
    if not isinstance(model, SphericalGame):
        raise TypeError(f"model: expected a SphericalGame such as sg.mixed({{3: .5, 4: .5}}), got {shown(model)}")
    if len(model.fractions) > 1:
        raise NotImplementedError(
            f"classify: expected a model with one sphere, got {len(model.fractions)}: no G is known"
        )
    ar = resolve(arithmetic)
    with ar.precision():
        sphere = OneSphere.of(model, ar)
        entropy, energy = _terms(sphere)
        g = entropy - energy
        name = _name(sphere, g, abs(entropy) + abs(energy))
        return Classification(name, ar.result(g))


def _terms(sphere):
    """Return the two terms whose difference is G."""
    x1, x2, square = sphere.x1, sphere.x2, sphere.x1**2 / sphere.v0
    return 2 * sphere.level, sphere.ar.number((x2 - x1) * (x2 - x1 + square) / (x2 * square))


def _name(sphere, g, size):
    ar = sphere.ar
    if sphere.trivial:
        return "trivial"
    tolerance = ar.epsilon * (1 + size)
    if ar.positive(g - tolerance):
        return "pure-like"
    return "full" if ar.positive(-g - tolerance) else "critical"
