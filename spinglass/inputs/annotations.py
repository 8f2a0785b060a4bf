"""Words of the annotations: what is meant by a number, a seed, an index.

A value of an arithmetic (mpmath, python-flint, sympy) has no type that it shares with a float, and what takes an array
returns one number for one number: such values are called by what they mean, and are Any to a type checker.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: One number: int, float, Fraction, Decimal, or a number of an arithmetic.
Number: TypeAlias = Any

#: One number or an array of them, also nested lists; as a result, in the shape of the arguments.
Numbers: TypeAlias = Any

#: What is always an array.
Array: TypeAlias = NDArray[np.float64]

#: Where random numbers come from; None for a seed of the system.
Seed: TypeAlias = int | np.random.SeedSequence | np.random.Generator | None

#: Numbers of negative eigenvalues: of the one player, one per player, or (None) any.
Index: TypeAlias = int | Sequence[int | None] | None

#: One index or several: lists and arrays of them.
Indices: TypeAlias = Any

#: The total dimension or the dimension of every sphere, or lists and arrays of them.
Sizes: TypeAlias = int | Sequence[Any] | NDArray[np.int64]

#: A covariance: a mapping of exponents to coefficients, a list by degree, a polynomial of numpy, a sympy expression.
CovarianceLike: TypeAlias = Any

#: A point of a product of spheres: an array, or one per sphere.
Points: TypeAlias = Any

FilePath: TypeAlias = str | os.PathLike[str]


class Sampler(Protocol):
    """What can be sampled: a spectral law, a Hessian."""

    def sample(self, n: int, rng: Any = None) -> Array:
        """Return a random matrix of size n."""
