"""The equilibria of one draw, with what is known about their completeness."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class CriticalPoints:
    r"""Equilibria of one draw, in the order of the first loss; made by ``sg.critical_points``.

    Attributes
    ----------
    count : int
        Number of points.
    proven : bool
        Whether it is proven that every point exists and that there are no others.
    complete : bool
        Whether as many complex solutions were found as there can be: without a proof, complete up to rounding.
        False after search="multistart", whose count is a lower bound.
    points : tuple of float arrays
        One of shape (count, N_s) per sphere.
    energies : float array of shape (count, players)
        The densities :math:`L_a/\sqrt N`.
    energy_bounds : float array of shape (count, players, 2)
        With a proof, bounds that hold; otherwise infinite.
    index : int array of shape (count,), or (count, players) with several players
        Negative eigenvalues of every player's own Hessian on its spheres.
    signs : int array of shape (count,)
        Sign of the determinant of the Jacobian; with one player :math:`(-1)^{index}`.
    radius : float array of shape (count,)
        With a proof, a bound of the error of every coordinate; otherwise infinite.
    residual : float array of shape (count,)
        Length of the gradient, relative to the largest entry of the Jacobian.
    condition : float array of shape (count,)
        Condition number of the Jacobian; the error of a point is about residual times condition.
    roots : int or None
        Complex solutions found, real ones included.
    bound : int or None
        No draw of the model has more isolated complex solutions.
    paths, attempts : int
        Paths followed, repetitions included, and values of gamma used; or starts of a multistart search.
    seed : int
        Seed of the search.
    note : str
        What was done and what is missing.
    """

    count: int
    proven: bool
    complete: bool
    points: tuple
    energies: np.ndarray
    energy_bounds: np.ndarray
    index: np.ndarray
    signs: np.ndarray
    radius: np.ndarray
    residual: np.ndarray
    condition: np.ndarray
    roots: int | None
    bound: int | None
    paths: int
    attempts: int
    seed: int
    note: str

    def __repr__(self):
        state = "proven" if self.proven else "complete" if self.complete else "at least"
        return f"CriticalPoints({self.count}, {state}: {self.note})"

    def morse_sum(self) -> int:
        r"""Return :math:`\sum \mathrm{sign} \det J`, for one player :math:`\sum_k (-1)^k N_k`.

        Over all equilibria it is the Euler characteristic of the product of spheres (Morse; Poincare and Hopf for
        several players): the product of :math:`1 + (-1)^{N_s - 1}`.

        Examples
        --------
        >>> import spinglass as sg
        >>> from spinglass.landscape import critical_points
        >>> critical_points(sg.pure(3).draw(5, rng=1), proof=False).morse_sum()  # the sphere has dimension 4
        2
        """
        return int(self.signs.sum())

    def to_dict(self) -> dict[str, Any]:
        """Return everything as lists and numbers that json can write; without a proof, None for bounds."""
        content = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in content.items():
            if isinstance(value, np.ndarray):
                content[name] = value.tolist()
        content["points"] = [x.tolist() for x in self.points]
        if not self.proven:
            content["radius"] = content["energy_bounds"] = None
        return content

    def table(self) -> str:
        """Return a text with one line per point.

        Examples
        --------
        >>> import spinglass as sg
        >>> from spinglass.landscape import critical_points
        >>> print(critical_points(sg.pure(2).draw(2, rng=1), proof=False).table())
        4 points, 4 of at most 4 complex solutions found
        energy      index  residual  condition
        -0.998875   0      ...
        """
        players = self.energies.shape[1]
        names = ["energy"] if players == 1 else [f"energy {a + 1}" for a in range(players)]
        lines = [
            f"{self.count} points, {self.note}",
            "".join(f"{name:<12}" for name in names) + f"{'index':<{7 if players == 1 else 4 * players + 3}}"
            f"{'residual':<10}condition",
        ]
        for u, k, residual, condition in zip(self.energies, self.index, self.residual, self.condition, strict=True):
            index = str(k) if players == 1 else ", ".join(str(one) for one in k)
            lines.append(
                "".join(f"{value:<12.6f}" for value in u)
                + f"{index:<{7 if players == 1 else 4 * players + 3}}{residual:<10.1e}{condition:.1e}"
            )
        return "\n".join(lines)
