"""The equilibria of one draw as a sequence of points, each with what is known of it."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from spinglass.inputs.checks import shown
from spinglass.inputs.missing import how_to_install
from spinglass.inputs.plotted import Plotted

if TYPE_CHECKING:
    import pandas
    from numpy.typing import DTypeLike, NDArray

    from spinglass.inputs.annotations import Array
    from spinglass.models.game import SphericalGame

#: What is known of every single point: an array with one entry per point.
COLUMNS = ("energies", "energy_bounds", "index", "signs", "radius", "residual", "condition")

#: What is known of the whole list and goes with a table of the points.
FACTS = ("proven", "complete", "roots", "bound", "seed", "note")


@dataclass(frozen=True, eq=False, repr=False)
class CriticalPoint:
    r"""One equilibrium of a draw: an entry of the result of ``sg.critical_points``.

    It is read as an array of its N coordinates, sphere after sphere, wherever numpy reads one: it goes straight back
    into ``draw.losses``, ``draw.energies``, ``draw.gradient``, ``draw.hessian``; ``np.asarray(point)`` is that array.

    Attributes
    ----------
    x : tuple of float arrays
        One of shape (N_s,) per sphere, of length 1.
    energies : float array of shape (players,)
        The densities :math:`L_a/\sqrt N`.
    energy_bounds : float array of shape (players, 2)
        With a proof, bounds that hold; otherwise infinite.
    index : int, or int array of shape (players,) with several players
        Negative eigenvalues of every player's own Hessian.
    sign : int
        Sign of the determinant of the Jacobian.
    radius : float
        With a proof, a bound of the error of every coordinate; otherwise infinite.
    residual, condition : float
        Length of the gradient relative to the largest entry of the Jacobian, and the condition number of that.

    Examples
    --------
    >>> import spinglass as sg
    >>> draw = sg.pure(3).draw(4, rng=1)
    >>> lowest = sg.critical_points(draw, proof=False)[0]
    >>> lowest
    CriticalPoint(energy -1.54245, index 0, not proven)
    >>> bool(abs(draw.gradient(lowest)).max() < 1e-12)
    True
    """

    x: tuple
    energies: Array
    energy_bounds: Array
    index: int | NDArray[np.int64]
    sign: int
    radius: float
    residual: float
    condition: float

    @property
    def proven(self) -> bool:
        """Whether it is proven that there is exactly one equilibrium within the radius."""
        return bool(np.isfinite(self.radius))

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Array:
        return np.array(np.concatenate(self.x), dtype=dtype)

    def __repr__(self):
        energies = ", ".join(f"{u:.6g}" for u in self.energies)
        index = ", ".join(map(str, np.atleast_1d(self.index)))
        energies, index = (f"({text})" if "," in text else text for text in (energies, index))
        return f"CriticalPoint(energy {energies}, index {index}, {'proven' if self.proven else 'not proven'})"


@dataclass(frozen=True, eq=False, repr=False)
class CriticalPoints(Plotted):
    r"""Equilibria of one draw, in the order of the first loss; made by ``sg.critical_points``.

    A sequence: ``len(points)``, iteration and ``points[3]`` give single points (:class:`CriticalPoint`), a slice, a
    mask or a list of places gives the chosen ones as CriticalPoints again.  All of them are read as one array of shape
    (count, N) wherever numpy reads one: ``draw.gradient(points)``, ``np.asarray(points)``.

    Attributes
    ----------
    count : int
        Number of points.
    proven : bool
        Whether it is proven that every point exists and, where ``complete`` is true, that there are no others.
    complete : bool
        Whether as many complex solutions were found as there can be: without a proof, complete up to rounding.
        False after search="multistart", whose count is a lower bound, and of a part of the points.
    points : tuple of float arrays
        One of shape (count, N_s) per sphere.
    energies : float array of shape (count, players)
        The densities :math:`L_a/\sqrt N`.
    energy_bounds : float array of shape (count, players, 2)
        With a proof, bounds that hold; otherwise infinite.
    index : int array of shape (count,), or (count, players) with several players
        Negative eigenvalues of every player's own Hessian on its spheres.
    signs : int array of shape (count,)
        Sign of the determinant of the Jacobian; with one player :math:`(-1)^{index}`.
    radius : float array of shape (count,)
        With a proof, a bound of the error of every coordinate; otherwise infinite.
    residual : float array of shape (count,)
        Length of the gradient, relative to the largest entry of the Jacobian.
    condition : float array of shape (count,)
        Condition number of the Jacobian; the error of a point is about residual times condition.
    roots : int or None
        Complex solutions found, real ones included.
    bound : int or None
        No draw of the model has more isolated complex solutions.
    paths, attempts : int
        Paths followed, repetitions included, and values of gamma used; or starts of a multistart search.
    seed : int
        Seed of the search.
    note : str
        What was done and what is missing.
    model : SphericalGame
        What was drawn: ``draw.game``.
    """

    _picture = "points"

    count: int
    proven: bool
    complete: bool
    points: tuple
    energies: np.ndarray
    energy_bounds: np.ndarray
    index: np.ndarray
    signs: np.ndarray
    radius: np.ndarray
    residual: np.ndarray
    condition: np.ndarray
    roots: int | None
    bound: int | None
    paths: int
    attempts: int
    seed: int
    note: str
    model: SphericalGame

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[CriticalPoint]:
        return (self[i] for i in range(self.count))

    @overload
    def __getitem__(self, key: int) -> CriticalPoint: ...

    @overload
    def __getitem__(self, key: slice | Sequence[int] | Sequence[bool] | NDArray[Any]) -> CriticalPoints: ...

    def __getitem__(self, key: Any) -> CriticalPoint | CriticalPoints:
        """Return one point, or the points that a slice, a mask or a list of places chooses.

        Examples
        --------
        >>> import spinglass as sg
        >>> points = sg.critical_points(sg.pure(3).draw(4, rng=1), proof=False)
        >>> points[points.index == 0]
        CriticalPoints(3, at least: 3 of 14 points; 30 of at most 30 complex solutions found)
        >>> points[-1].index
        3
        """
        rows = _chosen(key, self.count)
        if isinstance(rows, int):
            energies, bounds, index, *numbers = (getattr(self, name)[rows] for name in COLUMNS)
            index = index if np.ndim(index) else int(index)
            x = tuple(part[rows] for part in self.points)
            return CriticalPoint(x, energies, bounds, index, *(number.item() for number in numbers))
        content: dict[str, Any] = {name: getattr(self, name)[rows] for name in COLUMNS}
        if not np.array_equal(np.sort(rows), np.arange(self.count)):  # a part of a complete list is none
            content |= {"complete": False, "note": f"{len(rows)} of {self.count} points; {self.note}"}
        points = tuple(part[rows] for part in self.points)
        return dataclasses.replace(self, count=len(rows), points=points, **content)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Array:
        return np.array(np.concatenate(self.points, axis=1), dtype=dtype)

    def __repr__(self):
        state = "proven" if self.proven else "complete" if self.complete else "at least"
        state = "each proven" if self.proven and not self.complete else state
        return f"CriticalPoints({self.count}, {state}: {self.note})"

    def morse_sum(self) -> int:
        r"""Return :math:`\sum \mathrm{sign} \det J`, for one player :math:`\sum_k (-1)^k N_k`.

        Over all equilibria it is the Euler characteristic of the product of spheres (Morse; Poincare and Hopf for
        several players): the product of :math:`1 + (-1)^{N_s - 1}`.

        Examples
        --------
        >>> import spinglass as sg
        >>> sg.critical_points(sg.pure(3).draw(5, rng=1), proof=False).morse_sum()  # the sphere has dimension 4
        2
        """
        return int(self.signs.sum())

    def to_dataframe(self, *, coordinates: bool = False) -> pandas.DataFrame:
        """Return a table with one row per point (needs pandas).

        Parameters
        ----------
        coordinates : bool
            Whether to add the coordinates, as columns x1_1 .. x1_N1, x2_1 .. of sphere 1, 2, ...

        Returns
        -------
        pandas.DataFrame
            Columns energy, index (with several players energy_1, .., index_1, ..), sign, energy_low, energy_high,
            radius (infinite without a proof), residual and condition.  What is known of the whole list is in its
            ``.attrs``: proven, complete, roots, bound, seed, note.

        Raises
        ------
        ImportError
            Without pandas.

        Examples
        --------
        >>> import spinglass as sg
        >>> points = sg.critical_points(sg.pure(3).draw(4, rng=1), proof=False)
        >>> points.to_dataframe().groupby("index").energy.min().round(4).tolist()
        [-1.5425, -0.9573, -0.018, 0.9783]
        """
        try:
            import pandas
        except ImportError:
            how = how_to_install("pandas")
            raise ImportError(f"to_dataframe: expected pandas to be installed; {how}, or to_dict()") from None
        players = self.energies.shape[1]
        ends = [""] if players == 1 else [f"_{a + 1}" for a in range(players)]
        index = self.index.reshape(self.count, players)
        columns = {f"energy{end}": self.energies[:, a] for a, end in enumerate(ends)}
        columns |= {f"index{end}": index[:, a] for a, end in enumerate(ends)}
        columns["sign"] = self.signs
        for a, end in enumerate(ends):
            low, high = self.energy_bounds[:, a].T
            columns |= {f"energy_low{end}": low, f"energy_high{end}": high}
        columns |= {name: getattr(self, name) for name in ("radius", "residual", "condition")}
        if coordinates:
            places = ((s, i) for s, part in enumerate(self.points) for i in range(part.shape[1]))
            columns |= {f"x{s + 1}_{i + 1}": self.points[s][:, i] for s, i in places}
        frame = pandas.DataFrame(columns)
        frame.attrs = {name: getattr(self, name) for name in FACTS}
        return frame

    def to_dict(self) -> dict[str, Any]:
        """Return all but the model as lists and numbers that json can write; without a proof, None for bounds."""
        content = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "model"}
        for name, value in content.items():
            if isinstance(value, np.ndarray):
                content[name] = value.tolist()
        content["points"] = [x.tolist() for x in self.points]
        if not self.proven:
            content["radius"] = content["energy_bounds"] = None
        return content

    def table(self) -> str:
        """Return a text with one line per point.

        Examples
        --------
        >>> import spinglass as sg
        >>> print(sg.critical_points(sg.pure(2).draw(2, rng=1), proof=False).table())
        4 points, 4 of at most 4 complex solutions found
        energy      index  residual  condition
        -0.998875   0      ...
        """
        players = self.energies.shape[1]
        names = ["energy"] if players == 1 else [f"energy {a + 1}" for a in range(players)]
        lines = [
            f"{self.count} points, {self.note}",
            "".join(f"{name:<12}" for name in names) + f"{'index':<{7 if players == 1 else 4 * players + 3}}"
            f"{'residual':<10}condition",
        ]
        for u, k, residual, condition in zip(self.energies, self.index, self.residual, self.condition, strict=True):
            index = str(k) if players == 1 else ", ".join(str(one) for one in k)
            lines.append(
                "".join(f"{value:<12.6f}" for value in u)
                + f"{index:<{7 if players == 1 else 4 * players + 3}}{residual:<10.1e}{condition:.1e}"
            )
        return "\n".join(lines)


def _chosen(key, count):
    """Return one place among ``count``, or an array of them."""
    if isinstance(key, slice):
        return np.arange(count)[key]
    expected = f"points: expected an integer below {count}, a slice, a mask of {count} or a list of integers, got"
    try:
        places = np.asarray(key)
        if not places.ndim and not isinstance(key, (bool, np.bool_)):
            key = operator.index(key)
            if -count <= key < count:
                return key % count
            raise IndexError(f"{expected} {shown(key)}")
    except (TypeError, ValueError):
        raise TypeError(f"{expected} {shown(key)}") from None
    if isinstance(key, tuple) or places.ndim != 1 or (places.size and places.dtype.kind not in "biu"):
        raise TypeError(f"{expected} {shown(key)}")
    if places.dtype.kind == "b" and len(places) != count:
        raise IndexError(f"{expected} a mask of {len(places)}")
    if places.dtype.kind != "b" and not all(-count <= place < count for place in places):
        raise IndexError(f"{expected} {shown(key)}")
    return np.arange(count)[places if places.size else places.astype(int)]
