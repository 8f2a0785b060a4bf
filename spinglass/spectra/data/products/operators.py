r"""A symmetric matrix that is known by its products with vectors alone, and how one is told.

.. math:: u \cdot A v = v \cdot A u

for one pair of random vectors says that A is symmetric, and that it is linear and the same at every call: any of these
fails with probability 1 if it fails at all.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import issparse
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from spinglass.inputs.checks import measured, shown, unmasked
from spinglass.running.streams import generator, seed_sequence
from spinglass.running.worker import one_blas_thread

EXPECTED = "operator: expected a real symmetric matrix, a sparse one or a scipy LinearOperator"
WRAP = "try scipy.sparse.linalg.LinearOperator((n, n), matvec=function)"
ASYMMETRIC = {False: 1e-6, True: 1e-3}  # in single precision or not: share of |Av| that is rounding
LARGEST = 1e140  # of the entries of a product, so that squares of its length can be computed


@dataclass(frozen=True)
class SymmetricOperator:
    """A symmetric matrix by its products, in the precision that it computes in.

    Attributes
    ----------
    linear : scipy LinearOperator
    single : bool
        It computes in float32, and is given vectors of it.
    shared : bool
        Several threads may use it at a time: it is a matrix, not a function of the user.
    rounding : float
        Relative rounding of its products, as far as it is known.
    """

    linear: Any
    single: bool
    shared: bool
    rounding: float

    @property
    def n(self):
        """Number of rows."""
        return int(self.linear.shape[0])

    def __call__(self, v):
        """Return A v as a new float array, finite if its entries are; what the user's function raises is named."""
        v = v.astype(np.float32) if self.single else v
        try:
            given = self.linear.A @ v if self.shared else self.linear.matvec(v)
        except Exception as error:  # whatever the function of the user raises
            what = " ".join(f"{type(error).__name__}: {error}".split())
            raise ValueError(f"operator: its product with a vector of {self.n} numbers failed ({what})") from error
        if given.dtype.kind not in "iuf":
            kind = "complex ones" if given.dtype.kind == "c" else f"entries of dtype {given.dtype}"
            raise TypeError(f"operator: expected products of real numbers, got {kind}")
        return given.astype(float)

    def finite(self, product, size):
        """Refuse a product in which a number is not finite; its size is given, and finite if all of them are."""
        if not np.isfinite(size):
            odd = product[~np.isfinite(product)]
            raise ValueError(f"operator: expected products of finite numbers, got {odd[0] if odd.size else size}")
        return size


def symmetric_operator(operator):
    """Return what was given as a symmetric operator, with a number that tells it from others.

    Raises
    ------
    TypeError, ValueError
        If it is no matrix or operator, or not square, real, finite and symmetric.
    """
    linear = _linear(operator)
    if len(linear.shape) != 2 or linear.shape[0] != linear.shape[1] or not linear.shape[0]:
        raise ValueError(f"operator: expected a square matrix, got shape {tuple(linear.shape)}")
    shared = type(linear).__name__ == "MatrixLinearOperator"
    checked = SymmetricOperator(linear, linear.dtype == np.float32, shared, float(np.finfo(float).eps))
    with one_blas_thread():
        return _told(checked)


def _linear(operator):
    """Return a matrix or operator as a LinearOperator of scipy."""
    if isinstance(operator, LinearOperator):
        linear = operator
    elif callable(getattr(operator, "to_scipy", None)):  # curvlinops
        linear = operator.to_scipy()
    elif issparse(operator):
        linear = aslinearoperator(_of_floats(operator.tocsr()))
    elif hasattr(operator, "shape") and hasattr(operator, "matvec"):
        linear = LinearOperator(operator.shape, operator.matvec, dtype=_dtype(operator))
    elif hasattr(operator, "__array__") or isinstance(operator, (list, tuple)):
        linear = aslinearoperator(_dense(operator))
    else:
        raise TypeError(f"{EXPECTED}, got {shown(operator)}; of a function {WRAP}")
    if linear.dtype is not None and np.dtype(linear.dtype).kind not in "biufO":
        raise TypeError(f"{EXPECTED}, got one of dtype {linear.dtype}")
    return linear


def _dtype(operator):
    """Return the dtype that an object with products claims, that of floats if numpy does not know it."""
    try:
        return np.dtype(getattr(operator, "dtype", float))
    except TypeError:  # of PyTorch
        return np.dtype(float)


def _dense(operator):
    """Return a matrix of floats, of its own precision; nothing is copied where it is one."""
    unmasked("operator", operator)
    try:
        matrix = np.asarray(operator)
    except Exception:  # ragged sequences and whatever __array__ of the user raises
        raise TypeError(f"{EXPECTED}, got {shown(operator)}") from None
    if matrix.dtype.kind not in "biufc":
        matrix = measured("operator", operator)
    if matrix.ndim != 2:
        raise ValueError(f"operator: expected a square matrix, got shape {matrix.shape}")
    return _of_floats(matrix)


def _of_floats(matrix):
    if matrix.dtype.kind == "c":
        raise TypeError(f"{EXPECTED}, got one of dtype {matrix.dtype}")
    return matrix if matrix.dtype in (np.float32, np.float64) else matrix.astype(float)


def _told(operator):
    """Refuse an operator that is not symmetric; return it with its rounding, and a few digits that tell it from others.

    Products whose entries are all numbers of float32 were computed in it, whatever the operator says of itself.
    """
    u, v = generator(seed_sequence(0, "symmetry")).standard_normal((2, operator.n))
    images = [operator(x) for x in (u, v)]
    sizes = [operator.finite(image, np.abs(image).max()) for image in images]
    if max(sizes) > LARGEST or 0 < max(sizes) < 1 / LARGEST:
        raise ValueError(f"operator: expected products of moderate size, got {max(sizes):.3g}; try other units")
    with np.errstate(over="ignore", under="ignore"):
        single = operator.single or all(np.array_equal(image, image.astype(np.float32)) for image in images)
    one, other = u @ images[1], v @ images[0]
    scale = max(np.linalg.norm(image) for image in images)
    if abs(one - other) > ASYMMETRIC[single] * scale:
        precision = "" if single else ", and to dtype=numpy.float32 where it is computed in single precision"
        raise ValueError(
            f"operator: expected a symmetric one, got u.Av = {one:.6g} and v.Au = {other:.6g}: it is not symmetric, "
            f"not linear, or another at every call; try (A + A.T)/2, fix its batch{precision}"
        )
    rounding = max(np.finfo(np.float32 if single else float).eps, abs(one - other) / scale if scale else 0.0)
    return replace(operator, single=single, rounding=float(rounding)), f"{one:.2e}" if single else f"{one:.6e}"
