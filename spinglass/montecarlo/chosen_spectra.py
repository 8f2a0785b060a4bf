r"""Jacobians whose own blocks are chosen by their determinants: two ways of sampling, balanced.

Near the edge of a spectrum :math:`|\det|` of a random matrix scatters over orders of magnitude, and so would an average
of it.  But :math:`|\det(x - X_n)| e^{-x^2/2}` times the law of the GOE X_n is, up to the constant
:math:`c_n = \sqrt2\,\Gamma(\tfrac{n+1}2)`, the law of X_{n+1} split into one eigenvalue x and the others
(unscaled GOE: diagonal variance 1).  So shifts :math:`d_s = -x_s\sqrt{2v_{ss}}` and own blocks are drawn in two ways:

* g from the mixture, the spectra of own blocks from GOE of sizes n_s: density q(y);
* spectra of sizes n_s + 1, one tuple of eigenvalues for the shifts, chosen with probability p in proportion to their
  Gaussian density over :math:`e^{-x^2/2}` among those of the index asked for: density
  :math:`s(y) = p \prod_s |\det(x_s - X_s)| e^{-x_s^2/2} / (c_{n_s}\sqrt{2v_{ss}})`, times that of the rest of y.

A sample from either way counts with weight f/(q/2 + s/2) (the balance heuristic), which no determinant can blow up.
By invariance own blocks are taken diagonal; blocks that couple the players are Gaussian and drawn in full.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import gammaln

from spinglass.montecarlo.proposal import Mixture
from spinglass.montecarlo.question import Question
from spinglass.montecarlo.tridiagonal import goe_spectra

LARGEST = 150  # rows of the Jacobian beyond which spectra cost more than they save
COUPLING = 0.5  # v_12 v_21 / (v_11 v_22) beyond which the determinant hardly knows its own blocks


@dataclass(frozen=True)
class Spectral:
    """Normals and Jacobians of a question with one or two spheres, each moved by a player of its own."""

    question: Question
    mixture: Mixture

    @staticmethod
    def suits(question):
        """Tell whether this way of sampling exists and pays."""
        v, count = question.variance, len(question.sizes)
        if count > 2 or len(set(question.groups)) < count or np.any(np.diag(v) == 0):
            return False
        if sum(question.sizes) - count > LARGEST or np.linalg.matrix_rank(question.shifts) < count:
            return False
        if count == 1:
            return bool(question.asked)  # all indices together are cheaper on a tridiagonal matrix
        (a, b), (c, d) = np.sqrt(v)  # their products do not overflow
        return b * c < COUPLING**0.5 * (a * d)

    @cached_property
    def _rotation(self):
        """Return L, Q, Z with linear part of the shifts = L Q^T (Q orthonormal columns, Z their complement)."""
        q, r = np.linalg.qr(self.question.shifts.T, mode="complete")
        count = len(self.question.sizes)
        return r[:count].T, q[:, :count], q[:, count:]

    @cached_property
    def _scales(self):
        return np.sqrt(2 * np.diag(self.question.variance))

    def log_weights(self, rng, count):
        """Return the logarithms of independent unbiased samples of the integral; -inf where the index is another."""
        dims = [m - 1 for m in self.question.sizes]
        first = rng.random(count) < 0.5
        y = self.mixture.sample(rng, count, self.question.window)
        spectra = [goe_spectra(rng, [n + (not way) for way in first]) for n in dims]
        x, others = self._split(rng, first, y, spectra)
        rest = rng.standard_normal((count, y.shape[1] - len(dims)))
        lower, q, z = self._rotation
        d = -x * self._scales - self.question.offset
        y = np.where(first[:, None], y, np.linalg.solve(lower, d.T).T @ q.T + rest @ z.T)
        return self._balanced(y, x, others, self._log_det(rng, x, others))

    def _split(self, rng, first, y, spectra):
        """Return shifts x (count, S) and spectra of own blocks, given or split off larger spectra."""
        x = -self.question.shifts_at(y) / self._scales
        uniform = rng.random(len(y))
        others = [np.empty((len(y), m - 1)) for m in self.question.sizes]
        for i, way in enumerate(first):
            sample = [s[i] for s in spectra]
            if not way:
                places = self._places(sample, uniform[i])
                x[i] = [s[j] for s, j in zip(sample, places, strict=True)]
                sample = [np.delete(s, j) for s, j in zip(sample, places, strict=True)]
            for part, s in zip(others, sample, strict=True):
                part[i] = s
        return x, others

    @cached_property
    def _asked(self):
        """The index asked of each species that a player is asked for; every player moves one of its own."""
        species = {int(a): s for s, a in enumerate(self.question.groups)}
        return {species[a]: k for a, k in self.question.asked}

    @cached_property
    def _settled(self):
        """Tell whether the indices leave no choice of eigenvalues."""
        return len(self._asked) == len(self.question.sizes)

    def _places(self, spectra, uniform):
        """Choose one eigenvalue of each spectrum by a uniform number."""
        if self._settled:
            return tuple(min(self._asked[s], len(eigenvalues) - 1) for s, eigenvalues in enumerate(spectra))
        log_p = self._choice(spectra)
        place = int(np.searchsorted(np.cumsum(np.exp(log_p.ravel()))[:-1], uniform, side="right"))
        return np.unravel_index(place, log_p.shape)

    def _choice(self, spectra):
        """Return log-probabilities of all tuples of eigenvalues for the shifts."""
        lower = self._rotation[0]
        shape = [len(s) for s in spectra]
        grids = np.meshgrid(*spectra, indexing="ij")
        parts = zip(grids, self._scales, self.question.offset, strict=True)
        d = np.stack([-g.ravel() * t - offset for g, t, offset in parts])
        value = 0.5 * sum(g**2 for g in grids) - 0.5 * np.sum(np.linalg.solve(lower, d) ** 2, axis=0).reshape(shape)
        for s, k in self._asked.items():
            wanted = np.arange(shape[s]) == k
            value = np.where(np.expand_dims(wanted, tuple(a for a in range(len(shape)) if a != s)), value, -np.inf)
        return value - np.logaddexp.reduce(value, axis=None)

    def _log_det(self, rng, x, others):
        """Return log|det J| with own blocks diagonal and coupling blocks drawn."""
        diagonal = np.hstack([t * (s - x[:, [i]]) for i, (s, t) in enumerate(zip(others, self._scales, strict=True))])
        if len(others) == 1:
            return np.sum(np.log(np.abs(diagonal)), axis=1)
        (n, m), v, tau = (s.shape[1] for s in others), self.question.variance, self.question.covariance
        size = np.sqrt(v[0, 1])
        slope = tau[0, 1] / size if size > 0 else 0.0
        normals = rng.standard_normal((2, len(x), n, m))
        jacobian = diagonal[:, :, None] * np.eye(n + m)
        jacobian[:, :n, n:] = size * normals[0]
        back = slope * normals[0] + np.sqrt(max(v[1, 0] - slope**2, 0.0)) * normals[1]
        jacobian[:, n:, :n] = np.swapaxes(back, 1, 2)
        return np.linalg.slogdet(jacobian)[1]

    def _balanced(self, y, x, others, log_det):
        """Return log f - log(q/2 + s/2)."""
        window, m = self.question.window, y.shape[1]
        losses = y[:, : len(window.lower)] @ window.triangle.T
        inside = np.all((losses >= window.lower) & (losses <= window.upper), axis=1)
        counts = np.empty((len(y), len(others)), dtype=int)
        for i, (player, s) in enumerate(zip(self.question.groups, others, strict=True)):
            counts[:, player] = np.sum(s < x[:, [i]], axis=1)
        inside &= self.question.missed(counts) == 0
        weights = np.full(len(y), -np.inf)
        rows = np.flatnonzero(inside)
        if len(rows):
            normal = -0.5 * np.sum(y[rows] ** 2, axis=1) - 0.5 * m * np.log(2 * np.pi)
            mixture = self.mixture.log_density(y[rows], window)
            weights[rows] = log_det[rows] + normal - np.logaddexp(mixture, self._log_spectral(y, x, others, rows))
        return weights + np.log(2)

    def _log_spectral(self, y, x, others, rows):
        """Return log s at some samples."""
        lower, _, z = self._rotation
        rest = y[rows] @ z
        value = (
            np.log(abs(np.prod(np.diag(lower)))) - 0.5 * np.sum(rest**2, axis=1) - 0.5 * z.shape[1] * np.log(2 * np.pi)
        )
        for i, (part, scale) in enumerate(zip(others, self._scales, strict=True)):
            n = part.shape[1]
            own = np.sum(np.log(np.abs(part[rows] - x[rows][:, [i]])), axis=1) - 0.5 * x[rows, i] ** 2
            value = value + own - 0.5 * np.log(2) - gammaln(0.5 * (n + 1)) - np.log(scale)
        if self._settled:  # the indices were met: chosen with probability 1
            return value
        for a, r in enumerate(rows):
            places = tuple(int(np.sum(part[r] < x[r, i])) for i, part in enumerate(others))
            spectra = [np.insert(part[r], j, x[r, i]) for i, (part, j) in enumerate(zip(others, places, strict=True))]
            value[a] += self._choice(spectra)[places]
        return value
