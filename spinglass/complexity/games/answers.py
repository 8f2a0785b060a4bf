"""Answers for games on several spheres: suprema by the general algorithm, polished where digits are asked for."""

import functools

import numpy as np

from spinglass.complexity.answers import Answers, Rates
from spinglass.complexity.games.digits import Digits
from spinglass.complexity.games.joint_players import JointSupremum
from spinglass.complexity.games.linear import Linear, independent
from spinglass.complexity.games.lowest import Along, AlongJoint, lowest_value, typical_value
from spinglass.complexity.games.supremum import Annealed
from spinglass.complexity.questions import spread
from spinglass.models.selection import AnyIndex, GivenIndex, IndexFraction

ZERO = 1e-13  # the accuracy of a total: one below it in size is 0


class GameAnswers(Answers):
    """The complexity of a game on several spheres."""

    def __init__(self, model):
        self.model = model
        self.players, self.losses = len(model.players), len(model.losses)
        self.annealed = Annealed(model.local_law())

    @functools.cached_property
    def spread(self):
        """The standard deviations of the losses."""
        return spread(self.model)

    def of(self, selection):
        """Return the rates of all points or of those of an index, by faces or with players whose species meet."""
        match selection:
            case AnyIndex():
                return GameRates(self, selection, (None,) * len(self.model.players))
            case GivenIndex(index=index):
                return self._of_index(selection, index)
            case IndexFraction():
                raise NotImplementedError(
                    "fraction: expected one sphere, for which alone it has a formula, got "
                    f"{len(self.model.fractions)}; try index="
                )
        raise selection.refused("a game on several spheres", "an index")

    def _of_index(self, selection, index):
        for k, moved in zip(index, self.model.players, strict=True):
            if k and len(moved) > 1:
                raise NotImplementedError(
                    f"index: {k} negative eigenvalues of a player who moves {len(moved)} species have no known "
                    "formula; index 0 and None have"
                )
        asked = (parts for k, parts in zip(index, self.annealed.groups, strict=True) if k is not None)
        joint = any(len(part) > 1 for parts in asked for part in parts)
        return (JointRates if joint else GameRates)(self, selection, index)

    def threshold(self, ar):
        """Refuse: there is no such energy."""
        raise NotImplementedError("threshold_energy: defined for one sphere only; see lowest_energy(index=...)")

    @functools.lru_cache(maxsize=8)  # noqa: B019  (a handful of objects and precisions)
    def digits(self, ar):
        """Return the same function in an arithmetic with digits."""
        if ar.proves or not ar.has_digits:
            raise NotImplementedError(f"{ar.name}: closed forms exist for one sphere only; try sg.mp(digits)")
        return Digits(self.model.local_law(ar), self.annealed, ar)


class GameRates(Rates):
    """Rates of all points or of an index: every condition is linear in the normals."""

    def __init__(self, answers, selection, index):
        self.answers, self.annealed, self.selection = answers, answers.annealed, selection
        self.losses = self.annealed.local.losses
        self.outliers = self.annealed.outliers(index)

    def suprema(self, linear):
        """Return the suprema of Sigma under conditions on the normals."""
        return self.annealed.supremum(linear, self.outliers)

    def along(self, weights):
        """Return the supremum as a function of a weighted sum of the energies."""
        return Along(self.annealed, weights @ self.losses, self.outliers)

    def digits(self, ar):
        """Return Sigma with digits."""
        return self.answers.digits(ar)

    def linear(self, conditions):
        """Return conditions on the energies as conditions on the normals, one problem per point."""
        if conditions.free:
            return Linear.free(self.losses.shape[1])

        def points(asked):
            return np.stack([np.broadcast_to(u, conditions.shape).ravel() for u in asked], axis=1).astype(float)

        if conditions.equal:
            return Linear.equally(self.losses, points(conditions.equal))
        sides = [(side, points(asked)) for side, asked in ((1, conditions.upper), (-1, conditions.lower)) if asked]
        rows = np.concatenate([side * self.losses for side, _ in sides])
        return Linear.at_most(rows, np.concatenate([side * values for side, values in sides], axis=1))

    def supremum(self, conditions, ar):
        """Return the rates at, below or above energies, in windows, or of all points."""
        if not ar.vectorised:
            value = self._polished(conditions, ar)
        else:
            linear = self.linear(conditions)
            value = (self.suprema(linear).values if linear.problems else np.empty(0)).reshape(conditions.shape)
        if not conditions.free:
            return value
        # points of any index exist, by the theorem of Poincare and Hopf: what is missing to 0 is rounding
        return ar.number(0) if abs(value) < ZERO else value

    def dominant(self, conditions):
        """Return the supremum and its place g."""
        best = self.suprema(self.linear(conditions))
        return best.values[0], best.places[0]

    def typical(self, weights):
        """Return the weighted energy at which points are most numerous, the lowest one if several tie."""
        value = typical_value(self.along(weights))
        if value is None:
            raise ValueError(f"index: no points of {self.selection} exist, so they have no typical energy")
        return value

    def lowest(self, weights, ar):
        """Return the lowest weighted sum of energies with rate >= 0."""
        digits = None if ar.vectorised else self.digits(ar)
        along = self.along(weights)
        if not along.size > 0:
            raise ValueError(f"loss: the combination {weights.tolist()} of losses vanishes identically")
        lowest = lowest_value(along)
        if digits is None:
            return lowest.level
        if not np.isfinite(lowest.level):
            return ar.infinity
        if lowest.place is None and lowest.how != "bound":
            raise ArithmeticError(f"the least value that {self.selection} allows is not known with digits")
        parts = (ar.number(float(w)) * row for w, row in zip(weights, digits.local.losses, strict=True))
        return digits.lowest(sum(parts, 0 * digits.local.losses[0]), lowest, along)

    def _polished(self, conditions, ar):
        """Return one supremum with digits: on the face where the float64 one sits, by Newton's method."""
        digits, best = self.digits(ar), self.suprema(self.linear(conditions))
        if best.values[0] == -np.inf:
            return -ar.infinity
        face, bounds = int(best.faces[0]), [*enumerate(conditions.upper), *enumerate(conditions.lower)]
        held = [bound for i, bound in enumerate(bounds) if face >> i & 1] or [*enumerate(conditions.equal)]
        rows, edges = digits.rows([digits.local.losses[a] for a, _ in held], self.outliers, face >> len(bounds))
        values = [*(u for _, u in held), *edges]
        keep = independent(rows.astype(float))
        return digits.stationary(rows[keep], [values[i] for i in keep], best.places[0], self.outliers)[0]


class JointRates(GameRates):
    """Rates where a player of index 0 moves several species that meet: its condition is convex, not linear."""

    def __init__(self, answers, selection, index):
        super().__init__(answers, selection, index)
        self.joint = JointSupremum(self.annealed, index)

    def suprema(self, linear):
        """Return the suprema of Sigma under conditions on the normals."""
        return self.joint.supremum(linear)

    def along(self, weights):
        """Return the supremum as a function of a weighted sum of the energies."""
        return AlongJoint(self.joint, weights @ self.losses)

    def digits(self, ar):
        """Refuse: SLSQP has none."""
        raise NotImplementedError("index: local minima of a player with several species are float64 only")
