r"""One draw of a spherical game: its Gaussian fields as polynomials with random coefficients.

A term :math:`c\, q_1^{e_1} \cdots q_S^{e_S}` of the covariance of a field is the covariance of the random polynomial

.. math:: f(x) = \sum_\alpha \sqrt{c \prod_s \binom{e_s}{\alpha_s}}\; g_\alpha \prod_s x_s^{\alpha_s},
          \qquad |\alpha_s| = e_s,

with independent standard normals :math:`g_\alpha`, because :math:`\sum_\alpha \binom{e}{\alpha} (x x')^\alpha =
(x \cdot x')^e`.  Fields are sums of independent terms, losses :math:`L_a = \sum_j C_{aj} f_j` are sums of fields.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.capacity import within
from spinglass.inputs.checks import broadcast, real_points, shown
from spinglass.inputs.plotted import Plotted
from spinglass.landscape.monomials import gradients_at, jacobians_at, monomial_count, monomials, values_at
from spinglass.running.streams import generator, seed_of, seed_sequence
from spinglass.spectra.sampling import sphere_sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spinglass.inputs.annotations import Array, Points

LARGEST = 20_000_000  # monomials kept at most: about a gigabyte
TAIL = 1e-6  # of a kernel's value, slopes and curvatures at 1, that its draws leave out at the most
LONGEST = 100_000_000  # variables in all of them: another
ON_SPHERE = 1e-8  # largest distance of |x_s| from 1 that passes as rounding


class Draw(Plotted):
    r"""One realisation of a spherical game; made by ``model.draw(n, rng=)``.

    Parameters
    ----------
    game : SphericalGame
    n : int or tuple of S ints
        Total dimension N (spheres share it by their fractions, at least 2 each) or N_s for every sphere.
    rng : int, SeedSequence, Generator or None
        The same seed gives the same draw.

    Attributes
    ----------
    game : SphericalGame
        With polynomials for fields: of a kernel the terms of low degree.
    tail : float
        Share of the covariances (of value, slopes and curvatures at q = 1) that is left out at the most: 0 for
        polynomials, 1e-6 for kernels.
    sizes : tuple of S ints
        N_s, of sum N.
    seed : int
        With it in place of ``rng`` the same draw comes again.

    Raises
    ------
    ValueError, TypeError
        For wrong arguments, or if there are more than 20 million monomials.

    Notes
    -----
    Points x are given as one array per sphere, of shapes (..., N_s), or as one array of shape (..., N) that holds
    them one after another; every x_s has length 1 (to 1e-8).  Leading axes broadcast.  A point of
    ``sg.critical_points``, or all of them, counts as one array.

    *Units*: losses :math:`L_a = \sqrt N\,u_a` are what gradients and Hessians are derivatives of; energies
    :math:`u_a` are densities, as in ``sg.complexity`` and ``sg.mean_count``.  The usual Hamiltonian on the sphere of
    radius :math:`\sqrt N` is :math:`H_a = N u_a = \sqrt N L_a`.

    *Accuracy*: rounding, about 1e-15 times the square root of the number of monomials.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> draw = sg.gan(p=2, q=1, sigma_z=.5, kappa=.5).draw(4, rng=1)
    >>> draw
    Draw(sizes=(2, 2), seed=1, L1 = f1 - 0.5 f2 (moves x1);  L2 = 0.5 f2 (moves x2);  ...)
    >>> x = np.array([.6, .8]), np.array([1., 0.])
    >>> draw.losses(x).shape, [g.shape for g in draw.gradient(x)], draw.hessian(x).shape
    ((2,), [(2,), (2,)], (4, 4))
    """

    _picture = "sphere"

    def __init__(self, model, n, rng=None):
        self.game = model.truncated(TAIL)
        self.tail = 0.0 if self.game is model else TAIL
        self.sizes = sphere_sizes(n, model.fractions)
        terms = [(j, c, e) for j, xi in enumerate(self.game.fields) for e, c in xi.series()]
        count = sum(monomial_count(e, self.sizes) for _, _, e in terms)
        if count > LARGEST:
            raise ValueError(
                f"n: expected at most {LARGEST} monomials in all fields, got {shown(count)} at sizes "
                f"{shown(self.sizes)}; try smaller sizes, or model.hessian() for the Hessian at large N"
            )
        length = sum(monomial_count(e, self.sizes) * sum(e) for _, _, e in terms)
        within("n: variables in the monomials of all fields", length, LONGEST, "try lower degrees")
        self.seed = seed_of(rng)
        normals = generator(seed_sequence(self.seed, "draw"))
        lists, coefficients, fields, degrees = [], [], [], []
        for j, c, e in terms:
            variables, weights = monomials(e, self.sizes)
            lists.append(variables.ravel())
            unit = 2.0 ** (math.frexp(c)[1] // 2)  # without it a product may overflow; it changes no digit
            deviations = unit * np.sqrt(float(c) / unit / unit * weights)
            coefficients.append(deviations * normals.standard_normal(len(weights)))
            fields.append(np.full(len(weights), j))
            degrees.append(np.full(len(weights), sum(e)))
        #: The monomials of all fields as :mod:`spinglass.landscape.monomials` wants them.
        self.starts = np.concatenate([[0], np.cumsum(np.concatenate(degrees))])
        self.variables = np.concatenate(lists)
        self.coefficients = np.concatenate(coefficients)
        self.fields = np.concatenate(fields)

    def __repr__(self):
        return f"Draw(sizes={self.sizes}, seed={self.seed}, {self.game})"

    @cached_property
    def weights(self) -> Array:
        """C_{a(s) j} for field j and every coordinate of sphere s, of shape (fields, N)."""
        rows = {s: self.game.losses[a] for a, moved in enumerate(self.game.players) for s in moved}
        return np.repeat(np.array([rows[s] for s in range(len(self.sizes))], dtype=float), self.sizes, axis=0).T.copy()

    @property
    def spheres(self) -> list[slice]:
        """One slice per sphere: where its coordinates stand among all N."""
        ends = np.cumsum(self.sizes)
        return [slice(end - size, end) for end, size in zip(ends, self.sizes, strict=True)]

    def losses(self, x: Points) -> Array:
        r"""Return the losses :math:`L_a(x)`, of variance :math:`\sum_j C_{aj}^2 \xi_j(1, .., 1)` at every N.

        Energy densities, which compare with ``sg.complexity`` and with the energies of critical points, are
        :math:`u_a = L_a/\sqrt N`: :meth:`energies`.

        Parameters
        ----------
        x : array of shape (..., N) or tuple of arrays of shapes (..., N_s)
            Points on unit spheres.

        Returns
        -------
        array of shape (..., players)

        Raises
        ------
        ValueError
            If the shape is wrong or a point is off its sphere.

        Examples
        --------
        >>> import numpy as np
        >>> import spinglass as sg
        >>> sg.pure(3).draw(5, rng=1).losses(np.eye(5)[0]).round(6)
        array([2.48568])
        """
        points, shape, _ = self._points(x)
        values = np.zeros((len(points), len(self.game.fields)))
        values_at(points, self.starts, self.variables, self.coefficients, self.fields, values)
        return (values @ np.array(self.game.losses, dtype=float).T).reshape(*shape, len(self.game.losses))

    def energies(self, x: Points) -> Array:
        r"""Return the energy densities :math:`u_a(x) = L_a(x)/\sqrt N`: the u of ``sg.complexity(model)(u)``.

        On the sphere of radius :math:`\sqrt N` they are the Hamiltonian per dimension, :math:`u_a = H_a/N`.

        Parameters
        ----------
        x : array of shape (..., N) or tuple of arrays of shapes (..., N_s)
            Points on unit spheres.

        Returns
        -------
        array of shape (..., players)

        Raises
        ------
        ValueError
            If the shape is wrong or a point is off its sphere.

        Examples
        --------
        >>> import numpy as np
        >>> import spinglass as sg
        >>> draw = sg.pure(3).draw(5, rng=1)
        >>> points = sg.critical_points(draw, proof=False)
        >>> bool(np.allclose(draw.energies(points), points.energies))
        True
        """
        return self.losses(x) / np.sqrt(sum(self.sizes))

    def gradient(self, x: Points) -> Points:
        r"""Return the Riemannian gradients :math:`(1 - x_s x_s^T)\, \partial_s L_{a(s)}`, one per sphere.

        Parameters
        ----------
        x : array of shape (..., N) or tuple of arrays of shapes (..., N_s)
            Points on unit spheres.

        Returns
        -------
        like x
            One array if x was one, else one per sphere.

        Raises
        ------
        ValueError
            If the shape is wrong or a point is off its sphere.
        """
        points, shape, single = self._points(x)
        gradient = np.zeros(points.shape)
        gradients_at(points, self.starts, self.variables, self.coefficients, self.fields, self.weights, gradient)
        for s in self.spheres:
            radial = np.einsum("bi,bi->b", gradient[:, s], points[:, s])
            gradient[:, s] -= radial[:, None] * points[:, s]
        gradient = gradient.reshape(*shape, sum(self.sizes))
        return gradient if single else tuple(gradient[..., s] for s in self.spheres)

    def hessian(self, x: Points) -> Array:
        r"""Return the Jacobian of the Riemannian gradients; with one player, the Riemannian Hessian.

        Block (s, t), with the projection :math:`P_s = 1 - x_s x_s^T` on the tangent space, is

        .. math:: P_s\, \partial_s \partial_t L_{a(s)}\, P_t - \delta_{st}\, (x_s \cdot \partial_s L_{a(s)})\, P_s .

        Parameters
        ----------
        x : array of shape (..., N) or tuple of arrays of shapes (..., N_s)
            Points on unit spheres.

        Returns
        -------
        array of shape (..., N, N)
            In ambient coordinates, so that every sphere adds one eigenvalue 0, whose vector is its x_s.  The index
            of a player is the number of negative eigenvalues of its own block once these are lifted: of
            ``hessian[s, s] + outer(x_s, x_s)`` for a player that moves one sphere s.

        Raises
        ------
        ValueError
            If the shape is wrong or a point is off its sphere.

        Examples
        --------
        >>> import numpy as np
        >>> import spinglass as sg
        >>> draw = sg.pure(3).draw(5, rng=1)
        >>> x = np.eye(5)[0]
        >>> hessian = draw.hessian(x)
        >>> print(np.abs(hessian @ x).max(), (np.linalg.eigvalsh(hessian + np.outer(x, x)) < 0).sum())
        0.0 4
        """
        points, shape, _ = self._points(x)
        gradient, hessian = np.zeros(points.shape), np.zeros((*points.shape, points.shape[1]))
        jacobians_at(
            points, self.starts, self.variables, self.coefficients, self.fields, self.weights, gradient, hessian
        )
        for s in self.spheres:
            y = points[:, s]
            for t in self.spheres:  # project the columns, then the rows
                hessian[:, t, s] -= np.einsum("bij,bj->bi", hessian[:, t, s], y)[:, :, None] * y[:, None, :]
            hessian[:, s] -= y[:, :, None] * np.einsum("bj,bjk->bk", y, hessian[:, s])[:, None, :]
            tangent = np.eye(y.shape[1]) - y[:, :, None] * y[:, None, :]
            hessian[:, s, s] -= np.einsum("bi,bi->b", gradient[:, s], y)[:, None, None] * tangent
        return hessian.reshape(*shape, *hessian.shape[1:])

    def multipliers(self, x: Points) -> Array:
        r"""Return the radial derivatives :math:`\lambda_s = x_s \cdot \partial_s L_{a(s)}`, one per sphere.

        Parameters
        ----------
        x : array of shape (..., N) or tuple of arrays of shapes (..., N_s)
            Points on unit spheres.

        Returns
        -------
        array of shape (..., S)
        """
        points, shape, _ = self._points(x)
        gradient = np.zeros(points.shape)
        gradients_at(points, self.starts, self.variables, self.coefficients, self.fields, self.weights, gradient)
        radial = [np.einsum("bi,bi->b", gradient[:, s], points[:, s]) for s in self.spheres]
        return np.stack(radial, axis=-1).reshape(*shape, len(radial))

    def indices(self, x: Points) -> NDArray[np.int64]:
        """Return the number of negative eigenvalues of every player's own Hessian.

        Parameters
        ----------
        x : array of shape (..., N) or tuple of arrays of shapes (..., N_s)
            Points on unit spheres.

        Returns
        -------
        int array of shape (..., players)
        """
        points, shape, _ = self._points(x)
        counts = own_indices(self, lifted_jacobian(self, points))
        return counts.reshape(*shape, counts.shape[1])

    def _points(self, x):
        """Return the points as rows, the shape of the leading axes, and whether they came as one array."""
        single = not isinstance(x, (tuple, list)) or not any(np.ndim(part) for part in x)
        if single:
            x = real_points("x", x)
        else:
            if len(x) != len(self.sizes):
                raise ValueError(f"x: expected {len(self.sizes)} arrays (one per sphere), got {len(x)}")
            x = [np.atleast_1d(real_points("x", part)) for part in x]
            leading = broadcast("x", *(part[..., 0] for part in x))
            x = np.concatenate([np.broadcast_to(part, (*leading, *part.shape[-1:])) for part in x], axis=-1)
        if x.ndim == 0 or x.shape[-1] != sum(self.sizes):
            raise ValueError(
                f"x: expected {sum(self.sizes)} coordinates ({self.sizes} on the spheres), got shape {x.shape}"
            )
        points = np.ascontiguousarray(x.reshape(-1, x.shape[-1]))
        for number, s in enumerate(self.spheres):
            lengths = np.linalg.norm(points[:, s], axis=1)
            off = ~(np.abs(lengths - 1) < ON_SPHERE)
            if off.any():
                raise ValueError(
                    f"x: expected points on unit spheres, got length {lengths[off][0]:.6g} on sphere {number}; "
                    "try x / |x|"
                )
        return points, x.shape[:-1], single


def lifted_jacobian(draw, points):
    """Return the Jacobian with eigenvalue 1 in place of 0 along every normal, for points of shape (count, N)."""
    jacobian = draw.hessian(points)
    for s in draw.spheres:
        jacobian[:, s, s] += points[:, s, None] * points[:, None, s]
    return jacobian


def own_indices(draw, lifted):
    """Return the number of negative eigenvalues of every player's own block of lifted Jacobians, (count, players)."""
    counts = np.zeros((len(lifted), len(draw.game.players)), dtype=int)
    for a, moved in enumerate(draw.game.players):
        own = np.concatenate([np.arange(draw.spheres[s].start, draw.spheres[s].stop) for s in moved])
        counts[:, a] = (np.linalg.eigvalsh(lifted[:, own[:, None], own]) < 0).sum(axis=1)
    return counts


def draw(model, n, rng=None):
    """Return one draw of a game; the work of ``model.draw``."""
    return Draw(model, n, rng)
