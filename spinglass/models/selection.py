"""Which equilibria are meant: all, those of an index or those of an index fraction, checked once and never changed.

Every kind of selection is a class.  What answers for a model reads the kind in one place, by ``match``, and refuses in
one line the kinds it knows nothing of: a new kind is a class here and one case in every room that can answer it.
"""

import numbers
from dataclasses import dataclass
from typing import Any

from spinglass.inputs.checks import checked_number, shown

MOST = 2**53  # of an index: a float holds it exactly


class Selection:
    """Which equilibria are meant; an immutable value that is written as the user may write it."""

    def refused(self, who, known):
        """Return the error of a room without an answer for this kind: who was asked, and what it does know."""
        return NotImplementedError(f"index: expected {known}, for which alone {who} has formulas, got {self}")


@dataclass(frozen=True)
class AnyIndex(Selection):
    """All equilibria, whatever their index."""

    def __str__(self):
        return "index None"


@dataclass(frozen=True)
class GivenIndex(Selection):
    """Equilibria of a given number of negative eigenvalues of every player's own Hessian (None: any)."""

    index: tuple

    def __str__(self):
        return f"index {self.index}"


@dataclass(frozen=True)
class IndexFraction(Selection):
    """Equilibria of which a fraction of the eigenvalues, strictly between 0 and 1, is negative."""

    fraction: Any

    def __str__(self):
        return f"fraction {self.fraction}"


ANY_INDEX = AnyIndex()


def selected(players, index=None, fraction=None):
    """Return the selection that is meant by ``index=`` and ``fraction=`` of a game with so many players.

    Parameters
    ----------
    players : int
    index : None, int, tuple or Selection
        One number per player or None for any; an int if there is one player.  A selection was checked before.
    fraction : float in (0, 1), optional

    Returns
    -------
    Selection

    Raises
    ------
    TypeError, ValueError
        For anything else, or for both.

    Examples
    --------
    >>> from spinglass.models.selection import selected
    >>> selected(2, (0, None)), selected(1, 3), selected(2, (None, None))
    (GivenIndex(index=(0, None)), GivenIndex(index=(3,)), AnyIndex())
    """
    if fraction is None:
        return index if isinstance(index, Selection) else _by_index(players, index)
    if index is not None and (selection := selected(players, index)) != ANY_INDEX:
        given = selection.index if isinstance(selection, GivenIndex) else selection
        raise ValueError(
            f"index, fraction: expected one of them, got index={given} and fraction={shown(fraction)}; leave out "
            "index for points with a fraction of negative eigenvalues, or fraction for points with their number"
        )
    return _by_fraction(fraction)


def _by_index(players, index):
    """Return the selection of a number of negative eigenvalues per player."""
    if index is None:
        return ANY_INDEX
    if isinstance(index, numbers.Integral) and not isinstance(index, bool):
        if players > 1:
            raise ValueError(f"index: expected a tuple of {players} (one per player), got {shown(index)}")
        index = (index,)
    if not isinstance(index, (tuple, list)):
        raise TypeError(f"index: expected None, an int or a tuple of ints, got {shown(index)}")
    if len(index) != players:
        raise ValueError(f"index: expected {players} entries (one per player), got {len(index)}: {shown(tuple(index))}")
    counts = [_checked_count(k) for k in index]
    return ANY_INDEX if counts.count(None) == players else GivenIndex(tuple(counts))


def _checked_count(k):
    """Return a number of negative eigenvalues, or None."""
    if k is None:
        return None
    if not isinstance(k, numbers.Integral) or isinstance(k, bool):
        raise TypeError(f"index: expected None or integers, got {shown(k)}")
    if not 0 <= (count := int(k)) <= MOST:
        raise ValueError(f"index: expected integers of at least 0 (and at most {MOST}), got {shown(k)}")
    return count


def _by_fraction(fraction):
    """Return the selection of a fraction of negative eigenvalues."""
    fraction = checked_number("fraction", fraction)
    if not 0 < float(fraction) < 1:
        raise ValueError(
            f"fraction: expected a number strictly between 0 and 1, got {shown(fraction)}: for the ends use index="
        )
    return IndexFraction(fraction)
