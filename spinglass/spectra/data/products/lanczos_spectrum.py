r"""What probes know of a spectrum: rules of Gauss, one per probe, and means over them with their errors.

With v uniform on the sphere, or of signs over :math:`\sqrt n`, :math:`E\, v\cdot f(A)\,v = \tfrac1n \mathrm{tr} f(A)`:

.. math:: \int f\,d\mu \approx \frac1p \sum_{q=1}^p \sum_i \tau_{qi} f(\theta_{qi}) .

The errors of these means over probes are those of :mod:`spinglass.spectra.data.products.scatter`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spinglass.inputs.checks import positive, real_points, shown, whole_number
from spinglass.inputs.plotted import Plotted
from spinglass.spectra.data.products.extremes import Extremes, outermost_nodes
from spinglass.spectra.data.products.quadrature import Rule, gauss, merged, shorter
from spinglass.spectra.data.products.scatter import pooled, shares, standard_error

if TYPE_CHECKING:
    from spinglass.inputs.annotations import Array, Numbers

ORDERS = 10**6  # of moments where nothing is left out
SAME = 64  # roundings of the largest node within which places are one


@dataclass(frozen=True, eq=False, repr=False)
class LanczosSpectrum(Plotted):
    r"""The spectrum of a symmetric operator as p probes of m steps know it, normalised to mass 1.

    Every probe q has seen the measure :math:`\mu_q = \sum_j (v_q\cdot u_j)^2\, \delta_{\lambda_j}` of its vector,
    through a rule of Gauss that is exact up to degree 2m - 1.

    Attributes
    ----------
    alpha, beta : (p, m) arrays
        Coefficients of the recurrences, filled up with zeros where one ended early; the last beta tells what is left.
    lengths : (p,) int array
        Steps that each probe took.
    n : int
        Rows of the operator.
    kind : {"rademacher", "sphere"}
        Of the vectors.
    reorthogonalised : bool
    rounding : float
        Relative rounding of the products: of float64 or of float32.
    seed : int
        With it, the same numbers come again, whatever the executor.
    extremes : Extremes
        The outermost eigenvalues with bounds on their errors: bottom, bottom_error, top, top_error.  Those that
        ``extremes=k`` asked for; else the lowest and the largest node, one each.  Within the error of a place there is
        an eigenvalue for sure; that it is the outermost is likely, not certain: what no probe has met is not seen.

    Examples
    --------
    >>> import numpy as np, spinglass as sg
    >>> matrix = sg.spectra.MarchenkoPastur(0.5).sample(400, rng=1) + np.eye(400)
    >>> found = sg.spectra.lanczos(matrix, probes=20, steps=40, rng=1)
    >>> bool(abs(found.trace(np.log) - np.linalg.slogdet(matrix)[1]) < 4 * found.trace_error(np.log))
    True
    >>> bool(abs(found.cdf(1.5) - np.mean(np.linalg.eigvalsh(matrix) <= 1.5)) < found.cdf_error(1.5))
    True
    >>> law = sg.spectra.Empirical(found)
    >>> bool(abs(law.mean - found.moment(1)) < 1e-12)
    True
    """

    _picture = "lanczos"

    alpha: Array
    beta: Array
    lengths: np.ndarray
    n: int
    kind: str
    reorthogonalised: bool
    rounding: float
    seed: int
    extremes: Extremes = field(default=None)  # type: ignore[assignment]

    def __post_init__(self):
        if self.extremes is None:
            object.__setattr__(self, "extremes", outermost_nodes(self.rules, self.rounding))

    @property
    def probes(self) -> int:
        """Number of probes p."""
        return len(self.alpha)

    @property
    def steps(self) -> int:
        """Steps m that a probe could take."""
        return self.alpha.shape[1]

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rule of every probe: nodes, weights, residuals."""
        return tuple(gauss(*coefficients) for coefficients in self._recurrences())

    @cached_property
    def _shorter(self):
        """The rules of one step less: what they differ by tells what more steps would change."""
        return tuple(shorter(*coefficients) for coefficients in self._recurrences())

    def _recurrences(self):
        return ((a[:m], b[:m]) for a, b, m in zip(self.alpha, self.beta, self.lengths, strict=True))

    @cached_property
    def _mean_rule(self):
        """The rule of the mean of all probes, of fewer nodes than theirs together."""
        places, weights, _ = pooled(self.rules, self.rounding)
        return merged(places, weights, int(max(self.lengths)), self.rounding)

    @cached_property
    def _shares(self):
        return shares(self.rules, self.n, self.rounding)

    def _error(self, values, at_places):
        """Return the standard error over probes of the means of values."""
        return standard_error(values, at_places, self._shares[1], self.n, self.kind == "rademacher")

    @property
    def nodes(self) -> Array:
        """At most m places in ascending order: with :attr:`weights` a measure with the moments up to 2m - 1."""
        return self._mean_rule.nodes

    @property
    def weights(self) -> Array:
        """Weights of the nodes, of sum 1."""
        return self._mean_rule.weights

    # -- means ---------------------------------------------------------------------------------------------------------

    def moment(self, k: int) -> float:
        r"""Return the estimate of :math:`\tfrac1n \mathrm{tr} A^k`, unbiased.

        Parameters
        ----------
        k : int
            From 0 to 2m - 1; to a million where all probes ended early, since then nothing is left out.

        Raises
        ------
        ValueError, TypeError
            If k is not such an integer, or if no float can hold the moment.
        """
        return float(np.mean(self._powers(self._order(k))))

    def moment_error(self, k: int) -> float:
        r"""Return the standard error of :meth:`moment`: of the mean over probes, and rounding; parameters as there.

        On the sphere :math:`\sqrt{2 (m_{2k} - m_k^2) / (n + 2) p}` with the moments as they are known, in which an
        outlier has the share 1/n whatever the probes met of it; signs may be better, and are told by their scatter
        where it says so clearly.  Of a moment that one outlier carries the deviations are skew.
        """
        k = self._order(k)
        values, size = self._powers(k), np.abs(self.nodes)
        with np.errstate(over="ignore", under="ignore"):
            slope = self.weights @ size ** (k - 1.0) * size.max() if k else 0.0
            error = self._error(values, self._shares[0] ** float(k))
        return float(np.hypot(error, self.rounding * (k + 1) * slope))

    def mean(self, f: Callable[[Array], Numbers]) -> float:
        r"""Return the estimate of :math:`\tfrac1n \mathrm{tr} f(A)`.

        Parameters
        ----------
        f : callable
            Takes a float array of places and returns finite numbers of its shape.

        Raises
        ------
        TypeError, ValueError
            If f is no such function.
        """
        return float(np.mean(self._values(self.rules, f)))

    def mean_error(self, f: Callable[[Array], Numbers]) -> float:
        """Return the error of :meth:`mean`: the standard error over probes, and what the last step has changed."""
        values = self._values(self.rules, f)
        change = np.mean(values - self._values(self._shorter, f))
        return float(np.hypot(self._error(values, _applied(f, self._shares[0])), change))

    def trace(self, f: Callable[[Array], Numbers]) -> float:
        r"""Return the estimate of :math:`\mathrm{tr} f(A)`, n times :meth:`mean`; of numpy.log it is log det."""
        return self.n * self.mean(f)

    def trace_error(self, f: Callable[[Array], Numbers]) -> float:
        """Return the error of :meth:`trace`, n times :meth:`mean_error`."""
        return self.n * self.mean_error(f)

    def cdf(self, x: Numbers) -> Numbers:
        """Return the share of the weights at nodes up to x, with what lies on x to rounding: a step function.

        Parameters
        ----------
        x : float array of any shape
        """
        x = real_points("x", x)
        return np.mean([self._sums(rule, x)[1] for rule in self.rules], axis=0)[()]

    def cdf_error(self, x: Numbers) -> Numbers:
        r"""Return within which distance of :meth:`cdf` the share of eigenvalues up to x is, up to one standard error.

        The standard error over probes, and the larger of the weights beside x: by the inequalities of Chebyshev,
        Markov and Stieltjes the measure of a probe is that near to its rule.  More steps make the weights smaller, more
        probes the standard error.

        Parameters
        ----------
        x : float array of any shape
        """
        x = real_points("x", x)
        sums = np.array([self._sums(rule, x) for rule in self.rules])
        below, at, above = np.moveaxis(sums, 1, 0)
        error = self._error(at, (self._shares[0] <= x[..., None] + self._same).astype(float))
        return (error + np.maximum(np.mean(at - below, axis=0), np.mean(above - at, axis=0)))[()]

    def density(self, x: Numbers, width: float | None = None) -> Numbers:
        r"""Return the density smoothed by a normal law of standard deviation ``width``.

        .. math:: \rho(x) = \int \frac{e^{-(x-t)^2/2w^2}}{\sqrt{2\pi}\,w}\, d\mu(t)

        Parameters
        ----------
        x : float array of any shape
        width : float, optional
            w > 0, by default :attr:`width`: about as fine as m steps can see.

        Returns
        -------
        float array of the shape of x
            What a normal law of that width makes of the spectrum, not the spectrum itself: edges and atoms are wider.

        Raises
        ------
        ValueError, TypeError
            If an argument is not such a number.
        """
        x, width = real_points("x", x), self._width(width)
        return np.mean(_smoothed(self.rules, x, width), axis=0)[()]

    def density_error(self, x: Numbers, width: float | None = None) -> Numbers:
        """Return the error of the smoothed :meth:`density` as of :meth:`mean_error`; parameters as there."""
        x, width = real_points("x", x), self._width(width)
        values = _smoothed(self.rules, x, width)
        change = np.mean(values - _smoothed(self._shorter, x, width), axis=0)
        return np.hypot(self._error(values, _bumps(x, self._shares[0], width)), change)[()]

    @cached_property
    def width(self) -> float:
        r"""Width of the smoothing by default: the median distance of neighbouring nodes of a probe.

        A rule of m nodes on a bulk of extent L has them about L/m apart, and a normal law of that width has less than
        :math:`e^{-8}` of its size in polynomials that the rule does not see.
        """
        gaps = np.concatenate([np.diff(rule.nodes) for rule in self.rules])
        gaps = gaps[gaps > self._same]
        return float(np.median(gaps)) if gaps.size else 0.01 * (np.abs(self.nodes).max() or 1.0)

    @property
    def _same(self):
        """Distance within which places are one."""
        return SAME * self.rounding * np.abs(self.nodes).max()

    # -- what they are made of -----------------------------------------------------------------------------------------

    def __repr__(self):
        mean = f"mean {self.moment(1):.6g} +/- {self.moment_error(1):.1g}"
        return f"LanczosSpectrum(n {self.n}, {self.probes} probes of {self.steps} steps, {mean}, {self.extremes!r})"

    def _order(self, k):
        """Return the order of a moment that the rules give exactly."""
        open_ends = [steps for steps, rule in zip(self.lengths, self.rules, strict=True) if not rule.closed]
        k = whole_number("k", k, 0, ORDERS)
        if open_ends and k > 2 * min(open_ends) - 1:
            most = 2 * min(open_ends) - 1
            raise ValueError(f"k: expected at most {most}, twice the steps less one, got {shown(k)}; try more steps")
        return k

    def _powers(self, k):
        """Return the moment of every probe."""
        with np.errstate(all="ignore"):
            values = np.array([rule.mean(lambda x: x ** float(k)) for rule in self.rules])
        if not np.isfinite(values).all():
            raise ValueError(f"k: expected an order whose moment a float can hold, got {k}; try other units")
        return values

    def _values(self, rules, f):
        """Return the mean of a function of the user over every rule."""
        if not callable(f):
            raise TypeError(f"f: expected a function of an array, such as numpy.exp, got {shown(f)}")
        return np.array([rule.weights @ _applied(f, rule.nodes) for rule in rules])

    def _sums(self, rule, x):
        """Return the weights of a rule up to x, those without the last of them, and those with the next."""
        running = np.concatenate([[0.0], np.cumsum(rule.weights)])
        count = np.searchsorted(rule.nodes, x + self._same, side="right")
        if rule.closed:
            return np.array([running[count]] * 3)
        return np.array(
            [running[np.maximum(count - 1, 0)], running[count], running[np.minimum(count + 1, len(running) - 1)]]
        )

    def _width(self, width):
        return self.width if width is None else positive("width", width)


def _smoothed(rules, x, width):
    """Return the density of every rule at x, each node a normal law."""
    return np.array([_bumps(x, rule.nodes, width) @ rule.weights for rule in rules])


def _bumps(x, places, width):
    """Return the density at x of a normal law at every place."""
    with np.errstate(over="ignore", under="ignore"):  # far away it is 0
        return np.exp(-0.5 * ((x[..., None] - places) / width) ** 2) / (np.sqrt(2 * np.pi) * width)


def _applied(f, nodes):
    """Return a function of the user at nodes, or say what is wrong with it."""
    with np.errstate(all="ignore"):
        given = np.asarray(f(nodes.copy()))
    if given.shape != nodes.shape:
        raise ValueError(f"f: expected an array of shape {nodes.shape} for one, got shape {given.shape}")
    if given.dtype.kind not in "biuf":
        raise TypeError(f"f: expected real numbers, got dtype {given.dtype}")
    if not np.isfinite(given).all():
        odd = np.flatnonzero(~np.isfinite(given))[0]
        where = f"all nodes, from {nodes[0]:.6g} to {nodes[-1]:.6g}"
        raise ValueError(f"f: expected finite numbers at {where}, got {given[odd]} at {nodes[odd]:.6g}")
    return given.astype(float)
