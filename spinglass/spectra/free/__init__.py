"""Free addition and multiplication: laws of sums and products of independent matrices in general position.

A law seen through its R-transform, which adds: ``cumulants`` and ``moments`` (its coefficients), ``inverse`` (of any
law), ``levy`` (where it is a rational function) and ``freely_divisible`` with ``divisible_kernel`` (the laws of that
kind). Any other sum: ``subordination`` in the half-plane, ``gaps`` on the real line, ``free_sum``. ``addition`` says
which of these a + b is, and ``affine`` has points and multiples.  Products in the same order: ``factor`` and
``wishart_factor`` (a law on the scale of logarithms), ``product_gaps``, ``free_product``, ``multiplication``; and
``free_power`` with ``powers``.
"""
