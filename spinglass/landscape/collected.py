"""The real ones among all solutions of a draw, with all their images and with what is evaluated at them."""

import numpy as np

from spinglass.landscape.draw import lifted_jacobian, own_indices
from spinglass.landscape.family.symmetries import loss_signs
from spinglass.landscape.points import CriticalPoints
from spinglass.landscape.solutions.newton import on_spheres, polish
from spinglass.landscape.solutions.orbits import nearly_real

ROUNDING = 2.0**-52


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
    energies = draw.energies(x)
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
        model=draw.game,
        **facts,
    )
