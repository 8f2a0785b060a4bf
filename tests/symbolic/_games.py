"""Games, parameters and substitutions that the tests of the symbolic derivation share."""

import numpy as np
import sympy

import spinglass as sg
from spinglass import symbolic

Q = symbolic.overlaps(3)
PARAMETERS = {name: sympy.Symbol(name, positive=True) for name in ("sigma_z", "kappa")}
DEGREES = {name: sympy.Symbol(name, positive=True, integer=True) for name in ("p", "q")}


def put_in(expression, **numbers):
    """Substitute the standard symbols by exact numbers."""
    symbols = PARAMETERS | DEGREES
    return expression.subs({symbols[name]: sympy.Rational(value) for name, value in numbers.items()})


def array(matrix, **numbers):
    return np.array([[float(put_in(x, **numbers)) for x in row] for row in sympy.Matrix(matrix).tolist()])


def general_game():
    """A coupling that acts on one player otherwise than on the other: no row signs."""
    fields = [{(2, 1): 1}, {(1, 2): 1}, {(3, 0): 1, (0, 3): 1}]
    return sg.SphericalGame([0.4, 0.6], fields, [[1, 2, 1], [0.5, 1, 1]], [[0], [1]])


def three_species():
    third = sympy.Rational(1, 3)
    return symbolic.SymbolicGame([third] * 3, [Q[0] * Q[1] * Q[2] + Q[0] ** 2 + Q[2] ** 3], [[1]], [[0, 1, 2]])


MODELS = {
    "pure": symbolic.pure,
    "mixed": symbolic.mixed,
    "bipartite": symbolic.bipartite,
    "gan": symbolic.gan,
    "three": three_species,
    "general": general_game,
}

NUMBERS = {"p": 3, "q": 2, "sigma_z": 0.5, "kappa": 0.625}


def resolvents(law, z):
    """Return g_s of a BlockGaussian at z."""
    return law._solutions(np.array([z], dtype=complex))[0] / law.fractions


NUMBERS = {"p": 3, "q": 2, "sigma_z": 0.5, "kappa": 0.625}
