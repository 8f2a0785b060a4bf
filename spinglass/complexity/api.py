"""``sg.complexity(model)``: one object that answers for energies, indices, totals and lowest energies."""

import functools

import numpy as np

from spinglass.arithmetic import float64, resolve
from spinglass.complexity.annealed import Annealed
from spinglass.complexity.digits import Digits
from spinglass.complexity.joint_players import JointSupremum
from spinglass.complexity.lowest import lowest_value
from spinglass.complexity.one_sphere import OneSphere
from spinglass.complexity.one_sphere_lowest import lowest_energy as one_sphere_lowest
from spinglass.complexity.questions import checked_energies, checked_fraction, checked_index, checked_weights
from spinglass.models import SphericalGame

METHODS = ("annealed", "quenched")
BLOCK = 65536  # energies of one sphere evaluated together, so that intermediate arrays stay in the cache


def complexity(model, method="annealed"):
    r"""Return the complexity of a model: rates of the mean number of its critical points, per dimension.

    .. math:: \Sigma(u) = \lim_{N\to\infty} \frac1N \log E\,\#\{\text{equilibria with losses near } \sqrt N u\}

    Parameters
    ----------
    model : SphericalGame
        From sg.pure, sg.mixed, sg.bipartite, sg.gan or written down by its covariance.
    method : {"annealed"}
        The logarithm of the mean (Kac-Rice).  "quenched", the mean of the logarithm, is not available yet.

    Returns
    -------
    Complexity
        A function of the energies with further methods; see there.

    Raises
    ------
    TypeError, ValueError, NotImplementedError
        For something that is not a model, an unknown method, the quenched method.

    References
    ----------
    Auffinger, Ben Arous, Cerny (2013), Random matrices and complexity of spin glasses;
    Baskerville, Keating, Mezzadri, Najnudel (2022), A spin glass model for the loss surfaces of GANs.

    Examples
    --------
    >>> import spinglass as sg
    >>> c = sg.complexity(sg.pure(3))
    >>> c([-1.7, -1.65, -1.5], index=0).round(6)
    array([-0.030446,  0.004254,      -inf])
    >>> print(round(sg.complexity(sg.gan(p=3, q=3, sigma_z=1., kappa=.9)).total(), 6))
    0.618741
    """
    if not isinstance(model, SphericalGame):
        raise TypeError(f"model: expected a SphericalGame such as sg.pure(3), got {model!r}")
    if method not in METHODS:
        raise ValueError(f"method: expected one of {', '.join(METHODS)}, got {method!r}")
    if method == "quenched":
        raise NotImplementedError("method='quenched' is not available yet: use method='annealed'")
    return Complexity(model)


