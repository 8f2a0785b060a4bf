"""Random streams keyed by seed, purpose and number, so that a draw depends on nothing else.

Samples are drawn in blocks of 64, counted from sample 0.  Block b has a stream of its own, seeded by (seed, b), so that
sample i depends on the seed and on i only.  Where a sample is much work it is a block by itself.
"""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import shown

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Seed

BLOCK = 64  # samples that share a stream

#: What the random numbers of a seed are drawn for, and what sets the streams of one purpose apart from all others.
SPAWN_KEYS = {
    "samples": 0,
    "draw": 1,
    "search": 2,
    "pilot": 3,
    "agreement": 4,
    "calibration": 5,
    "symmetry": 6,
    "start": 7,
    "batch": 8,
}


def seed_sequence(seed, purpose, *number):
    """Return the SeedSequence of one purpose of a seed, and of one number among them.

    Examples
    --------
    >>> from spinglass.running.streams import seed_sequence
    >>> seed_sequence(7, "draw").spawn_key, seed_sequence(7, "samples", 5).spawn_key
    ((1,), (0, 5))
    """
    return np.random.SeedSequence(seed, spawn_key=(SPAWN_KEYS[purpose], *number))


def seed_of(rng: Seed = None) -> int:
    """Return the seed that an rng stands for: an int, which in place of the rng gives the same numbers again.

    Parameters
    ----------
    rng : int, SeedSequence, Generator or None
        From a Generator one integer is drawn; None is fresh entropy.

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
    >>> import numpy as np
    >>> from spinglass.running.streams import seed_of
    >>> seed_of(5), seed_of(np.random.SeedSequence(5))
    (5, 5)
    >>> seed_of(np.random.default_rng(5)) == seed_of(np.random.default_rng(5)) != seed_of(np.random.default_rng(6))
    True
    """
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**63))
    if rng is None:
        rng = np.random.SeedSequence()
    if isinstance(rng, np.random.SeedSequence):
        if isinstance(rng.entropy, int) and not rng.spawn_key:
            return rng.entropy
        return int.from_bytes(rng.generate_state(4).astype("<u4").tobytes(), "little")
    if not isinstance(rng, numbers.Integral) or isinstance(rng, (bool, np.bool_)):
        raise TypeError(f"rng: expected an int, a SeedSequence, a Generator or None, got {shown(rng)}")
    if rng < 0:
        raise ValueError(f"rng: expected a non-negative int as a seed, got {rng}")
    return int(rng)


def generator(rng: Seed = None) -> np.random.Generator:
    """Return a numpy Generator for an int, a SeedSequence, a Generator (itself) or None (fresh entropy).

    Raises
    ------
    TypeError
        For anything else.
    ValueError
        For a negative int.

    Examples
    --------
    >>> from spinglass.running.streams import generator
    >>> print(generator(1).integers(100) == generator(1).integers(100))
    True
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None or isinstance(rng, np.random.SeedSequence):
        return np.random.default_rng(rng)
    if isinstance(rng, numbers.Integral) and not isinstance(rng, (bool, np.bool_)):
        if rng < 0:
            raise ValueError(f"rng: expected a non-negative int as a seed, got {rng}")
        return np.random.default_rng(int(rng))
    raise TypeError(f"rng: expected an int, a SeedSequence, a Generator or None, got {shown(rng)}")


@dataclass(frozen=True)
class Streams:
    """The random streams of a seed: ``streams(block)`` is a fresh Generator for the samples of a block.

    Examples
    --------
    >>> from spinglass.running.streams import Streams
    >>> streams = Streams(seed=1)
    >>> streams(7).random() == streams(7).random()
    True
    """

    seed: int

    def __call__(self, block):
        """Return the Generator of a block."""
        return np.random.Generator(np.random.PCG64(seed_sequence(self.seed, "samples", block)))
