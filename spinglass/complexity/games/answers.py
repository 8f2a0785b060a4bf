"""Answers for games on several spheres: suprema by the general algorithm, polished where digits are asked for."""

import functools

import numpy as np

from spinglass.arithmetic import float64
from spinglass.complexity.games.digits import Digits
from spinglass.complexity.games.joint_players import JointSupremum
from spinglass.complexity.games.lowest import Along, lowest_value, typical_value
from spinglass.complexity.games.supremum import Annealed, independent

ZERO = 1e-13  # the accuracy of a total: one below it in size is 0


class GameAnswers:
    """Rates, totals and energies of a game; ``index`` is None or a tuple with one entry per player."""

    def __init__(self, game):
        self.game = game
        self.annealed = Annealed(game.local_law())
        self.losses = self.annealed.law.losses
        self.none = self.losses[:0]

    @functools.lru_cache(maxsize=8)  # noqa: B019  (a handful of precisions per object)
    def _digits(self, ar):
        if not hasattr(ar, "context"):
            raise NotImplementedError(f"{ar.name}: closed forms exist for one sphere only; try sg.mp(digits)")
        return Digits(self.game, self.annealed, ar)

    def _joint(self, index, ar=float64):
        """Return the solver for local minima of players with species that meet, None if no such player is asked for."""
        asked = (parts for k, parts in zip(index or (), self.annealed.groups, strict=False) if k is not None)
        if all(len(part) == 1 for parts in asked for part in parts):
            return None
        if ar is not float64:
            raise NotImplementedError("index: local minima of a player with several species are float64 only")
        return JointSupremum(self.annealed, index)

    def rate(self, question, energies, shape, index, fraction, ar):
        """Return the rate "at" or "below" energies."""
        if ar is not float64:
            return self._polished(question, energies, index, ar)
        points = np.stack([np.broadcast_to(u, shape).ravel() for u in energies], axis=1)
        return self._suprema(question, points, index).reshape(shape)

    def _conditions(self, question, points):
        """Return equations and inequalities on g, one row of values per point."""
        empty = np.empty((len(points), 0))
        if question == "at":
            return self.losses, points, self.none, empty
        return self.none, empty, self.losses, points

    def _supremum(self, conditions, index):
        equal_rows, equal, upper_rows, upper = conditions
        return self.annealed.supremum(equal_rows, equal, upper_rows, upper, index)

    def _suprema(self, question, points, index):
        if not len(points):
            return np.empty(0)
        joint = self._joint(index)
        if joint is None:
            return self._supremum(self._conditions(question, points), index).values
        values = np.full(len(points), -np.inf)
        for i, u in enumerate(points):
            if question == "below" or np.all(np.isfinite(u)):
                equal_rows, equal, upper_rows, upper = self._conditions(question, u[None, :])
                values[i] = joint.supremum(equal_rows, equal[0], upper_rows, upper[0])[0]
        return values

    def dominant(self, index, energies=None):
        """Return the supremum at energies (None: over all) and its place g."""
        rows, values = (self.none, np.empty(0)) if energies is None else (self.losses, np.array(energies, dtype=float))
        joint = self._joint(index)
        if joint is not None:
            return joint.supremum(rows, values, self.none, np.empty(0))
        best = self._supremum((rows, values[None, :], self.none, np.empty((1, 0))), index)
        return best.values[0], best.places[0]

    def total(self, index, fraction, ar):
        """Return the rate of all energies together."""
        value = self.dominant(index)[0] if ar is float64 else self._polished("total", (), index, ar)
        # points of any index exist, by the theorem of Poincare and Hopf: what is missing to 0 is rounding
        return ar.number(0) if abs(value) < ZERO else value

    def typical(self, weights, index, fraction):
        """Return the weighted energy at which points are most numerous, the lowest one if several tie."""
        value, _ = self.dominant(index)
        if value == -np.inf:
            raise ValueError(f"index: no points of index {index} exist, so they have no typical energy")
        return typical_value(self.annealed, weights, index, self._joint(index))

    def lowest(self, weights, index, ar):
        """Return the lowest weighted sum of energies with rate >= 0."""
        lowest = lowest_value(self.annealed, weights, index, self._joint(index, ar))
        if ar is float64:
            return lowest.level
        if not np.isfinite(lowest.level):
            return ar.infinity
        digits = self._digits(ar)
        row = sum(
            (ar.number(float(w)) * r for w, r in zip(weights, digits.law.losses, strict=True)), 0 * digits.law.losses[0]
        )
        along = Along(self.annealed, weights @ self.losses, index)
        return digits.lowest(row, self.annealed.index_terms(index)[0], lowest, along)

    def threshold(self, ar):
        """Refuse: there is no such energy."""
        raise NotImplementedError("threshold_energy: defined for one sphere only; see lowest_energy(index=...)")

    def _polished(self, question, energies, index, ar):
        """Return one supremum with digits: on the face where the float64 one sits, by Newton's method."""
        self._joint(index, ar)
        digits = self._digits(ar)
        if question == "total":
            conditions = self.none, np.empty((1, 0)), self.none, np.empty((1, 0))
        else:
            conditions = self._conditions(question, np.array([[float(u) for u in energies]]))
        best = self._supremum(conditions, index)
        if best.values[0] == -np.inf:
            return -ar.infinity
        face, upper = int(best.faces[0]), len(conditions[2])
        fixed = range(len(self.losses)) if question == "at" else [a for a in range(upper) if face >> a & 1]
        species = self.annealed.index_terms(index)[0]
        rows, edges = digits.rows([digits.law.losses[a] for a in fixed], species, face >> upper)
        values = [*(energies[a] for a in fixed), *edges]
        keep = independent(rows.astype(float))
        return digits.stationary(rows[keep], [values[i] for i in keep], best.places[0], index)[0]
