r"""Which terms stand in which equations of an equilibrium, and which changes of sign carry solutions to solutions.

With one sign :math:`\sigma_s` per sphere a monomial of exponents e in :math:`L_{a(s)}` changes by :math:`\sigma^e`.  If
that is one sign :math:`\eta_s` for all monomials that depend on :math:`x_s`, for every s, then
:math:`(x_s, \lambda_s) \to (\sigma_s x_s, \eta_s \lambda_s)` keeps the equations of :mod:`spinglass.landscape.system`.
The group of these acts without fixed points, so one solution of every orbit stands for all.
"""

from itertools import product

import numpy as np


def supports_of(model):
    """Return for every sphere s the exponents with e_s >= 1 that occur in the loss of its player."""
    player = {s: a for a, moved in enumerate(model.players) for s in moved}
    return tuple(
        frozenset(
            e for c, xi in zip(model.losses[player[s]], model.fields, strict=True) if c for e in xi.support if e[s]
        )
        for s in range(len(model.fractions))
    )


def sign_symmetries(supports, sizes):
    """Return the changes of sign of (x, lambda) that carry solutions to solutions, one per row.

    Examples
    --------
    >>> from spinglass.landscape.family.symmetries import sign_symmetries
    >>> both = frozenset({(2, 1)})
    >>> sign_symmetries((both, both), (2, 2))[:, [0, 2, 4, 5]].tolist()  # signs of x1, x2 and of the multipliers
    [[1, 1, 1, 1], [1, -1, -1, -1], [-1, 1, 1, 1], [-1, -1, -1, -1]]
    """
    rows = []
    for signs in product((1, -1), repeat=len(sizes)):
        changes = [{int(np.prod(np.power(signs, e))) for e in support} for support in supports]
        if all(len(change) == 1 for change in changes):
            rows.append([*np.repeat(signs, sizes), *(change.pop() for change in changes)])
    return np.array(rows)


def loss_signs(model, symmetries, sizes):
    """Return the sign by which every change of sign of x multiplies every loss, 0 where it does not.

    Returns
    -------
    int array of shape (G, players)
    """
    firsts = np.cumsum([0, *sizes[:-1]])
    rows = []
    for signs in symmetries[:, firsts]:
        row = []
        for weights in model.losses:
            terms = [e for c, xi in zip(weights, model.fields, strict=True) if c for e in xi.support]
            changes = {int(np.prod(np.power(signs, e))) for e in terms}
            row.append(changes.pop() if len(changes) == 1 else 0)
        rows.append(row)
    return np.array(rows)
