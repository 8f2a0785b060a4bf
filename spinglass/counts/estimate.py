"""A mean number of equilibria with its error, or arrays of them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from spinglass.inputs.plotted import Plotted

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers


@dataclass(frozen=True, eq=False, repr=False)
class Estimate(Plotted):
    """A mean number of equilibria with its error; of several questions at once, arrays of them.

    Attributes
    ----------
    log_mean : float, or number of the arithmetic
        Natural logarithm of the mean; an array where several questions were asked at once.
    stderr : float
        Standard error of log_mean (0 for an exact value); for small errors the relative one of the mean.  An array of
        the shape of log_mean.
    samples : int
        Random samples used for each question (0 for an exact value).
    effective_samples : float
        (sum w)^2 / sum w^2 of the importance weights w: of how many equal samples the estimate is worth.  An array of
        the shape of log_mean.
    seed : int or None
        With it, the same numbers come again, whatever the executor.
    method : {"exact", "montecarlo"}
        How it was found.
    history : (rows, 4) float array
        What was known after ever more samples, one row per 1024 of them (at most 400 rows, then in geometric
        progression): samples, log_mean, stderr, effective_samples.  Without rows for an exact value and for several
        questions at once.

    Examples
    --------
    >>> import spinglass as sg
    >>> sg.mean_count(sg.pure(3), 10, index=0)
    Estimate(mean 6.08039, log_mean 1.80507, exact)
    >>> sg.mean_count(sg.pure(3), 10, index=[0, 1]).mean.round(6)
    array([ 6.080387, 16.365674])
    """

    _picture = "convergence"

    log_mean: Any
    stderr: Any
    samples: int
    effective_samples: Any
    seed: int | None
    method: str = "exact"
    _mean: Any = field(default=None, repr=False, compare=False)
    history: Array = field(default_factory=lambda: np.empty((0, 4)), repr=False, compare=False)

    @property
    def mean(self) -> Numbers:
        """The mean itself; in float64 inf where it exceeds the range, else a number of the arithmetic."""
        if self._mean is not None:
            return self._mean
        with np.errstate(over="ignore"):
            mean = np.exp(self.log_mean)
        return mean if np.ndim(mean) else float(mean)

    def __eq__(self, other):
        if not isinstance(other, Estimate):
            return NotImplemented
        names = [part.name for part in fields(self) if part.compare]
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in names)

    def __hash__(self):
        return hash((self.samples, self.seed, self.method))

    def __repr__(self):
        if np.ndim(self.log_mean):
            many = "with digits" if self._mean is not None else _written(self.mean)
            return f"Estimate(mean {many}, shape {np.shape(self.log_mean)}, {self._source()})"
        if self._mean is not None:
            return f"Estimate(mean {self._mean}, log_mean {self.log_mean}, exact)"
        error = f" +/- {self.stderr:.2g}" if self.samples else ""
        return f"Estimate(mean {self.mean:.6g}, log_mean {self.log_mean:.6g}{error}, {self._source()})"

    def __str__(self):
        if np.ndim(self.log_mean):
            return repr(self)
        if self._mean is not None:
            return f"log mean {self.log_mean} (mean {self._mean}, exact)"
        source = f"{self.samples} samples" if self.samples else "exact"
        return f"log mean {self.log_mean:.6g} +/- {self.stderr:.2g} (mean {self.mean:.6g}, {source})"

    def _source(self):
        if not self.samples:
            return "exact"
        worth = np.min(self.effective_samples)
        return f"montecarlo, {self.samples} samples worth {worth:.0f}, seed {self.seed}"


def _written(means):
    """Write an array of means in one line."""
    return " ".join(np.array2string(means, precision=6, threshold=6, edgeitems=2, floatmode="maxprec").split())


def together(answers, shape):
    """Return one estimate of arrays, or the only one as it is."""
    if not shape:
        return answers[0]
    digits = answers[0]._mean is not None

    def array(name, dtype):
        out = np.empty(len(answers), dtype=dtype)
        out[:] = [getattr(answer, name) for answer in answers]
        return out.reshape(shape)

    kind = object if digits else float
    stderr, effective = array("stderr", float), array("effective_samples", float)
    facts = (answers[0].seed, answers[0].method, array("_mean", object) if digits else None)
    return Estimate(array("log_mean", kind), stderr, answers[0].samples, effective, *facts)