class Complexity:
    r"""The annealed complexity of a model, in nats per dimension.

    Calling it with one energy density per loss gives the rate :math:`\Sigma(u_1, .., u_A)` at these energies; arrays
    broadcast.  Where nothing exists the rate is -inf.  ``index`` selects equilibria by the number of negative
    eigenvalues of the players' own Hessians: None (any), an int (one player) or a tuple with one entry per player
    (None for any).  ``fraction`` in (0, 1), for one sphere, selects an index proportional to the dimension.

    Notes
    -----
    *Accuracy*: float64 to about 1e-13 absolute; ``arithmetic=sg.mp(digits)`` any number of digits.  A player who
    moves several species at index 0 is found by SLSQP, to about 1e-9, and only in float64.

    *Global supremum*: on one sphere it is a closed form.  Otherwise Sigma is maximised on every face of the linear
    conditions; stationary points are confined to a known box (the gradient of the log-determinant is bounded), which
    is sampled on a grid before all local maxima are climbed.  Where the Hessian of a single Hamiltonian is positive
    the problem is concave and the maximum is unique.

    Examples
    --------
    >>> import spinglass as sg
    >>> c = sg.complexity(sg.mixed({3: .5, 4: .5}))
    >>> print(round(c.total(), 6), round(c.total(index=0), 6))
    0.472231 0.032231
    >>> c = sg.complexity(sg.gan(p=3, q=3, sigma_z=1., kappa=.9))
    >>> print(round(c(-1., .5), 6), round(c.below(-1., .5, index=(0, 0)), 6))
    0.49664 -6.13651
    """

    def __init__(self, model):
        self.model = model
        self.method = "annealed"
        self._single = len(model.fractions) == 1

    def __repr__(self):
        return f"sg.complexity({self.model!r})"

    # -- the questions ---------------------------------------------------------------------------------------------

    def __call__(self, *energies, index=None, fraction=None, arithmetic=None):
        """Return the rate at given energies.

        Parameters
        ----------
        *energies : float or array
            One energy density per loss; arrays broadcast.  +-inf gives -inf.
        index : None, int or tuple
            Number of negative eigenvalues, per player.
        fraction : float in (0, 1), optional
            Fraction of negative eigenvalues instead (one sphere).
        arithmetic : arithmetic, optional
            sg.mp(digits) for one point; on one sphere also sg.balls(digits) and sg.symbols.

        Returns
        -------
        float or array
            Nats per dimension; -inf where impossible.
        """
        return self._answer("at", energies, index, fraction, arithmetic)

    def below(self, *energies, index=None, fraction=None, arithmetic=None):
        """Return the rate of all points with every loss at or below given energies (+inf: no condition).

        Parameters and returns as for calling the object.
        """
        return self._answer("below", energies, index, fraction, arithmetic)

    def total(self, index=None, fraction=None, arithmetic=None):
        """Return the rate of all points of an index (or index fraction), whatever their energies.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(sg.complexity(sg.pure(3)).total(arithmetic=sg.symbols))
        log(2)/2
        """
        ar = resolve(arithmetic)
        index, fraction = self._selection(index, fraction)
        with ar.precision():
            if self._single:
                sphere = self._sphere(ar)
                best = sphere.total(self._first(index)) if fraction is None else sphere.total_fraction(fraction)
                return _plain(ar.result(best[0]), ar)
            if ar is float64:
                return float(self._dominant(index)[0])
            rows = np.empty((0, self._annealed.law.shifts.shape[1]))
            return ar.result(self._digits_at(ar, rows, [], np.empty((0, rows.shape[1])), [], index))

    def typical_energy(self, loss=0, index=None, fraction=None):
        """Return the energy of a loss at which points of an index (or index fraction) are most numerous.

        The lowest one if several tie; nan never: ValueError where no such points exist.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(round(sg.complexity(sg.pure(3)).typical_energy(fraction=.1), 6))
        -1.121946
        """
        index, fraction = self._selection(index, fraction)
        weights = checked_weights(loss, len(self.model.losses))
        if self._single:
            sphere = self._sphere(float64)
            best = sphere.total(self._first(index)) if fraction is None else sphere.total_fraction(fraction)
            energies = np.array([best[1]])
        else:
            value, place = self._dominant(index)
            if value == -np.inf:
                raise ValueError(f"index: no points of index {index} exist, so they have no typical energy")
            energies = self._annealed.law.losses @ place
        return float(weights @ energies)

    def lowest_energy(self, loss=0, index=None, arithmetic=None):
        r"""Return the lowest energy of a loss with complexity >= 0.

        Parameters
        ----------
        loss : int or sequence of A numbers
            Which loss, or weights w of a direction: the lowest :math:`\sum_a w_a u_a`.
        index : None, int or tuple
            As for calling the object.
        arithmetic : arithmetic, optional
            sg.mp(digits); on one sphere also sg.balls(digits), an enclosure proved by a change of sign.

        Returns
        -------
        number
            +inf if the complexity is negative at every energy (the infimum of nothing).

        Examples
        --------
        >>> import spinglass as sg
        >>> print(sg.complexity(sg.pure(3)).lowest_energy(index=1))  # minus E_1
        -1.652873198103043
        """
        ar = resolve(arithmetic)
        index, _ = self._selection(index, None)
        weights = checked_weights(loss, len(self.model.losses))
        if self._single:
            return one_sphere_lowest(self.model, weights[0], self._first(index), ar)
        if self._is_joint(index):
            if ar is not float64:
                raise NotImplementedError("index: local minima of a player with several species are float64 only")
            solver = JointSupremum(self._annealed, index)
            return lowest_value(self._annealed, weights, index, solver)[0]
        level, best = lowest_value(self._annealed, weights, index)
        if ar is float64 or not np.isfinite(level):
            return level
        digits = self._digits(ar)
        row = sum((ar.number(float(w)) * digits.law.losses[a] for a, w in enumerate(weights)), 0 * digits.law.losses[0])
        species = self._annealed.index_terms(index)[0]
        return ar.result(digits.zero(row, species, (level, best), index))

    @property
    def threshold_energy(self):
        """Energy above which typical points have a positive fraction of negative eigenvalues (one sphere only).

        Minus E_inf: for the pure p-spin -2 sqrt((p-1)/p), for mixtures -(x2-x1+x1^2/v0) v0/(x1 sqrt(x2)).
        """
        return self.threshold()

    def threshold(self, arithmetic=None):
        """Return :attr:`threshold_energy` in an arithmetic.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(sg.complexity(sg.pure(3)).threshold(arithmetic=sg.symbols))
        -2*sqrt(6)/3
        """
        if not self._single:
            raise NotImplementedError("threshold_energy: defined for one sphere only; see lowest_energy(index=...)")
        ar = resolve(arithmetic)
        with ar.precision():
            return _plain(ar.result(self._sphere(ar).threshold_energy), ar)

    def dominant_normals(self, *energies, index=None):
        """Return the normals g of the local law where Sigma is attained, at given energies or (none given) over all.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.complexity(sg.pure(3)).dominant_normals(-1.5)
        array([-1.5])
        """
        index, _ = self._selection(index, None)
        u = None
        if energies:
            u = [float(x) for x in checked_energies(energies, len(self.model.losses), float64)[0]]
        value, place = self._dominant(index, u)
        if value == -np.inf:
            raise ValueError(f"no points exist at energies {energies} and index {index}")
        return place

    # -- how they are answered -------------------------------------------------------------------------------------

    @functools.cached_property
    def _annealed(self):
        return Annealed(self.model.local_law())

    @functools.lru_cache(maxsize=8)  # noqa: B019  (a handful of precisions per object)
    def _digits(self, ar):
        if not hasattr(ar, "context"):
            raise NotImplementedError(f"{ar.name}: closed forms exist for one sphere only; try sg.mp(digits)")
        return Digits(self.model, self._annealed, ar)

    def _sphere(self, ar):
        return OneSphere.of(self.model, ar)

    def _selection(self, index, fraction):
        index = checked_index(index, self.model.players)
        if fraction is None:
            return index, None
        if not self._single:
            raise NotImplementedError("fraction: an index fraction has a formula for one sphere only")
        if index is not None:
            raise ValueError("expected index or fraction, got both: choose one")
        return None, checked_fraction(fraction)

    @staticmethod
    def _first(index):
        return None if index is None else index[0]

    def _is_joint(self, index):
        pairs = zip(index or (), self.model.players, strict=False)
        return any(k is not None and len(moved) > 1 for k, moved in pairs)

    def _answer(self, question, energies, index, fraction, arithmetic):
        ar = resolve(arithmetic)
        index, fraction = self._selection(index, fraction)
        energies, shape = checked_energies(energies, len(self.model.losses), ar)
        with ar.precision():
            if self._single:
                return self._curve(question, energies[0], index, fraction, ar)
            if ar is not float64:
                return self._with_digits(question, energies, index, ar)
        points = np.stack([np.broadcast_to(u, shape).ravel() for u in energies], axis=1)
        return _plain(self._suprema(question, points, index).reshape(shape), ar)

    def _curve(self, question, u, index, fraction, ar):
        """Answer on one sphere, a long array block by block."""
        if ar is not float64 or u.size <= BLOCK:
            return self._on_one_sphere(question, u, index, fraction, ar)
        flat, values = u.reshape(-1), np.empty(u.size)
        for start in range(0, u.size, BLOCK):
            part = slice(start, start + BLOCK)
            values[part] = self._on_one_sphere(question, flat[part], index, fraction, ar)
        return values.reshape(u.shape)

    def _on_one_sphere(self, question, u, index, fraction, ar):
        """Answer by the closed forms; infinite energies are their limits."""
        sphere, k = self._sphere(ar), self._first(index)
        if ar is float64:
            finite = np.isfinite(u)
            if not np.all(finite):
                limit = (
                    np.where(u > 0, self.total(index=index, fraction=fraction), -np.inf)
                    if question == "below"
                    else -np.inf
                )
                inner = self._on_one_sphere(question, np.where(finite, u, 0.0), index, fraction, ar)
                return _plain(np.where(finite, inner, limit), ar)
        if fraction is None:
            value = sphere.at(u, k) if question == "at" else sphere.below(u, k)
        elif question == "at":
            value = sphere.at_fraction(u, fraction)
        else:
            total, typical = sphere.total_fraction(fraction)
            value = ar.where(
                ar.positive(typical - u), lambda on: sphere.at_fraction(ar.select(u, on), fraction), total + 0 * u
            )
        return _plain(ar.result(value), ar)

    def _suprema(self, question, points, index):
        """Answer for rows of energies by the general algorithm."""
        losses, none = self._annealed.law.losses, np.empty((0, self._annealed.law.shifts.shape[1]))
        empty = np.empty((len(points), 0))
        if not len(points):
            return np.empty(0)
        if question == "at":
            conditions = losses, points, none, empty
        else:
            conditions = none, empty, losses, points
        if self._is_joint(index):
            solver = JointSupremum(self._annealed, index)
            return np.array([self._joint_point(solver, question, u) for u in points])
        return self._annealed.supremum(*conditions, index).values

    def _joint_point(self, solver, question, u):
        losses, none = self._annealed.law.losses, np.empty((0, self._annealed.law.shifts.shape[1]))
        if question == "at":
            return solver.supremum(losses, u, none, np.empty(0))[0] if np.all(np.isfinite(u)) else -np.inf
        return solver.supremum(none, np.empty(0), losses, u)[0]

    def _dominant(self, index, energies=None):
        """Return the supremum over everything (or at energies) and its place g."""
        law = self._annealed.law
        none = np.empty((0, law.shifts.shape[1]))
        rows, values = (none, np.empty(0)) if energies is None else (law.losses, np.array(energies, dtype=float))
        if self._is_joint(index):
            return JointSupremum(self._annealed, index).supremum(rows, values, none, np.empty(0))
        best = self._annealed.supremum(rows, values[None, :], none, np.empty((1, 0)), index)
        return best.values[0], best.places[0]

    def _with_digits(self, question, energies, index, ar):
        u = [float(x) for x in energies]
        none = np.empty((0, self._annealed.law.shifts.shape[1]))
        losses = self._annealed.law.losses
        if question == "at":
            return ar.result(self._digits_at(ar, losses, u, none, [], index, energies))
        return ar.result(self._digits_at(ar, none, [], losses, u, index, energies))

    def _digits_at(self, ar, equal_rows, equal, upper_rows, upper, index, exact=()):
        """Polish the float64 supremum of one problem."""
        if self._is_joint(index):
            raise NotImplementedError("index: local minima of a player with several species are float64 only")
        digits = self._digits(ar)
        best = self._annealed.supremum(
            equal_rows, np.reshape(equal, (1, -1)), upper_rows, np.reshape(upper, (1, -1)), index
        )
        if best.values[0] == -np.inf:
            return -ar.infinity
        species = self._annealed.index_terms(index)[0]
        face, count = int(best.faces[0]), len(upper_rows)
        fixed = range(len(equal_rows)) if len(equal_rows) else [i for i in range(count) if face >> i & 1]
        rows, edges = digits.rows([digits.law.losses[a] for a in fixed], species, face >> count)
        keep = independent(np.array(rows, dtype=float))
        values = [*(exact[a] for a in fixed), *edges]
        return digits.stationary(rows[keep], [values[i] for i in keep], best.places[0], index)[0]


def independent(rows):
    """Return indices of rows that form a basis of their span, greedily from the first."""
    keep: list[int] = []
    for i in range(len(rows)):
        if np.linalg.matrix_rank(rows[[*keep, i]], tol=1e-12 * np.linalg.norm(rows, 2)) > len(keep):
            keep.append(i)
    return keep


def _plain(x, ar):
    """Return a float64 scalar as a Python float, anything else as it is."""
    return float(x) if ar is float64 and np.ndim(x) == 0 else x
