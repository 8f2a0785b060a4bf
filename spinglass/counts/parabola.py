"""``sg.mean_count`` of a random field in a parabola: exact at every N, also by index."""

import math

import numpy as np

from spinglass.complexity.further.parabola_counts import parabolic_log_mean_count, parabolic_mean_count
from spinglass.counts.estimate import Estimate, together
from spinglass.inputs.capacity import within
from spinglass.inputs.checks import broadcast, one_of
from spinglass.inputs.several import MOST, questions
from spinglass.models.selection import AnyIndex, GivenIndex, selected


def parabola_counts(model, n, energies, index, method, ar):
    """Return the estimate of one question, or of several at once."""
    if energies is not None:
        raise NotImplementedError(
            "energies: the strength of a parabola does not fix at which energies points lie; leave them out"
        )
    if method is not None and one_of("method", method, ("exact", "montecarlo")) != "exact":
        raise NotImplementedError("method='montecarlo': a parabola has exact counts; leave method out")
    n, index = questions("n", n, 1, totals=True), questions("index", index, 1)
    shape = broadcast("n, index", n, index)
    within("n, index: questions at once", math.prod(shape), MOST, "try fewer")
    return together([_count(model, size, selected(1, k), ar) for size, k in np.broadcast(n, index)], shape)


def _count(model, size, selection, ar):
    """Return the exact count of one question."""
    (size,) = size if isinstance(size, tuple) and len(size) == 1 else (size,)
    match selection:
        case AnyIndex():
            k = None
        case GivenIndex(index=(k,)):
            pass
        case _:
            raise selection.refused("a parabola at finite N", "an index")
    if ar.vectorised:
        return Estimate(parabolic_log_mean_count(model, size, k), 0.0, 0, 0.0, None)
    if k is not None:
        raise NotImplementedError(f"index: a parabola is counted by index in float64 only, got {ar!r}; leave it out")
    mean = parabolic_mean_count(model, size, ar)
    with ar.precision():
        return Estimate(ar.result(ar.log(mean)), 0.0, 0, 0.0, None, "exact", mean)
