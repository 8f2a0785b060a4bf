"""The equilibria of one draw: the real ones of its solutions with all their images, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from spinglass.inputs.plotted import Plotted
from spinglass.landscape.draw import lifted_jacobian, own_indices
from spinglass.landscape.family.symmetries import loss_signs
from spinglass.landscape.solutions.newton import on_spheres, polish
from spinglass.landscape.solutions.orbits import nearly_real

ROUNDING = 2.0**-52


@dataclass(frozen=True, eq=False, repr=False)
class CriticalPoints(Plotted):
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

    _picture = "points"

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


def approximate_points(draw, solutions, seed, note):
    """Return the real ones of all solutions, real and right up to rounding."""
    n, family = sum(draw.sizes), solutions.family
    x = solutions.representatives[:, :n]
    x = polish(draw, x[nearly_real(x)].real)
    return collected(draw, _images(x, family), proven=False, seed=seed, note=note, **_counts(solutions))


def proven_points(draw, solutions, certificate, seed, note):
    """Return the real ones of solutions that are proven, with what the proof says of them.

    A point is moved onto its spheres, away from the centre of its box; images under changes of sign take over radii,
    bounds and indices.
    """
    n, family = sum(draw.sizes), solutions.family
    centres, radii = certificate.solutions[certificate.real, :n], certificate.radii[certificate.real]
    x = on_spheres(draw, centres.real)
    radius = radii + np.abs(x - centres).max(axis=1, initial=0) + ROUNDING
    bounds = _image_bounds(certificate.energies, loss_signs(draw.game, family.symmetries, draw.sizes))
    index = _image_indices(certificate.index, family)
    radius = np.repeat(radius, len(family.symmetries))
    facts = {"seed": seed, "note": note, **_counts(solutions)}
    return collected(draw, _images(x, family), radius, bounds, index, proven=True, **facts)


def _counts(solutions):
    """Return what is reported of the solutions that the points come from."""
    return {
        "complete": solutions.complete,
        "roots": solutions.count,
        "bound": solutions.family.bound,
        "paths": solutions.paths,
        "attempts": solutions.attempts,
    }


def _images(x, family):
    """Return the images of points, of shape (count, N), under all changes of sign."""
    n = x.shape[1]
    return (x[:, None, :] * family.symmetries[:, :n]).reshape(-1, n)


def _image_bounds(bounds, signs):
    """Return bounds of the energies, of shape (r, A, 2), at all images of the points."""
    low, high = bounds[:, None, :, 0], bounds[:, None, :, 1]
    lows = np.where(signs == 1, low, np.where(signs == -1, -high, -np.inf))
    highs = np.where(signs == 1, high, np.where(signs == -1, -low, np.inf))
    return np.stack([lows, highs], axis=-1).reshape(-1, *bounds.shape[1:])


def _image_indices(index, family):
    """Return the indices at all images of the points, -1 where they do not follow.

    A player's Hessian keeps its index, up to a change of basis, or changes sign with the multipliers of its spheres.
    """
    columns = []
    for a, moved in enumerate(family.players):
        signs = family.symmetries[:, [sum(family.sizes) + s for s in moved]]
        opposite = sum(family.sizes[s] - 1 for s in moved) - index[:, a, None]
        images = np.where((signs == 1).all(axis=1), index[:, a, None], opposite)
        follows = (signs == signs[:, :1]).all(axis=1) & (index[:, a, None] >= 0)
        columns.append(np.where(follows, images, -1).ravel())
    return np.stack(columns, axis=1)


def collected(draw, x, radius=None, energy_bounds=None, proven_index=None, **facts):
    """Return points of shape (count, N) with all that is evaluated at them."""
    n = sum(draw.sizes)
    x = x.reshape(-1, n)
    energies = draw.losses(x) / np.sqrt(n)
    radius = np.full(len(x), np.inf) if radius is None else radius
    if energy_bounds is None:
        energy_bounds = np.stack([np.full_like(energies, -np.inf), np.full_like(energies, np.inf)], axis=-1)
    # equal energies, as those of x and -x, come in an order that rounding does not decide
    order = np.lexsort([*x.T[::-1], *energies.round(9).T[::-1]])
    x = x[order]
    jacobian = lifted_jacobian(draw, x)
    index = own_indices(draw, jacobian)
    if proven_index is not None:
        index = np.where(proven_index[order] >= 0, proven_index[order], index)
    return CriticalPoints(
        count=len(x),
        points=tuple(x[:, s] for s in draw.spheres),
        energies=energies[order],
        energy_bounds=energy_bounds[order],
        index=index[:, 0] if index.shape[1] == 1 else index,
        signs=np.sign(np.linalg.det(jacobian)).astype(int),
        radius=radius[order],
        residual=np.linalg.norm(draw.gradient(x), axis=1) / np.abs(jacobian).max(axis=(1, 2), initial=1),
        condition=np.linalg.cond(jacobian),
        **facts,
    )
