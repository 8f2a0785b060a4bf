r"""Mean numbers of critical points on one sphere as functions of the energy, many energies and indices at once.

The density in the energy is

.. math:: \frac{d}{du} E\,\#\{L/\sqrt N < u\} = C_N \int w_k(x)\,p(u \mid x)\,dx

(:mod:`spinglass.finite.integrand`): for one degree the integrand itself, at x = u/slope; for a mixture one lattice
in x serves all energies and indices, by the trapezoidal rule, and in the same way the integrals of the density.  For
one degree these add up from one energy to the next, by the rule of Gauss and Legendre: all terms are positive.
"""

import numpy as np
from scipy.special import gammaln, logsumexp

from spinglass.arithmetic import float64, resolve
from spinglass.finite.count import DROP, LATTICE, exact_log_count, log_mean, mean_digits, possible
from spinglass.finite.enclosures import numbers_of
from spinglass.finite.integrand import Integrand
from spinglass.finite.quadrature import lattice_step, panel_length, support
from spinglass.finite.question import counted, each_index
from spinglass.inputs.checks import checked_integer, real_points
from spinglass.spectra.goe.index_digits import lost_digits

ORDER = 16  # nodes between two energies
LEAST, LEAST_DIGITS = 1e-15, 1e-30  # xi''/xi' below which the places of the integral cannot be told apart
SMOOTH = 0.1  # of the scale of the weight: the width of a Gaussian over which it is averaged by as many


def exact_log_density(model, n, energies, index=None, ar=None):
    """Return the logarithm of the mean number of critical points per unit of the energy density u.

    Parameters
    ----------
    game : SphericalGame of one sphere
    n : int, at least 2
    energies : array of any shape, or numbers of the arithmetic
    index : None (any), int, or "each": all indices 0 .. N-1 along a last axis
    ar : arithmetic, optional

    Accuracy
    --------
    float64: absolute error 1e-12 + 2e-15 of the logarithm up to N = 40, 1e-11 at N = 100.  mp: all digits.  balls:
    enclosures.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.finite.energy_curves import exact_log_density
    >>> exact_log_density(sg.pure(3), 30, [-1.7, -1.6, -1.0], 0).round(6)
    array([-0.125947,  2.209364, -8.494458])
    """
    return _curve(_density, _density_digits, model, n, energies, index, ar)


def exact_log_cumulative(model, n, energies, index=None, ar=None):
    """Return the logarithm of the mean number of critical points below each energy; as :func:`exact_log_density`.

    Examples
    --------
    >>> import numpy as np
    >>> import spinglass as sg
    >>> from spinglass.finite.energy_curves import exact_log_cumulative
    >>> exact_log_cumulative(sg.pure(3), 8, [-1.7, np.inf], "each").shape
    (2, 8)
    """
    return _curve(_cumulative, _cumulative_digits, model, n, energies, index, ar)


def _curve(curve, digits, model, n, energies, index, ar):
    """Check the arguments and answer: all energies at once in float64, one by one in the other arithmetics."""
    ar, n = resolve(ar), checked_integer("n", n, 2)
    if len(model.fractions) != 1:
        raise NotImplementedError(f"expected one sphere, got {len(model.fractions)}: use method='montecarlo'")
    index = counted(each_index(index), n, curves=True)
    possible(n, True, index, ar)
    part = Integrand.of(model, n, float64)
    if curve is _density:
        _resolved(part, ar)
    places = real_points("energies", energies, infinite=True)
    if ar.vectorised:
        return _at_once(curve, part, places, index)
    if not ar.has_digits:
        raise NotImplementedError(f"{ar!r}: curves in the energy have numbers only, use sg.mp(digits)")
    u, last = np.asarray(energies, dtype=object), (n,) if index == "each" else ()
    kinds = range(n) if last else (index,)
    values = [_logarithm(digits(model, n, v, k, ar), ar) for v in u.ravel() for k in kinds]
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out.reshape(u.shape + last)[()]


