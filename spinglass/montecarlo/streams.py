"""Random streams keyed by seed and sample index.

Samples are drawn in blocks of 64, counted from sample 0.  Block b has a stream of its own, seeded by (seed, b), so that
sample i depends on the seed and on i only.
"""

import numbers
from dataclasses import dataclass

import numpy as np

from spinglass.montecarlo.store import stored_seed
from spinglass.spectra.sampling import seed_sequence

BLOCK = 64  # samples that share a stream


def seed_of(rng=None, store=None):
    """Return the seed that an rng stands for: an int, which in place of the rng gives the same samples again.

    Parameters
    ----------
    rng : int, SeedSequence, Generator or None
        From a Generator one integer is drawn.
    store : path, optional
        If rng is None, the seed of the run in this store, if there is one; otherwise fresh entropy.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If rng is anything else.
    ValueError
        If rng is a negative int.

    Examples
    --------
    >>> seed_of(5), seed_of(np.random.SeedSequence(5))
    (5, 5)
    >>> seed_of(np.random.default_rng(5)) == seed_of(np.random.default_rng(5)) != seed_of(np.random.default_rng(6))
    True
    """
    if rng is None:
        seed = None if store is None else stored_seed(store)
        return np.random.SeedSequence().entropy if seed is None else seed
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**63))
    if isinstance(rng, np.random.SeedSequence):
        if isinstance(rng.entropy, int) and not rng.spawn_key:
            return rng.entropy
        return int.from_bytes(rng.generate_state(4).astype("<u4").tobytes(), "little")
    if isinstance(rng, numbers.Integral) and not isinstance(rng, (bool, np.bool_)):
        if rng < 0:
            raise ValueError(f"rng: expected a non-negative int as a seed, got {rng}")
        return int(rng)
    raise TypeError(f"rng: expected an int, a SeedSequence, a Generator or None, got {rng!r}")


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
        return np.random.Generator(np.random.PCG64(seed_sequence(self.seed, "samples", block)))
