"""Random streams keyed by seed and sample index.

Samples are drawn in blocks of 64, counted from sample 0.  Block b has a stream of its own, seeded by (seed, b), so that
sample i depends on the seed and on i only.
"""

from dataclasses import dataclass

import numpy as np

from spinglass.montecarlo.store import stored_seed
from spinglass.spectra import sampling

BLOCK = 64  # samples that share a stream


def seed_of(rng=None, store=None):
    """Return the seed that an rng stands for; without one that of the run in a store, if there is any.

    Parameters and errors are those of :func:`spinglass.spectra.sampling.seed_of` and of a store.

    Examples
    --------
    >>> seed_of(5), seed_of(None, "no-such-file.db") != seed_of(None, "no-such-file.db")
    (5, True)
    """
    stored = stored_seed(store) if rng is None and store is not None else None
    return sampling.seed_of(rng) if stored is None else stored


@dataclass(frozen=True)
class Streams:
    """The random streams of a seed: ``streams(block)`` is a fresh Generator for samples 64 block .. 64 block + 63.

    Examples
    --------
    >>> streams = Streams(seed=1)
    >>> streams(7).random() == streams(7).random()
    True
    """

    seed: int

    def __call__(self, block):
        """Return the Generator of a block."""
        return np.random.Generator(np.random.PCG64(sampling.seed_sequence(self.seed, "samples", block)))