def _resolved(part, ar):
    """Refuse the density of a field so nearly linear that its two places cannot be told apart."""
    least = LEAST if ar.vectorised else LEAST_DIGITS
    if 0 < part.x2 < least * part.x1:
        other = "arithmetic=sg.mp(20)" if ar.vectorised else "mean_count in a window"
        raise ValueError(
            f"the field is all but linear: expected xi''/xi' >= {least:g} for a density, got {part.x2 / part.x1:.3g}; "
            f"try {other}"
        )


def _at_once(curve, part, places, index):
    """Return a curve at places in float64: its values at different finite ones, and its limits."""
    flat, last = np.array(part.within_reach(places.ravel())), (part.n,) if index == "each" else ()
    out = np.full((flat.size, *last), -np.inf)
    finite, back = np.unique(flat[np.isfinite(flat)], return_inverse=True)
    if finite.size:
        out[np.isfinite(flat)] = curve(part, finite, index)[back]
    if curve is _cumulative:
        out[flat == np.inf] = _each(lambda k: log_mean(part, None, k), index, part.n)
    return out.reshape(places.shape + last)[()]


def _each(answer, index, n):
    """Return the answer at an index, or those at all indices."""
    return np.array([answer(k) for k in range(n)]) if index == "each" else answer(index)


def _density(part, u, index):
    if not part.x2:
        return _linear_density(part, u, index)
    if not part.spread:
        return part.log_weight(u / part.slope, index) - np.log(part.slope) + part.log_factor
    smooth = part.spread * (np.sqrt(2 * part.n) + np.abs(u / part.slope)) < SMOOTH * part.slope
    out = np.empty((len(u), *((part.n,) if index == "each" else ())))
    if smooth.any():
        out[smooth] = _smoothed(part, u[smooth], index)
    if not smooth.all():
        out[~smooth] = _by_lattice(part, u[~smooth], index, lambda v: (v, v))
    return out


