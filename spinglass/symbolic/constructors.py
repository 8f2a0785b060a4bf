"""The named models with symbols for their parameters, and any game of numbers as an exact symbolic one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from spinglass.inputs.checks import shown
from spinglass.models import SphericalGame
from spinglass.models.covariance import Polynomial
from spinglass.symbolic.decimals import typed
from spinglass.symbolic.game import SymbolicGame, exact, overlaps


def _degree(name, x, least):
    if x is None:
        return sympy.Symbol(name, integer=True, positive=True)
    x = exact(name, x)
    if x.is_number and (not x.is_integer or x < least):
        raise ValueError(f"{name}: expected a symbol or an integer of at least {least}, got {x}")
    return x


def _size(name, x):
    if x is None:
        return sympy.Symbol(name, positive=True)
    x = exact(name, x)
    if x.is_nonpositive:
        raise ValueError(f"{name}: expected a symbol or a positive number, got {x}")
    return x


def _kappa(x):
    x = _size("kappa", x)
    if x.is_number and x >= 1:
        raise ValueError(f"kappa: expected a symbol or a fraction strictly between 0 and 1, got {x}")
    return x


def pure(p: Any = None) -> SymbolicGame:
    r"""The pure spherical p-spin glass, :math:`\xi(q) = q^p`, with a symbol for its degree.

    Parameters
    ----------
    p : expression, optional
        Degree, at least 2; the positive integer symbol p by default.

    Returns
    -------
    SymbolicGame

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.symbolic.pure().fields
    (q_1**p,)
    """
    return SymbolicGame([1], [overlaps(1)[0] ** _degree("p", p, 2)], [[1]], [[0]])


def mixed(coefficients: Mapping[int, Any] | None = None) -> SymbolicGame:
    r"""A mixed spherical spin glass, :math:`\xi(q) = \sum_p c_p q^p`.

    Parameters
    ----------
    coefficients : mapping of expression to expression, optional
        Degree to the variance of that term; by default two terms of symbolic degrees p, s and variances c_p, c_s.

    Returns
    -------
    SymbolicGame

    Raises
    ------
    TypeError, ValueError
        If it is not a mapping, or a number in it is no degree or no variance.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.symbolic.mixed().fields
    (c_p*q_1**p + c_s*q_1**s,)
    """
    if coefficients is None:
        coefficients = {_degree(name, None, 1): _size(f"c_{name}", None) for name in ("p", "s")}
    if not hasattr(coefficients, "items"):
        raise TypeError(f"coefficients: expected a mapping such as {{3: c_3, 4: c_4}}, got {shown(coefficients)}")
    (q,) = overlaps(1)
    terms = [_size("coefficients", c) * q ** _degree("coefficients: degree", p, 1) for p, c in coefficients.items()]
    return SymbolicGame([1], [sum(terms, sympy.Integer(0))], [[1]], [[0]])


def bipartite(p: Any = None, q: Any = None, kappa: Any = None) -> SymbolicGame:
    r"""The bipartite spherical spin glass, :math:`\xi(q_1, q_2) = q_1^p q_2^q`.

    Parameters
    ----------
    p, q : expression, optional
        Degrees in the two spheres, at least 1; positive integer symbols by default.
    kappa : expression, optional
        Fraction of the dimensions on the first sphere; a positive symbol by default.

    Returns
    -------
    SymbolicGame

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.symbolic.bipartite(q=2).fields
    (q_1**p*q_2**2,)
    """
    q_1, q_2 = overlaps(2)
    kappa = _kappa(kappa)
    return SymbolicGame([kappa, 1 - kappa], [q_1 ** _degree("p", p, 1) * q_2 ** _degree("q", q, 1)], [[1]], [[0, 1]])


def gan(p: Any = None, q: Any = None, sigma_z: Any = None, kappa: Any = None) -> SymbolicGame:
    r"""Two coupled spherical spin glasses, the discriminator and the generator of a GAN.

    :math:`\xi_1 = q_1^p`, :math:`\xi_2 = (q_1+q_2)^{p+q}`, :math:`L_1 = f_1 - \sigma_z f_2`,
    :math:`L_2 = \sigma_z f_2`.

    Parameters
    ----------
    p, q : expression, optional
        Degrees; positive integer symbols by default.
    sigma_z, kappa : expression, optional
        Size of the latent noise and fraction of dimensions in D; positive symbols by default.

    Returns
    -------
    SymbolicGame

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.symbolic.gan(p=3).fields
    (q_1**3, (q_1 + q_2)**(q + 3))
    """
    q_1, q_2 = overlaps(2)
    p, q, sigma_z, kappa = _degree("p", p, 2), _degree("q", q, 1), _size("sigma_z", sigma_z), _kappa(kappa)
    fields = [q_1**p, (q_1 + q_2) ** (p + q)]
    return SymbolicGame([kappa, 1 - kappa], fields, [[1, -sigma_z], [0, sigma_z]], [[0], [1]])


def of(game: SphericalGame | SymbolicGame) -> SymbolicGame:
    """Return a game of numbers as a symbolic one: exact numbers stay exact, floats are the binary fractions they are.

    Parameters
    ----------
    game : SphericalGame or SymbolicGame
        A symbolic game is returned as it is.

    Returns
    -------
    SymbolicGame

    Raises
    ------
    TypeError
        For anything else.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.symbolic.of(sg.mixed({2: 1, 3: .25})).fields
    (q_1**3/4 + q_1**2,)
    """
    return read(game, lambda x: x)


def read(game, number):
    """Return a game as a symbolic one, its numbers as a function reads them."""
    if isinstance(game, SymbolicGame):
        return game
    if not isinstance(game, SphericalGame):
        raise TypeError(f"model: expected a SymbolicGame or a SphericalGame such as sg.pure(3), got {shown(game)}")
    symbols = overlaps(len(game.fractions))

    def monomial(exponents, coefficient):
        powers = [q**e for q, e in zip(symbols, exponents, strict=True)]
        return exact("coefficient", number(coefficient)) * sympy.prod(powers)

    def covariance(xi):
        if isinstance(xi, Polynomial):
            return sum(monomial(e, c) for e, c in xi.series())
        floats = {x: number(x) for x in xi.expression.atoms(sympy.Float)}
        return xi.expression.xreplace(dict(zip(xi.symbols, symbols, strict=True)) | floats)

    fractions = [exact("fractions", number(x)) for x in game.fractions[:-1]]
    fractions.append(1 - sum(fractions, sympy.Integer(0)))
    losses = [[number(c) for c in row] for row in game.losses]
    return SymbolicGame(fractions, [covariance(xi) for xi in game.fields], losses, game.players)


def in_decimals(model):
    """Return a game of numbers as a symbolic one whose floats are decimals, and which decimals were typed.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.symbolic.constructors import in_decimals
    >>> in_decimals(sg.mixed({3: 0.1, 4: 1}))[0].fields
    (q_1**4 + q_1**3/10,)
    """
    if isinstance(model, SymbolicGame):
        return model, frozenset()
    found = set()

    def number(x):
        if (value := typed(x)) is not x:
            found.add(abs(value))
        return value

    game = read(model, number)
    if found.intersection(map(abs, map(typed, model.fractions))):
        found.add(game.fractions[-1])  # what the others leave
    return game, frozenset(found)
