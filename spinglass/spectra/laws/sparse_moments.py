r"""Moments of sparse random matrices: closed walks on the infinite random tree that a large sparse graph is locally.

With :math:`x = 1/z^2` (or 1/z of a Wishart matrix) let :math:`f = 1/(1-xS)`, :math:`S = \sum_k w_k^2 f_k`, be the
generating function of the walks from a vertex with Poisson many children, of mean c, and normal weights of variance
1/a.  Then :math:`F_j = E[f^j]` close among themselves, since the cumulants of S are :math:`c\,E[w^{2i}]F_i`:

.. math:: F_j = \sum_l\binom{j+l-1}{l} x^l E[S^l] , \qquad
          E[S^l] = \sum_{i=1}^l\binom{l-1}{i-1}\frac{c\,(2i-1)!!}{a^i}\,F_i\,E[S^{l-i}] ,

and the coefficients of :math:`F_1` are the moments.  In a Wishart matrix rows and columns take turns.
"""

from math import comb

import numpy as np

from spinglass.inputs.capacity import within

HIGHEST = 50  # power of x


def tree_moments(order, degrees):
    """Return the moments m_1, .., m_order in powers of x, at a root of the first kind.

    Parameters
    ----------
    order : int
    degrees : list of one or two floats
        Mean numbers of children of the kinds of vertices, which take turns; weights have variance 1/degrees[0].

    Examples
    --------
    >>> from spinglass.spectra.laws.sparse_moments import tree_moments
    >>> tree_moments(3, [2.0])  # 1, 2 + 3/c, 5 + 18/c + 15/c^2
    array([ 1.  ,  3.5 , 17.75])
    >>> tree_moments(2, [3.0, 1.5])  # of X X^T: 1, 1 + n/m + 3/c
    array([1. , 2.5])
    """
    within("k", order, HIGHEST, "try a lower order: walks of more steps take minutes to count")
    kinds, size = len(degrees), order + 1
    walks = np.zeros((kinds, size, size))  # of each kind the coefficients of F_j, j = 0, .., order
    walks[:, :, 0] = 1.0
    for _ in range(order):  # every round makes one more order in x exact
        walks = np.array([_round(walks[1 - kinds + kind], degrees[kind], degrees[0]) for kind in range(kinds)])
    return walks[0, 1, 1:] if order else np.empty(0)


def _round(children, degree, first):
    """Return F_j of a vertex from those of its children."""
    size = len(children)
    weight, sums = degree, np.zeros((size, size))  # E[S^l], a series in x
    cumulants = np.zeros((size, size))
    sums[0, 0] = 1.0
    for i in range(1, size):
        weight *= (2 * i - 1) / first
        cumulants[i] = weight * children[i]
        for k in range(1, i + 1):
            sums[i] += comb(i - 1, k - 1) * np.convolve(cumulants[k], sums[i - k])[:size]
    walks = np.zeros((size, size))
    for j in range(size):
        for m in range(size):
            walks[j, m:] += (comb(j + m - 1, m) if m else 1) * sums[m, : size - m]
    return walks