def _smoothed(part, u, index):
    """Return the logarithms of the density of a nearly pure mixture: the weight averaged over a narrow Gaussian."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(ORDER)
    places = (u[:, None] + part.spread * nodes) / part.slope
    terms = part.log_weight(places.ravel(), index).reshape(*places.shape, -1)
    out = logsumexp(terms, axis=1, b=weights[:, None] / np.sqrt(2 * np.pi)) - np.log(part.slope) + part.log_factor
    return out if index == "each" else out[:, 0]


def _cumulative(part, u, index):
    if not part.x2:
        return _one_by_one(part, u, index, lambda v: (-np.inf, v))
    if part.spread:
        return _by_lattice(part, u, index, lambda v: (-np.inf, v))
    bottom, top = _usual(part, index)
    rare, last = u < bottom, (part.n,) if index == "each" else ()
    out = np.empty((len(u), *last))
    out[rare] = _one_by_one(part, u[rare], index, lambda v: (-np.inf, v))
    if not rare.all():
        x, back = np.unique(np.minimum(u[~rare], top) / part.slope, return_inverse=True)  # beyond, it is constant
        out[~rare] = _added_up(part, x, index)[back]
    return out


def _added_up(part, x, index):
    """Return the logarithms of the mean numbers below rising places of a pure model."""
    asked, last = len(x), (part.n,) if index == "each" else ()
    low = support(part, (-np.inf, part.slope * x[0]), 0 if index == "each" else index, DROP)[0][0][0]
    x = np.concatenate([np.linspace(low, x[0], int(np.ceil(2 * (x[0] - low))) + 1)[:-1], x])
    f = part.log_weight(x, index).reshape(len(x), -1)
    tilts = abs(np.diff(f, axis=0)).max(axis=1, initial=0.0) / np.diff(x)
    nodes, weights = float64.legendre(ORDER)
    band, curve = 2 * np.sqrt(2 * part.n), 1 + max(part.balance, 0.0) / 2
    cuts = [x[:1]]
    for begin, end, tilt in zip(x[:-1], x[1:], tilts, strict=True):
        length = panel_length(ORDER, float(band + 2.0 ** np.ceil(np.log2(tilt + 1))), float(curve), DROP)
        cuts.append(np.linspace(begin, end, int(np.ceil((end - begin) / length)) + 1)[1:])
    ends = np.concatenate(cuts)
    half = 0.5 * np.diff(ends)
    places = ends[:-1, None] + half[:, None] * (1 + nodes)
    terms = part.log_weight(places.ravel(), index).reshape(*places.shape, *last)
    shares = np.log(half[:, None] * weights).reshape(*places.shape, *(1 for _ in last))
    steps = logsumexp(terms + shares, axis=1) + part.log_factor
    at = np.cumsum([len(cut) for cut in cuts])[-asked:] - 2  # the last panel below each energy
    return np.logaddexp.accumulate(steps)[at]


def _by_lattice(part, u, index, window):
    """Return the logarithms by the trapezoidal rule on one lattice; energy by energy if it had too many nodes."""
    step = lattice_step(part.width(window(0.0), index), DROP)
    outer = (0, part.n - 1) if index == "each" else (index, index)
    low = support(part, window(u[0]), outer[0], DROP)[0][0][0]
    high = support(part, window(u[-1]), outer[1], DROP)[0][-1][1]
    if (high - low) / step > LATTICE:
        bottom, top = _usual(part, index)
        near = (u >= bottom) & (u <= top)
        out = np.empty((len(u), *((part.n,) if index == "each" else ())))
        out[~near] = _one_by_one(part, u[~near], index, window)
        if near.all() or not near.any():
            out[near] = _one_by_one(part, u[near], index, window)
        else:
            out[near] = _by_lattice(part, u[near], index, window)
        return out
    x = step * np.arange(np.floor(low / step), np.ceil(high / step) + 1)
    weight, constant = part.log_weight(x, index), np.log(step) + part.log_factor
    rows = (part.log_chance(x, window(v)) for v in u)
    if index == "each":
        return np.array([logsumexp(weight + row[:, None], axis=0) for row in rows]) + constant
    return np.array([logsumexp(weight + row) for row in rows]) + constant


def _usual(part, index):
    """Return the energies between which all points are, but for e^-DROP of them."""
    first, final = (0, part.n - 1) if index == "each" else (index, index)  # of all k, 0 is lowest
    high = support(part, None, final, DROP)[0][-1][1]
    low = -high if index is None else support(part, None, first, DROP)[0][0][0]
    margin = part.spread * np.sqrt(2 * DROP)
    return part.slope * low - margin, part.slope * high + margin


def _one_by_one(part, u, index, window):
    last = (part.n,) if index == "each" else ()
    values = [_each(lambda k, v=v: log_mean(part, window(v), k), index, part.n) for v in u]
    return np.array(values).reshape(len(u), *last)


def _linear_density(part, u, index):
    """Return the density of the two points of a linear field: the law of chi_N on either side of 0."""
    n, square = part.n, part.n * (u / part.unit) ** 2 / part.x1
    with np.errstate(divide="ignore"):
        size = 0.5 * (n - 1) * np.log(square) - 0.5 * square - (0.5 * n - 1) * np.log(2) - gammaln(0.5 * n)
    size += 0.5 * np.log(n / part.gradient_variance)
    sides = {0: u <= 0, n - 1: u >= 0, None: np.full(u.shape, True)}
    none = np.full(u.shape, False)
    return _each(lambda k: np.where(sides.get(k, none), size, -np.inf), index, n).T


def _density_digits(model, n, u, index, ar):
    """Return the density at one energy in an arithmetic with digits."""
    coarse = Integrand.of(model, n, float64)
    if not coarse.x2:
        raise NotImplementedError("the density of a linear field: expected float64, try arithmetic=None")
    if abs(float(u)) == np.inf:
        return ar.number(0)
    if coarse.spread:
        return mean_digits(model, n, (u, u), index, ar)
    finer = ar.of(ar.digits + lost_digits(n, float(u) / coarse.slope))
    with finer.precision():
        part = Integrand.of(model, n, finer)
        value = part.weight(numbers_of((u, u), finer)[0] / part.slope, index) / part.slope * part.factor
    with ar.precision():
        return ar.result(+value)


def _cumulative_digits(model, n, u, index, ar):
    """Return the mean number below one energy in an arithmetic with digits."""
    if float(u) == -np.inf:
        return ar.number(0)
    return exact_log_count(model, n, (-np.inf, u), index, ar)


def _logarithm(value, ar):
    with ar.precision():
        return ar.result(ar.log(value)) if value > 0 else -ar.infinity
