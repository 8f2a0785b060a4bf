r"""How far a law is from a spectrum: the energy of their difference as charges that repel by the logarithm.

The eigenvalues of a real symmetric random matrix are a gas of charges, in which the likelihood of a law is, to leading
order in n,

.. math:: -\log p_\theta(\lambda) = \tfrac12 E(\nu) + \text{const} , \qquad
          E(\nu) = -\iint\log|x-y|\,d\nu\,d\nu = \sum_{k\ge1}\frac2k\Big(\int T_k\,d\nu\Big)^2 , \qquad
          \nu = \sum_i\delta_{\lambda_i} - N_\theta ,

by :math:`-\log|x-y| = \log 2 + \sum_k\tfrac2kT_k(x)T_k(y)` on an interval that holds all charges.  On a law with one
bulk the modes :math:`r_k = \sqrt{2/k}\int T_k\,d\nu` are independent normals of variance 1 in the limit, however large
n is: this is what rigid means.  So least squares in these modes is efficient, and errors are O(1/n).  Cramer and von
Mises weigh the same modes by a further 1/k; a fit of moments keeps the first few.

References
----------
Johansson (1998), "On fluctuations of eigenvalues of random Hermitian matrices", for the modes; the rest is derived
here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from spinglass.spectra.data.fitting.expected import FEW, expected_counts, expected_modes, moment_modes
from spinglass.spectra.data.fitting.outside.spiked_bulk import on_atoms
from spinglass.spectra.data.fitting.parameters import REFUSALS, UNITS, Family

CRITERIA = ("likelihood", "cramer", "moments")
COUNT = 12**-0.5  # scatter of a number of eigenvalues that is a rounded one
PLACE = 1e-4  # of the width: how well places of atoms are known
BEST = 3  # starts that are followed
ROUGH = 4  # moments by which they are chosen
NEAR = 40.0  # sum of their squares, in units of their scatter, below which a start is near enough
ROUNDS = 25  # steps of a descent
IMPOSSIBLE = 1e8
STEP = 1e-5  # of derivatives in the coordinates


@dataclass(frozen=True)
class Criterion:
    """The residuals of a family of laws, for a criterion by its name and a kind of spikes."""

    family: Family
    name: str
    spikes: str
    coarse: bool = False  # with as many modes without outliers as with them

    def seen(self, spectrum):
        """Return the spectrum with as many modes as the criterion looks at."""
        most = FEW if self.name == "moments" else spectrum.orders
        if self.coarse or (spectrum.outliers.size and self.kind != "apart"):
            most = min(most, spectrum.bent)
        return replace(spectrum, orders=min(most, spectrum.orders))

    def counts(self, law, x, spectrum):
        """Return the expected number of eigenvalues of the bulk up to x."""
        return expected_counts(law, x, spectrum, self.kind)

    def on_atoms(self, law, spectrum):
        """Return places and expected numbers of eigenvalues on atoms."""
        return on_atoms(law, spectrum, self.kind)

    @property
    def kind(self):
        """Return the kind of spikes; moments know only those that stand apart."""
        return "apart" if self.name == "moments" else self.spikes

    def weights(self, orders):
        """Return the weights of the modes."""
        k = np.arange(1, orders + 1)
        return np.sqrt(2) / k if self.name == "cramer" else np.sqrt(2 / k)

    def predicted(self, law, spectrum):
        """Return the weighted modes that a law predicts, the number on atoms and their place: shape (K + 2,)."""
        if self.name == "moments":
            modes = moment_modes(law, spectrum)
        else:
            modes = expected_modes(law, spectrum, self.kind)
        return self._compared(spectrum, *spectrum.with_atoms(modes, self.on_atoms(law, spectrum)))

    def observed(self, spectrum):
        """Return the same of a spectrum."""
        return self._compared(spectrum, spectrum.modes, spectrum.atoms)

    def _compared(self, spectrum, modes, atoms):
        return np.append(spectrum.whitened(self.weights(spectrum.orders) * modes), _atoms(atoms, spectrum))

    def residuals(self, coordinates, spectrum, observed):
        """Return observed minus predicted; an enormous value where there is no such law."""
        try:
            with np.errstate(all="ignore"):  # far from the spectrum moments overflow
                difference = observed - self.predicted(self.family.law(coordinates), spectrum)
        except REFUSALS:
            return np.full(observed.size, IMPOSSIBLE)
        if not spectrum.atoms:
            difference[-1] = 0.0  # a place that nothing is seen at
        return np.where(np.abs(difference) < IMPOSSIBLE, difference, IMPOSSIBLE)

    def minimise(self, spectrum, starts, tolerance=1e-9):
        """Return the coordinates of the best fit from the best of several starts, and its sum of squares.

        Starts are compared, and the best of them moved, by a few moments: these cost least and see a law from far away.
        """
        spectrum = self.seen(spectrum)
        observed = self.observed(spectrum)

        def miss(u):
            return self.residuals(u, spectrum, observed)

        starts = np.atleast_2d(starts)
        if len(starts) > 1:
            starts = self._nearer(spectrum, starts)
            starts = [min(starts, key=lambda u: np.sum(miss(u) ** 2))]
        found = _descent(miss, starts[0], tolerance, 4 * ROUNDS)
        return found.x, 2 * found.cost

    def _nearer(self, spectrum, starts):
        """Return the best starts and where a fit of moments takes them."""
        rough = replace(self, name="moments")
        spectrum = replace(spectrum, orders=min(max(ROUGH, starts.shape[1]), spectrum.orders))
        observed = rough.observed(spectrum)

        def miss(u):
            return np.arctan(rough.residuals(u, spectrum, observed) / spectrum.n)  # none weighs more than a lost bulk

        def moved(u):
            return _descent(miss, u, 1e-3, ROUNDS).x

        if starts.shape[1] < ROUGH - 1:  # more moments than parameters: what agrees with them is right
            for u in starts[:UNITS]:
                near = moved(u)
                if np.sum(rough.residuals(near, spectrum, observed) ** 2) < NEAR:
                    return [near]
        best = starts[np.argsort([np.sum(miss(u) ** 2) for u in starts], kind="stable")[:BEST]]
        return [*best, *(moved(u) for u in best)]

    def slopes(self, coordinates, spectrum):
        """Return the derivatives of what is predicted, shape (K + 2, P)."""
        columns = []
        for step in STEP * np.eye(len(coordinates)):
            above, below = (self.predicted(self.family.law(coordinates + s), spectrum) for s in (step, -step))
            columns.append((above - below) / (2 * STEP))
        slopes = np.transpose(columns)
        if not spectrum.atoms:
            slopes[-1] = 0.0
        return slopes


def _descent(miss, start, tolerance, rounds):
    """Return the local least squares of residuals, with differences over steps that are far above their rounding."""
    last = {}

    def here_of(u):
        if u.tobytes() not in last:
            last.clear()
            last[u.tobytes()] = miss(u)
        return last[u.tobytes()]

    def slopes(u):
        here = here_of(u)
        return np.transpose([(miss(u + step) - here) / STEP for step in STEP * np.eye(u.size)])

    return least_squares(here_of, start, slopes, method="lm", ftol=tolerance, xtol=1e-7, max_nfev=rounds)


def _atoms(atoms, spectrum):
    """Return the number of eigenvalues on atoms and the place of the heaviest, in units of their scatter."""
    if not atoms:
        return 0.0, 0.0
    place, _ = max(atoms, key=lambda pair: pair[1])
    return sum(count for _, count in atoms) / COUNT, place / (PLACE * spectrum.width)
