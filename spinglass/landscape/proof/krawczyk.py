r"""Candidates proven to be roots: the test of Krawczyk.

Let f(z) = 0 be the equations of :mod:`spinglass.landscape.system` in z = (x, lambda), X a box around c, Y an
approximate inverse of the Jacobian f'(c), and

.. math:: K(X) = c - Y f(c) + (I - Y f'(X)) (X - c) .

If K(X), evaluated in balls, lies in the interior of X, then X holds exactly one root, and it is simple.  A real box
holds a real root; a root with a coordinate whose imaginary part excludes 0 is not real, and its complex conjugate is
another one.

References
----------
Krawczyk (1969), Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken.
"""

import numpy as np

from spinglass.arithmetic.exclusive import exclusive
from spinglass.landscape.proof.candidates import SLACK, STEPS, inverses

#: Bits of the attempts; Newton's method in balls comes before each but the first.
PRECISIONS = (64, 128, 256)
LARGEST = 1e100  # keeps floats from overflowing
SHRUNK = 0.99  # a box of this size is in the interior
WIDER = 4  # times the Newton step is the radius of a box: K(X) must fit in, and f'(X) vary little
ROUNDED_BITS = 12  # of the last ones, that the evaluation of f may lose: room for a step that is all rounding


class Work:
    """What is known of the candidates so far."""

    def __init__(self, flint, equations, z, nearly_real, leaders):
        self.flint, self.equations, self.z, self.nearly_real, self.leaders = flint, equations, z, nearly_real, leaders
        self.isolated, self.real = np.zeros(len(z), dtype=bool), np.zeros(len(z), dtype=bool)
        self.radii = np.full(len(z), np.inf)
        self.boxes, self.jacobians = {}, {}  # of the real roots

    def isolate(self, block):
        """Try to prove that candidates are roots; those that fail again with more bits."""
        with exclusive(self.flint.ctx, PRECISIONS[0]):
            for real in (True, False):
                chosen = block[self.nearly_real[block] == real]
                if len(chosen):
                    self._try(chosen, real)
        for p in block[~self.isolated[block]]:
            for bits in PRECISIONS[1:]:
                if not self.isolated[p]:
                    with exclusive(self.flint.ctx, bits):
                        self.retry(p, bits)

    def _try(self, chosen, real):
        """Try candidates as they are, all real or all not, with inverses in float64."""
        z = self.z[chosen].real if real else self.z[chosen]
        ball, matrix = (self.flint.arb, self.flint.arb_mat) if real else (self.flint.acb, self.flint.acb_mat)
        centres = [[ball(v) for v in row] for row in z.T.tolist()]
        with np.errstate(all="ignore"):
            approximate = inverses(self.equations.at_floats(z)[2]).reshape(len(z), -1).tolist()
        self._krawczyk(chosen, centres, [matrix(z.shape[1], z.shape[1], y) for y in approximate], real)

    def retry(self, p, bits):
        """Try again from the centre that Newton's method in balls reaches."""
        n, acb_mat = self.equations.unknowns, self.flint.acb_mat
        centre = [[self.flint.acb(v)] for v in self.z[p].tolist()]
        try:
            for _ in range(STEPS):
                inverse = acb_mat(n, n, self.equations.jacobians(centre, False)[0]).mid().inv().mid()
                value = acb_mat(n, 1, [row[0] for row in self.equations.at_balls(centre, False)])
                centre = [[v] for v in (acb_mat(n, 1, [row[0] for row in centre]) - inverse * value).mid().entries()]
        except ZeroDivisionError:
            return
        real = all(abs(v.imag) < 2.0 ** (-bits // 2) for (v,) in centre)
        if real:
            centre, inverse = [[v.real] for (v,) in centre], inverse.real
        if all(v.is_finite() for (v,) in centre):
            self._krawczyk([p], centre, [inverse], real)

    def _krawczyk(self, candidates, centres, approximate, real):
        """Test boxes around the exact centres (one list per unknown), with approximate inverses Y of the Jacobians."""
        n, matrix = len(centres), self.flint.arb_mat if real else self.flint.acb_mat
        one = matrix(n, n, [int(i == j) for i in range(n) for j in range(n)])
        values = zip(*self.equations.at_balls(centres, real), strict=True)
        steps = [inverse * matrix(n, 1, value) for inverse, value in zip(approximate, values, strict=True)]
        radii = [self._radii(step, [c[p] for c in centres]) for p, step in enumerate(steps)]
        around = [self._around_zero(r, real) for r in radii]  # X - c
        boxes = [[c + balls[i] for c, balls in zip(row, around, strict=True)] for i, row in enumerate(centres)]
        jacobians = self.equations.jacobians(boxes, real)
        for k, p in enumerate(candidates):
            image = (one - approximate[k] * matrix(n, n, jacobians[k])) * matrix(n, 1, around[k]) - steps[k]  # K(X) - c
            inner = matrix(n, 1, self._around_zero([SHRUNK * r for r in radii[k]], real))
            if inner.contains(image):
                # The root is in K(X) as well, which is smaller.
                box = [row[k] + v for row, v in zip(centres, image.entries(), strict=True)]
                self._isolated_in(p, box, jacobians[k], real)

    def _isolated_in(self, p, box, jacobian, real):
        """Note the box of a candidate, unless it may be real or not."""
        if not real and not any(abs(v.imag) > 0 for v in box):
            return
        self.isolated[p], self.real[p] = True, real
        self.z[p] = [float(v) for v in box] if real else [complex(v) for v in box]
        self.radii[p] = max(float(v.rad()) for v in box) + SLACK * np.abs(self.z[p]).max()
        if real:
            self.boxes[p], self.jacobians[p] = box, jacobian

    def _radii(self, step, centre):
        """Return the radii of a box, finite and in proportion to the unknowns."""
        weights = [min(max(1.0, float(abs(c))), LARGEST) for c in centre]
        largest = max(float(s.abs_upper()) / w for s, w in zip(step.entries(), weights, strict=True))
        radius = WIDER * largest + 2.0 ** (ROUNDED_BITS - self.flint.ctx.prec)
        return [(radius if radius < 1 else 1.0) * w for w in weights]

    def _around_zero(self, radii, real):
        """Return balls, or squares, around 0."""
        balls = [self.flint.arb(0, radius) for radius in radii]
        return balls if real else [self.flint.acb(ball, ball) for ball in balls]

    def copy_conjugate(self, follower, leader, sign):
        """Take over what is known of a root to its conjugate with changed signs."""
        if self.isolated[leader] and not self.real[leader]:
            self.isolated[follower], self.radii[follower] = True, self.radii[leader]
            self.z[follower] = sign * self.z[leader].conj()
        else:
            self.isolate(np.array([follower]))
            self.leaders = np.append(self.leaders, follower)
