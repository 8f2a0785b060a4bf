r"""The Gaussian orthogonal ensemble at finite size, exactly: mean density of eigenvalues and mean \|det\|.

The unscaled GOE has weight :math:`e^{-x^2/2}` per eigenvalue (variances 1 on the diagonal, 1/2 off it).  With Hermite
functions :math:`\phi_j` and :math:`\epsilon_j(x) = \int\tfrac12\mathrm{sgn}(x-t)\phi_j(t)\,dt`,

.. math:: \rho_n = \sum_{j<n}\phi_j^2 + \sqrt{n/2}\,\phi_{n-1}\epsilon_n + 1\{n\ \mathrm{odd}\}\,
          \phi_{n-1}\Big/\!\int\!\phi_{n-1}, \qquad
          E|\det(x - X_n)| = \sqrt2\,\Gamma\big(\tfrac{n+1}2\big) e^{x^2/2}\rho_{n+1}(x) ,

.. math:: \epsilon_{j+1} = \sqrt{j/(j+1)}\,\epsilon_{j-1} - \sqrt{2/(j+1)}\,\phi_j , \qquad
          \epsilon_0 \propto \mathrm{erf}(x/\sqrt2), \quad \epsilon_1 = -\sqrt2\,\phi_0 .

In float64 the Hermite functions carry a logarithmic scale: nothing overflows, and outside the bulk the terms that stay
are positive.  The other arithmetics use Hermite polynomials as they are,

.. math:: 2^n (n-1)!\sqrt\pi\,\rho_n = g^2(H_n^2 - H_{n-1}H_{n+1}) + g H_{n-1}E_n + \dots, \quad
          E_{j+1} = 2jE_{j-1} - 2gH_j, \quad g = e^{-x^2/2} .

Examples
--------
>>> import spinglass as sg
>>> print(f"{sg.goe.mean_abs_det(1, 0.):.6f}")  # E|X| for a standard normal
0.797885
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import erf, gammaln

from spinglass.arithmetic import resolve
from spinglass.inputs.capacity import within
from spinglass.inputs.checks import in_arithmetic, real_points, whole_number

if TYPE_CHECKING:
    from spinglass.arithmetic.contract import Arithmetic
    from spinglass.inputs.annotations import Numbers

MOST, MOST_DIGITS, MOST_SYMBOLS = 100_000, 5000, 100  # sizes in float64 (a second for each chunk), with digits, symbols
CHUNK = 1024  # points at a time: the working arrays stay in the cache


def density(n: int, x: Numbers, arithmetic: Arithmetic | None = None) -> Numbers:
    r"""Return the mean density of eigenvalues of the unscaled GOE, of integral n.

    .. math:: \rho_n = \sum_{j<n}\phi_j^2 + \sqrt{n/2}\,\phi_{n-1}\epsilon_n
              + 1\{n\ \mathrm{odd}\}\,\phi_{n-1}\Big/\!\int\!\phi_{n-1}

    Parameters
    ----------
    n : int
        Size of the matrix, at least 1.
    x : float array of any shape, or one number of the arithmetic
    arithmetic : arithmetic, optional
        float64 by default; ``sg.mp(digits)``, ``sg.balls(digits)`` or ``sg.symbols``.

    Returns
    -------
    float array, or one number of the arithmetic
        The bulk is :math:`|x| < \sqrt{2n}`.

    Raises
    ------
    ValueError, TypeError
        If n is not a positive integer, or x is nan or infinite.

    Accuracy
    --------
    float64: relative error below 1e-12 up to n = 200, 1e-11 at 2000.  mp: all digits.  balls: an enclosure.

    References
    ----------
    Mehta (2004), Random Matrices, 7.2; Fyodorov (2004), Phys. Rev. Lett. 92, 240601.

    Examples
    --------
    >>> import math
    >>> import spinglass as sg
    >>> print(f"{sg.goe.density(1, 0.0):.12f} {1 / math.sqrt(2 * math.pi):.12f}")
    0.398942280401 0.398942280401
    >>> sg.goe.density(2, 1, sg.mp(30))
    mpf('0.500346944208976698960269201795948')
    """
    ar, n = resolve(arithmetic), checked_size(n)
    if ar.vectorised:
        return np.exp(log_density(n, x))
    _digits_within(n, ar)
    x = in_arithmetic("x", x, ar)
    with _finer(n, x, ar).precision():
        value = ar.exp(-x * x / 2) * tilted_density(n, x, ar)
    with ar.precision():
        return ar.result(+value)


def mean_abs_det(n: int, x: Numbers, arithmetic: Arithmetic | None = None) -> Numbers:
    r"""Return the mean of :math:`|\det(x - X_n)|` over the unscaled GOE.

    .. math:: E|\det(x - X_n)| = \sqrt2\,\Gamma\big(\tfrac{n+1}2\big) e^{x^2/2}\rho_{n+1}(x)

    Parameters
    ----------
    n : int
        Size of the matrix, at least 1.
    x : float array of any shape, or one number of the arithmetic
    arithmetic : arithmetic, optional
        float64 by default; ``sg.mp(digits)``, ``sg.balls(digits)`` or ``sg.symbols``.

    Returns
    -------
    float array, or one number of the arithmetic
        In float64 inf beyond its range (n above about 200): see :func:`log_mean_abs_det`.

    Raises
    ------
    ValueError, TypeError
        If n is not a positive integer, or x is nan or infinite.

    Accuracy
    --------
    float64: relative error below 1e-12 up to n = 200.  mp: all digits.  balls: an enclosure.

    References
    ----------
    Fyodorov (2004), Phys. Rev. Lett. 92, 240601; Auffinger, Ben Arous, Cerny (2013), Lemma 3.3.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> bool(abs(sg.goe.mean_abs_det(1, 0.0) - (2 / np.pi) ** 0.5) < 1e-15)  # E|X|
    True
    >>> import sympy, spinglass as sg
    >>> sg.goe.mean_abs_det(1, sympy.Integer(0), sg.symbols)
    sqrt(2)/sqrt(pi)
    """
    ar, n = resolve(arithmetic), checked_size(n)
    if ar.vectorised:
        with np.errstate(over="ignore"):
            return np.exp(log_mean_abs_det(n, x))
    _digits_within(n, ar)
    x = in_arithmetic("x", x, ar)
    with _finer(n, x, ar).precision():
        value = ar.sqrt(ar.number(2)) * half_gamma(n + 1, ar) * tilted_density(n + 1, x, ar)
    with ar.precision():
        return ar.result(+value)


def log_mean_abs_det(n: int, x: Numbers) -> Numbers:
    r"""Return the logarithm of the mean of :math:`|\det(x - X_n)|` over the unscaled GOE, in float64.

    .. math:: \log E|\det(x - X_n)| = \tfrac12\log2 + \log\Gamma\big(\tfrac{n+1}2\big) + \tfrac12x^2
              + \log\rho_{n+1}(x)

    Parameters
    ----------
    n : int
        Size of the matrix, at least 1.
    x : float array of any shape

    Returns
    -------
    float array
        Finite for every finite x.

    Raises
    ------
    ValueError, TypeError
        If n is not a positive integer, or x is nan or infinite.

    Accuracy
    --------
    Absolute error below 1e-12 up to n = 200; at n = 2000 below 1e-11.

    References
    ----------
    Fyodorov (2004), Phys. Rev. Lett. 92, 240601.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> bool(abs(sg.goe.log_mean_abs_det(2000, 1e6) - 2000 * np.log(1e6)) < 1e-6)
    True
    """
    return 0.5 * np.log(2) + gammaln((checked_size(n) + 1) / 2) + log_tilted_density(n + 1, x)


def log_density(n: int, x: Numbers) -> Numbers:
    r"""Return the logarithm of the mean density of eigenvalues of the unscaled GOE, in float64.

    .. math:: \log\rho_n(x)

    Parameters
    ----------
    n : int
        Size of the matrix, at least 1.
    x : float array of any shape

    Accuracy
    --------
    Absolute error below 1e-12 up to n = 200, plus the rounding of :math:`x^2/2`.

    References
    ----------
    Mehta (2004), Random Matrices, 7.2.

    Examples
    --------
    >>> import spinglass as sg
    >>> print(f"{sg.goe.log_density(1, 100.0) + 5000:.12f}")  # a normal: -log sqrt(2 pi) - x^2/2
    -0.918938533205
    """
    n, x = checked_size(n), real_points("x", x)
    with np.errstate(over="ignore"):
        return log_tilted_density(n, x) - 0.5 * np.square(x)


def log_tilted_density(n, x):
    """Return log(e^(x^2/2) rho_n(x)) in float64: nothing large cancels in it."""
    n, x = checked_size(n), real_points("x", x)
    within("n (the size of the matrix)", n, MOST, "for large n the density is sqrt(2n - x^2)/pi")
    scale, bracket = _parts(n, x)
    return (scale + np.log(bracket)).reshape(x.shape)[()]


def tilted_density(n, x, ar):
    """Return e^(x^2/2) rho_n(x) for one number of an arithmetic other than float64, unrounded."""
    before, here, rest = ar.number(0), ar.number(1), ar.number(0)  # H_(j-1), H_j and E_j/g less its erf
    twice, share = 2 * x, 1
    for j in range(n):
        if (j + 1 - n) % 2 == 0:
            rest, share = 2 * j * rest - 2 * here, 2 * j * share
        before, here = here, twice * here - 2 * j * before
    after = twice * here - 2 * n * before
    norm = 2**n * math.factorial(n - 1) * ar.sqrt(ar.pi)
    value = ar.exp(-x * x / 2) * (here * here - before * after + before * rest) / norm
    if n % 2:  # before is H_(n-1); its integral against g is sqrt(2 pi) (n-1)!/((n-1)/2)!
        mass = math.factorial(n - 1) // math.factorial((n - 1) // 2)
        return value + before / (ar.sqrt(2 * ar.pi) * mass)
    primitive = ar.sqrt(ar.pi / 2) * ar.erf(x / ar.sqrt(ar.number(2)))
    return value + share * before * primitive / norm


def half_gamma(n, ar):
    """Return Gamma(n/2) for a positive integer n."""
    if n % 2 == 0:
        return ar.number(math.factorial(n // 2 - 1))
    m = n // 2
    return ar.sqrt(ar.pi) * math.factorial(2 * m) / (4**m * math.factorial(m))


def _digits_within(n, ar):
    """Refuse a size that would take minutes with digits or as an expression."""
    most = MOST_SYMBOLS if ar.exact else MOST_DIGITS
    within(f"n (the size of the matrix) in {ar!r}", n, most, "try arithmetic=None")


def checked_size(n):
    """Return n as an int, or say what was expected."""
    return whole_number("n (the size of the matrix)", n, 1)


def _parts(n, x):
    """Return the log-scale and the bracket of e^(x^2/2) rho_n = e^scale * bracket at all points."""
    x = np.abs(x.ravel())
    return np.concatenate([_chunk(n, x[i : i + CHUNK]) for i in range(0, max(len(x), 1), CHUNK)], axis=1)


def _chunk(n, x):
    """Run the recurrences with phi_j = e^(scale - x^2/2) here; the scale takes up what grows."""
    scale = np.full(x.shape, -0.25 * np.log(np.pi))
    before, here, rest, squares = np.zeros_like(x), np.ones_like(x), np.zeros_like(x), np.zeros_like(x)
    stride = max(1, int(60 / np.log10(1.5 * x.max(initial=0.0) + 10)))
    limit = 1e60 if stride > 1 else 1.0
    steps = np.arange(n)
    ahead, back = np.sqrt(2 / (steps + 1)), np.sqrt(steps / (steps + 1))
    for j in range(n):
        squares += here * here
        if (j + 1 - n) % 2 == 0:
            rest = back[j] * rest - ahead[j] * here
        before, here = here, ahead[j] * x * here - back[j] * before
        if (j + 1) % stride == 0:
            size = np.maximum(np.abs(before), np.abs(here))
            if size.max() > limit:
                factor = np.where(size > limit, 1 / np.maximum(size, 1.0), 1.0)
                before, here, rest, squares = before * factor, here * factor, rest * factor, squares * factor**2
                scale -= np.log(factor)
    last = np.sqrt(n / 2) * before  # before is phi_(n-1)
    with np.errstate(over="ignore"):
        small = np.exp(scale - 0.5 * x * x)
    return np.stack([scale, small * (squares + last * rest) + last * _constant(n, x)])


def _constant(n, x):
    """Return the part of eps_n that does not decay: its multiple of eps_0 (n even), or what an odd n adds."""
    m = n - n % 2
    odd = np.arange(1, m, 2)
    share = np.exp(0.5 * np.sum(np.log(odd / (odd + 1))))  # of phi_m in proportion to phi_0
    if n % 2:
        return np.full(x.shape, 1 / (np.sqrt(n) * np.pi**0.25 * share))
    return share * np.pi**0.25 / np.sqrt(2) * erf(x / np.sqrt(2))


def _finer(n, x, ar):
    """Return the arithmetic of more digits in which balls do not grow wide in the recurrences."""
    if not ar.proves:
        return ar
    with ar.precision():
        size = abs(float(ar.number(x)))
    return ar.of(ar.digits + 10 + int(min(0.7 * n + 0.65 * size * math.sqrt(n), 4 * n)))
