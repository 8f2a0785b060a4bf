"""Linear conditions on the normals: equations and upper bounds, of forms of norm 1, and the faces they make."""

from dataclasses import dataclass

import numpy as np

RANK = 1e-12  # relative size below which a linear form counts as dependent


@dataclass(frozen=True)
class Linear:
    """Linear conditions on g: ``equal_rows @ g == equal`` and ``upper_rows @ g <= upper``, for n problems at once.

    ``equal`` and ``upper`` have one row per problem.  A face is named by the upper rows that are active on it.
    """

    equal_rows: np.ndarray
    equal: np.ndarray
    upper_rows: np.ndarray
    upper: np.ndarray

    @classmethod
    def free(cls, m):
        """Return no conditions on m normals, one problem."""
        return cls(np.empty((0, m)), np.empty((1, 0)), np.empty((0, m)), np.empty((1, 0)))

    @classmethod
    def equally(cls, rows, values):
        """Return the conditions that forms have given values, one row of them per problem."""
        return cls(rows, values, rows[:0], np.empty((len(values), 0)))

    @classmethod
    def at_most(cls, rows, values):
        """Return the conditions that forms do not exceed given values, one row of them per problem."""
        return cls(rows[:0], np.empty((len(values), 0)), rows, values)

    @property
    def problems(self):
        """Their number."""
        return len(self.equal)

    def above(self, rows, bounds):
        """Return the same and, in all problems, bounds from below on further forms."""
        upper = np.hstack([self.upper, np.tile(-bounds, (self.problems, 1))])
        return Linear(self.equal_rows, self.equal, np.vstack([self.upper_rows, -rows]), upper)

    def normalised(self):
        """Return the same with forms of norm 1."""
        return Linear(*normalised(self.equal_rows, self.equal), *normalised(self.upper_rows, self.upper))

    def consistent(self):
        """Drop dependent equations; return the others, and which problems contradict neither them nor themselves."""
        keep = independent(self.equal_rows)
        if len(keep) == len(self.equal_rows):
            return self, self._finite()
        possible = self._finite()
        for i in sorted(set(range(len(self.equal_rows))) - set(keep)):
            with np.errstate(invalid="ignore"):
                combination = np.linalg.lstsq(self.equal_rows[keep].T, self.equal_rows[i], rcond=None)[0]
                gap = np.abs(self.equal[:, i] - self.equal[:, keep] @ combination)
            possible &= gap <= 1e-12 * (1 + np.abs(self.equal[:, i]))
        return Linear(self.equal_rows[keep], self.equal[:, keep], self.upper_rows, self.upper), possible

    def _finite(self):
        return np.all(np.isfinite(self.equal), axis=1) & ~np.any(self.upper == -np.inf, axis=1)

    def face(self, active):
        """Return rows and values of the equations on one face."""
        if not active:
            return self.equal_rows, self.equal
        rows = np.vstack([self.equal_rows, self.upper_rows[list(active)]])
        return rows, np.hstack([self.equal, self.upper[:, list(active)]])


def normalised(rows, values):
    """Return linear forms scaled to norm 1, and their values (the last axis runs over the forms)."""
    if not len(rows):
        return rows, values
    size = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    size[size == 0] = 1.0
    return rows / size[:, None], values / size


def independent(rows):
    """Return indices of rows that form a basis of their span, greedily from the first."""
    if len(rows) < 2:
        return [0] if rows.any() else []
    keep: list[int] = []
    for i in range(len(rows)):
        if np.linalg.matrix_rank(rows[[*keep, i]], tol=RANK * np.linalg.norm(rows, 2)) > len(keep):
            keep.append(i)
    return keep
