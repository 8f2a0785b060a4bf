"""Theory, exact finite N, Monte Carlo and brute force side by side: four routes that share no code but the model."""

from dataclasses import dataclass

import numpy as np

from spinglass.complexity.api import complexity
from spinglass.counts import mean_count
from spinglass.landscape.api import critical_points
from spinglass.models import bipartite, gan, mixed, pure
from spinglass.running.streams import seed_sequence

LEVEL = 4.0  # standard errors at which two routes disagree: one row in 16 000 by chance

#: Model, sizes of its spheres, and the indices that are compared (None: all points).
CASES = (
    ("pure 3", pure(3), (5,), (None, (0,), (1,))),
    ("pure 4", pure(4), (4,), (None, (0,), (1,))),
    ("mixed q^3/2 + q^4/2", mixed({3: 0.5, 4: 0.5}), (4,), (None, (0,), (1,))),
    ("GAN 2, 1, sigma_z .5", gan(2, 1, 0.5, 0.5), (2, 2), (None, (0, 0), (0, 1), (1, 0), (1, 1))),
    ("bipartite 2, 1", bipartite(2, 1, 0.5), (3, 3), (None, (0,))),
)


@dataclass(frozen=True)
class Row:
    """One mean number by four routes; nan where a route does not exist.

    Attributes
    ----------
    model, sizes, index
        What is counted.
    theory : float
        exp(N Sigma), the leading order at large N: no prediction of the mean at small N.
    exact : float
        The mean at this N, one sphere only.
    sampled, sampled_error : float
        The mean by Monte Carlo over Hessians.
    counted, counted_error : float
        The mean over random draws of the enumerated points.
    """

    model: str
    sizes: tuple
    index: tuple | None
    theory: float
    exact: float
    sampled: float
    sampled_error: float
    counted: float
    counted_error: float

    @property
    def scores(self):
        """Deviations in standard errors: Monte Carlo from exact, and brute force from exact (or from Monte Carlo)."""
        of_sampled = (self.sampled - self.exact) / self.sampled_error
        if np.isnan(self.exact):
            return of_sampled, (self.counted - self.sampled) / np.hypot(self.counted_error, self.sampled_error)
        return of_sampled, (self.counted - self.exact) / self.counted_error

    @property
    def agrees(self):
        """Whether no deviation is beyond the level."""
        return all(np.isnan(z) or abs(z) <= LEVEL for z in self.scores)


def agreement(draws=200, samples=20_000, rng=1, cases=CASES):
    """Return the rows of the comparison.

    Parameters
    ----------
    draws : int
        Random landscapes enumerated for every model, at least 2.
    samples : int
        Monte Carlo samples of every row.
    rng : int
        Seed; draw i of a model depends on it and on i only.
    cases : sequence, optional
        (name, model, sizes of its spheres, indices).

    Examples
    --------
    >>> from spinglass.agreement import CASES, agreement
    >>> rows = agreement(draws=20, samples=2000, cases=CASES[:1])
    >>> [row.index for row in rows], all(row.agrees for row in rows)
    ([None, (0,), (1,)], True)
    """
    if draws < 2:
        raise ValueError(f"draws: expected at least 2, got {draws}")
    rows = []
    for number, (name, model, sizes, indices) in enumerate(cases):
        seeds = seed_sequence(rng, "agreement", number).spawn(draws)
        found = [
            critical_points(model.draw(sizes, rng=seed), proof=False).index.reshape(-1, len(model.players))
            for seed in seeds
        ]
        for index in indices:
            counts = np.array([len(f) if index is None else np.sum(np.all(f == index, axis=1)) for f in found])
            rows.append(_row(name, model, sizes, index, counts, samples, rng))
    return rows


def _row(name, model, sizes, index, counts, samples, rng):
    """Return one row, brute force given by the counts of every draw."""
    single = len(sizes) == 1
    exact = mean_count(model, sizes, index=index).mean if single else np.nan
    estimate = mean_count(model, sizes, index=index, method="montecarlo", samples=samples, rng=rng)
    return Row(
        name,
        sizes,
        index,
        float(np.exp(sum(sizes) * complexity(model).total(index=index))),
        exact,
        estimate.mean,
        estimate.mean * estimate.stderr,
        float(counts.mean()),
        float(counts.std(ddof=1) / np.sqrt(len(counts))),
    )


def table(rows):
    """Return the comparison as text."""
    head = ("model", "N", "index", "exp(N Sigma)", "exact", "Monte Carlo", "z", "brute force", "z")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    text = [
        "  ".join(c.ljust(w) if i < 3 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True)))
        for line in lines
    ]
    wrong = sum(not row.agrees for row in rows)
    verdict = f"{wrong} of {len(rows)} rows disagree" if wrong else f"all {len(rows)} rows agree"
    return "\n".join([*text, f"{verdict} within {LEVEL:g} standard errors; exp(N Sigma) is the leading order only"])


def _cells(row):
    index = "any" if row.index is None else ",".join(map(str, row.index))
    exact = "" if np.isnan(row.exact) else f"{row.exact:.4f}"
    scores = ["" if np.isnan(z) else f"{z:+.1f}" for z in row.scores]
    sampled, counted = f"{row.sampled:.3f} +- {row.sampled_error:.3f}", f"{row.counted:.3f} +- {row.counted_error:.3f}"
    sizes = "+".join(map(str, row.sizes))
    return row.model, sizes, index, f"{row.theory:.3f}", exact, sampled, scores[0], counted, scores[1]
