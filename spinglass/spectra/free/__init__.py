"""Free addition: the law of a sum of independent matrices in general position.

A law seen through its R-transform, which adds: ``cumulants`` (its coefficients), ``inverse`` (of any law), ``levy``
(where it is a rational function) and ``freely_divisible`` with ``divisible_kernel`` (the laws of that kind). Any
other sum: ``subordination`` in the half-plane, ``gaps`` on the real line, ``free_sum``. ``addition`` says which of
these a + b is, and ``affine`` has points and multiples.
"""
