"""Several questions at once: lists and arrays of sizes, indices or windows, each entry one question.

A tuple is one question, as in ``(4, 4)`` for the sizes of two spheres.  Lists and arrays hold questions, and their axes
are axes of the answer; a flat list of as many numbers as a question has is still read as that tuple.
"""

import math

import numpy as np

from spinglass.inputs.checks import shown, unmasked

MOST = 10_000  # questions at once
DEEPEST = 8  # axes


def questions(name, x, parts, totals=False):
    """Return an object array of single questions.

    Parameters
    ----------
    name : str
    x : a number, a tuple, or lists and arrays of them
    parts : int
        How many numbers one question has: players of an index, spheres of a size.
    totals : bool
        Whether one number asks for all parts, so that an array of one axis holds that many questions.

    Returns
    -------
    object array
        Of shape () for one question, which is not checked here.

    Raises
    ------
    TypeError, ValueError
        For masked entries, and lists that are ragged, empty or too large.

    Examples
    --------
    >>> import numpy as np
    >>> from spinglass.inputs.several import questions
    >>> questions("n", (4, 4), 2).shape, questions("n", [4, 4], 2).shape, questions("n", [(4, 4)], 2).shape
    ((), (), (1,))
    >>> questions("n", np.array([8, 10]), 2, totals=True).tolist(), questions("n", np.array([[4, 4]]), 2).tolist()
    ([8, 10], [(4, 4)])
    """
    shape, leaves = _nested(name, x)
    if not shape:
        return _filled(shape, leaves)
    if 0 in shape:
        raise ValueError(f"{name}: expected at least one entry, got {shown(x)}")
    alone = totals and len(shape) == 1 and not isinstance(x, list)
    if parts == 1 or alone or any(isinstance(leaf, tuple) for leaf in leaves):
        return _filled(shape, leaves)
    if shape[-1] != parts:
        other = f", or np.array({shown(x)}) for totals" if totals and len(shape) == 1 else ""
        raise ValueError(f"{name}: expected {parts} entries, as in {(4,) * parts}, got {shown(x)}; try tuples{other}")
    return _filled(shape[:-1], _by(parts, leaves))


def windows(name, x, losses):
    """Return an object array of single windows: None, a pair, or one pair per loss; anything else as one question.

    Examples
    --------
    >>> from spinglass.inputs.several import windows
    >>> windows("energies", (-1.7, -1.6), 1).shape, windows("energies", [(-1.7, -1.6), (-1.6, -1.5)], 1).shape
    ((), (2,))
    >>> windows("energies", [(-1.7, -1.6), (-1.6, -1.5)], 2).shape
    ()
    """
    axes = 1 if losses == 1 else 2
    one = isinstance(x, tuple) and len(x) == 1  # ((lo, hi),) of one loss
    if one or x is None:
        return _filled((), [x])
    shape, leaves = _nested(name, x, tuples=True)
    if len(shape) <= axes or shape[-axes:] != ((2,) if axes == 1 else (losses, 2)) or 0 in shape:
        return _filled((), [x])
    pairs = _by(2, leaves)
    return _filled(shape[:-axes], pairs if axes == 1 else _by(losses, pairs))


def _nested(name, x, tuples=False, depth=0):
    """Return the shape of nested lists and arrays, and their leaves in order."""
    unmasked(name, x)
    x = np.asarray(x) if np.ma.isMaskedArray(x) else x
    if isinstance(x, (np.ndarray, range)):
        size = x.size if isinstance(x, np.ndarray) else len(x)
        if size > MOST:
            raise ValueError(f"{name}: expected at most {MOST} entries, got {shown(size)}")
        x = x.tolist() if isinstance(x, np.ndarray) else list(x)
    if not isinstance(x, (list, tuple) if tuples else list):
        return (), [x]
    if depth == DEEPEST or len(x) > MOST:
        raise ValueError(f"{name}: expected at most {MOST} entries in at most {DEEPEST} axes, got {shown(x)}")
    parts = [_nested(name, part, tuples, depth + 1) for part in x]
    shapes = {shape for shape, _ in parts}
    if len(shapes) > 1:
        raise ValueError(f"{name}: expected lists of one length, got {shown(x)}")
    shape = (len(x), *(shapes.pop() if shapes else ()))
    if math.prod(shape) > MOST:
        raise ValueError(f"{name}: expected at most {MOST} entries, got {math.prod(shape)}")
    return shape, [leaf for _, leaves in parts for leaf in leaves]


def _by(parts, entries):
    """Return entries in tuples of so many."""
    return [tuple(entries[i : i + parts]) for i in range(0, len(entries), parts)]


def _filled(shape, entries):
    """Return an object array of a shape; entries may be tuples."""
    out = np.empty(len(entries), dtype=object)
    for i, entry in enumerate(entries):
        out[i] = entry
    return out.reshape(shape)
