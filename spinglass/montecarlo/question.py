r"""A Kac-Rice integral at finite N: the arrays it is made of, its prefactor, and exact draws of its Jacobian."""

from dataclasses import dataclass, field

import numpy as np
from scipy.special import gammaln

from spinglass.models.selection import AnyIndex, GivenIndex, selected
from spinglass.montecarlo.blocks import jacobian_many
from spinglass.montecarlo.proposal import Window
from spinglass.montecarlo.tridiagonal import goe_scan_many

RANK = 1e-12  # directions smaller than this, relative to the largest, are rounding
SHARED = 16  # normals g that share one matrix on one sphere


@dataclass(frozen=True)
class Question:
    """A Kac-Rice integral: arrays of the local law, sizes of the spheres, window and indices."""

    sizes: tuple
    variance: np.ndarray
    covariance: np.ndarray
    signs: np.ndarray
    groups: np.ndarray
    shifts: np.ndarray = field(repr=False)  # of rotated coordinates
    offset: np.ndarray = field(repr=False)  # added to them
    window: Window = field(repr=False)
    asked: tuple  # pairs of a player and the number of negative eigenvalues of its own block

    @property
    def shared(self):
        """How many rows of y share one matrix: a tridiagonal one is read at many shifts for the price of drawing it."""
        return SHARED if len(self.sizes) == 1 else 1

    def shifts_at(self, y):
        """Return the shifts of the diagonal blocks at rows of rotated coordinates."""
        return self.offset + y @ self.shifts.T

    def determinants(self, rng, y):
        """Draw a Jacobian per ``shared`` rows of y; return log|det J| and every player's index, row by row."""
        shifts = self.shifts_at(y)
        count = len(y)
        logs = np.empty(count)
        if len(self.sizes) == 1:
            n, scale = self.sizes[0] - 1, np.sqrt(self.variance[0, 0])
            points = (-shifts / scale).reshape(-1, self.shared)
            counts, values = np.empty(points.shape, dtype=np.int64), np.empty(points.shape)
            goe_scan_many(rng, n, points, counts, values)
            return values.ravel() + n * np.log(scale), counts.reshape(-1, 1)
        dims = np.array(self.sizes) - 1
        dets, inertia = np.empty(count, dtype=np.int8), np.empty((count, self.groups.max() + 1), dtype=np.int64)
        jacobian_many(rng, dims, self.variance, self.covariance, self.signs, shifts, self.groups, logs, dets, inertia)
        return logs, inertia

    def missed(self, inertia):
        """Return by how much the indices differ from the ones asked for."""
        return sum((np.abs(inertia[:, a] - k) for a, k in self.asked), np.zeros(len(inertia)))


def question_of(local, sizes, energies, index):
    """Return the question that a local law puts at finite sizes, and the logarithm of its prefactor."""
    n, dims = sum(sizes), np.array(sizes) - 1
    prefactor = sum(log_sphere(m) for m in sizes) - 0.5 * dims @ np.log(2 * np.pi * local.gradient_variance)
    rows, lower, upper = local.losses[:0], np.zeros(0), np.zeros(0)
    if energies is not None:
        keep = _independent(local.losses)
        if len(keep) < len(local.losses):
            raise NotImplementedError("energies: windows of losses that determine each other are not available here")
        rows, (lower, upper) = local.losses, np.sqrt(n) * np.array(energies, dtype=float).T
    basis = rotation(rows, local.shifts)
    triangle = rows @ basis[:, : len(rows)]
    groups = np.array([next(a for a, moved in enumerate(local.players) if s in moved) for s in range(len(sizes))])
    question = Question(
        sizes=tuple(int(m) for m in sizes),
        variance=local.jacobian_variance,
        covariance=local.jacobian_covariance,
        signs=np.zeros(len(sizes)) if local.signs is None else np.array(local.signs, dtype=float),
        groups=groups,
        shifts=local.shifts @ basis,
        offset=np.sqrt(n) * np.array(local.shift_offset, dtype=float),
        window=Window(triangle, lower, upper),
        asked=indices_asked(selected(len(local.players), index)),
    )
    return question, float(prefactor)


def indices_asked(selection):
    """Return players and their indices: the one place where Monte Carlo reads which points are meant."""
    match selection:
        case AnyIndex():
            return ()
        case GivenIndex(index=index):
            return tuple((a, k) for a, k in enumerate(index) if k is not None)
    raise selection.refused("method='montecarlo'", "an index")


def log_sphere(m):
    """Return the logarithm of the area of the unit sphere in R^m."""
    return np.log(2) + 0.5 * m * np.log(np.pi) - gammaln(0.5 * m)


def rotation(rows, shifts):
    """Return orthonormal columns: first those that make the rows lower triangular, then what else moves the shifts."""
    m = shifts.shape[1]
    first = np.linalg.qr(rows.T)[0] if len(rows) else np.empty((m, 0))
    rest = shifts - (shifts @ first) @ first.T
    _, size, right = np.linalg.svd(rest, full_matrices=False)
    return np.hstack([first, right[size > RANK * np.linalg.norm(shifts, 2)].T])


def _independent(rows):
    size = RANK * np.linalg.norm(rows, 2)
    return [i for i in range(len(rows)) if np.linalg.matrix_rank(rows[: i + 1], tol=size) > i]
